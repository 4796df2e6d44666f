"""`/api/v1/runs`: what each visit of a source found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse

from aggregator.catalogue.runs import RunReport, RunSummary, find_run, list_runs
from aggregator.store.reading import Reading
from api import caching, paging
from api.access import IDENTIFIER, Identifier, Record, reading
from api.lines import LINES, MEDIA_TYPE, lines, wants_lines
from api.problems import described, not_found

router = APIRouter(prefix="/api/v1/runs", tags=["runs"])

_AT_ONCE = 200


class RunPage(BaseModel):
    """A page of runs."""

    items: list[RunSummary]
    next: str | None


@router.get(
    "",
    operation_id="listRuns",
    summary="Runs, the newest first",
    response_model=RunPage,
    responses={200: {"content": LINES}, **described(404, 406, 422, 429, 503)},
)
def get_runs(
    request: Request,
    record: Record,
    source: Annotated[str | None, Query(pattern=IDENTIFIER)] = None,
    cursor: Annotated[str | None, Query(max_length=400, description="As given by `next`.")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Runs of all sources, or of one."""
    if wants_lines(request):
        found = _every(reading(request), source)
        return StreamingResponse(lines(found), media_type=MEDIA_TYPE)
    line = f"runs {source}"
    runs = list_runs(record, source, limit + 1, _before(cursor, line))
    url = None
    if len(runs) > limit:
        runs = runs[:limit]
        last = runs[-1]
        url = paging.next_url(request, paging.encode(line, last.started_at.isoformat(), last.id))
    answer = caching.json_answer(request, RunPage(items=runs, next=url).model_dump_json().encode())
    answer.headers.update(paging.link_header(url))
    return answer


@router.get(
    "/{run_id}",
    operation_id="getRun",
    summary="The report of one run",
    response_model=RunReport,
    responses=described(404, 406, 422, 429, 503),
)
def get_run(request: Request, run_id: Identifier, record: Record) -> Response:
    """What was fetched and found, what the gate said, what failed and what was not understood."""
    report = find_run(record, run_id)
    if report is None:
        raise not_found("Einen Lauf", "run", run_id)
    return caching.json_answer(request, report.model_dump_json().encode())


def _every(readable: Reading, source: str | None) -> Iterator[RunSummary]:
    """All runs, some at a time."""
    before = None
    with readable.session() as record:
        while runs := list_runs(record, source, _AT_ONCE, before):
            yield from runs
            record.expunge_all()
            before = runs[-1].started_at, runs[-1].id


def _before(cursor: str | None, line: str) -> tuple[datetime, str] | None:
    if cursor is None:
        return None
    started_at, run_id = paging.decode(cursor, line, str, str)
    try:
        moment = datetime.fromisoformat(started_at)
    except ValueError as error:
        raise paging.bad_cursor() from error
    if moment.tzinfo is None:
        raise paging.bad_cursor()
    return moment, run_id
