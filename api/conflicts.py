"""`/api/v1/conflicts`: where the sources of one offer contradict each other.

Public, as the pages are that both values stand on: coordinators read it with their own tools, and
who runs a source sees what others say.
"""

from __future__ import annotations

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse

from aggregator.catalogue.conflicts import each_conflict, position
from aggregator.resolve.conflict import Conflict, Kind
from api import caching, paging
from api.access import IDENTIFIER, Record, reading
from api.lines import LINES, MEDIA_TYPE, lines, wants_lines
from api.problems import described

router = APIRouter(prefix="/api/v1/conflicts", tags=["conflicts"])


class ConflictPage(BaseModel):
    """A page of contradictions."""

    items: list[Conflict]
    next: str | None


@router.get(
    "",
    operation_id="listConflicts",
    summary="Where sources contradict each other",
    response_model=ConflictPage,
    responses={200: {"content": LINES}, **described(404, 406, 422, 429, 503)},
)
def get_conflicts(  # noqa: PLR0913, PLR0917 - the parameters of the resource
    request: Request,
    record: Record,
    source: Annotated[
        str | None, Query(pattern=IDENTIFIER, description="Only what this source is part of.")
    ] = None,
    offer: Annotated[str | None, Query(pattern=IDENTIFIER, description="Only this offer.")] = None,
    kind: Annotated[Kind | None, Query(description="Only contradictions of this kind.")] = None,
    cursor: Annotated[str | None, Query(max_length=400, description="As given by `next`.")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Both values with both dates, by offer; `published` is what the offer says."""
    line = f"conflicts {source} {offer} {kind}"
    after = None
    if cursor is not None:
        first, at, listing = paging.decode(cursor, line, str, int, str)
        after = first, at, listing
    if wants_lines(request):
        with reading(request).session() as session:
            every = [*each_conflict(session, source, offer, kind, after)]
        return StreamingResponse(lines(every), media_type=MEDIA_TYPE)
    found = [*islice(each_conflict(record, source, offer, kind, after), limit + 1)]
    url = None
    if len(found) > limit:
        found = found[:limit]
        url = paging.next_url(request, paging.encode(line, *position(found[-1])))
    answer = caching.json_answer(
        request, ConflictPage(items=found, next=url).model_dump_json().encode()
    )
    answer.headers.update(paging.link_header(url))
    return answer
