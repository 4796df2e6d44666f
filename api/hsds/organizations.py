"""`/hsds/organizations`: who provides offers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from aggregator.catalogue import services as catalogue
from aggregator.catalogue.services import Service, Wanted
from aggregator.hsds.document import Document
from aggregator.hsds.organization import full_organization, organization
from aggregator.hsds.service import full_service
from api.access import Identifier, Record, reading
from api.hsds.paging import Id, Item, Page, PageQuestion, answer, one, page
from api.hsds.services import terms_of
from api.lines import LINES
from api.problems import Problem, ProblemType, described, not_found

router = APIRouter(prefix="/organizations", tags=["organizations"])

_AT_ONCE = 50
_FULL_SERVICE = "Its services in full; else id, name and status of each."


class OrganizationQuestion(PageQuestion):
    """The parameters of `/hsds/organizations`."""

    taxonomy_term_id: Id
    taxonomy_id: Id
    full: bool = Field(False, description="With its places and its services.")
    full_service: bool = Field(False, description=_FULL_SERVICE)


class OrganizationItem(Item):
    """A provider; HSDS `organization.json`."""

    name: str
    description: str


class OrganizationPage(Page):
    """A page of providers."""

    contents: list[OrganizationItem]


@router.get(
    "",
    operation_id="getPaginatedListOfOrganizations",
    summary="Organizations, page by page",
    response_model=OrganizationPage,
    responses={200: {"content": LINES}, **described(406, 422, 429, 503)},
)
def get_organizations(
    request: Request, asked: Annotated[OrganizationQuestion, Query()], record: Record
) -> Response:
    """Providers (Träger) of offers that are there, by id; `search` looks into their names."""
    wanted = Wanted(terms_of(asked.taxonomy_term_id, asked.taxonomy_id))

    def make() -> bytes:
        total = catalogue.count_organizations(record, asked.search, wanted)
        ids = catalogue.organization_ids(
            record, asked.search, wanted, (asked.offset, ""), asked.size
        )
        return page(asked, total, _documents(record, ids, asked.full, asked.full_service))

    def stream() -> Iterator[Document]:
        with reading(request).session() as session:
            last = ""
            while ids := catalogue.organization_ids(
                session, asked.search, wanted, (0, last), _AT_ONCE
            ):
                yield from _documents(session, ids, asked.full, asked.full_service)
                session.expunge_all()
                last = ids[-1]

    return answer(request, record, asked, make, stream)


@router.get(
    "/{organization_id}",
    operation_id="getFullyNestedOrganizationById",
    summary="One organization",
    response_model=OrganizationItem,
    responses=described(404, 406, 410, 422, 429, 503),
)
def get_organization(
    request: Request,
    organization_id: Identifier,
    record: Record,
    full_service: Annotated[bool, Query(description=_FULL_SERVICE)] = False,
) -> Response:
    """One provider with its places and its services; 410 where none of its offers is left."""
    found = _documents(record, [organization_id], True, full_service)
    if not found:
        if catalogue.was_organization(record, organization_id):
            raise Problem(
                ProblemType.GONE,
                "Von diesem Träger gibt es keine Angebote mehr.",
                "None of this organization's services is left.",
            )
        raise not_found("Einen Träger", "organization", organization_id)
    return one(request, found[0])


def _documents(
    record: Session, ids: Sequence[str], full: bool, full_service_wanted: bool
) -> list[Document]:
    owned = catalogue.services_of(record, ids)
    nested = full or full_service_wanted
    wanted = [one for own in owned.values() for one in (own if nested else own[:1])]
    read = catalogue.services(record, wanted, full=full_service_wanted)
    known = {service.offer.id: service for service in read}
    made = []
    for organization_id in ids:
        services = [known[one] for one in owned.get(organization_id, ()) if one in known]
        document = _document(services, full, nested, full_service_wanted)
        if document is not None:
            made.append(document)
    return made


def _document(
    services: Sequence[Service], full: bool, nested: bool, full_service_wanted: bool
) -> Document | None:
    if not services:
        return None
    offers = [service.offer for service in services]
    document = full_organization(offers) if full else organization(offers[0])
    if document is None or not nested:
        return document
    if full_service_wanted:
        return document | {"services": [full_service(s.offer, s.background) for s in services]}
    return document | {
        "services": [{"id": o.id, "name": o.title, "status": o.status.value} for o in offers]
    }
