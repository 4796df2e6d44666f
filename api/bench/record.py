"""A record and an index of generated offers, for measurements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlmodel import Session

from aggregator.bench.made_offers import Maker
from aggregator.index.feed import rebuild
from aggregator.offer import Offer
from aggregator.resolve.judgements import RULES
from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.schema import migrate
from aggregator.store.tables import (
    ChangeRow,
    ListingRow,
    OfferRow,
    Operation,
    ResolutionRow,
    SourceRow,
    Subject,
)

SEEN = datetime(2026, 11, 1, 6, tzinfo=UTC)
_AT_ONCE = 2_000


def make(settings: Settings, count: int) -> None:
    """Fill an empty data folder with so many offers, each listed once, and index them."""
    engine = connect(settings.database)
    migrate(engine)
    made = map(_listed, Maker().offers(count))
    number = 0
    known: set[str] = set()
    with Session(engine.execution_options(write=True)) as session:
        while part := list(islice(made, _AT_ONCE)):
            sources = {offer["sources"][0] for offer in part} - known
            known |= sources
            # One kind after the other: each names rows of those before.
            session.add_all(_source(one) for one in sorted(sources))
            session.flush()
            session.add_all(_offer(one) for one in part)
            session.flush()
            session.add_all(_listing(number + n, one) for n, one in enumerate(part))
            session.flush()
            session.expunge_all()
            number += len(part)
        session.add(
            ChangeRow(at=SEEN, operation=Operation.ADD, subject=Subject.OFFER, subject_id="made")
        )
        # Nobody says any of them twice: a crawl into this record compares only what it finds.
        session.add(ResolutionRow(rules=RULES, resolved_at=SEEN))
        session.commit()
    rebuild(engine, settings.index_dir, settings.index_engine)
    engine.dispose()


def _listed(made: dict[str, Any]) -> dict[str, Any]:
    """A made offer as it is stored, with the listing that tells of it."""
    source = made["sources"][0]
    mention = {
        "listing_id": f"{made['id']}-listing", "source": source, "network": made["networks"][0],
        "page_url": f"https://{source}.example/{made['id']}", "title": made["title"],
        "status": made["status"],
    }  # fmt: skip
    offer = Offer.model_validate({**made, "last_seen": None, "mentions": [mention]})
    return offer.model_dump(mode="json")


def _source(name: str) -> SourceRow:
    return SourceRow(id=name, title=name, region="11", last_accepted_at=SEEN)


def _offer(offer: dict[str, Any]) -> OfferRow:
    return OfferRow(id=offer["id"], flat=offer, created_at=SEEN, changed_at=SEEN)


def _listing(number: int, offer: dict[str, Any]) -> ListingRow:
    (mention,) = offer["mentions"]
    return ListingRow(
        id=mention["listing_id"],
        source_id=mention["source"],
        key=str(number),
        offer_id=offer["id"],
        page_url=mention["page_url"],
        first_seen=SEEN - timedelta(days=number % 300),
        last_seen=SEEN,
        flat={key: offer[key] for key in ("title", "description", "status")},
    )
