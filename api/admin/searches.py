"""What people search for in vain: a gap of the offers, or words that the search does not know."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlmodel import Session, func, select
from starlette.responses import Response

from aggregator.store.tables import UnansweredRow
from aggregator.store.transaction import publishing
from aggregator.unanswered import settle, unanswered
from api.access import Newest
from api.admin import rendering
from api.admin.access import Acting, Deciding
from api.admin.section import Section

router = APIRouter()
_PATH = "/admin/suchanfragen"
_ON_PAGE = 100


def _waiting(record: Session) -> int:
    return record.exec(select(func.count()).select_from(UnansweredRow)).one()


SECTION = Section(
    _PATH,
    "Suchanfragen",
    "Wonach mehrere Menschen gesucht und nichts gefunden haben.",
    router,
    _waiting,
)


@router.get(_PATH)
def overview(request: Request, actor: Acting, record: Newest) -> Response:
    """The searches that found nothing, the most frequent first."""
    return rendering.page(
        request,
        "admin/suchanfragen.html",
        actor,
        rows=unanswered(record, _ON_PAGE),
        total=_waiting(record),
        path=_PATH,
    )


@router.post(_PATH)
def done(
    request: Request, _actor: Deciding, worte: Annotated[str, Form(max_length=200)]
) -> Response:
    """Take a search off the list."""
    with publishing(request.app.state.engine) as session:
        settle(session, worte)
    return rendering.done(_PATH)
