"""Opaque cursors: where the next page begins, bound to what was asked."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any
from urllib.parse import quote

from fastapi import Request
from pydantic_core import to_json

from api import links
from api.problems import Problem, ProblemType

_LONGEST = 400  # characters of a cursor
_AS_ASKED = "%!$&'()*+,;=:@/?-._~"
"""What a query may hold (RFC 3986, 3.4); all else is encoded, so that a header can hold it."""


def encode(question: str, *position: str | int) -> str:
    """A cursor for `position` in the answer to `question`, safe in a URL."""
    return base64.urlsafe_b64encode(to_json([_mark(question), *position])).decode().rstrip("=")


def decode(cursor: str, question: str, *kinds: type) -> list[Any]:
    """The position in a cursor; `kinds` are the types of its parts.

    Raises Problem (404) for a cursor that we did not give, or gave for another question.
    """
    try:
        if len(cursor) > _LONGEST:
            raise ValueError(cursor)
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        position: list[Any]
        mark, *position = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        # `type` and not isinstance: true would pass for an offset.
        if mark != _mark(question) or [type(part) for part in position] != list(kinds):
            raise ValueError(cursor)
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise bad_cursor() from error
    return position


def bad_cursor() -> Problem:
    """The problem of a cursor that leads nowhere."""
    return Problem(
        ProblemType.INVALID_CURSOR,
        "Dieser Cursor gehört nicht zu dieser Anfrage. Bitte ohne „cursor“ neu beginnen.",
        "This cursor does not belong to this request. Please start again without it.",
    )


def next_url(request: Request, cursor: str) -> str:
    """The absolute URL of the next page: that of this one, as it was asked, with another cursor."""
    address, query = links.here(request), request.scope["query_string"].decode()
    kept = [pair for pair in query.split("&") if pair and pair.partition("=")[0] != "cursor"]
    return f"{address}?{quote('&'.join([*kept, f'cursor={cursor}']), safe=_AS_ASKED)}"


def link_header(url: str | None) -> dict[str, str]:
    """The Link header (RFC 8288) to the next page; empty on the last."""
    return {"Link": f'<{url}>; rel="next"'} if url else {}


def _mark(question: str) -> str:
    return hashlib.sha256(question.encode()).hexdigest()[:12]
