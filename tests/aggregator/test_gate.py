"""The gate: which runs may be published. Every check is shown a run that must and must not pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.gate.finding import Finding, RunFacts
from aggregator.gate.judging import CHECKS, Gate, Judgement
from aggregator.store.tables import Verdict
from crawlers.failure import Failure
from crawlers.keys import page_key
from crawlers.source import Source
from crawlers.spool import PageEntry, Summary

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
START = "https://netz.example/"


def source(**expect: Any) -> Source:
    return Source.model_validate(
        {"id": "netz", "title": "Netz", "region": "11003", "start": [START], "expect": expect}
    )


def summary(finish: str = "finished") -> Summary:
    return Summary("r", "netz", NOW, NOW, finish, finish == "finished", 1, 1, 0, 0, 1)


def page(number: int, failure: Failure | None = None, *, following: bool = False) -> PageEntry:
    url = f"{START}{number or ''}"
    return PageEntry(
        url=url, requested_url=url, fetched_at=NOW, failure=failure, following=following
    )


def judge(
    *,
    expect: dict[str, Any] | None = None,
    finish: str | None = "finished",
    pages: list[PageEntry] | None = None,
    found: int = 10,
    published: int = 10,
    history: list[int] | None = None,
    networks: int = 0,
    expired: int = 0,
    fills: tuple[dict[str, float], ...] = (),
    values: Callable[[int], dict[str, Any]] = lambda n: {"phones": [f"+4930231250{n:02}"]},
) -> Judgement:
    facts = RunFacts(
        source=source(**(expect or {})),
        summary=summary(finish) if finish else None,
        published={str(n): f"Angebot {n}" for n in range(published)},
        history=[10, 10, 10] if history is None else history,
        fills=fills,
        expired=expired,
        homes={str(n): page_key(f"{START}{n}", source()) for n in range(published)},
        readable={f"{START}{n or ''}" for n in range(5)},
    )
    gate = Gate(facts)
    for entry in [page(0), page(1)] if pages is None else pages:
        gate.page(entry)
    for number in range(found):
        gate.listing(str(number), values(number))
    for _ in range(networks):
        gate.network()
    return gate.judge()


def test_a_healthy_run_passes_without_a_word() -> None:
    judgement = judge()
    assert (judgement.verdict, judgement.objections) == (Verdict.ACCEPTED, [])
    assert judgement.fill == {"phones": 1.0}


def test_every_check_says_what_it_measured() -> None:
    named = {finding.check for finding in judge(expect={"min": 1}).passed}
    assert named == {
        "finished", "error_share", "substituted", "pagination", "count", "expect", "history",
        "pattern", "vanished", "gone", "fill", "shared_contact",
    }  # fmt: skip
    assert len(named) == len(CHECKS) + 2  # counting answers three questions


CASES: dict[str, tuple[dict[str, Any], Verdict, str]] = {
    "crashed": ({"finish": None, "found": 0, "pages": []}, Verdict.FAILED, "finished"),
    "killed": ({"finish": "shutdown"}, Verdict.FAILED, "finished"),
    "site down": ({"pages": [page(0, Failure.DNS)], "found": 0}, Verdict.FAILED, "finished"),
    "page limit": ({"finish": "page_limit"}, Verdict.WARNED, "finished"),
    "errors": (
        {"pages": [page(n, Failure.TIMEOUT if n < 3 else None) for n in range(20)]},
        Verdict.QUARANTINED,
        "error_share",
    ),
    "challenge": (
        {"pages": [page(0), *[page(n) for n in range(2, 20)], page(1, Failure.BOT_CHALLENGE)]},
        Verdict.QUARANTINED,
        "substituted",
    ),
    "parked": ({"pages": [page(0, Failure.SOFT_404), *map(page, range(1, 20))]},
               Verdict.QUARANTINED, "substituted"),
    "one stand-in": (
        {"pages": [*map(page, range(19)), page(19, Failure.SOFT_404)]},
        Verdict.WARNED,
        "substituted",
    ),
    "a list that breaks off": (
        {"pages": [*map(page, range(19)), page(19, Failure.TIMEOUT, following=True)]},
        Verdict.QUARANTINED,
        "pagination",
    ),
    "a page of a list that was there": (
        {"pages": [page(0), page(1), page(2, Failure.GONE, following=True)]},
        Verdict.QUARANTINED,
        "pagination",
    ),
    "a next page that never was": (
        {"pages": [page(0), page(1), page(9, Failure.GONE, following=True)]},
        Verdict.WARNED,
        "pagination",
    ),
    "empty": ({"found": 0}, Verdict.QUARANTINED, "count"),
    "empty at first": ({"found": 0, "published": 0, "history": []}, Verdict.QUARANTINED, "count"),
    "only its network is left": ({"found": 0, "networks": 1}, Verdict.QUARANTINED, "count"),
    "below minimum": ({"expect": {"min": 11}}, Verdict.QUARANTINED, "expect"),
    "above maximum": ({"expect": {"max": 9}}, Verdict.WARNED, "expect"),
    "far fewer than usual": (
        {"found": 5, "published": 0, "history": [10, 9, 11, 10, 10]},
        Verdict.QUARANTINED,
        "history",
    ),
    "far more than usual": ({"found": 18}, Verdict.WARNED, "history"),
    "several pages gone at once": (
        {"found": 8, "pages": [page(0), page(8, Failure.GONE), page(9, Failure.GONE)]},
        Verdict.WARNED,
        "gone",
    ),
    "a third vanished": ({"found": 7}, Verdict.QUARANTINED, "vanished"),
    "a field ran dry": (
        {"expect": {"fill": {"hours_text": 0.5}}},
        Verdict.QUARANTINED,
        "fill",
    ),
    "a field that was full": (
        {"fills": ({"phones": 1.0, "hours_text": 0.8}, {"phones": 1.0, "hours_text": 0.9})},
        Verdict.QUARANTINED,
        "fill",
    ),
    "a field that was full once": ({"fills": ({"hours_text": 1.0},)}, Verdict.QUARANTINED, "fill"),
    "events ended, and others went with them": (
        {"found": 2, "published": 5, "history": [10, 10], "expired": 5},
        Verdict.QUARANTINED,
        "history",
    ),
    "one phone everywhere": (
        {"values": lambda _n: {"phones": ["+493023125000"]}},
        Verdict.WARNED,
        "shared_contact",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_sick_run_is_named(name: str) -> None:
    arguments, verdict, check = CASES[name]
    judgement = judge(**arguments)
    assert judgement.verdict is verdict
    assert check in {finding.check for finding in judgement.objections}
    assert all(_tells(finding) for finding in judgement.objections)


@pytest.mark.parametrize("name", [name for name in CASES if "next page" in name or "list" in name])
def test_a_list_that_breaks_off_is_called_truncated(name: str) -> None:
    """Whatever kept the next page away, offers are missing: that is the failure's name."""
    named = {finding.check: finding.failure for finding in judge(**CASES[name][0]).objections}
    assert named["pagination"] == "truncated"


def _tells(finding: Finding) -> bool:
    """What is wrong and what to do, each in whole sentences."""
    said = (finding.message, finding.advice)
    return all(text.endswith((".", "?", ")")) for text in said) and len(finding.examples) <= 5


HEALTHY: dict[str, dict[str, Any]] = {
    "empty by declaration": {"found": 0, "published": 0, "history": [],
                             "expect": {"may_be_empty": True}},
    "a site that only tells of its network": {
        "found": 0, "published": 0, "history": [0, 0], "networks": 1
    },
    "dead links and robots": {
        "pages": [page(0), page(1), page(2, Failure.GONE), page(3, Failure.ROBOTS)]
    },
    "the page of one offer": {"found": 9, "pages": [page(0), page(9, Failure.GONE)]},
    "a calendar whose events are over": {
        "found": 2, "published": 2, "history": [10, 10], "expired": 8
    },
    "a field that half of them have": {"fills": ({"hours_text": 0.4}, {"hours_text": 0.4})},
    "two of five vanished": {"found": 3, "published": 5, "history": [5, 5]},
    "one more than usual at a tiny site": {"found": 2, "published": 1, "history": [1]},
}  # fmt: skip


@pytest.mark.parametrize("name", HEALTHY)
def test_no_false_alarm(name: str) -> None:
    assert judge(**HEALTHY[name]).verdict is Verdict.ACCEPTED


def test_linked_documents_that_cannot_be_read_break_no_run() -> None:
    scans = [
        replace(page(n, failure), requested_url=f"{START}flyer-{n}.pdf")
        for n, failure in enumerate((Failure.PARSE, Failure.TOO_LARGE), 2)
    ]
    assert judge(pages=[page(0), page(1), *scans]).verdict is Verdict.ACCEPTED
    assert judge(pages=[page(0), page(1), page(2, Failure.PARSE)]).verdict is Verdict.QUARANTINED
