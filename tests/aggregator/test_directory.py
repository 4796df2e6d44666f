"""The directory of offers: entered by the migration for what was there before it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from alembic import command
from sqlalchemy import text
from sqlmodel import Session, select

from aggregator.directory import enter
from aggregator.store.engine import connect
from aggregator.store.schema import _config, migrate
from aggregator.store.tables import DirectoryRow, OfferRow, TermRow

OFFER = {
    "id": "an-offer", "title": "Schuldnerberatung", "provider": "Beratungsstelle Kompass e. V.",
    "postcode": "10439", "city": "Berlin", "lat": 52.55, "lon": 13.41, "region_key": "11003",
    "topics": ["schulden"], "cost": "free", "hours_qualifiers": ["by_appointment"],
}  # fmt: skip
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def test_an_older_record_gets_its_directory(database_url: str) -> None:
    engine = connect(database_url)
    with engine.execution_options(write=True).begin() as connection:
        command.upgrade(_config(connection), "0004")
        connection.execute(
            text(
                "INSERT INTO offer (id, flat, digest, created_at, changed_at) "
                "VALUES (:id, :flat, '', :now, :now), ('unwritten', '{}', '', :now, :now)"
            ),
            {"id": OFFER["id"], "flat": json.dumps(OFFER), "now": NOW.isoformat(sep=" ")},
        )
    migrate(engine)
    with Session(engine) as session:
        (entry,) = session.exec(select(DirectoryRow)).all()
        assert (entry.offer_id, entry.status, entry.postcode) == ("an-offer", "active", "10439")
        assert entry.organization == "beratungsstelle kompass e. v."
        assert entry.organization_id
        assert entry.link_id
        assert entry.x is not None
        assert abs(entry.x**2 + entry.y**2 + entry.z**2 - 1) < 1e-12
        assert len(session.exec(select(TermRow)).all()) == 3
    engine.dispose()


def test_an_entry_follows_its_document(engine: object) -> None:
    with Session(engine.execution_options(write=True)) as session:  # type: ignore[attr-defined]
        session.add(OfferRow(id="an-offer", flat=OFFER, created_at=NOW, changed_at=NOW))
        session.flush()
        enter(session, "an-offer", OFFER)
        enter(session, "an-offer", {**OFFER, "provider": None, "lat": None, "topics": []})
        session.commit()
        (entry,) = session.exec(select(DirectoryRow)).all()
        assert entry.organization_id is None
        assert entry.organization == ""
        assert entry.x is None
        assert len(session.exec(select(TermRow)).all()) == 2
