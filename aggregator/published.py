"""Documents as they are shown: what is stored, with the days of first and last sight added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlmodel import Session, col, select

from aggregator.harvest import BERLIN
from aggregator.listing import Listing
from aggregator.offer import Offer
from aggregator.store.tables import ListingRow

_CHUNK = 500  # SQLite binds at most 999 variables at once


def listing_of(row: ListingRow) -> Listing:
    """A listing in its flat form."""
    return Listing.model_validate(
        {
            **row.flat,
            "first_seen": row.first_seen.astimezone(BERLIN).date(),
            "last_seen": row.last_seen.astimezone(BERLIN).date(),
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
    seen = {
        row.id: (row.first_seen.astimezone(BERLIN).date(), row.last_seen.astimezone(BERLIN).date())
        for row in _rows(session, wanted)
    }
    for offer in offers:
        for mention in offer.mentions:
            mention.first_seen, mention.last_seen = seen.get(mention.listing_id, (None, None))
        offer.first_seen = min((m.first_seen for m in offer.mentions if m.first_seen), default=None)
        offer.last_seen = max((m.last_seen for m in offer.mentions if m.last_seen), default=None)
    return offers


def _rows(session: Session, ids: Sequence[str]) -> Iterable[ListingRow]:
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        yield from session.exec(select(ListingRow).where(col(ListingRow.id).in_(chunk)))
