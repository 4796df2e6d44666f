"""What the board tells of a source beside its health: why, since when, how it went, what next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, func, select

from aggregator.health import PUBLISHED
from aggregator.store.tables import JobRow, RunRow, Verdict
from crawlers.failure import Failure

_SHOWN = 12
"""Runs that a trend shows."""
_LATE = timedelta(hours=2)
"""After that long past its time nobody is there who keeps the plan."""


class Point(BaseModel):
    """One run in the trend of a source."""

    run: str
    at: datetime
    verdict: Verdict
    found: int
    """Offers that the run found, published or not."""


class Cause(BaseModel):
    """Why a source needs attention, and what to do about it."""

    check: str
    verdict: Verdict
    failure: str | None = None
    """The stable name of what went wrong, where it has one."""
    message: str
    """What was found, in German."""
    advice: str
    """What to do, in German."""
    advice_en: str
    """What to do, in English."""
    examples: list[str] = []
    """Addresses, titles or contacts to look at."""


class Rights(BaseModel):
    """What the site says of text and data mining, as it was last read."""

    reserved: bool
    where: str
    """The page or file that says so, or that was read."""
    quote: str
    checked_at: datetime


def last_runs(session: Session, source_ids: Collection[str] = ()) -> dict[str, list[RunRow]]:
    """The last runs of these sources, or of all, the oldest first; one query."""
    place = (
        func.row_number()
        .over(partition_by=col(RunRow.source_id), order_by=col(RunRow.started_at).desc())
        .label("place")
    )
    ranked = select(RunRow.id, place)
    if source_ids:
        ranked = ranked.where(col(RunRow.source_id).in_(source_ids))
    inner = ranked.subquery()
    query = (
        select(RunRow)
        .join(inner, inner.c.id == col(RunRow.id))
        .where(inner.c.place <= _SHOWN)
        .order_by(col(RunRow.started_at))
    )
    runs: defaultdict[str, list[RunRow]] = defaultdict(list)
    for row in session.exec(query):
        runs[row.source_id].append(row)
    return runs


def next_runs(session: Session) -> dict[str, datetime]:
    """When each source is to be visited next, as the running schedule keeps it."""
    return {
        row.id: datetime.fromtimestamp(row.next_run_time, UTC)
        for row in session.exec(select(JobRow))
        if row.next_run_time is not None
    }


def trend(runs: Sequence[RunRow]) -> list[Point]:
    """What the last runs found, the oldest first."""
    return [
        Point(
            run=run.id,
            at=run.started_at,
            verdict=run.verdict,
            found=run.counts.get("records", 0),
        )
        for run in runs
    ]


def fill(runs: Sequence[RunRow]) -> dict[str, float]:
    """Per field the share of offers that have it, in the last published run that measured it."""
    for run in reversed(runs):
        if run.verdict in PUBLISHED and run.fill:
            return dict(sorted(run.fill.items(), key=lambda item: (-item[1], item[0])))
    return {}


def causes(run: RunRow | None) -> list[Cause]:
    """What the gate objected to in a run, the gravest first; nothing where all is well."""
    return [_cause(reason) for reason in run.reasons] if run else []


def overdue(next_run: datetime | None, now: datetime) -> bool:
    """Whether the time of a visit is long past: the schedule does not run."""
    return next_run is not None and next_run < now - _LATE


def rights_of(said: Mapping[str, Any]) -> Rights | None:
    """What a site says of text mining; None where nobody read it yet."""
    return Rights.model_validate(said) if said else None


def _cause(reason: Mapping[str, Any]) -> Cause:
    name = str(reason.get("failure") or "")
    failure = Failure(name) if name in set(Failure) else None
    advice = str(reason.get("advice") or "") or (failure.advice if failure else "")
    return Cause(
        check=str(reason.get("check", "")),
        verdict=reason.get("verdict") or Verdict.WARNED,
        failure=failure,
        message=str(reason.get("message", "")),
        advice=advice or _CHECK_ADVICE["de"],
        advice_en=failure.advice_en if failure else _CHECK_ADVICE["en"],
        examples=[str(one) for one in reason.get("examples") or ()],
    )


_CHECK_ADVICE = {
    "de": "Den Bericht des Laufs ansehen und mit der Seite vergleichen.",
    "en": "Read the report of the run and compare it with the site.",
}
"""What to do where the gate objects and no failure is behind it."""
