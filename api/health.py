"""`/healthz`: whether record and index answer, and how far they are apart."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session
from starlette.responses import Response

from aggregator.catalogue.state import record_seq
from aggregator.index.directory import LiveSearcher
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


@router.get(
    "/healthz",
    operation_id="getHealth",
    summary="Health",
    response_model=State,
    responses=described(406, 503),
)
async def get_health(request: Request, searcher: Index) -> Response:
    """200 while record and index answer; 503 where the database does not."""
    return await watching(_health, request.app.state.engine, searcher)


def _health(engine: Engine, searcher: LiveSearcher) -> Response:
    index_seq = searcher.seq()
    try:
        with Session(engine) as record:
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
