"""A record that runs, judgements and undos happen to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, select

from aggregator.identity import offer_id
from aggregator.listing import Listing
from aggregator.log import ChangeLog
from aggregator.resolve.comparison import Judgement
from aggregator.resolve.judgements import Decision, standing
from aggregator.resolve.resolver import decide, resolve, take_back
from aggregator.store.tables import BlockRow, ListingRow, OfferRow, PartRow, SourceRow

START = datetime(2026, 11, 1, tzinfo=UTC)
SOURCES = ("amt", "netz", "portal")
OFFICE = {
    "provider": "Lotsen Musterstadt e.V.",
    "street": "Marktplatz 1",
    "postcode": "13187",
    "city": "Berlin",
    "phones": ["+493023125001"],
}
TELLINGS: list[dict[str, Any]] = [
    {**OFFICE, "title": "Schuldnerberatung", "topics": ["schulden"]},
    {**OFFICE, "title": "Schuldnerberatungsstelle der Lotsen", "street": "Marktpl. 1"},
    {**OFFICE, "title": "Sozialberatung", "provider": "Lotsen Musterstadt"},
    {**OFFICE, "title": "Alleinerziehendentreff", "hours_osm": "Mo 16:00-18:00"},
    {**OFFICE, "title": "Treffpunkt Alleinerziehende", "street": None},
    {**OFFICE, "title": "Schuldnerberatung", "street": "Neue Gasse 9", "postcode": "13189"},
    {"title": "Alleinerziehendentreff", "city": "Köln", "postcode": "50667"},
    {"title": "Lotsenberatung", "city": "Berlin", "phones": ["+493023125001"]},
    {**OFFICE, "title": "Schuldnerberatung", "city": "Niederschönhausen", "postcode": None},
    {**OFFICE, "title": "Elterngruppe (1–3 Jahre)", "emails": ["post@lotsen.example"]},
    {**OFFICE, "title": "Elterngruppe (0–1 Jahr)", "emails": ["post@lotsen.example"]},
    {**OFFICE, "title": "Elterngruppe", "emails": ["post@lotsen.example"]},
    {**OFFICE, "title": "Sozialberatung", "provider": "Lotsen Musterstadt Familienhilfe"},
]


class Record:
    """A record, and a clock that ticks with each change."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.clock = count()
        self.said: list[tuple[str, str]] = []
        with Session(engine) as session:
            session.add_all(SourceRow(id=one, title=one, region="11") for one in SOURCES)
            session.commit()

    @contextmanager
    def change(self) -> Iterator[ChangeLog]:
        with Session(self.engine) as session:
            yield ChangeLog(session, "", START + timedelta(minutes=next(self.clock)))
            session.commit()

    def run(self, source: str, told: dict[int, int]) -> None:
        """A source tells of its listings: place on its site to what it says there."""
        with self.change() as changes:
            touched = []
            for place, telling in sorted(told.items()):
                listing_id = f"{source}-{place}"
                document = Listing.model_validate(
                    {
                        "id": listing_id,
                        "source": source,
                        "page_url": f"https://{source}.example/{place}",
                        **TELLINGS[telling],
                    }
                ).model_dump(mode="json")
                row = changes.session.get(ListingRow, listing_id)
                if row is None:
                    own = offer_id(listing_id)
                    changes.session.add(
                        OfferRow(id=own, created_at=changes.at, changed_at=changes.at)
                    )
                    changes.session.flush()
                    row = ListingRow(
                        id=listing_id,
                        source_id=source,
                        key=str(place),
                        offer_id=own,
                        page_url=document["page_url"],
                        first_seen=changes.at,
                        last_seen=changes.at,
                    )
                    changes.session.add(row)
                row.flat = document
                touched.append(listing_id)
            resolve(changes.session, touched, changes)

    def judge(self, left: str, right: str, verdict: Judgement) -> None:
        with self.change() as changes:
            decide(changes.session, Decision(left, right, verdict, "anna"), changes)
        self.said.append((left, right))

    def undo(self) -> None:
        if not self.said:
            return
        with self.change() as changes:
            take_back(changes.session, *self.said.pop(), "anna", changes)

    def state(self) -> dict[str, Any]:
        """All that readers see, and all that the next run starts from."""
        with Session(self.engine) as session:
            return {
                "offers": {
                    row.id: (row.merged_into, row.flat)
                    for row in session.exec(select(OfferRow))
                    if row.merged_into is None
                },
                "led on": {row.id: row.merged_into for row in session.exec(select(OfferRow))},
                "listings": {
                    row.id: (row.offer_id, row.organization_part, row.location_part)
                    for row in session.exec(select(ListingRow))
                },
                "blocks": sorted(
                    (row.key, row.listing_id) for row in session.exec(select(BlockRow))
                ),
                "edges": {
                    pair: (row.verdict, row.score, row.reason)
                    for pair, row in standing(
                        session, session.exec(select(ListingRow.id)).all()
                    ).items()
                },
                "parts": {row.id: row.cluster_id for row in session.exec(select(PartRow))},
            }
