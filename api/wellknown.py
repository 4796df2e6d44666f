"""`/.well-known/security.txt` (RFC 9116): whom to tell of a weakness."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

router = APIRouter(include_in_schema=False)

_VALID = timedelta(days=90)
"""After it somebody who kept the file should look again."""


@router.get("/.well-known/security.txt")
def get_security_txt(request: Request) -> Response:
    """Contact, expiry, languages and the file's own address."""
    settings = request.app.state.settings
    contact = settings.security_contact or settings.contact
    until = (datetime.now(UTC) + _VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {contact if ':' in contact else f'mailto:{contact}'}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.portal}/.well-known/security.txt",
    ]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": "max-age=86400"})
