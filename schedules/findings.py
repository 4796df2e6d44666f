"""What a probe found, as JSON: for the command line and for the desk."""

from __future__ import annotations

from typing import Any

from aggregator.harvest import BERLIN, document
from schedules.probe import Probed
from schedules.proposal import with_alternative

SHOWN = 5  # records that a person looks at before believing the rest


def findings(probed: Probed) -> dict[str, Any]:
    """What was found, as one JSON object."""
    summary, offers = probed.summary, probed.harvest.offers
    today = summary.finished_at.astimezone(BERLIN).date()
    return {
        "url": probed.source.start[0],
        "robots": summary.robots,
        "reservation": _plain(summary.reservation),
        "adapters": [
            {
                "adapter": c.adapter,
                "confidence": c.confidence,
                "reason": c.reason,
                "pages": c.pages,
                "records": c.records,
            }
            for c in probed.claims
        ],
        "finish": summary.finish,
        "pages": {"fetched": summary.fetched, "failed": summary.failed},
        "failures": [
            {
                "url": entry.requested_url,
                "failure": entry.failure,
                "reason": entry.reason,
                "advice": entry.failure.advice if entry.failure else "",
            }
            for entry in probed.failures
        ],
        "records": len(offers),
        "networks": len(probed.harvest.networks),
        "first": [
            document(draft, probed.source.id, None, ended=False, today=today)
            for draft in offers[:SHOWN]
        ],
        "fill": {name: round(share, 3) for name, share in probed.fill.items()},
        "doubts": probed.doubts,
        "warnings": [{"code": w.code, "message": w.message, "url": w.url} for w in probed.warnings],
        "declaration": probed.source.model_dump(mode="json", exclude_defaults=True),
        "pattern": probed.pattern.model_dump(mode="json", exclude_defaults=True)
        if probed.pattern
        else None,
        "yaml": with_alternative(probed.source, probed.pattern),
    }


def _plain(said: Any) -> dict[str, Any] | None:  # noqa: ANN401 - a Reservation or nothing
    if said is None:
        return None
    return {
        "reserved": said.reserved,
        "where": said.where,
        "quote": said.quote,
        "policy": said.policy,
        "checked_at": said.checked_at.isoformat(),
    }
