"""Documents as they are shown: what is stored, with the days of first and last sight added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from aggregator.harvest import BERLIN
from aggregator.lifecycle import Lifecycle, lifecycle, liveliest
from aggregator.listing import Listing
from aggregator.offer import Offer
from aggregator.store.tables import ListingRow

_CHUNK = 500  # SQLite binds at most 999 variables at once


def listing_of(row: ListingRow) -> Listing:
    """A listing in its flat form."""
    told = {name: value for name, value in row.flat.items() if name in Listing.model_fields}
    return Listing.model_validate(
        {
            **told,
            "first_seen": row.first_seen.astimezone(BERLIN).date(),
            "last_seen": row.last_seen.astimezone(BERLIN).date(),
            "last_confirmed": confirmed_on(row),
            "service_id": row.offer_id,
        }
    )


def listings(session: Session) -> Iterator[Listing]:
    """All published listings, ordered by source and key."""
    query = (
        select(ListingRow)
        .order_by(col(ListingRow.source_id), col(ListingRow.key))
        .execution_options(yield_per=_CHUNK)
    )
    for row in session.exec(query):
        if row.flat:
            yield listing_of(row)


def offers_of(session: Session, documents: Sequence[dict[str, object]]) -> list[Offer]:
    """Stored offer documents, completed from the listings that they mention; one query."""
    offers = [Offer.model_validate(document) for document in documents]
    wanted = sorted({mention.listing_id for offer in offers for mention in offer.mentions})
    today = datetime.now(BERLIN).date()
    rows = {row.id: row for row in _rows(session, wanted)}
    for offer in offers:
        mine = [rows[m.listing_id] for m in offer.mentions if m.listing_id in rows]
        for mention in offer.mentions:
            if row := rows.get(mention.listing_id):
                mention.first_seen, mention.last_seen = _day(row.first_seen), _day(row.last_seen)
        offer.lifecycle = liveliest(lifecycle_of(row, today) for row in mine)
        offer.last_confirmed = max(
            (day for row in mine if (day := confirmed_on(row))), default=None
        )
        offer.first_seen = min((m.first_seen for m in offer.mentions if m.first_seen), default=None)
        offer.last_seen = max((m.last_seen for m in offer.mentions if m.last_seen), default=None)
    return offers


def confirmed_on(row: ListingRow) -> date | None:
    """When an editor, or the page itself, last said that a listing is correct."""
    stated = row.flat.get("last_confirmed")
    days = (row.confirmed_on, date.fromisoformat(stated) if stated else None)
    return max((day for day in days if day), default=None)


def looked_on(row: ListingRow) -> date:
    """When somebody last looked at a listing: it was new, was changed, was confirmed."""
    days = (_day(row.first_seen), row.changed_at and _day(row.changed_at), confirmed_on(row))
    return max(day for day in days if day)


def lifecycle_of(row: ListingRow, today: date) -> Lifecycle:
    """Where a listing stands in its life on that day."""
    return lifecycle(row.presence, looked_on(row), row.expires_on, today)


def _day(moment: datetime) -> date:
    return moment.astimezone(BERLIN).date()


def _rows(session: Session, ids: Sequence[str]) -> Iterable[ListingRow]:
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        yield from session.exec(select(ListingRow).where(col(ListingRow.id).in_(chunk)))
