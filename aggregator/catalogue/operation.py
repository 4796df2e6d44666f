"""How the whole runs: what an operator's monitoring watches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from aggregator.catalogue.state import record_seq
from aggregator.store.queue import SCHEMA
from aggregator.store.tables import (
    CorrectionRow,
    CorrectionState,
    NoticeRow,
    NoticeState,
    RunRow,
    SourceRow,
    Verdict,
)

RECENT = timedelta(days=1)
"""Runs that finished within it are counted."""


@dataclass(frozen=True, slots=True)
class Queue:
    """How the work of a cluster is spread."""

    waiting: int
    running: int
    failed: int
    """Ended in a fault within the last days."""
    oldest: float
    """Seconds for which the job has waited that has waited longest; 0 where none waits."""
    leases: int
    """Sources, hosts and the desk, as far as somebody is at work on them."""
    workers: int
    """Those that gave a sign of life within the time that was asked for."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What stands in the record at one moment."""

    record_seq: int
    sources: int
    failing_sources: int
    """Those whose last run was not published."""
    last_publication: datetime | None
    recent_runs: Mapping[str, int]
    """Every verdict, also where no run had it."""
    open_corrections: int
    waiting_notices: int
    """Messages that are due or being sent."""


def queue(session: Session, alive: float) -> Queue | None:
    """Read how the work is spread; None where no queue is kept (SQLite, a record without one).

    A worker is alive that gave a sign of life within `alive` seconds. Small queries, by the clock
    of the database.
    """
    if session.get_bind().dialect.name != "postgresql":
        return None
    kept = text("SELECT to_regclass(:jobs) IS NOT NULL")
    if not session.execute(kept, {"jobs": f"{SCHEMA}.procrastinate_jobs"}).scalar_one():
        return None
    jobs = text(
        "SELECT count(*) FILTER (WHERE status = 'todo') AS waiting,"  # noqa: S608 - one of ours
        " count(*) FILTER (WHERE status = 'doing') AS running,"
        " count(*) FILTER (WHERE status = 'failed') AS failed,"
        " coalesce(extract(epoch FROM now() - min(at) FILTER (WHERE status = 'todo')), 0) AS oldest"
        f" FROM {SCHEMA}.procrastinate_jobs AS job LEFT JOIN"
        f" (SELECT job_id, min(at) AS at FROM {SCHEMA}.procrastinate_events GROUP BY job_id)"
        " AS event ON event.job_id = job.id"
    )
    leases = text("SELECT count(*) FROM lease WHERE until > clock_timestamp()")
    workers = text(
        f"SELECT count(*) FROM {SCHEMA}.procrastinate_workers"  # noqa: S608 - one of ours
        " WHERE last_heartbeat > clock_timestamp() - make_interval(secs => :alive)"
    )
    counted = session.execute(jobs).one()
    return Queue(
        waiting=counted.waiting,
        running=counted.running,
        failed=counted.failed,
        oldest=float(counted.oldest),
        leases=session.execute(leases).scalar_one(),
        workers=session.execute(workers, {"alive": alive}).scalar_one(),
    )


def operation(session: Session, now: datetime) -> Operation:
    """Read the counts: six small queries, none over offers."""
    sources, failing, published = session.exec(
        select(
            func.count(),
            func.count().filter(col(SourceRow.failures) > 0),
            func.max(col(SourceRow.last_accepted_at)),
        ).select_from(SourceRow)
    ).one()
    runs = session.exec(
        select(RunRow.verdict, func.count())
        .where(col(RunRow.finished_at) > now - RECENT)
        .group_by(col(RunRow.verdict))
    )
    return Operation(
        record_seq=record_seq(session),
        sources=sources,
        failing_sources=failing,
        last_publication=published,
        recent_runs={**dict.fromkeys(map(str, Verdict), 0), **dict(runs.all())},
        open_corrections=session.exec(
            select(func.count())
            .select_from(CorrectionRow)
            .where(col(CorrectionRow.state) == CorrectionState.OPEN)
        ).one(),
        waiting_notices=session.exec(
            select(func.count())
            .select_from(NoticeRow)
            .where(col(NoticeRow.state).in_([NoticeState.WAITING, NoticeState.SENDING]))
        ).one(),
    )
