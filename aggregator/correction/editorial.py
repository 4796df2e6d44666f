"""The editors' statements about a listing: they stand before the page's until it says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from aggregator import flat
from aggregator.correction.aspect import ASPECTS, UNKNOWN, Aspect
from aggregator.identity import EDITORIAL
from aggregator.listing import LIST_FIELDS, Status, StoredListing
from aggregator.log import ChangeLog
from aggregator.network import OVER
from aggregator.normalise.statement import Statement
from aggregator.store.binding import bindable
from aggregator.store.tables import (
    CorrectionRow,
    CorrectionState,
    ListingRow,
    NetworkRow,
    Presence,
    StatementRow,
)

_OF_THE_ROW = ("id", "source", "network", "page_url", "via")
"""Fields of a listing's document that no statement fills."""

_CORRECTED = (
    select(StatementRow.subject_id)
    .where(StatementRow.source_id == EDITORIAL, col(StatementRow.last_seen).is_(None))
    .distinct()
)


def spoken(
    changes: ChangeLog,
    listing_id: str,
    document: Mapping[str, Any],
    said: Sequence[Statement],
) -> dict[str, Any]:
    """A crawled document of a listing with what editors state of it, after its page changed.

    `said` are the page's statements of today. Where the page says something new of a corrected
    aspect, the editor's statement ends: for good where the page now says the same, else the
    correction is open again.
    """
    session = changes.session
    told = statements_of(session, listing_id)
    if not told:
        return dict(document)
    _ask_again(changes, listing_id, told, said)
    return overlaid(document, [row for row in told if row.last_seen is None])


def corrected_listings(session: Session) -> list[str]:
    """The listings about which editors state something."""
    return sorted(session.exec(_CORRECTED))


def corrected_among(session: Session, ids: Sequence[str]) -> set[str]:
    """Those of these listings about which editors state something."""
    found: set[str] = set()
    for chunk in bindable(ids):
        found.update(session.exec(_CORRECTED.where(col(StatementRow.subject_id).in_(chunk))))
    return found


def statements_of(session: Session, listing_id: str) -> list[StatementRow]:
    """The current statements of editors about a listing, in order."""
    return [row for row in _current(session, listing_id) if row.source_id == EDITORIAL]


def overlaid(
    document: Mapping[str, Any], told: Iterable[StatementRow | Statement]
) -> dict[str, Any]:
    """A document with the editors' statements in place of its own.

    An aspect is replaced whole: what was derived from a text that no longer counts goes with it.
    """
    told = list(told)
    if not told:
        return dict(document)
    values = dict(document)
    for aspect in _aspects(told):
        for name in aspect.fields:
            values[name] = [] if name in LIST_FIELDS else None
    for row in told:
        if row.value == UNKNOWN:
            continue
        if row.field in LIST_FIELDS:
            values[row.field] = [*values[row.field], row.value]
        else:
            values[row.field] = row.value
    return StoredListing.model_validate(values).model_dump(mode="json")


def derive(session: Session, row: ListingRow, today: date, title: str = "") -> dict[str, Any]:
    """The document of a listing, from the statements that the record holds of it today.

    `title` is what it is called where no statement says.
    """
    current = _current(session, row.id)
    crawled = [s for s in current if s.source_id != EDITORIAL]
    values = flat.listing_values(Statement(s.field, s.value, s.quote) for s in crawled)
    stated = values.pop("status", None)
    kept = {name: row.flat[name] for name in _OF_THE_ROW if name in row.flat}
    plain = StoredListing.model_validate({"title": title, **values, **kept}).model_dump(mode="json")
    document = overlaid(plain, (s for s in current if s.source_id == EDITORIAL))
    until = document["valid_until"]
    network = session.get(NetworkRow, kept["network"]) if kept["network"] else None
    ended = bool(network and network.flat.get("status") in OVER)
    status = flat.listing_status(stated, date.fromisoformat(until) if until else None, ended, today)
    document["status"] = Status.DEFUNCT if row.presence is Presence.WITHDRAWN else status
    return document


def said_of(aspect: Aspect, statements: Iterable[Statement | StatementRow]) -> dict[str, Any]:
    """What a page says of an aspect: {"values": {field: [value]}, "quotes": [words]}."""
    rows = [s for s in statements if s.field in aspect.fields]
    values: dict[str, list[Any]] = {}
    for row in rows:
        values.setdefault(row.field, []).append(row.value)
    return {"values": values, "quotes": sorted({row.quote for row in rows})}


def page_says(session: Session, listing_id: str, aspect: Aspect) -> dict[str, Any]:
    """What the page of a listing says of an aspect, as the record has it."""
    rows = _current(session, listing_id)
    return said_of(aspect, (row for row in rows if row.source_id != EDITORIAL))


def end(changes: ChangeLog, told: Iterable[StatementRow], aspect: Aspect) -> None:
    """Let the editors' statements of an aspect be of the past."""
    for row in told:
        if row.field in aspect.fields and row.last_seen is None:
            row.last_seen, row.until_run_id = changes.at, changes.run_id


def _ask_again(
    changes: ChangeLog, listing_id: str, told: Sequence[StatementRow], said: Sequence[Statement]
) -> None:
    for aspect in _aspects(told):
        correction = _behind(changes.session, listing_id, aspect)
        if correction is None:
            continue
        before, now = correction.basis.get(aspect.key, {}), said_of(aspect, said)
        # A rule that reads the same words otherwise is no change of the page, nor is a new
        # wording of the same value.
        if before.get("values") == now["values"] or before.get("quotes") == now["quotes"]:
            continue
        end(changes, told, aspect)
        if _agrees(now["values"], [row for row in told if row.field in aspect.fields]):
            correction.settled = [*correction.settled, aspect.key]
        else:
            correction.again = {**correction.again, aspect.key: now}
            correction.state, correction.asked_at = CorrectionState.REOPENED, changes.at
        if not correction.standing and correction.state is CorrectionState.ACCEPTED:
            correction.state = CorrectionState.SETTLED


def _agrees(values: Mapping[str, list[Any]], told: Sequence[StatementRow]) -> bool:
    """Whether the page now says all that the editors said."""
    return all(
        row.value in values.get(row.field, []) or (row.value == UNKNOWN and row.field not in values)
        for row in told
    )


def _behind(session: Session, listing_id: str, aspect: Aspect) -> CorrectionRow | None:
    """The correction that the standing statements of an aspect come from."""
    query = (
        select(CorrectionRow)
        .where(CorrectionRow.listing_id == listing_id, col(CorrectionRow.decided_at).is_not(None))
        .order_by(col(CorrectionRow.decided_at).desc())
    )
    return next((row for row in session.exec(query) if aspect.key in row.standing), None)


def _aspects(told: Iterable[StatementRow | Statement]) -> list[Aspect]:
    fields = {row.field for row in told}
    return [aspect for aspect in ASPECTS if not fields.isdisjoint(aspect.fields)]


def _current(session: Session, listing_id: str) -> list[StatementRow]:
    query = (
        select(StatementRow)
        .where(StatementRow.subject_id == listing_id, col(StatementRow.last_seen).is_(None))
        .order_by(col(StatementRow.position), col(StatementRow.id))
    )
    return list(session.exec(query))
