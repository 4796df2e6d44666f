"""`/hsds/service_at_locations`: offers at their places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field, StringConstraints
from sqlmodel import Session
from starlette.responses import Response

from aggregator.catalogue import services as catalogue
from aggregator.catalogue.services import Area, Circle, Wanted
from aggregator.hsds.document import Document
from aggregator.hsds.service import service_at_location, short_service_at_location
from aggregator.index.directory import LiveSearcher
from aggregator.places.places import Gazetteer
from api.access import Identifier, Index, Record, reading
from api.hsds.paging import Id, Item, Page, PageQuestion, Unset, answer, one, page
from api.hsds.services import Moment, Selection, moved, present, terms_of
from api.lines import LINES
from api.problems import Problem, ProblemType, described, not_found, unknown_place

router = APIRouter(prefix="/service_at_locations", tags=["service_at_locations"])

_FARTHEST = 1_000_000  # metres


Postcode = Annotated[str, StringConstraints(pattern=r"^([0-9]{5})?$")]
Metres = Annotated[float, Field(gt=0, le=_FARTHEST)]


class LinkQuestion(PageQuestion):
    """The parameters of `/hsds/service_at_locations`."""

    taxonomy_term_id: Id
    taxonomy_id: Id
    organization_id: Id
    modified_after: Moment
    full: bool = Field(False, description="Everything nested.")
    postcode: Postcode = Field(
        "",
        description="With `proximity`: around its centre. Without: at it, or serving its region.",
        examples=["10439"],
    )
    proximity: Annotated[Metres | None, Unset] = Field(
        None, description="Metres around the centre of `postcode`."
    )


class LinkPage(Page):
    """A page of services at their locations; HSDS `service_at_location.json`."""

    contents: list[Item]


@router.get(
    "",
    operation_id="getPaginatedListOfServiceAtLocations",
    summary="Services at locations, page by page",
    response_model=LinkPage,
    responses={200: {"content": LINES}, **described(404, 406, 409, 422, 429, 503)},
)
def get_links(
    request: Request,
    asked: Annotated[LinkQuestion, Query()],
    record: Record,
    searcher: Index,
) -> Response:
    """Offers whose place is known; with `search` the best first.

    With `modified_after` also those that were removed since: the `status` of their service is
    defunct.
    """
    wanted = Wanted(
        terms_of(asked.taxonomy_term_id, asked.taxonomy_id),
        asked.organization_id or None,
        asked.modified_after,
        _where(asked, searcher, request.app.state.gazetteer),
        linked=True,
    )

    def make() -> bytes:
        selection = Selection(record, searcher, wanted, asked.search)
        return page(asked, selection.total, _links(record, selection.page(asked), asked.full))

    def stream() -> Iterator[Document]:
        with reading(request).session() as session:
            for ids in Selection(session, searcher, wanted, asked.search).parts():
                yield from _links(session, ids, asked.full)
                session.expunge_all()

    return answer(request, record, asked, make, stream)


@router.get(
    "/{link_id}",
    operation_id="getServiceAtLocationById",
    summary="One service at its location",
    response_model=Item,
    responses={
        308: {"description": "Its service was merged into another"},
        **described(404, 406, 410, 422, 429, 503),
    },
)
def get_link(request: Request, link_id: Identifier, record: Record) -> Response:
    """The link with service and location nested. It goes where its service goes (308, 410)."""
    offer_id = catalogue.offer_of_link(record, link_id)
    if offer_id is None:
        raise not_found("Einen Dienst an einem Ort", "service at a location", link_id)
    found = present(record, offer_id)
    if found.merged_into is not None:
        other = catalogue.link_of_offer(record, found.merged_into)
        if other is None:
            return moved(request, "get_service", service_id=found.merged_into)
        return moved(request, "get_link", link_id=other)
    return one(request, _links(record, [offer_id], True)[0])


def _links(record: Session, ids: Sequence[str], full: bool) -> list[Document]:
    make = service_at_location if full else short_service_at_location
    made = (make(s.offer, s.background) for s in catalogue.services(record, ids, full=full))
    return [link for link in made if link is not None]


def _where(
    asked: LinkQuestion, searcher: LiveSearcher, gazetteer: Gazetteer
) -> Circle | Area | None:
    if not asked.postcode:
        if asked.proximity is not None:
            raise Problem(
                ProblemType.CONTRADICTION,
                "„proximity“ braucht eine Postleitzahl in „postcode“.",
                "proximity needs a postcode in `postcode`.",
            )
        return None
    if asked.proximity is None:
        place = gazetteer.locate(asked.postcode, None)
        return Area(asked.postcode, place.region_key if place else None)
    centre = searcher.place(asked.postcode)
    if centre is None:
        raise unknown_place("postcode", asked.postcode)
    return Circle(centre.lat, centre.lon, asked.proximity)
