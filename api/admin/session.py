"""Signed sessions: the cookie says who acts and until when; nothing is kept but who signed out."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

_IDLE = 3_600
"""Seconds without a request after which a session ends."""
_LONGEST = 36_000
"""Seconds after which it ends in any case: one working day."""
_RENEWED = 300
"""Seconds after which a cookie in use is written anew."""


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in. Times are seconds since 1970."""

    id: str
    name: str
    began: int
    used: int


class Sessions:
    """Makes and reads session cookies for the holders of some tokens.

    A cookie is signed with a key that is stretched from its holder's token: who takes a token out
    of the settings, or changes it, ends its sessions, and nothing needs to be stored or shared
    between processes.
    """

    def __init__(self, tokens: Mapping[str, str], clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._keys = {name: _stretched(token) for name, token in tokens.items()}
        self._ended: dict[str, int] = {}

    def begin(self, name: str) -> Session:
        """A new session with an id of its own: one that was planted before is worth nothing."""
        now = int(self._clock())
        return Session(secrets.token_urlsafe(18), name, now, now)

    def cookie(self, session: Session) -> str:
        """The signed text of a session."""
        body = base64.urlsafe_b64encode(json.dumps(asdict(session)).encode()).decode()
        return f"{body}.{self._sign(session.name, 'session', body)}"

    def read(self, cookie: str) -> Session | None:
        """The session of a cookie; None where it is forged, over, or was signed out."""
        body, _, signature = cookie.partition(".")
        try:
            session = Session(**json.loads(base64.urlsafe_b64decode(body)))
        except (ValueError, TypeError, binascii.Error):
            return None
        if not isinstance(session.name, str) or session.name not in self._keys:
            return None
        if not _same(self._sign(session.name, "session", body), signature):
            return None
        now = self._clock()
        over = now > session.used + _IDLE or now > session.began + _LONGEST
        return None if over or session.id in self._ended else session

    def renewed(self, session: Session) -> Session | None:
        """The session as used now, where its cookie is old enough to be written anew."""
        now = int(self._clock())
        if now < session.used + _RENEWED:
            return None
        return Session(session.id, session.name, session.began, now)

    def end(self, session: Session) -> None:
        """Refuse this session from now on, whoever still has its cookie."""
        now = int(self._clock())
        self._ended = {i: until for i, until in self._ended.items() if until > now}
        self._ended[session.id] = session.began + _LONGEST

    def form_token(self, session: Session) -> str:
        """What every form of this session carries, so that no other site can send one."""
        return self._sign(session.name, "form", session.id)

    def is_form_token(self, session: Session, said: str) -> bool:
        """Whether a form was made for this session."""
        return _same(self.form_token(session), said)

    def _sign(self, name: str, purpose: str, text: str) -> str:
        message = f"{purpose}\n{text}".encode()
        return hmac.new(self._keys[name], message, hashlib.sha256).hexdigest()


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())


def _stretched(token: str) -> bytes:
    # A cookie can be tried against guesses at leisure: make each guess cost.
    return hashlib.scrypt(token.encode(), salt=b"netzlotse admin session", n=2**14, r=8, p=1)
