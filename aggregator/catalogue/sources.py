"""Sources and how they fare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, select

from aggregator.catalogue.board import (
    Cause,
    Point,
    Rights,
    causes,
    fill,
    last_runs,
    next_runs,
    overdue,
    rights_of,
    trend,
)
from aggregator.catalogue.runs import RunSummary, summary
from aggregator.health import Health, health
from aggregator.store.tables import RunRow, SourceRow
from crawlers.failure import Failure

ATTENTION = frozenset({Health.BROKEN, Health.STALE, Health.WARNED})
"""A person should look."""


class SourceState(BaseModel):
    """A declared source, its last runs, and what is published of it."""

    id: str
    title: str
    region: str
    network: str | None = None
    start: list[str] = []
    """Where the crawl begins: the site's own addresses."""
    platform: str = "auto"
    rhythm: str = "weekly"
    publisher: str | None = None
    licence: dict[str, Any] | None = None
    """{name, url, attribution} as a person read them on the site; None: nothing is stated."""
    verified: str | None = None
    """The day a person last compared the harvest with the site."""
    notes: str | None = None
    health: Health
    failures: int
    """Runs in a row that were not published."""
    last_accepted_at: datetime | None = None
    stale_since: datetime | None = None
    last_run: RunSummary | None = None
    last_accepted_run: RunSummary | None = None
    forbidden: int = 0
    """Pages of the last run that robots.txt asks us not to read."""
    attention: bool = False
    """A person should look: something is wrong, or nobody keeps the plan."""
    causes: list[Cause] = []
    """What the gate objected to in the last run, the gravest first, with what to do."""
    trend: list[Point] = []
    """What the last runs found, the oldest first."""
    fill: dict[str, float] = {}
    """Per field the share of offers that have it, the fullest first."""
    rights: Rights | None = None
    """What the site says of text and data mining, and when that was read."""
    permission: dict[str, Any] | None = None
    """{note, granted_on, by} where the owner allowed what the site reserves."""
    contact: str | None = None
    """The role address that is written to when the site breaks."""
    next_run: datetime | None = None
    """When the running schedule visits it next; None: no schedule has it."""
    overdue: bool = False
    """Its time is long past: the schedule does not run."""


def list_sources(session: Session) -> list[SourceState]:
    """All sources, those that need attention first, then by title; four queries."""
    rows = session.exec(select(SourceRow)).all()
    board = _Board(_runs(session, rows), last_runs(session), next_runs(session))
    order = list(Health)
    states = [_state(row, board) for row in rows]
    return sorted(states, key=lambda state: (order.index(state.health), state.title, state.id))


def find_source(session: Session, source_id: str) -> SourceState | None:
    """One source; None where there is none."""
    row = session.get(SourceRow, source_id)
    if row is None:
        return None
    board = _Board(_runs(session, [row]), last_runs(session, [row.id]), next_runs(session))
    return _state(row, board)


def source_titles(session: Session) -> dict[str, str]:
    """What each source is called."""
    return dict(session.exec(select(SourceRow.id, SourceRow.title)).all())


def _runs(session: Session, rows: Sequence[SourceRow]) -> dict[str, RunRow]:
    wanted = {run for row in rows for run in (row.last_run_id, row.last_accepted_run_id) if run}
    if not wanted:
        return {}
    return {run.id: run for run in session.exec(select(RunRow).where(col(RunRow.id).in_(wanted)))}


@dataclass(frozen=True, slots=True)
class _Board:
    """What was read at once for all the sources that are asked for."""

    runs: Mapping[str, RunRow]
    last: Mapping[str, Sequence[RunRow]]
    next: Mapping[str, datetime]


def _state(row: SourceRow, board: _Board) -> SourceState:
    last = board.runs.get(row.last_run_id or "")
    accepted = board.runs.get(row.last_accepted_run_id or "")
    recent = board.last.get(row.id, ())
    late = overdue(board.next.get(row.id), datetime.now(UTC))
    declared = row.declared
    fares = health(
        disabled=bool(declared.get("disabled")),
        last=last.verdict if last else None,
        failures=row.failures,
        published=row.last_accepted_at is not None,
    )
    return SourceState(
        id=row.id,
        title=row.title,
        region=row.region,
        network=row.network_id,
        start=declared.get("start") or [],
        platform=declared.get("platform") or "auto",
        rhythm=declared.get("rhythm") or "weekly",
        publisher=declared.get("publisher"),
        licence=declared.get("licence"),
        verified=declared.get("verified"),
        notes=declared.get("notes"),
        health=fares,
        failures=row.failures,
        last_accepted_at=row.last_accepted_at,
        stale_since=row.stale_since,
        last_run=last and summary(last),
        last_accepted_run=accepted and summary(accepted),
        forbidden=sum(f.get("failure") == Failure.ROBOTS for f in last.failures) if last else 0,
        attention=fares in ATTENTION or (late and fares is not Health.DISABLED),
        causes=causes(last),
        trend=trend(recent),
        fill=fill(recent),
        rights=rights_of(row.rights),
        permission=declared.get("permission"),
        contact=declared.get("contact"),
        next_run=board.next.get(row.id),
        overdue=late,
    )
