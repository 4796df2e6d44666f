"""Takedown: what must not be published any more, wherever it stands, and never again."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlmodel import Session, col, func, select
from starlette.background import BackgroundTask
from starlette.responses import Response

from aggregator.erasure import allow, suppress
from aggregator.sharing import key_of, made_key
from aggregator.store.tables import ListingRow, OfferRow, SuppressionRow
from aggregator.store.transaction import publishing
from aggregator.suppression import Kind, SuppressionError, canonical
from aggregator.takedown import correct_past
from api.access import Newest
from api.admin import rendering
from api.admin.access import Acting, Actor, Deciding
from api.admin.publication import deciding
from api.admin.section import Section

router = APIRouter()
_PATH = "/admin/sperren"
_LATEST = 100
_OFFER = re.compile(
    r"(?:/angebot/|^)([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\b", re.IGNORECASE
)
_KINDS = {Kind.PHONE: "Telefonnummer", Kind.EMAIL: "E-Mail-Adresse", Kind.LISTING: "Eintrag"}

SECTION = Section(
    _PATH,
    "Sperren",
    "Was nicht mehr erscheinen darf: Nummer, Adresse oder Angebot. Wirkt sofort und auf Dauer.",
    router,
)


@router.get(_PATH)
def overview(request: Request, actor: Acting, record: Newest) -> Response:
    """The form, and what is suppressed: reasons only, for the values are not kept."""
    return _shown(request, actor, record, {}, "")


@router.post(_PATH)
def decide(
    request: Request,
    actor: Deciding,
    was: Annotated[str, Form(max_length=2000)] = "",
    grund: Annotated[str, Form(max_length=500)] = "",
    act: Annotated[str, Form(pattern="^(suppress|allow)$")] = "suppress",
) -> Response:
    """Suppress something, or allow it again; index, API and widget follow at once."""
    try:
        if act == "allow":
            _allow(request, was)
        else:
            _suppress(request, actor, was, grund)
    except SuppressionError as error:
        typed = {"was": was, "grund": grund, "act": act}
        with Session(request.app.state.engine) as session:
            return _shown(request, actor, session, typed, str(error))
    done = rendering.done(_PATH)
    if act == "suppress":  # after the answer: there may be many releases
        state = request.app.state
        done.background = BackgroundTask(
            correct_past, state.engine, state.settings, datetime.now(UTC)
        )
    return done


def _suppress(request: Request, actor: Actor, was: str, grund: str) -> None:
    if not grund.strip():
        raise SuppressionError("Bitte einen Grund angeben, ohne die Person zu nennen.")
    with deciding(request.app) as changes:
        key_file = made_key(request.app.state.settings, changes.session)
        for target in _targets(changes.session, was):
            suppress(changes, key_file, target, grund.strip(), actor.name)


def _allow(request: Request, was: str) -> None:
    key_file = key_of(request.app.state.settings)
    with publishing(request.app.state.engine) as session:
        lifted = [allow(session, key_file, target) for target in _targets(session, was)]
    if not any(lifted):
        raise SuppressionError("Das ist nicht gesperrt.")


def _targets(session: Session, typed: str) -> list[str]:
    """What is meant: the listings of an offer whose page was pasted, or the value itself."""
    found = _OFFER.search(typed.strip())
    if found:
        offer = session.get(OfferRow, found[1].lower())
        if offer is not None:
            face = offer.merged_into or offer.id
            query = select(ListingRow.id).where(ListingRow.offer_id == face)
            listings = list(session.exec(query.order_by(col(ListingRow.id))))
            if not listings:
                raise SuppressionError("Von diesem Angebot wird nichts mehr veröffentlicht.")
            return listings
        if "/" in typed:
            raise SuppressionError("Dieses Angebot gibt es hier nicht.")
        return [found[1]]
    try:
        canonical(typed)
    except SuppressionError as error:
        raise SuppressionError(
            "Bitte eine Telefonnummer mit Vorwahl, eine E-Mail-Adresse oder die Adresse der Seite "
            "eines Angebots angeben."
        ) from error
    return [typed]


def _shown(
    request: Request, actor: Actor, record: Session, typed: dict[str, str], fault: str
) -> Response:
    total = record.exec(select(func.count()).select_from(SuppressionRow)).one()
    query = select(SuppressionRow).order_by(col(SuppressionRow.created_at).desc()).limit(_LATEST)
    return rendering.page(
        request,
        "admin/sperren.html",
        actor,
        422 if fault else 200,
        rows=record.exec(query).all(),
        total=total,
        kinds=_KINDS,
        typed=typed,
        fault=fault,
        path=_PATH,
    )
