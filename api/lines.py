"""Results as lines: newline-delimited JSON, written while it is read, however much there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fastapi import Request
from pydantic import BaseModel
from pydantic_core import to_json
from starlette.responses import Response, StreamingResponse

from api import caching

MEDIA_TYPE = "application/x-ndjson"
MEDIA_TYPES = frozenset({MEDIA_TYPE, "application/ndjson", "application/jsonl"})
"""What clients call it: none of them is registered."""
LINES = {MEDIA_TYPE: {"schema": {"type": "string"}}}
"""What a list route says of it in its description."""
_CHUNK = 64 * 1024  # bytes sent at once


def wants_lines(request: Request) -> bool:
    """Whether the client asks for lines (RFC 9110, 12.5.1) and does not like JSON as much."""
    said = request.headers.get("accept", "")
    return any(part.split(";")[0].strip().lower() in MEDIA_TYPES for part in said.split(","))


def lines(items: Iterable[object]) -> Iterator[bytes]:
    """Each item as a line of JSON (bytes are JSON already), a chunk of lines at a time."""
    chunk = bytearray()
    for item in items:
        chunk += item if isinstance(item, bytes) else to_json(item)
        chunk += b"\n"
        if len(chunk) >= _CHUNK:
            yield bytes(chunk)
            chunk.clear()
    if chunk:
        yield bytes(chunk)


def whole_list(request: Request, answer: BaseModel, items: Sequence[BaseModel]) -> Response:
    """A list that has no pages, as lines of its items where the client asks for them."""
    body = answer.model_dump_json().encode()
    if not wants_lines(request):
        return caching.json_answer(request, body)
    tag = caching.etag(MEDIA_TYPE, body)
    return caching.unchanged(request, tag) or StreamingResponse(
        lines(items), media_type=MEDIA_TYPE, headers=caching.validators(tag)
    )
