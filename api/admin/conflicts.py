"""Where several sources say different things of one offer: both values, both dates."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from aggregator.catalogue.conflicts import all_conflicts, conflicts_of, count_conflicts
from aggregator.catalogue.sources import source_titles
from aggregator.resolve.conflict import Kind
from api.access import Newest
from api.admin import rendering
from api.admin.access import Acting
from api.admin.section import Section

router = APIRouter()
_PATH = "/admin/widersprueche"
_ON_PAGE = 100
KINDS = {
    Kind.PHONE: "Telefon",
    Kind.ADDRESS: "Adresse",
    Kind.HOURS: "Zeiten",
    Kind.STATUS: "Stand",
    Kind.COST: "Kosten",
    Kind.REGISTRATION: "Anmeldung",
    Kind.EMAIL: "E-Mail",
}


SECTION = Section(
    _PATH,
    "Widersprüche",
    "Was mehrere Seiten über dasselbe Angebot verschieden angeben.",
    router,
    count_conflicts,
)


@router.get(_PATH)
def conflicts(
    request: Request,
    actor: Acting,
    record: Newest,
    quelle: Annotated[str, Query(max_length=200)] = "",
    seite: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """All contradictions, or those of one source."""
    found = conflicts_of(record, quelle) if quelle else all_conflicts(record)
    start = (seite - 1) * _ON_PAGE
    return rendering.page(
        request,
        "admin/widersprueche.html",
        actor,
        rows=found[start : start + _ON_PAGE],
        total=len(found),
        more=len(found) > start + _ON_PAGE,
        seite=seite,
        quelle=quelle,
        sources=source_titles(record),
        kinds=KINDS,
        path=_PATH,
    )
