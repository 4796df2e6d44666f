"""What is declared, brought into the record before anything runs; and the past of each source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Engine, func, true
from sqlmodel import Session, col, select

from aggregator.declarations import with_desk
from aggregator.harvest import BERLIN
from aggregator.health import PUBLISHED
from aggregator.log import ChangeLog
from aggregator.register import declare
from aggregator.settings import Settings
from aggregator.store.lease import source_lease
from aggregator.store.tables import ListingRow, Presence, RunRow, SourceRow
from aggregator.store.transaction import publishing
from crawlers.network import load_networks
from crawlers.source import Source, SourceError, read_declarations
from crawlers.spool import JOB
from schedules.hold import is_held
from schedules.plan import Past

_LOOKED_AT = 16
"""Runs of a source that are looked at to see how steady it is."""
_CHANGES = ("added", "changed", "missing", "withdrawn", "returned")
REPLAYED = ".replay"
"""How the ids of runs end that read the archive and visited nobody."""


def load_declared(engine: Engine, settings: Settings) -> list[Source]:
    """All declared sources, ordered by id: those of files, and those of the desk.

    Raises SourceError where the folder is missing or a file is at fault, or where there is none.
    """
    files = read_declarations(settings.sources, Source)
    with Session(engine) as session:
        declared = with_desk(session, files)
    if not declared:
        raise SourceError(f"{settings.sources}: holds no declaration (*.yml), nor has the desk any")
    return declared


def register(engine: Engine, settings: Settings) -> list[Source]:
    """Load all declarations and bring their rows up to date; the declared sources."""
    sources, folder = load_declared(engine, settings), settings.declared_networks
    networks = load_networks(folder) if folder else []
    now = datetime.now(UTC)
    with publishing(engine) as session:
        declare(sources, networks, ChangeLog(session, "", now), now.astimezone(BERLIN).date())
    return sources


def pasts(
    engine: Engine, settings: Settings, now: datetime, ids: Collection[str] | None = None
) -> dict[str, Past]:
    """The past of every source that the record knows, or of these, by id; four queries."""
    with Session(engine) as session:
        rows = session.exec(select(SourceRow).where(_among(SourceRow.id, ids))).all()
        runs = _runs(session, ids)
        events = _events(session, now, ids)
        known = set(session.exec(select(RunRow.id).where(_among(RunRow.source_id, ids))))
    return {
        row.id: _past(
            row, runs.get(row.id, []), events, _unfinished(engine, settings, row.id, known)
        )
        for row in rows
    }


def _past(row: SourceRow, runs: list[RunRow], events: dict[str, str], unfinished: bool) -> Past:
    """`runs` are its last ones, latest first."""
    steady = 0
    for run in runs:
        if run.verdict not in PUBLISHED or any(run.counts.get(name) for name in _CHANGES):
            break
        steady += 1
    failure = ""
    if row.failures and runs:
        failure = next((r["failure"] for r in runs[0].reasons if r.get("failure")), "")
    event = events.get(row.id)
    return Past(
        last_started=runs[0].started_at if runs else None,
        failures=row.failures,
        failure=failure,
        steady=steady,
        next_event=datetime.fromisoformat(event).date() if event else None,
        unfinished=unfinished,
    )


def _among(column: str, ids: Collection[str] | None) -> ColumnElement[bool]:
    """The condition that a row is of one of these sources; None: of any."""
    return true() if ids is None else col(column).in_(ids)


def _runs(session: Session, ids: Collection[str] | None) -> dict[str, list[RunRow]]:
    """The last runs of each source that visited its site, latest first."""
    place = (
        func.row_number()
        .over(partition_by=col(RunRow.source_id), order_by=col(RunRow.started_at).desc())
        .label("place")
    )
    visits = select(RunRow.id, place).where(
        col(RunRow.id).not_like(f"%{REPLAYED}"), _among(RunRow.source_id, ids)
    )
    ranked = visits.subquery()
    query = (
        select(RunRow)
        .join(ranked, ranked.c.id == col(RunRow.id))
        .where(ranked.c.place <= _LOOKED_AT)
        .order_by(col(RunRow.started_at).desc())
    )
    runs: defaultdict[str, list[RunRow]] = defaultdict(list)
    for run in session.exec(query):
        runs[run.source_id].append(run)
    return runs


def _events(session: Session, now: datetime, ids: Collection[str] | None) -> dict[str, str]:
    """The next day that ends an offer of a source, by source."""
    today = now.astimezone(BERLIN).date()
    query = (
        select(ListingRow.source_id, func.min(ListingRow.expires_on))
        .where(
            ListingRow.presence == Presence.PRESENT,
            col(ListingRow.expires_on) > today,
            _among(ListingRow.source_id, ids),
        )
        .group_by(col(ListingRow.source_id))
    )
    return {source: str(day) for source, day in session.exec(query) if day is not None}


def _unfinished(engine: Engine, settings: Settings, source_id: str, known: Collection[str]) -> bool:
    """Whether a run of a source was begun, never taken in, and nobody is at it any more."""
    begun = any(
        (path / JOB).exists() and path.name not in known
        for path in (settings.spool_dir / source_id).glob("*")
    )
    return begun and not is_held(engine, settings, source_lease(source_id))
