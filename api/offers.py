"""`/api/v1/offers`: search, and one offer with where every value came from."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.responses import RedirectResponse, Response

from aggregator.catalogue.evidence import Evidence
from aggregator.catalogue.offers import find_offer
from aggregator.catalogue.state import last_publication
from aggregator.offer import Offer
from aggregator.published import offers_of
from api import caching, paging
from api.access import Identifier, Index, Record
from api.filters import DEEPEST, OfferQuestion, question
from api.problems import Problem, ProblemType, described, not_found

router = APIRouter(prefix="/api/v1", tags=["offers"])


class OfferHit(Offer):
    """An offer that was found."""

    score: float
    """How well it fits the words; comparable within one answer only."""


class OfferPage(BaseModel):
    """A page of hits."""

    items: list[OfferHit]
    total: int
    total_relation: Literal["eq"] = "eq"
    """`total` is exact."""
    facets: dict[str, dict[str, int]]
    """Field -> value -> number of hits, for the fields asked for."""
    next: str | None = Field(description="URL of the next page; null on the last.")
    seq: int = Field(description="Number of the last change that this answer knows of.")


class OfferDetail(Offer):
    """An offer, and where every value came from."""

    missing_since: datetime | None = None
    """Set while no source lists it any more."""
    provenance: list[Evidence] | None = None


@router.get(
    "/offers",
    operation_id="searchOffers",
    summary="Search offers",
    response_model=OfferPage,
    responses=described(400, 422, 503),
)
def search_offers(
    request: Request, asked: Annotated[OfferQuestion, Query()], searcher: Index, record: Record
) -> Response:
    """Find offers by words and filters, best first.

    Values of one filter are alternatives, filters add up. By default offers are shown that can be
    used or are closed for a time; `status=all` shows the others too. Results beyond the first
    100,000 are in the export.
    """
    query = asked.query(asked.facet_names(), limit=asked.limit)
    line = question(query)
    offset = offer_offset(asked.cursor, line)
    state = searcher.seq(), last_publication(record)
    tag = caching.etag("offers", state, line, offset, str(request.base_url))
    if known := caching.unchanged(request, tag):
        return known
    query = asked.query(query.facets, offset, asked.limit)
    found = searcher.search(query)
    end = offset + asked.limit
    more = end < min(found.total, DEEPEST)
    url = paging.next_url(request, paging.encode(line, end)) if more else None
    offers = offers_of(record, [hit.offer for hit in found.items])
    body = {
        "items": [
            {**offer.model_dump(), "score": round(hit.score, 4)}
            for offer, hit in zip(offers, found.items, strict=True)
        ],
        "total": found.total,
        "total_relation": "eq",
        "facets": found.facets,
        "next": url,
        "seq": found.seq,
    }
    return Response(
        to_json(body),
        media_type="application/json",
        headers=caching.validators(tag) | paging.link_header(url),
    )


@router.get(
    "/offers/{offer_id}",
    operation_id="getOffer",
    summary="One offer with provenance",
    response_model=OfferDetail,
    responses={308: {"description": "Merged into another offer"}, **described(404, 410, 422, 503)},
)
def get_offer(
    request: Request,
    offer_id: Identifier,
    record: Record,
    include: Annotated[
        Literal["provenance", "none"], Query(description="`none` leaves the evidence out.")
    ] = "provenance",
) -> Response:
    """One offer. A merged id redirects; a withdrawn one answers 410 with its last state."""
    found = find_offer(record, offer_id)
    if found is None:
        raise not_found("Ein Angebot", "offer", offer_id)
    if found.merged_into is not None:
        target = request.url_for("get_offer", offer_id=found.merged_into)
        return RedirectResponse(target.replace(query=request.url.query), 308)
    if found.withdrawn:
        raise Problem(
            ProblemType.GONE,
            "Dieses Angebot gibt es nicht mehr. Der letzte Stand steht unter „offer“.",
            "This offer was withdrawn. Its last state stands under `offer`.",
            {"offer": found.offer.model_dump(mode="json")},
        )
    detail = OfferDetail(
        **found.offer.model_dump(),
        missing_since=found.missing_since,
        provenance=found.evidence if include == "provenance" else None,
    )
    return caching.json_answer(request, detail.model_dump_json().encode())


def offer_offset(cursor: str | None, line: str) -> int:
    """How many offers a cursor skips. Raises Problem (400) where it leads nowhere."""
    if cursor is None:
        return 0
    (offset,) = paging.decode(cursor, line, int)
    if not 0 <= offset < DEEPEST:
        raise paging.bad_cursor()
    return int(offset)
