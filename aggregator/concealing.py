"""URLs as they may be shown: in a list of settings, an error, a log."""

from __future__ import annotations

import re

_PASSWORD = re.compile(r"(?P<before>://[^:/?#@]*:).*(?=@)", re.DOTALL)
"""Up to the last @ there is: where a password holds one that should have been written %40, what
follows it is part of the password, whatever a parser makes of it."""
_SECRET = re.compile(
    r"(?P<before>[?&;][^=&;]*(?:passw|pwd|secret|token|credential|signature|api_?key|_key)[^=&;]*=)"
    r"[^&;]*",
    re.IGNORECASE,
)
"""Keywords of libpq (password, sslpassword, oauth_client_secret, scram_client_key: PostgreSQL,
33.1.2) and what others call theirs."""
_HIDDEN = "***"


def concealed(url: str) -> str:
    """A URL without the password of its user and the values of parameters that are secret."""
    return _SECRET.sub(rf"\g<before>{_HIDDEN}", _PASSWORD.sub(rf"\g<before>{_HIDDEN}", url))
