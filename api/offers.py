"""`/api/v1/offers`: search, and one offer with where every value came from."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response, StreamingResponse

from aggregator.catalogue.evidence import Evidence
from aggregator.catalogue.offers import find_offer
from aggregator.index import base as index
from aggregator.index.base import Hit, Understood
from aggregator.index.directory import LiveSearcher
from aggregator.index.engine import DEEPEST
from aggregator.index.past import State
from aggregator.offer import Offer
from aggregator.store.reading import Reading
from api import caching, links, paging, past
from api.access import Identifier, Index, Record, reading
from api.filters import PARAMETERS, OfferQuestion, question, read_question, timely
from api.hits import documents
from api.kept import keep, state_of
from api.lines import LINES, MEDIA_TYPE, lines, wants_lines
from api.negotiation import check_accept
from api.problems import Problem, ProblemType, described, not_found

router = APIRouter(prefix="/api/v1", tags=["offers"])

_SMALL = 200_000  # offers in an index that is "small"
_PLAIN = b',"unstated":[],"distance_km":null,"distance_approximate":false}'
_AT_ONCE = 200  # offers of a stream that are completed together


class OfferHit(Offer):
    """An offer that was found."""

    score: float
    """How well it fits the words; comparable within one answer only."""
    unstated: list[str]
    """Parameters that it neither fits nor contradicts: it does not say. Call and ask."""
    distance_km: float | None
    """From where is searched from (see `near`), as the crow flies."""
    distance_approximate: bool
    """Measured from or to the centre of a postcode or town: say "ca."."""


class UnderstoodItem(BaseModel):
    """Words of `q` that were read as a filter. `understand=false` takes all words as words."""

    parameter: str
    value: str
    label: str
    """The filter in German."""
    words: str
    """As they were typed."""
    rest: str
    """`q` without them: ask that to undo it."""


class NearItem(BaseModel):
    """Where distances are measured from."""

    lat: float
    lon: float
    label: str
    approximate: bool
    """The centre of a postcode, town or district."""


class OfferPage(BaseModel):
    """A page of hits: those that say yes to every filter come first, then the unstated ones."""

    items: list[OfferHit]
    total: int
    """Offers that say yes to every filter."""
    total_relation: Literal["eq"] = "eq"
    """`total` is exact."""
    unstated_total: int
    """Offers that contradict no filter but do not state all of them; they follow the others."""
    understood: list[UnderstoodItem]
    near: NearItem | None
    radius_km: float | None
    """Kilometres of the circle searched; null where no circle was."""
    nearest: list[OfferHit]
    """Where nothing is found in the place asked for: what there is elsewhere, nearest first."""
    matched: Literal["all", "some", "similar"]
    """Whether all words were found, some, or only similar ones."""
    corrected: dict[str, str]
    """Words that no offer has, and what was probably meant."""
    facets: dict[str, dict[str, int]]
    """Field -> value -> number of hits, for the fields asked for."""
    next: str | None = Field(description="URL of the next page; null on the last.")
    seq: int = Field(description="Number of the last change that this answer knows of.")
    as_of: date | None = Field(None, description="The day whose state was asked for.")


class OfferDetail(Offer):
    """An offer, and where every value came from."""

    missing_since: datetime | None = None
    """Set while no source lists it any more."""
    plain_words: str | None = None
    """What a source says in Leichte or einfache Sprache, in its words; null where none does."""
    provenance: list[Evidence] | None = None


async def search_offers(
    request: Request, asked: Annotated[OfferQuestion, Query()], searcher: Index
) -> Response:
    """Find offers by words and filters, best first.

    Values of one filter are alternatives, filters add up. Offers that do not say whether they fit a
    filter come last; `unstated` names what they leave open. By default offers are shown that can be
    used or are closed for a time; `status=all` shows the others too.

    `Accept: application/x-ndjson` or `format=ndjson` streams all of the result, an offer a line, as
    in `items`, however many there are; `cursor`, `limit` and `facets` mean nothing then.
    """
    if asked.as_of is not None:
        return await run_in_threadpool(_search_past, request, asked, asked.as_of)
    # Handing a question to another thread takes longer than answering it from a small index.
    if searcher.size() <= _SMALL:
        return _search(request, asked, searcher)
    return await run_in_threadpool(_search, request, asked, searcher)


async def answer(request: Request) -> Response:
    """Answer a search as it was asked.

    Raises Problem, or RequestValidationError as FastAPI does.
    """
    check_accept(request)
    asked = read_question(request.query_params)
    return await search_offers(request, asked, request.app.state.searcher)


class _QuestionRoute(APIRoute):
    """The route of the search: described as any other, but its parameters are read in one step.

    Read one by one they would take as long as the index takes to answer.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        return answer


router.add_api_route(
    "/offers",
    search_offers,
    operation_id="searchOffers",
    summary="Search offers",
    response_model=OfferPage,
    responses={200: {"content": LINES}, **described(404, 406, 422, 429, 503)},
    route_class_override=_QuestionRoute,
)


def _search_past(request: Request, asked: OfferQuestion, day: date) -> Response:
    """Answer from the state of a day. Raises Problem (404, 503) where there is none, or not yet."""
    if past.is_present(day):
        return _search(request, asked, request.app.state.searcher)
    state = past.of_day(request, day)
    return _search(request, asked, past.reader(request, state), state)


def _search(
    request: Request, asked: OfferQuestion, searcher: LiveSearcher, over: State | None = None
) -> Response:
    """Answer from a reader: of the present, or of a state that is `over`."""
    query = asked.query(searcher.place, asked.facet_names(), limit=asked.limit)
    if over is not None:
        query = replace(query, now=past.noon(over.day))
    streamed = asked.wants_lines or wants_lines(request)
    line = question(query) if asked.as_of is None else f"{asked.as_of} {question(query)}"
    offset = 0 if streamed else offer_offset(asked.cursor, line)
    state = state_of(searcher)
    tag = caching.etag(
        "offers", over.key if over else state, line, offset, links.base(request), streamed
    )
    if known := caching.unchanged(request, tag):
        return known
    if streamed:
        every = _every(reading(request), searcher, query)
        headers = caching.validators(tag)
        return StreamingResponse(lines(every), media_type=MEDIA_TYPE, headers=headers)
    if offset:
        query = replace(query, offset=offset)
    found = searcher.search(query)
    if asked.as_of is None:
        vain = request.app.state.unanswered.look(request, query.text, found)
        if not (vain or timely(query)):  # who gets a kept answer is not counted
            keep(request.scope, state)
    return _page(request, searcher, query, found, line, tag, asked.as_of)


def _page(  # noqa: PLR0913, PLR0917 - what is asked, of what, and how it is told
    request: Request,
    searcher: LiveSearcher,
    query: index.Query,
    found: index.Hits,
    line: str,
    tag: str,
    as_of: date | None,
) -> Response:
    end = query.offset + query.limit
    whole = found.total + (found.unstated if query.unstated else 0)
    more = end < min(whole, DEEPEST)
    url = paging.next_url(request, paging.encode(line, end)) if more else None
    documents = _documents(reading(request), [*found.items, *found.nearest])
    shown = len(found.items)
    told = {
        "total": found.total,
        "total_relation": "eq",
        "unstated_total": found.unstated,
        "understood": [_understood(one) for one in found.understood],
        "near": asdict(found.near) if found.near else None,
        "radius_km": found.radius,
        "matched": found.matched,
        "corrected": searcher.corrected(query.text) if query.text else {},
        "facets": found.facets,
        "next": url,
        "seq": found.seq,
        "as_of": as_of,
    }
    body = b'{"items":[%b],"nearest":[%b],%b' % (
        b",".join(documents[:shown]), b",".join(documents[shown:]), to_json(told)[1:],
    )  # fmt: skip
    return Response(
        body,
        media_type="application/json",
        headers=caching.validators(tag) | paging.link_header(url),
    )


def _every(record: Reading, searcher: LiveSearcher, query: index.Query) -> Iterator[bytes]:
    """All hits, some at a time: what is in memory does not grow with their number."""
    hits = searcher.walk(query)
    while some := list(islice(hits, _AT_ONCE)):
        yield from _documents(record, some)


def _documents(record: Reading, hits: Sequence[Hit]) -> list[bytes]:
    """Hits as JSON."""
    found = documents(record, hits)
    return [_hit(hit, document) for hit, document in zip(hits, found, strict=True)]


def _hit(hit: Hit, document: bytes) -> bytes:
    if not hit.unstated and hit.distance is None:  # most: their four values in one step
        return b'%b,"score":%.1f%b' % (document[:-1], hit.score, _PLAIN)
    found = {
        "score": hit.score,
        "unstated": [PARAMETERS[name] for name in hit.unstated],
        "distance_km": None if hit.distance is None else round(hit.distance, 1),
        "distance_approximate": hit.approximate,
    }
    return document[:-1] + b"," + to_json(found)[1:]


def _understood(one: Understood) -> dict[str, str]:
    return {**asdict(one), "parameter": PARAMETERS[one.parameter]}


@router.get(
    "/offers/{offer_id}",
    operation_id="getOffer",
    summary="One offer with provenance",
    response_model=OfferDetail,
    responses={
        308: {"description": "Merged into another offer"},
        **described(404, 406, 410, 422, 429, 503),
    },
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
        return RedirectResponse(target.replace(query=request.url.query), 308, headers=caching.FRESH)
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
        plain_words=found.plain_words and found.plain_words.value,
        provenance=found.evidence if include == "provenance" else None,
    )
    return caching.json_answer(request, detail.model_dump_json().encode())


def offer_offset(cursor: str | None, line: str) -> int:
    """How many offers a cursor skips. Raises Problem (404) where it leads nowhere."""
    if cursor is None:
        return 0
    (offset,) = paging.decode(cursor, line, int)
    if not 0 <= offset < DEEPEST:
        raise paging.bad_cursor()
    return int(offset)
