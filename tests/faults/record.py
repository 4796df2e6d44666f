"""A record in a data folder, copied for each kill and compared afterwards."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text
from sqlmodel import Session, SQLModel, select

from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.tables import (
    AliasRow,
    BlockRow,
    ChangeRow,
    DecisionRow,
    JudgementRow,
    ListingRow,
    NetworkRow,
    OfferRow,
    PageRow,
    RunRow,
    SourceRow,
    StatementRow,
    TurnRow,
)
from aggregator.verify import verify

_COUNTED: tuple[tuple[type[SQLModel], str], ...] = (
    (StatementRow, "id"), (ChangeRow, "seq"), (DecisionRow, "id"), (TurnRow, "id"),
    (JudgementRow, "id"),
)  # fmt: skip
"""Tables whose numbers have gaps after a rollback; only their order means something."""
_NAMED = (
    ListingRow, OfferRow, NetworkRow, RunRow, SourceRow, AliasRow, BlockRow,
)  # fmt: skip


@dataclass(frozen=True)
class Installation:
    """A data folder, and its database where that is not in the folder."""

    data: Path
    database_url: str | None = None
    sources: Path | None = None

    @property
    def settings(self) -> Settings:
        values: dict[str, Any] = {
            "data_dir": self.data,
            "database_url": self.database_url or _sqlite(self.data),
        }
        if self.sources:
            values["sources"] = self.sources
        return Settings(**values, download_delay=0, allowed_private_hosts=("127.0.0.1",))

    def copy(self, data: Path) -> Installation:
        """The same in another folder (its WARC files are shared by links)."""
        shutil.copytree(self.data, data, copy_function=_link)
        if self.database_url is None:
            return Installation(data, None, self.sources)
        url = make_url(self.database_url)
        name = f"kill_{data.name}".replace("-", "_").lower()
        admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{url.database}"'))
        admin.dispose()
        copied = url.set(database=name).render_as_string(hide_password=False)
        return Installation(data, copied, self.sources)

    def drop(self) -> None:
        """Take it away."""
        shutil.rmtree(self.data, ignore_errors=True)
        if self.database_url is not None:
            url = make_url(self.database_url)
            admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text(f'DROP DATABASE "{url.database}" WITH (FORCE)'))
            admin.dispose()

    def faults(self, *, index: bool = True) -> list[str]:
        """What `netzlotse verify` finds; without `index`, of record and archive alone."""
        settings = self.settings
        engine = connect(settings.database)
        report = verify(engine, settings.archive, settings.index_dir)
        engine.dispose()
        return [
            f"{fault.part} {fault.subject}: {fault.message}"
            for fault in report.faults
            if index or fault.part != "index"
        ]

    def content(self) -> dict[str, Any]:
        """All that the record holds, but for numbers that a rollback leaves out."""
        with self._session() as session:
            pages = {page.id: (page.url, page.sha256) for page in session.exec(select(PageRow))}
            told: dict[str, Any] = {
                "page": sorted(_line(p.model_dump(mode="json", exclude={"id"}))
                               for p in session.exec(select(PageRow)))
            }  # fmt: skip
            for table in _NAMED:
                rows = session.exec(select(table))
                told[table.__name__] = sorted(_line(row.model_dump(mode="json")) for row in rows)
            for table, number in _COUNTED:
                rows = session.exec(select(table).order_by(number))
                told[table.__name__] = [
                    _line(_without(row.model_dump(mode="json"), number, pages)) for row in rows
                ]
        return told

    @contextmanager
    def _session(self) -> Iterator[Session]:
        engine = connect(self.settings.database)
        with Session(engine) as session:
            yield session
        engine.dispose()

    def published(self) -> dict[str, Any]:
        """What readers see, whenever and however often it was read."""
        with self._session() as session:
            rows = list(session.exec(select(ListingRow)))
            added = Counter(
                f"{change.subject} {change.subject_id}"
                for change in session.exec(select(ChangeRow))
                if change.operation == "ADD"
            )
            return {
                "listings": sorted(str((row.id, row.presence, row.flat)) for row in rows),
                "offers": sorted(
                    str((row.id, row.merged_into, row.flat))
                    for row in session.exec(select(OfferRow))
                ),
                "statements": sorted(
                    str((s.subject_id, s.field, s.value, s.quote, s.page_url))
                    for s in session.exec(select(StatementRow))
                    if s.last_seen is None
                ),
                "added": sorted(f"{subject}: {times}" for subject, times in added.items()),
            }


def _sqlite(data: Path) -> str:
    """In the folder, whatever the suite's default is: it is copied, and its disk fills."""
    return f"sqlite:///{(data / 'netzlotse.db').absolute()}"


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, ensure_ascii=False)  # PostgreSQL sorts keys its own way


def _link(source: str, target: str) -> str:
    if not source.endswith(".warc.gz"):  # written once, so that all copies may share it
        return shutil.copy2(source, target)
    Path(target).hardlink_to(source)
    return target


def _without(row: dict[str, Any], number: str, pages: dict[int | None, Any]) -> dict[str, Any]:
    row.pop(number)
    if "page_id" in row:
        row["page_id"] = pages.get(row["page_id"])
    return row
