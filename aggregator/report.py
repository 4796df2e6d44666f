"""The report of a run: what it found and failed at, as the record keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from aggregator.gate.judging import Judgement
from aggregator.harvest import Harvest
from aggregator.store.tables import RunRow

SINCE = "since"
"""In the counts of a run that asked for changes alone: from when on, in seconds since 1970."""
_KEPT = 200
"""So many failures and doubts are kept with a run: a report is read by a person."""


def report(run_id: str, source_id: str, harvest: Harvest, now: datetime) -> RunRow:
    """The row of a run, its verdict and the counts of what was published still to be told."""
    summary = harvest.summary
    return RunRow(
        id=run_id,
        source_id=source_id,
        started_at=summary.started_at if summary else now,
        finished_at=summary.finished_at if summary else now,
        failures=[
            {"url": page.url, "failure": page.failure, "reason": page.reason}
            for page in harvest.pages
            if page.failure is not None
        ][:_KEPT],
        doubts=[
            {
                "code": doubt.code,
                "field": doubt.field,
                "quote": doubt.quote,
                "listing_id": draft.id,
                "title": draft.values.get("title", ""),
                "page_url": draft.record.page_url,
            }
            for draft in harvest.offers
            for doubt in draft.reading.doubts
        ][:_KEPT],
    )


def judged(run: RunRow, judgement: Judgement) -> None:
    """Note what the gate thinks of a run."""
    run.verdict = judgement.verdict
    run.reasons = [asdict(finding) for finding in judgement.objections]
    run.passed = [asdict(finding) for finding in judgement.passed]
    run.fill = dict(judgement.fill)


def counts(harvest: Harvest, published: Mapping[str, int]) -> dict[str, int]:
    """What a run fetched and found, and what publishing it changed."""
    told: dict[str, Any] = dict(published)
    if (summary := harvest.summary) is not None:
        told |= {
            "pages": summary.pages,
            "fetched": summary.fetched,
            "not_modified": summary.not_modified,
            "failed": summary.failed,
            "records": len(harvest.offers),
        }
        if summary.since is not None:
            told[SINCE] = int(summary.since.timestamp())
    return told
