"""`/api/v1/changes`: what changed since, to follow the index without reading it all again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from sqlmodel import Session
from starlette.responses import Response, StreamingResponse

from aggregator.catalogue.changes import Change, all_changes, changes_since, seq_before
from aggregator.catalogue.state import record_seq
from aggregator.harvest import BERLIN
from aggregator.store.tables import Subject
from api import caching, paging
from api.access import Record
from api.lines import LINES, MEDIA_TYPE, lines, wants_lines
from api.problems import Problem, ProblemType, described

router = APIRouter(prefix="/api/v1/changes", tags=["changes"])
_LINE = "changes"
_SINCE: JsonValue = [
    {"type": "string", "pattern": "^[0-9]{1,18}$"},
    {"type": "string", "format": "date"},
    {"type": "string", "format": "date-time"},
]


class ChangeQuestion(BaseModel):
    """From where, of what, how many."""

    model_config = ConfigDict(extra="forbid")

    since: str | None = Field(
        None,
        max_length=40,
        description="Number of the last change known, or a day or moment (ISO 8601).",
        examples=["0", "2026-11-01"],
        json_schema_extra={"anyOf": _SINCE},
    )
    cursor: str | None = Field(
        None, max_length=400, description="As given by `cursor` or in `next`."
    )
    subject: list[Subject] | None = Field(
        None, description="offer, listing, network; offers unless told."
    )
    limit: int = Field(100, ge=1, le=1_000)


class ChangePage(BaseModel):
    """A page of changes, oldest first."""

    items: list[Change]
    next: str | None = Field(description="URL of the next page; null where all is told.")
    cursor: str = Field(
        description="Where this answer ends, also on the last page: ask again with it."
    )
    seq: int = Field(description="Number of the last change there is.")


@router.get(
    "",
    operation_id="listChanges",
    summary="What changed since",
    response_model=ChangePage,
    responses={200: {"content": LINES}, **described(404, 406, 422, 429, 503)},
)
def get_changes(
    request: Request, record: Record, asked: Annotated[ChangeQuestion, Query()]
) -> Response:
    """Every offer added, changed, withdrawn or merged since, in order.

    Whoever asks again with the `cursor` of the last answer misses nothing and is told nothing
    twice, whatever is published meanwhile. A `cursor` goes before `since`. With `Accept:
    application/x-ndjson` all there is comes as lines; then resume from the `seq` of the last one.
    """
    subjects = tuple(asked.subject or (Subject.OFFER,))
    after = _after(record, asked.since, asked.cursor)
    if wants_lines(request):
        with_engine = Session(record.get_bind())
        return StreamingResponse(lines(_lines(with_engine, after, subjects)), media_type=MEDIA_TYPE)
    last = record_seq(record)
    found = changes_since(record, after, subjects, asked.limit + 1)
    more, found = len(found) > asked.limit, found[: asked.limit]
    # What was read up to: of other subjects nothing before the last change needs to be read again.
    reached = found[-1].seq if more else max(last, after, found[-1].seq if found else 0)
    position = paging.encode(_LINE, reached)
    url = paging.next_url(request, position) if more else None
    answer = ChangePage(items=found, next=url, cursor=position, seq=last)
    response = caching.json_answer(request, answer.model_dump_json().encode())
    response.headers.update(paging.link_header(url))
    return response


def _lines(session: Session, after: int, subjects: tuple[Subject, ...]) -> Iterator[object]:
    with session:
        for change in all_changes(session, after, subjects):
            yield change.model_dump()


def _after(record: Session, since: str | None, cursor: str | None) -> int:
    if cursor is not None:
        (after,) = paging.decode(cursor, _LINE, int)
        if after < 0:
            raise paging.bad_cursor()
        return int(after)
    if since is None:
        return 0
    if since.isascii() and since.isdigit():
        return min(int(since), 2**62)
    try:
        moment = datetime.fromisoformat(since.replace(" ", "+"))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)
        return seq_before(record, moment.astimezone(UTC))
    except (ValueError, OverflowError) as error:  # the first day of all has no UTC
        raise _bad_since(since) from error


def _bad_since(since: str) -> Problem:
    detail = "„since“ ist eine Nummer (seq), ein Tag oder ein Zeitpunkt: 0, 2026-11-01"
    return Problem(
        ProblemType.INVALID_PARAMETER,
        f"{detail}; nicht „{since:.40}“.",
        f"`since` is a number (seq), a day or a moment (ISO 8601), not {since[:40]!r}.",
        {
            "errors": [
                {"parameter": "since", "detail": detail, "detail_en": "a seq, a day or a moment"}
            ]
        },
    )
