"""Who may sign in: named tokens from the settings, compared without telling by time."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

LEAST = 16
"""Characters of a token: shorter ones can be guessed."""
ALONE = "admin"
"""What the holder of a token without a name is called in records."""
_TOKEN = re.compile(r"[A-Za-z0-9_~.+/=-]+")
_NAME = re.compile(r"\w[\w .-]{0,59}")


def read_tokens(text: str) -> Mapping[str, str]:
    """The token of each name in "name:token,name:token", or of one without a name.

    Raises ValueError that says what is wrong, without showing any token.
    """
    tokens: dict[str, str] = {}
    for number, part in enumerate((p.strip() for p in text.split(",")), 1):
        name, colon, token = (s.strip() for s in part.rpartition(":"))
        name = name if colon else ALONE
        if not _NAME.fullmatch(name):
            raise ValueError(f"part {number}: a name has letters, digits, blanks, '.', '-' or '_'")
        if len(token) < LEAST or not _TOKEN.fullmatch(token):
            raise ValueError(
                f"part {number}: a token has at least {LEAST} letters and digits "
                "(`openssl rand -hex 24` makes one)"
            )
        if name in tokens:
            raise ValueError(f"part {number}: the name {name!r} is given twice")
        tokens[name] = token
    if len(set(tokens.values())) < len(tokens):
        raise ValueError("two names have one token: nobody could tell who acts")
    return tokens


def holder(tokens: Mapping[str, str], said: str) -> str | None:
    """The name whose token this is; None where nobody's.

    Hashes are compared, and all of them, so that neither length nor position is told by the time.
    """
    digest = hashlib.sha256(said.strip().encode()).digest()
    found = None
    for name, token in tokens.items():
        if hmac.compare_digest(hashlib.sha256(token.encode()).digest(), digest):
            found = name
    return found
