"""What is killed: how a run comes into the record, and the record to a new version."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from alembic import command
from sqlalchemy import text
from sqlmodel import Session, select

from aggregator.bench.made import MadeCrawl, MadeOffer, leave
from aggregator.index.feed import catch_up
from aggregator.intake import accept, ingest
from aggregator.log import ChangeLog
from aggregator.places.places import load_gazetteer
from aggregator.register import declare
from aggregator.store import schema
from aggregator.store.engine import connect
from aggregator.store.tables import RunRow, Verdict
from aggregator.store.transaction import publishing
from crawlers.source import Source, load_sources
from schedules.lock import SourceLockedError
from schedules.runner import Runner, open_runner
from tests.faults.process import run, youngest
from tests.faults.record import Installation

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
PLACES = load_gazetteer()
_ROWS = 200
_OLD_SOURCE = (
    "INSERT INTO source (id, title, region, declared, failures) VALUES ('netz', 'N', '11', '{}', 0)"
)
_OLD_OFFER = """INSERT INTO offer (id, flat, digest, created_at, changed_at)
VALUES (:id, '{}', '', '2026-03-02 06:00:00', '2026-03-02 06:00:00')"""
_OLD_LISTING = """INSERT INTO listing (id, source_id, key, offer_id, page_url, presence, absences,
first_seen, last_seen, last_run_id, digest, flat) VALUES (:id, 'netz', :key, :offer, '', 'present',
0, '2026-03-02 06:00:00', '2026-03-02 06:00:00', '', '', '{"valid_until"\\: "2026-12-24"}')"""
_KINDS = ("beratung", "gruppe", "treff", "kurs", "hilfe", "sprechstunde")
_THEMES = ("Schulden", "Umgangs", "Krabbel", "Rechts", "Wohnungs", "Eltern", "Unterhalts")


class Stage(Protocol):
    """Something that is killed, and made good again."""

    name: str

    def prepare(self, home: Installation) -> None:
        """Bring a fresh installation to where it is to be disturbed."""

    def work(self, home: Installation) -> None:
        """What is disturbed; doing it again makes good what a kill left."""

    def state(self, home: Installation) -> dict[str, Any]:
        """What must be the same, disturbed or not."""

    def faults(self, home: Installation) -> list[str]:
        """What must be whole at once, before anything is made good."""

    def aim(self, child: int, number: int) -> int:
        """Whom the kill of this number is for."""


def sources() -> list[Source]:
    """Two sites that tell of the same offers, so that publishing merges and compares."""
    return [
        Source.model_validate(
            {"id": key, "title": key, "region": "11003", "start": [f"https://{key}.example/"]}
        )
        for key in ("netz", "portal")
    ]


def offers(count: int = 24) -> list[MadeOffer]:
    """Offers that differ in name, contact and text."""
    return [
        MadeOffer(
            f"/angebote/{number}",
            f"{_THEMES[number % 7]}{_KINDS[number // 7 % 6]} {'ABCDEFGH'[number // 42]}",
            f"030 23125 {100 + number}",
            f"{_THEMES[number % 7]}: offen für Alleinerziehende, Raum {number}, ohne Wartezeit. "
            "Beispielstr. 5, 13187 Berlin. Di 14-16 Uhr.",
        )
        for number in range(count)
    ]


def later() -> list[MadeOffer]:
    """The same site a week on: changed, moved, vanished, new, ended."""
    known = offers()
    changed = [
        MadeOffer(one.path, one.title, f"030 23125 {500 + number}", one.text + " Neu.")
        for number, one in enumerate(known[:6])
    ]
    moved = [
        MadeOffer(f"/neu/{number}", one.title, one.phone, one.text)
        for number, one in enumerate(known[6:9])
    ]
    ended = [replace(one, ends="2026-03-03") for one in known[9:11]]
    new = [MadeOffer(f"/neu/{n}", f"Offene Tür {n}", "", f"Haus {n}, für alle.") for n in "xyz"]
    return [*changed, *moved, *ended, *known[11:22], *new]


def _register(home: Installation) -> None:
    engine = connect(home.settings.database)
    schema.migrate(engine)
    with publishing(engine) as session:
        declare(sources(), [], ChangeLog(session, "", START), date(2026, 3, 2))
    engine.dispose()


def _take_in(home: Installation, number: int, folder: str, at: datetime) -> RunRow:
    settings = home.settings
    engine = connect(settings.database)
    source = sources()[number]
    row = ingest(engine, source, settings.spool_dir / source.id / folder, PLACES, at)
    catch_up(engine, settings.index_dir, settings.index_engine)
    engine.dispose()
    return row


def _leave(home: Installation, number: int, at: datetime, found: list[MadeOffer]) -> str:
    settings, source = home.settings, sources()[number]
    crawl = MadeCrawl(tuple(found))
    return leave(settings.spool_dir / source.id, source, at, crawl, settings.archive_dir).name


@dataclass
class Publish:
    """A run that passes the gate: listings, offers, statements, history, then the index."""

    name: str = "publish"
    folder: str = ""

    def prepare(self, home: Installation) -> None:
        """Both sites published; a second run of one waits."""
        _register(home)
        for number in (0, 1):
            _take_in(home, number, _leave(home, number, START, offers()), START)
        _leave(home, 0, START + timedelta(days=7), later())

    def work(self, home: Installation) -> None:
        """Take the waiting run in."""
        folders = sorted((home.settings.spool_dir / "netz").iterdir())
        row = _take_in(home, 0, folders[-1].name, START + timedelta(days=7))
        assert row.verdict is Verdict.ACCEPTED, row.reasons

    def state(self, home: Installation) -> dict[str, Any]:
        """Everything."""
        return home.content()

    def faults(self, home: Installation) -> list[str]:
        """The record must be whole; the index may be a step behind."""
        return home.faults(index=False)

    def aim(self, child: int, number: int) -> int:
        """The one process there is."""
        return child


@dataclass
class Gate(Publish):
    """A run that the gate holds back, and that a person then accepts."""

    name: str = "gate"

    def prepare(self, home: Installation) -> None:
        """One site published; a run that found a third waits."""
        _register(home)
        for number in (0, 1):
            _take_in(home, number, _leave(home, number, START, offers()), START)
        _leave(home, 0, START + timedelta(days=7), offers()[:8])

    def work(self, home: Installation) -> None:
        """Have it judged, then accept it where that is not done yet."""
        settings, source = home.settings, sources()[0]
        folder = max((settings.spool_dir / "netz").iterdir())
        at = START + timedelta(days=7)
        row = _take_in(home, 0, folder.name, at)
        engine = connect(settings.database)
        if row.verdict is Verdict.QUARANTINED:
            accept(engine, source, folder, PLACES, at, None, "anna", "nachgesehen")
        catch_up(engine, settings.index_dir, settings.index_engine)
        engine.dispose()


@dataclass
class Migrate(Publish):
    """An older record that is brought to this version."""

    name: str = "migrate"

    def prepare(self, home: Installation) -> None:
        """A record of the first version, with rows in it."""
        engine = connect(home.settings.database)
        with engine.execution_options(write=True).begin() as connection:
            command.upgrade(schema._config(connection), "0001")
            connection.execute(text(_OLD_SOURCE))
            for number in range(_ROWS):
                connection.execute(text(_OLD_OFFER), {"id": f"o{number}"})
                row = {"id": f"l{number}", "offer": f"o{number}", "key": f"{number}"}
                connection.execute(text(_OLD_LISTING), row)
        engine.dispose()

    def work(self, home: Installation) -> None:
        """Migrate."""
        engine = connect(home.settings.database)
        schema.migrate(engine)
        schema.check(engine)
        engine.dispose()

    def faults(self, home: Installation) -> list[str]:
        """Every row is there in a record of one version or the other, never of half of one."""
        engine = connect(home.settings.database)
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT count(*) FROM listing")).scalar_one()
            version = schema.revision(connection)
        engine.dispose()
        return [] if rows == _ROWS and version else [f"{rows} rows of version {version}"]


@dataclass
class Crawl:
    """A crawl over HTTP by the runner, with its subprocess; then a rerun of the source."""

    sources: Path
    name: str = "crawl"

    def prepare(self, home: Installation) -> None:
        """An installation that never crawled."""
        runner = open_runner(self._at(home).settings)
        runner.engine.dispose()

    def work(self, home: Installation) -> None:
        """Crawl, as `netzlotse crawl` does; what a run before left is taken up first."""
        runner = open_runner(self._at(home).settings)
        for source in load_sources(self.sources):
            _patiently(runner, source)
        with Session(runner.engine) as session:
            last = session.exec(select(RunRow).order_by(RunRow.started_at)).all()[-1]  # type: ignore[arg-type]
        runner.engine.dispose()
        assert last.verdict is Verdict.ACCEPTED, last.reasons

    def state(self, home: Installation) -> dict[str, Any]:
        """What readers see: times and runs are others."""
        return home.published()

    def faults(self, home: Installation) -> list[str]:
        """The record must be whole; the index may be a step behind."""
        return home.faults(index=False)

    def aim(self, child: int, number: int) -> int:
        """Every other kill is for the crawl's own process: then the runner lives and notes it."""
        return youngest(child) if number % 2 else child

    def _at(self, home: Installation) -> Installation:
        return Installation(home.data, home.database_url, self.sources)


def _patiently(runner: Runner, source: Source) -> None:
    """Run a source; a crawl whose runner was killed just now needs a moment to notice."""
    for _ in range(40):
        try:
            runner.run(source)
        except SourceLockedError:
            time.sleep(0.25)
        else:
            return
    raise SourceLockedError(f"{source.id} stays locked by a crawl that nobody waits for")


def check(stage: Stage, home: Installation, expected: dict[str, Any], *, again: bool) -> list[str]:
    """Make good what a kill left; what is not as if nothing had happened."""
    broken = run(lambda: stage.faults(home))
    if again:
        run(lambda: stage.work(home))
    broken += run(home.faults) if not isinstance(stage, Migrate) else []
    got = run(lambda: stage.state(home))
    for part, rows in expected.items():
        if got[part] != rows:
            lost = [row for row in rows if row not in got[part]]
            extra = [row for row in got[part] if row not in rows]
            broken.append(f"{part}: {len(lost)} lost, {len(extra)} others: {lost[:1]} {extra[:1]}")
    return broken
