"""Runs as the record knows them: what each found, and what the gate said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, or_, select

from aggregator.store.tables import DecisionRow, RunRow, SourceRow, Verdict


class RunSummary(BaseModel):
    """One run in one line."""

    id: str
    source: str
    started_at: datetime
    finished_at: datetime
    verdict: Verdict
    counts: dict[str, int]
    """pages, fetched, not_modified, failed, records, added, changed, unchanged, missing, …"""


class Decision(BaseModel):
    """What a person decided, when and why."""

    at: datetime
    by: str
    reason: str


class RunReport(RunSummary):
    """One run as a coordinator reads it."""

    source_title: str
    reasons: list[dict[str, Any]]
    """What checks of the gate objected to, the gravest first: {check, verdict, message, value,
    bound, examples, advice, failure}."""
    passed: list[dict[str, Any]] = []
    """What the other checks measured, likewise."""
    fill: dict[str, float] = {}
    """Share of the offers found that have a field, by field."""
    decisions: list[Decision] = []
    """Who published it although the gate held it back, and why."""
    failures: list[dict[str, Any]]
    """Pages that could not be read: {url, failure, reason}; at most 200."""
    doubts: list[dict[str, Any]]
    """What was not understood: {code, quote, listing_id, page_url}; at most 200."""

    @property
    def checks(self) -> list[dict[str, Any]]:
        """All that the gate said, objections first."""
        return [*self.reasons, *self.passed]


def summary(row: RunRow) -> RunSummary:
    """A run in one line."""
    return RunSummary(
        id=row.id,
        source=row.source_id,
        started_at=row.started_at,
        finished_at=row.finished_at,
        verdict=row.verdict,
        counts=row.counts,
    )


def find_run(session: Session, run_id: str) -> RunReport | None:
    """The report of a run, in two queries; None where there is none."""
    found = session.exec(
        select(RunRow, SourceRow.title)
        .join(SourceRow, col(SourceRow.id) == col(RunRow.source_id))
        .where(col(RunRow.id) == run_id)
    ).first()
    if found is None:
        return None
    row, title = found
    return RunReport(
        **summary(row).model_dump(),
        source_title=title,
        reasons=row.reasons,
        passed=row.passed,
        fill=row.fill,
        decisions=[
            Decision(at=one.at, by=one.by, reason=one.reason)
            for one in session.exec(
                select(DecisionRow)
                .where(DecisionRow.subject_id == run_id)
                .order_by(col(DecisionRow.id))
            )
        ],
        failures=row.failures,
        doubts=row.doubts,
    )


def list_runs(
    session: Session,
    source_id: str | None = None,
    limit: int = 20,
    before: tuple[datetime, str] | None = None,
) -> list[RunSummary]:
    """Runs, the newest first; `before` is start and id of the last one already seen."""
    query = select(RunRow).order_by(col(RunRow.started_at).desc(), col(RunRow.id).desc())
    if source_id is not None:
        query = query.where(col(RunRow.source_id) == source_id)
    if before is not None:
        started_at, run_id = before
        query = query.where(
            or_(
                col(RunRow.started_at) < started_at,
                (col(RunRow.started_at) == started_at) & (col(RunRow.id) < run_id),
            )
        )
    return [summary(row) for row in session.exec(query.limit(limit))]
