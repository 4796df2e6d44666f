"""Runs that the gate held back: what it objected to, and publishing one all the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlmodel import Session, col, select
from starlette.responses import Response

from aggregator import orders
from aggregator.acceptance import AcceptError, acceptable, awaiting
from aggregator.catalogue.runs import RunReport, find_run
from aggregator.store.tables import OrderRow, OrderState, SourceRow, Work
from aggregator.store.transaction import publishing
from api.access import Newest
from api.admin import rendering
from api.admin.access import Acting, Actor, Deciding
from api.admin.section import Section

router = APIRouter()
_PATH = "/admin/laeufe"
_LATEST = 10


def _held_back(record: Session) -> list[str]:
    """The runs that can be accepted, those of the sources that wait longest first."""
    query = (
        select(SourceRow.id)
        .where(SourceRow.failures > 0)
        .order_by(col(SourceRow.stale_since), col(SourceRow.id))
    )
    found = (awaiting(record, source_id) for source_id in record.exec(query))
    return [run_id for run_id in found if run_id is not None]


def _waiting(record: Session) -> int:
    return len(_held_back(record))


SECTION = Section(
    _PATH,
    "Zurückgehaltenes",
    "Besuche, deren Ergebnis die Prüfung nicht veröffentlicht hat: annehmen, wenn es stimmt.",
    router,
    _waiting,
)


@router.get(_PATH)
def overview(request: Request, actor: Acting, record: Newest) -> Response:
    """Every run that is held back, with what was objected to."""
    return _shown(request, actor, record, "")


@router.post(_PATH)
def accept(
    request: Request,
    actor: Deciding,
    lauf: Annotated[str, Form(max_length=200)],
    grund: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Order that a run be published; whoever holds its folder does so within seconds."""
    try:
        with publishing(request.app.state.engine) as session:
            if not grund.strip():
                raise AcceptError("Bitte sagen, warum es stimmt: Das bleibt beim Lauf stehen.")
            acceptable(session, lauf, lauf.partition(".")[0])
            orders.place(
                session,
                OrderRow(
                    work=Work.ACCEPT,
                    subject=lauf,
                    wish={"reason": grund.strip()},
                    by=actor.name,
                    at=datetime.now(UTC),
                ),
            )
    except AcceptError as error:
        with Session(request.app.state.engine) as session:
            return _shown(request, actor, session, error.german)
    return rendering.done(_PATH)


def _shown(request: Request, actor: Actor, record: Session, fault: str) -> Response:
    reports = (find_run(record, run_id) for run_id in _held_back(record))
    runs: list[RunReport] = [report for report in reports if report is not None]
    ordered = orders.orders(record, Work.ACCEPT, _LATEST)
    return rendering.page(
        request,
        "admin/laeufe.html",
        actor,
        422 if fault else 200,
        runs=runs,
        ordered=ordered,
        open=orders.open_subjects(record, Work.ACCEPT),
        failed=OrderState.FAILED,
        busy=any(one.state in orders.OPEN for one in ordered),
        fault=fault,
        path=_PATH,
    )
