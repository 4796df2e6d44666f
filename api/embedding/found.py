"""What an embedded list shows: the hits of the question in its address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from aggregator.catalogue.state import freshness
from aggregator.index.base import Hit
from aggregator.index.directory import LiveSearcher
from aggregator.index.engine import DEEPEST
from aggregator.offer import Offer
from api import caching, chips, paging
from api.access import reading
from api.embedding.address import read
from api.filters import OfferFilters, question
from api.hits import offers
from api.offers import offer_offset

MOST = 50
"""Offers at once."""
USUAL = 5
LanguageCode = Literal["de", "en", "tr", "uk", "ar"]


class Look(BaseModel):
    """How an embedded list looks; what it lists are the parameters of `/api/v1/offers`."""

    model_config = ConfigDict(extra="ignore")

    lang: LanguageCode = "de"
    limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL
    heading: Annotated[int, Query(ge=2, le=6)] = 2
    form: Literal["yes", "no"] = "yes"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits."""

    filters: OfferFilters
    hits: Sequence[tuple[Offer, Hit]]
    whole: int
    """Hits on all pages, those that leave something unstated among them."""
    following: str | None
    """The cursor of the next page."""
    lost: str
    """A place that nobody here knows; its words were looked for in the offers instead."""
    tag: str
    """The validator of whatever shows this."""


def find(request: Request, record: Session, searcher: LiveSearcher, limit: int) -> Found:
    """Search with the parameters of a request.

    Raises Problem (404) for a cursor that leads nowhere, (422) for a value that no filter has.
    """
    filters, lost = chips.asked_here(request, searcher)
    query = filters.query(searcher.place, limit=limit)
    line = question(query)
    offset = offer_offset(request.query_params.get("cursor") or None, line)
    state = searcher.seq(), freshness(record)
    found = searcher.search(replace(query, offset=offset))
    request.app.state.unanswered.look(request, filters.q, found)
    hits = found.items or found.nearest
    whole = found.total + found.unstated
    end = offset + limit
    return Found(
        filters,
        list(zip(offers(reading(request), hits), hits, strict=True)),
        whole,
        paging.encode(line, end) if end < min(whole, DEEPEST) else None,
        lost,
        caching.etag("embedded", state, line, offset, str(request.url)),
    )


def _look(request: Request) -> Look:
    given = {name: value for name, value in request.query_params.items() if value}
    return read(Look, given)


LookOf = Annotated[Look, Depends(_look)]
