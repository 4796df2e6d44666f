"""From when on an upstream aggregator is asked for changes instead of everything."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from aggregator.health import PUBLISHED
from aggregator.report import SINCE
from aggregator.store.tables import ListingRow, RunRow
from crawlers.source import Source

_OVERLAP = timedelta(minutes=10)  # their clock may be behind ours; what comes twice is the same
_RUNS = 100  # looked at; more pulls than that between two full ones nobody makes


def asked_from(session: Session, source: Source, now: datetime, full_days: int) -> datetime | None:
    """Since when changes are asked for; None where everything is.

    A published run that could read all it asked for moves the time on to when it began. The last
    such run that asked for everything must not be older than `full_days`: only that one tells what
    an upstream dropped without saying so. None, too, for whatever is no HSDS API alone.
    """
    keys = session.exec(select(ListingRow.key).where(ListingRow.source_id == source.id)).all()
    if not keys or not all(key.startswith("hsds:") for key in keys):
        return None
    query = (
        select(RunRow)
        .where(RunRow.source_id == source.id, col(RunRow.verdict).in_(PUBLISHED))
        .order_by(col(RunRow.started_at).desc())
        .limit(_RUNS)
    )
    runs = [run for run in session.exec(query) if _is_whole(run)]
    whole = next((run.started_at for run in runs if SINCE not in run.counts), None)
    if whole is None or whole < now - timedelta(days=full_days):
        return None
    return runs[0].started_at - _OVERLAP


def _is_whole(run: RunRow) -> bool:
    """Whether a run read all it asked for, to its end."""
    return not run.failures and not any(reason["check"] == "finished" for reason in run.reasons)
