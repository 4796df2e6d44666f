"""`/healthz`: whether record and index answer, and how far they are apart."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from starlette.responses import Response

from aggregator.catalogue.state import record_seq
from api.access import Index, Record
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


@router.get(
    "/healthz",
    operation_id="getHealth",
    summary="Health",
    response_model=State,
    responses=described(406, 503),
)
def get_health(record: Record, searcher: Index) -> Response:
    """200 while record and index answer; 503 where the database does not."""
    index_seq = searcher.seq()
    try:
        newest = record_seq(record)
    except DBAPIError as error:
        raise Problem(
            ProblemType.UNAVAILABLE,
            "Die Datenbank antwortet nicht.",
            "The database does not answer; what the index has is still there.",
            {"database": False, "index_seq": index_seq},
            {"Cache-Control": "no-store"},
        ) from error
    state = State(
        database=True, record_seq=newest, index_seq=index_seq, lag=max(0, newest - index_seq)
    )
    return Response(
        state.model_dump_json(),
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
