"""One offer as the record knows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import func
from sqlmodel import Session, col, select

from aggregator.catalogue.evidence import Evidence, listing_evidence
from aggregator.harvest import BERLIN
from aggregator.lifecycle import Lifecycle, liveliest
from aggregator.listing import Status
from aggregator.offer import Offer
from aggregator.published import lifecycle_of, looked_on, offers_of
from aggregator.store.tables import ListingRow, OfferRow, Presence

_LONGEST_CHAIN = 32  # merges of merges; a longer chain is a fault of the record, not a redirect


class OfferRecord(BaseModel):
    """An offer with what stands behind it."""

    offer: Offer
    merged_into: str | None = None
    """The id that it goes by now: the end of the chain of merges."""
    missing_since: datetime | None = None
    """Set while no source lists it any more: when the last one stopped to."""
    withdrawn: bool = False
    """Every source has dropped it for good, or says that it is defunct."""
    evidence: list[Evidence] = []

    @property
    def plain_words(self) -> Evidence | None:
        """What a source itself says in plain words; of several, the one first in the mentions."""
        order = [mention.listing_id for mention in self.offer.mentions]
        told = [one for one in self.evidence if one.field == "plain_words"]
        known = [one for one in told if one.listing_id in order]
        return min(known, key=lambda one: order.index(str(one.listing_id)), default=None)


def find_offer(session: Session, offer_id: str) -> OfferRecord | None:
    """The offer of this id with its provenance, in four queries; None: no such id ever was."""
    row = session.get(OfferRow, offer_id)
    if row is None:
        return None
    (offer,) = offers_of(session, [row.flat])
    if row.merged_into is not None:
        return OfferRecord(offer=offer, merged_into=_survivor(session, row))
    listings = session.exec(select(ListingRow).where(col(ListingRow.offer_id) == offer_id)).all()
    presences = {listing.presence for listing in listings}
    absent = bool(listings) and Presence.PRESENT not in presences
    since = [listing.missing_since for listing in listings if listing.missing_since]
    return OfferRecord(
        offer=offer,
        missing_since=max(since) if absent and since else None,
        withdrawn=offer.status is Status.DEFUNCT or presences == {Presence.WITHDRAWN},
        evidence=listing_evidence(session, [listing.id for listing in listings]),
    )


def count_shown(session: Session) -> int:
    """How many offers have a page: merged and withdrawn ones have none."""
    return int(session.exec(_shown(func.count())).one())


def list_shown(session: Session, offset: int, limit: int) -> Iterator[tuple[str, date]]:
    """Ids of offers that have a page, in their order, with the day on which each last changed."""
    query = _shown(col(OfferRow.id), col(OfferRow.changed_at)).order_by(col(OfferRow.id))
    for offer_id, changed in session.exec(query.offset(offset).limit(limit)):
        yield offer_id, changed.astimezone(BERLIN).date()


def _shown(*columns: Any) -> Any:  # noqa: ANN401 - SQLModel's types end at four columns
    listed = select(ListingRow.id).where(
        col(ListingRow.offer_id) == col(OfferRow.id),
        col(ListingRow.presence) != Presence.WITHDRAWN,
    )
    status = col(OfferRow.flat)["status"].as_string()
    return (
        select(*columns)
        .select_from(OfferRow)
        .where(col(OfferRow.merged_into).is_(None), status != Status.DEFUNCT, listed.exists())
    )


def unverified(session: Session, today: date) -> list[tuple[Offer, date]]:
    """Offers that are listed and that nobody looked at for twelve months, the oldest first.

    With each the day on which somebody last did.
    """
    found: dict[str, list[ListingRow]] = {}
    query = select(ListingRow).where(col(ListingRow.presence) == Presence.PRESENT)
    for row in session.exec(query.execution_options(yield_per=500)):
        found.setdefault(row.offer_id, []).append(row)
    old = {
        offer_id: max(looked_on(row) for row in rows)
        for offer_id, rows in found.items()
        if liveliest(lifecycle_of(row, today) for row in rows) is Lifecycle.UNVERIFIED
    }
    documents = [session.get_one(OfferRow, offer_id).flat for offer_id in sorted(old)]
    offers = offers_of(session, documents)
    return sorted(((one, old[one.id]) for one in offers), key=lambda pair: (pair[1], pair[0].id))


def _survivor(session: Session, row: OfferRow) -> str | None:
    for _ in range(_LONGEST_CHAIN):
        into = row.merged_into and session.get(OfferRow, row.merged_into)
        if not into:
            return row.id
        row = into
    return None
