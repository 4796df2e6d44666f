"""The form that every HSDS document shares."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from w3lib.url import safe_url_string

Document = dict[str, Any]

_LONGEST = 2_000  # characters of a URL
# RFC 3986, appendix A, for http and https without user information.
_PCHAR = r"(?:[A-Za-z0-9\-._~:/@!$&'()*+,;=]|%[0-9A-Fa-f]{2})"
_URI = re.compile(
    rf"https?://[A-Za-z0-9.\-]{{1,253}}(?::\d{{1,5}})?(?:/{_PCHAR}*)?(?:\?(?:{_PCHAR}|\?)*)?"
    rf"(?:#(?:{_PCHAR}|\?)*)?"
)


def document(**fields: object) -> Document:
    """A JSON object of the fields that are known: None, "" and empty lists are left out."""
    return {
        name: _plain(value)
        for name, value in fields.items()
        if value is not None and value not in ("", [], (), {})
    }


def uri(address: str) -> str | None:
    """A web address as an RFC 3986 URI (umlauts encoded); None where it cannot be one."""
    if len(address) > _LONGEST:
        return None
    try:
        safe = safe_url_string(address.strip())
    except ValueError:
        return None
    return safe if _URI.fullmatch(safe) else None


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return value
