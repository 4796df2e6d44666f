"""Keeping programs out of a public form: no riddles, no cookies, no foreign service.

A person needs a few seconds to fill a form in and does not see the field that only programs fill
in. Nothing here is stored; who is turned away wrongly only has to send the form once more.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable
from enum import StrEnum

_SOONEST = 3
"""Seconds that a person needs at least."""
_LATEST = 86_400
"""Seconds after which a form has to be sent once more."""
_MOST_LINKS = 2
_LINK = re.compile(r"https?://|\bwww\.|\[url", re.IGNORECASE)


class Doubt(StrEnum):
    """Why a form is not taken at once; the value is what its sender is told."""

    TOO_FAST = "Das ging sehr schnell. Bitte Angaben prüfen und noch einmal absenden."
    TOO_OLD = "Dieses Formular war lange offen. Bitte senden Sie es noch einmal ab."
    LINKS = "Bitte höchstens zwei Internetadressen in den Hinweis schreiben."


class SpamGuard:
    """Signs the time at which a form was handed out, and judges what comes back."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)

    def stamp(self, about: str) -> str:
        """What the form about something carries."""
        now = int(self._clock())
        return f"{now}.{self._sign(about, now)}"

    def doubt(self, about: str, stamp: str, text: str) -> Doubt | None:
        """What speaks against a form; None where nothing does."""
        head, _, signature = stamp.partition(".")
        at = int(head) if head.isascii() and head.isdigit() and len(head) < 15 else 0
        if not hmac.compare_digest(self._sign(about, at).encode(), signature.encode()):
            return Doubt.TOO_OLD
        age = self._clock() - at
        if age < _SOONEST:
            return Doubt.TOO_FAST
        if age > _LATEST:
            return Doubt.TOO_OLD
        return Doubt.LINKS if len(_LINK.findall(text)) > _MOST_LINKS else None

    def _sign(self, about: str, at: int) -> str:
        return hmac.new(self._key, f"{at}\n{about}".encode(), hashlib.sha256).hexdigest()
