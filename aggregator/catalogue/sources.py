"""Sources and how they fare."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, select

from aggregator.catalogue.runs import RunSummary, summary
from aggregator.health import Health, health
from aggregator.store.tables import RunRow, SourceRow
from crawlers.failure import Failure


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


def list_sources(session: Session) -> list[SourceState]:
    """All sources, those that need attention first, then by title; two queries."""
    rows = session.exec(select(SourceRow)).all()
    runs = _runs(session, rows)
    order = list(Health)
    states = [_state(row, runs) for row in rows]
    return sorted(states, key=lambda state: (order.index(state.health), state.title, state.id))


def find_source(session: Session, source_id: str) -> SourceState | None:
    """One source; None where there is none."""
    row = session.get(SourceRow, source_id)
    return _state(row, _runs(session, [row])) if row else None


def source_titles(session: Session) -> dict[str, str]:
    """What each source is called."""
    return dict(session.exec(select(SourceRow.id, SourceRow.title)).all())


def _runs(session: Session, rows: Sequence[SourceRow]) -> dict[str, RunRow]:
    wanted = {run for row in rows for run in (row.last_run_id, row.last_accepted_run_id) if run}
    if not wanted:
        return {}
    return {run.id: run for run in session.exec(select(RunRow).where(col(RunRow.id).in_(wanted)))}


def _state(row: SourceRow, runs: dict[str, RunRow]) -> SourceState:
    last = runs.get(row.last_run_id or "")
    accepted = runs.get(row.last_accepted_run_id or "")
    declared = row.declared
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
        health=health(
            disabled=bool(declared.get("disabled")),
            last=last.verdict if last else None,
            failures=row.failures,
            published=row.last_accepted_at is not None,
        ),
        failures=row.failures,
        last_accepted_at=row.last_accepted_at,
        stale_since=row.stale_since,
        last_run=last and summary(last),
        last_accepted_run=accepted and summary(accepted),
        forbidden=sum(f.get("failure") == Failure.ROBOTS for f in last.failures) if last else 0,
    )
