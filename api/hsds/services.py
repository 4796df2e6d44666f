"""`/hsds/services`: offers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from aggregator.catalogue import services as catalogue
from aggregator.catalogue.offers import OfferRecord, find_offer
from aggregator.catalogue.services import Wanted
from aggregator.hsds.document import Document
from aggregator.hsds.service import full_service, service
from aggregator.hsds.taxonomy import taxonomy_terms
from aggregator.index import base as index
from aggregator.index.directory import LiveSearcher
from aggregator.listing import Status
from api import caching
from api.access import Identifier, Index, Record, reading
from api.hsds.paging import Id, Item, Page, PageQuestion, answer, one, page, whole
from api.lines import LINES
from api.problems import Problem, ProblemType, described, not_found

router = APIRouter(prefix="/services", tags=["services"])

_BEST = 5_000
"""So many of what the words find are compared with the other parameters."""
_AT_ONCE = 100
_LEAP_SECOND = re.compile(r"(T\d\d:\d\d):60")


def _moment(value: object) -> object:
    """A moment as clients write it: a day, with or without zone (then UTC), "+" as a space."""
    if value in {None, ""}:
        return None
    said = str(value).strip().upper()
    if "T" in said:
        said = said.replace(" ", "+")
    try:
        moment = datetime.fromisoformat(_LEAP_SECOND.sub(r"\1:59", said))
    except ValueError as error:
        raise PydanticCustomError(
            "moment", "expected a date and time as in 2026-11-20T08:00:00Z"
        ) from error
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:  # within a day of the first or the last moment there is
        return moment.replace(tzinfo=UTC)


# Told is the form that every client can write; more is read, and nothing is no moment.
_DAY = "[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
_TOLD = f"^({_DAY}T([01][0-9]|2[0-3])(:[0-5][0-9]){{2}}Z)?$"
Moment = Annotated[
    datetime | None,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "pattern": _TOLD}),
    Field(
        default=None,
        description="Changed at or after this moment (ISO 8601); removed services are told too.",
        examples=["2026-11-20T08:00:00Z"],
    ),
]


class ServiceQuestion(PageQuestion):
    """The parameters of `/hsds/services`."""

    taxonomy_term_id: Id
    taxonomy_id: Id
    organization_id: Id
    modified_after: Moment
    minimal: bool = Field(
        False,
        description="Only `id` and `modified_date`, all of them on one page unless `per_page` is "
        "told.",
    )
    full: bool = Field(False, description="Everything nested, as `/services/{id}` has it.")


class ServiceItem(Item):
    """A service; HSDS `service.json`."""

    name: str
    status: Status


class ServicePage(Page):
    """A page of services; with `minimal` only id and modified_date of each."""

    contents: list[Item]


def terms_of(taxonomy_term_id: str, taxonomy_id: str) -> list[frozenset[str]]:
    """The sets of terms of which an offer must have one each."""
    found = [frozenset({taxonomy_term_id})] if taxonomy_term_id else []
    if taxonomy_id:
        found.append(
            frozenset(t["id"] for t in taxonomy_terms() if t["taxonomy_id"] == taxonomy_id)
        )
    return found


def best(searcher: LiveSearcher, words: str) -> list[str]:
    """The ids of what some words find, best first."""
    query = index.Query(
        words.strip(),
        {"status": tuple(s.value for s in Status if s is not Status.DEFUNCT)},
        limit=_BEST,
        understand=False,
    )
    return [hit.id for hit in searcher.search(query).items]


def every_id(record: Session, wanted: Wanted) -> Iterator[list[str]]:
    """The ids of all that is wanted, some at a time."""
    last = ""
    while ids := catalogue.services_after(record, wanted, last, _AT_ONCE):
        yield ids
        last = ids[-1]


def some(ids: Sequence[str]) -> Iterator[list[str]]:
    """Some at a time."""
    for start in range(0, len(ids), _AT_ONCE):
        yield list(ids[start : start + _AT_ONCE])


class Selection:
    """The ids that a list question selects: by id, or where words are looked for the best first."""

    def __init__(
        self, record: Session, searcher: LiveSearcher, wanted: Wanted, search: str
    ) -> None:
        self._record, self._wanted = record, wanted
        self._found: list[str] | None = None
        if search.strip():
            self._found = catalogue.among(record, wanted, best(searcher, search))

    @property
    def total(self) -> int:
        """How many there are."""
        if self._found is not None:
            return len(self._found)
        return catalogue.count_services(self._record, self._wanted)

    def page(self, asked: PageQuestion) -> list[str]:
        """Those of one page."""
        if self._found is not None:
            return self._found[asked.offset : asked.offset + asked.size]
        return catalogue.service_ids(self._record, self._wanted, asked.offset, asked.size)

    def parts(self) -> Iterator[list[str]]:
        """All of them, some at a time."""
        if self._found is not None:
            return some(self._found)
        return every_id(self._record, self._wanted)


def documents(record: Session, ids: Sequence[str], *, full: bool) -> list[Document]:
    """Services in the order given."""
    make = full_service if full else service
    return [make(s.offer, s.background) for s in catalogue.services(record, ids, full=full)]


def minimal(record: Session, ids: Sequence[str]) -> list[Document]:
    """Services as `minimal` has them."""
    return [
        {"id": known, "modified_date": at.isoformat(timespec="milliseconds")}
        for known, at in catalogue.modification_days(record, ids)
    ]


@router.get(
    "",
    operation_id="getPaginatedListOfServices",
    summary="Services, page by page",
    response_model=ServicePage,
    responses={200: {"content": LINES}, **described(406, 422, 429, 503)},
)
def get_services(
    request: Request,
    asked: Annotated[ServiceQuestion, Query()],
    record: Record,
    searcher: Index,
) -> Response:
    """Offers that are there, by id; with `search` the best first.

    With `modified_after` also those that were removed or merged since: their `status` is defunct.
    """
    wanted = Wanted(
        terms_of(asked.taxonomy_term_id, asked.taxonomy_id),
        asked.organization_id or None,
        asked.modified_after,
    )

    def short(session: Session, ids: Sequence[str]) -> list[Document]:
        return minimal(session, ids) if asked.minimal else documents(session, ids, full=asked.full)

    def make() -> bytes | Iterator[bytes]:
        selection = Selection(record, searcher, wanted, asked.search)
        if asked.minimal and not {"page", "per_page", "perPage"} & asked.model_fields_set:
            return whole(selection.total, stream())
        return page(asked, selection.total, short(record, selection.page(asked)))

    def stream() -> Iterator[Document]:
        with reading(request).session() as session:
            for ids in Selection(session, searcher, wanted, asked.search).parts():
                yield from short(session, ids)
                session.expunge_all()

    return answer(request, record, asked, make, stream)


@router.get(
    "/{service_id}",
    operation_id="getFullyNestedServiceById",
    summary="One service with everything that belongs to it",
    response_model=ServiceItem,
    responses={
        308: {"description": "Merged into another service"},
        **described(404, 406, 410, 422, 429, 503),
    },
)
def get_service(request: Request, service_id: Identifier, record: Record) -> Response:
    """One offer. A merged id redirects (308); a removed one answers 410 with its last state."""
    found = present(record, service_id)
    if found.merged_into is not None:
        return moved(request, "get_service", service_id=found.merged_into)
    return one(request, documents(record, [service_id], full=True)[0])


def present(record: Session, service_id: str) -> OfferRecord:
    """The offer of an id. Raises Problem: 404 where there never was one, 410 where it is gone."""
    found = find_offer(record, service_id)
    if found is None:
        raise not_found("Einen Dienst", "service", service_id)
    if found.withdrawn and found.merged_into is None:
        (last,) = documents(record, [service_id], full=False)
        raise Problem(
            ProblemType.GONE,
            "Dieses Angebot gibt es nicht mehr. Der letzte Stand steht unter „service“.",
            "This service was removed. Its last state stands under `service`.",
            {"service": last},
        )
    return found


def moved(request: Request, name: str, **ids: str) -> Response:
    """The redirect to what took over; kept no longer than other answers, as it may end."""
    target = request.url_for(name, **ids)
    return RedirectResponse(target.replace(query=request.url.query), 308, headers=caching.FRESH)
