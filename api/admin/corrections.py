"""Deciding on proposed corrections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from aggregator.correction.aspect import ASPECTS, Aspect, AspectError
from aggregator.correction.editorial import page_says
from aggregator.correction.queue import (
    WAITING,
    CorrectionError,
    Desk,
    count_waiting,
    list_corrections,
    understood,
)
from aggregator.places.places import load_gazetteer
from aggregator.sharing import key_of
from aggregator.store.tables import CorrectionRow, CorrectionState, ListingRow
from api.access import Identifier, Newest
from api.admin import rendering
from api.admin.access import Acting, Actor, Deciding
from api.admin.publication import deciding
from api.admin.section import Section
from api.correcting import in_words, stated
from api.problems import not_found

router = APIRouter()
_PATH = "/admin/korrekturen"
_ON_PAGE = 50
_DECIDED = (CorrectionState.ACCEPTED, CorrectionState.REFUSED, CorrectionState.SETTLED)

SECTION = Section(
    _PATH,
    "Korrekturen",
    "Was Leserinnen, Leser und Anbieter an Angeboten berichtigen wollen.",
    router,
    count_waiting,
)


class Row(BaseModel):
    """One aspect of a correction, as the editor's table shows it."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    aspect: Aspect
    published: str
    page: str
    """What the page of the listing says today."""
    words: str
    """What is proposed, or was typed by the editor."""
    chosen: bool
    reading: str = ""
    """What we understand; empty where nothing new is."""
    fault: str = ""


@router.get(_PATH)
def queue(
    request: Request,
    actor: Acting,
    record: Newest,
    stand: Annotated[str, Query(pattern="^(offen|entschieden)$")] = "offen",
    seite: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:
    """The table of what waits, or of what was decided."""
    rows = list_corrections(
        record, WAITING if stand == "offen" else _DECIDED, _ON_PAGE + 1, (seite - 1) * _ON_PAGE
    )
    return rendering.page(
        request,
        "admin/korrekturen.html",
        actor,
        rows=rows[:_ON_PAGE],
        more=len(rows) > _ON_PAGE,
        stand=stand,
        seite=seite,
        waiting=count_waiting(record),
    )


@router.get(_PATH + "/{correction_id}")
def correction(
    request: Request, actor: Acting, correction_id: Identifier, record: Newest
) -> Response:
    """One correction: what is published, what is proposed, and how we would read it."""
    return _shown(request, actor, record, _find(record, correction_id), None, "", [])


@router.post(_PATH + "/{correction_id}")
async def decide(request: Request, actor: Deciding, correction_id: Identifier) -> Response:
    """Accept (as proposed or edited), refuse, or take back; the index has it at once."""
    form = await request.form(max_files=0, max_fields=60)
    words = {name: value for name, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_decided, request, actor, correction_id, words)


def _decided(
    request: Request, actor: Actor, correction_id: str, words: Mapping[str, str]
) -> Response:
    app, reason, act = request.app, words.get("reason", ""), words.get("act", "")
    settings, engine = app.state.settings, app.state.engine
    chosen = {a.key: words.get(a.key, "") for a in ASPECTS if words.get(f"nimm_{a.key}")}
    try:
        with deciding(app) as changes:
            row = _find(changes.session, correction_id)
            desk = Desk(
                changes,
                load_gazetteer(settings.places_dir),
                key_of(settings),
            )
            if act == "accept":
                desk.accept(row, chosen, actor.name, reason)
            elif act == "refuse":
                desk.refuse(row, actor.name, reason)
            elif act == "take_back":
                desk.take_back(row, actor.name, reason)
            else:
                raise CorrectionError("Bitte eine Entscheidung wählen.")
    except CorrectionError as error:
        with Session(engine) as session:
            typed = dict(words) if act == "accept" else None
            return _shown(
                request, actor, session, _find(session, correction_id), typed, reason,
                str(error).splitlines(),
            )  # fmt: skip
    return rendering.done(_PATH)


def _shown(  # noqa: PLR0913, PLR0917 - what is known, what was typed, what is wrong
    request: Request,
    actor: Actor,
    record: Session,
    row: CorrectionRow,
    typed: Mapping[str, str] | None,
    reason: str,
    faults: list[str],
) -> Response:
    listing = record.get_one(ListingRow, row.listing_id)
    return rendering.page(
        request,
        "admin/korrektur.html",
        actor,
        422 if faults else 200,
        row=row,
        listing=listing,
        rows=list(_rows(request, record, row, listing, typed)) if listing.flat else [],
        waiting=row.state in WAITING,
        reason=reason,
        faults=faults,
    )


def _rows(
    request: Request,
    record: Session,
    row: CorrectionRow,
    listing: ListingRow,
    typed: Mapping[str, str] | None,
) -> Iterator[Row]:
    """Every aspect: the proposed ones first, then the others, which an editor may add."""
    published = in_words(listing.flat)
    wanted = dict(row.again or row.proposed)
    if row.again:
        wanted = {key: row.accepted.get(key, "") for key in row.again}
    places = load_gazetteer(request.app.state.settings.places_dir)
    for aspect in sorted(ASPECTS, key=lambda one: one.key not in wanted):
        chosen = aspect.key in wanted if typed is None else bool(typed.get(f"nimm_{aspect.key}"))
        words = wanted.get(aspect.key, published[aspect.key])
        if typed is not None:
            words = typed.get(aspect.key, words)
        reading = fault = ""
        if chosen:
            try:
                found = understood(record, listing, aspect, words, places, datetime.now(UTC))
            except AspectError as error:
                fault = str(error)
            else:
                values: dict[str, list[Any]] = {}
                for statement in found:
                    values.setdefault(statement.field, []).append(statement.value)
                reading = stated(values)
                if osm := values.get("hours_osm"):
                    reading += f" (verstanden als {osm[0]})"
        yield Row(
            aspect=aspect,
            published=published[aspect.key],
            page=stated(page_says(record, listing.id, aspect)["values"]),
            words=words,
            chosen=chosen,
            reading=reading,
            fault=fault,
        )


def _find(record: Session, correction_id: str) -> CorrectionRow:
    row = record.get(CorrectionRow, correction_id)
    if row is None:
        raise not_found("Eine Korrektur", "correction", correction_id)
    return row
