"""`/api/v1/suggest`: what somebody may be about to type."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from pydantic_core import to_json
from starlette.responses import Response

from aggregator.index.base import SuggestionKind
from aggregator.index.suggest import LONGEST_TEXT
from api import caching
from api.access import Index
from api.problems import described

router = APIRouter(prefix="/api/v1", tags=["offers"])


class SuggestionItem(BaseModel):
    """Something that begins with what was typed, at the start of any of its words."""

    text: str
    kind: SuggestionKind
    offers: int | None
    """How many offers have it; null where that is not known."""


class SuggestionList(BaseModel):
    """What may be meant: topics and places first, then titles and providers."""

    items: list[SuggestionItem]


@router.get(
    "/suggest",
    operation_id="suggest",
    summary="What somebody may be about to type",
    response_model=SuggestionList,
    responses=described(406, 422, 429),
)
def get_suggestions(
    request: Request,
    searcher: Index,
    q: Annotated[
        str, Query(max_length=LONGEST_TEXT, description="What is typed so far.", examples=["schul"])
    ],
    limit: Annotated[int, Query(ge=1, le=20, description="Suggestions at most.")] = 8,
) -> Response:
    """Topics, places, titles and providers that begin with `q`."""
    tag = caching.etag("suggest", searcher.seq(), q, limit)
    if known := caching.unchanged(request, tag):
        return known
    items = [
        {"text": one.text, "kind": one.kind, "offers": one.offers}
        for one in searcher.suggest(q, limit)
    ]
    return Response(
        to_json({"items": items}),
        media_type="application/json",
        headers=caching.validators(tag),
    )
