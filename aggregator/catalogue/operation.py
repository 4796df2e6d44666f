"""How the whole runs: what an operator's monitoring watches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from aggregator.catalogue.state import record_seq
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
