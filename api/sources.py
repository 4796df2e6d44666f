"""`/api/v1/sources`: what is harvested, and how it fares."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from aggregator.catalogue.sources import SourceState, find_source, list_sources
from api import caching
from api.access import Identifier, Index, Record, published_counts
from api.lines import LINES, whole_list
from api.problems import described, not_found

router = APIRouter(prefix="/api/v1/sources", tags=["sources"])


class SourceItem(SourceState):
    """A source, and how many offers it lists that can be used."""

    offers: int


class SourceList(BaseModel):
    """All sources."""

    items: list[SourceItem]
    total: int


@router.get(
    "",
    operation_id="listSources",
    summary="All sources with their health",
    response_model=SourceList,
    responses={200: {"content": LINES}, **described(406, 422, 429, 503)},
)
def get_sources(
    request: Request,
    record: Record,
    searcher: Index,
    attention: Annotated[
        bool | None, Query(description="Only those that a person should look at, or only others.")
    ] = None,
) -> Response:
    """All sources, those that need attention first: the board as data."""
    counts = published_counts(searcher, "sources")["sources"]
    items = [
        SourceItem(**state.model_dump(), offers=counts.get(state.id, 0))
        for state in list_sources(record)
        if attention is None or state.attention is attention
    ]
    return whole_list(request, SourceList(items=items, total=len(items)), items)


@router.get(
    "/{source_id}",
    operation_id="getSource",
    summary="One source with its health",
    response_model=SourceItem,
    responses=described(404, 406, 422, 429, 503),
)
def get_source(
    request: Request,
    source_id: Identifier,
    record: Record,
    searcher: Index,
) -> Response:
    """One source: its declaration, its last runs, what is published of it."""
    state = find_source(record, source_id)
    if state is None:
        raise not_found("Eine Quelle", "source", source_id)
    counts = published_counts(searcher, "sources")["sources"]
    item = SourceItem(**state.model_dump(), offers=counts.get(source_id, 0))
    return caching.json_answer(request, item.model_dump_json().encode())
