"""A source whose site is made up run by run, on both databases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from aggregator.bench.made import MadeCrawl, MadeOffer, leave
from aggregator.intake import accept, ingest
from aggregator.log import ChangeLog
from aggregator.places.places import load_gazetteer
from aggregator.register import declare
from aggregator.store.tables import ListingRow, RunRow
from aggregator.store.transaction import publishing
from crawlers.failure import Failure
from crawlers.source import Source

_Row = TypeVar("_Row", bound=SQLModel)
MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)
TITLES = (
    "Schuldnerberatung", "Umgangscafé", "Krabbelgruppe", "Rechtsberatung", "Kleiderkammer",
    "Hausaufgabenhilfe", "Ferienfreizeit", "Elternkurs", "Wohnungsberatung", "Frühstückstreff",
)  # fmt: skip


def offer(number: int, **changed: Any) -> MadeOffer:
    values: dict[str, Any] = {
        "path": f"/angebote/{number}",
        "title": TITLES[number],
        "phone": f"030 23125 1{number:02}",
        "text": f"{TITLES[number]}: offen für alle Alleinerziehenden im Bezirk, ohne Wartezeit.",
    }
    return MadeOffer(**{**values, **changed})


@dataclass
class Made:
    """An installation with one source; every crawl is a week after the one before."""

    engine: Engine
    home: Path
    source: Source
    at: datetime = MONDAY
    folders: dict[str, Path] = field(default_factory=dict)

    def crawl(
        self,
        offers: Iterable[MadeOffer] = (),
        failures: dict[str, Failure] | None = None,
        *,
        days: float = 7,
        **crawl: Any,
    ) -> RunRow:
        self.at += timedelta(days=days)
        made = MadeCrawl(tuple(offers), failures or {}, **crawl)
        folder = leave(self.home, self.source, self.at, made)
        run = ingest(self.engine, self.source, folder, load_gazetteer(), self.at)
        self.folders[run.id] = folder
        return run

    def accept(self, run_id: str, by: str = "anna", reason: str = "nachgesehen") -> RunRow:
        return accept(
            self.engine, self.source, self.folders.get(run_id, self.home / run_id),
            load_gazetteer(), self.at + timedelta(hours=1), None, by, reason,
        )  # fmt: skip

    def all(self, table: type[_Row]) -> list[_Row]:
        with Session(self.engine) as session:
            return list(session.exec(select(table)))

    def listing(self, title: str) -> ListingRow:
        (row,) = (row for row in self.all(ListingRow) if row.flat.get("title") == title)
        return row


@pytest.fixture
def made(engine: Engine, tmp_path: Path) -> Made:
    source = Source.model_validate(
        {"id": "netz", "title": "Netz", "region": "11003", "start": ["https://netz.example/"]}
    )
    with publishing(engine) as session:
        declare([source], [], ChangeLog(session, "", MONDAY), date(2026, 3, 2))
    return Made(engine, tmp_path / "spool", source)
