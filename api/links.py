"""Harvested addresses as links, only what is safe to follow; and where our own links begin."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

from fastapi import Request
from starlette.datastructures import URL
from starlette.types import Scope

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


def base(request: Request) -> str:
    """Where our own absolute links begin, as `Request.base_url` says; put together once."""
    scope = request.scope
    root: str = scope.get("app_root_path", scope.get("root_path", ""))
    return _absolute(scope, f"{root.removesuffix('/')}/")


def here(request: Request) -> str:
    """The absolute URL of what is asked for, without its query."""
    return _absolute(request.scope, request.scope["path"])


def _absolute(scope: Scope, path: str) -> str:
    host = next((value for name, value in scope["headers"] if name == b"host"), None)
    server = scope.get("server")
    return _put_together(scope["scheme"], host, tuple(server) if server else None, path)


@lru_cache(maxsize=1_000)
def _put_together(
    scheme: str, host: bytes | None, server: tuple[str, int] | None, path: str
) -> str:
    headers = [] if host is None else [(b"host", host)]
    told = {"scheme": scheme, "headers": headers, "server": server, "path": path}
    return str(URL(scope=told))
