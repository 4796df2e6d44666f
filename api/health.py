"""`/healthz`: whether record and index answer, and how far they are apart."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from starlette.responses import Response

from aggregator.catalogue.state import record_seq, replica_delay, seconds_behind
from aggregator.index.directory import LiveSearcher
from aggregator.store.reading import Reading
from api.access import Index, watching
from api.problems import Problem, ProblemType, described

router = APIRouter(tags=["health"])


class State(BaseModel):
    """How far record and index are."""

    status: Literal["ok"] = "ok"
    database: bool
    record_seq: int
    index_seq: int
    lag: int
    """Changes that the index has not seen yet."""
    lag_seconds: float
    """Age of the first of them; 0 where there is none."""
    replica_lag_seconds: float | None
    """By how much the replica is behind that the record is read from; null: it is none."""


@router.get(
    "/healthz",
    operation_id="getHealth",
    summary="Health",
    response_model=State,
    responses=described(406, 503),
)
async def get_health(request: Request, searcher: Index) -> Response:
    """200 while record and index answer; 503 where the database does not."""
    return await watching(_health, request.app.state.reading, searcher)


def _health(reading: Reading, searcher: LiveSearcher) -> Response:
    index_seq = searcher.seq()
    try:
        with reading.session() as record:
            newest = record_seq(record)
            behind = seconds_behind(record, index_seq, datetime.now(UTC))
            replica = replica_delay(record)
    except DBAPIError as error:
        raise Problem(
            ProblemType.UNAVAILABLE,
            "Die Datenbank antwortet nicht.",
            "The database does not answer; what the index has is still there.",
            {"database": False, "index_seq": index_seq},
            {"Cache-Control": "no-store"},
        ) from error
    state = State(
        database=True,
        record_seq=newest,
        index_seq=index_seq,
        lag=max(0, newest - index_seq),
        lag_seconds=round(behind, 1),
        replica_lag_seconds=None if replica is None else round(replica, 1),
    )
    return Response(
        state.model_dump_json(),
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
