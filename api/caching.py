"""Validators (RFC 9110, 8.8.3): what a client already has is not sent again."""

from __future__ import annotations

import hashlib

from fastapi import Request
from starlette.responses import Response

_FRESH = "public, max-age=2, must-revalidate"
"""A change is searchable within two seconds; asking again costs a 304."""


FRESH = {"Cache-Control": _FRESH}
"""For a redirect that may end: a split gives the merged id back, whatever a browser has kept."""


def etag(*parts: object) -> str:
    """A weak entity tag that changes when any part does."""
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:24]}"'


def unchanged(request: Request, tag: str) -> Response | None:
    """The 304 for a client that has this version (weak comparison), else None."""
    if not matches(request.headers.get("if-none-match", ""), tag):
        return None
    return Response(status_code=304, headers=validators(tag))


def matches(known: str, tag: str) -> bool:
    """Whether an If-None-Match header names a tag (weak comparison)."""
    if known.strip() == "*":
        return True
    return tag.removeprefix("W/") in {part.strip().removeprefix("W/") for part in known.split(",")}


def validators(tag: str) -> dict[str, str]:
    """The headers by which a client may keep an answer."""
    return {"ETag": tag, "Cache-Control": _FRESH}


def json_answer(request: Request, body: bytes) -> Response:
    """JSON with a validator made from the bytes: for answers that no number dates."""
    tag = etag(body)
    return unchanged(request, tag) or Response(
        body, media_type="application/json", headers=validators(tag)
    )
