"""A record and an index of generated offers, for measurements."""

from __future__ import annotations

from itertools import islice
from typing import Any

from sqlmodel import Session, insert

from aggregator.bench.corpus import SEEN, first_seen, offers
from aggregator.index.feed import rebuild
from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.schema import migrate
from aggregator.store.tables import (
    ChangeRow,
    ListingRow,
    OfferRow,
    Operation,
    Presence,
    SourceRow,
    Subject,
)

_AT_ONCE = 2_000


def make(settings: Settings, count: int) -> None:
    """Fill an empty data folder with so many offers, each listed once, and index them."""
    engine = connect(settings.database)
    migrate(engine)
    made = offers(count)
    number = 0
    known: set[str] = set()
    with Session(engine.execution_options(write=True)) as session:
        while part := list(islice(made, _AT_ONCE)):
            sources = {offer["sources"][0] for offer in part} - known
            known |= sources
            if sources:
                session.execute(insert(SourceRow), [_source(one) for one in sorted(sources)])
            session.execute(insert(OfferRow), [_offer(one) for one in part])
            session.execute(
                insert(ListingRow), [_listing(number + n, one) for n, one in enumerate(part)]
            )
            number += len(part)
        session.add(
            ChangeRow(at=SEEN, operation=Operation.ADD, subject=Subject.OFFER, subject_id="made")
        )
        session.commit()
    rebuild(engine, settings.index_dir)
    engine.dispose()


def _source(name: str) -> dict[str, Any]:
    return {
        "id": name, "title": name, "region": "11", "declared": {}, "last_accepted_at": SEEN,
        "failures": 0,
    }  # fmt: skip


def _offer(offer: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": offer["id"], "flat": offer, "digest": "", "created_at": SEEN, "changed_at": SEEN,
    }  # fmt: skip


def _listing(number: int, offer: dict[str, Any]) -> dict[str, Any]:
    (mention,) = offer["mentions"]
    flat = {key: value for key, value in offer.items() if key in {"title", "description", "status"}}
    return {
        "id": mention["listing_id"], "source_id": mention["source"], "key": str(number),
        "offer_id": offer["id"], "page_url": mention["page_url"], "presence": Presence.PRESENT,
        "absences": 0, "first_seen": first_seen(number), "last_seen": SEEN, "flat": flat,
        "last_run_id": "", "digest": "", "gone": 0,
    }  # fmt: skip
