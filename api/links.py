"""Harvested addresses as links, only what is safe to follow; and where our own links begin."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from fastapi import Request

_PHONE = re.compile(r"\+[0-9]{3,15}")
_MAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,253}")


def web(url: str | None) -> str | None:
    """The URL if it is http(s) with a host, else None: `javascript:` is never a link."""
    if not url or any(c.isspace() or not c.isprintable() for c in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and host else None


def tel(number: str) -> str | None:
    """The `tel:` URL (RFC 3966) of an E.164 number, else None."""
    return f"tel:{number}" if _PHONE.fullmatch(number) else None


def mail(address: str) -> str | None:
    """The `mailto:` URL (RFC 6068) of a plain address, else None."""
    return f"mailto:{quote(address, safe='@')}" if _MAIL.fullmatch(address) else None


def host(url: str) -> str:
    """What a reader is told of an address: its host."""
    safe = web(url)
    return (urlsplit(safe).hostname or url).removeprefix("www.") if safe else url


def origin(request: Request) -> str:
    """Scheme and host that a request was sent to, as links on our own pages begin."""
    return f"{request.url.scheme}://{request.url.netloc}"
