"""Saying that an offer is still correct: another thing than that it changed."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, select

from aggregator.log import ChangeLog
from aggregator.store.tables import DecisionRow, Deed, ListingRow, OfferRow, Presence, Subject


class ConfirmError(Exception):
    """An offer cannot be confirmed; the message says why."""


def confirm(changes: ChangeLog, offer_id: str, on: date, by: str, reason: str) -> list[ListingRow]:
    """Note that an editor found an offer still correct on that day; its listings.

    Must run inside a publishing transaction. Raises ConfirmError for an offer that nobody lists.
    """
    session = changes.session
    offer = session.get(OfferRow, offer_id)
    if offer is None:
        raise ConfirmError(f"there is no offer {offer_id}")
    if offer.merged_into is not None:
        raise ConfirmError(f"offer {offer_id} is {offer.merged_into} by now: confirm that one")
    query = select(ListingRow).where(
        ListingRow.offer_id == offer_id, col(ListingRow.presence) == Presence.PRESENT
    )
    rows = list(session.exec(query.order_by(col(ListingRow.id))))
    if not rows:
        raise ConfirmError(f"no source lists offer {offer_id} now: there is nothing to confirm")
    before = max((row.confirmed_on for row in rows if row.confirmed_on), default=None)
    for row in rows:
        row.confirmed_on = max(row.confirmed_on or on, on)
    session.add(
        DecisionRow(
            at=changes.at,
            by=by,
            deed=Deed.CONFIRM,
            subject_id=offer_id,
            reason=reason,
            detail={"on": on.isoformat()},
        )
    )
    if before is None or before < on:
        days = [day.isoformat() if day else None for day in (before, on)]
        changes.modified(
            Subject.OFFER, offer_id, {"last_confirmed": days[0]}, {"last_confirmed": days[1]}
        )
    return rows
