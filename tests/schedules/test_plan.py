"""Which sources are due, and in what order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawlers.source import Source
from schedules.plan import due, next_run

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def source(name: str, rhythm: str = "weekly", **more: object) -> Source:
    start = [f"https://{name}.example/"]
    return Source.model_validate(
        {"id": name, "title": name, "region": "11", "start": start, "rhythm": rhythm, **more}
    )


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def test_a_source_is_due_when_its_rhythm_says_so() -> None:
    assert next_run(source("a"), None, NOW) == NOW
    assert next_run(source("a"), ago(days=6), NOW) == NOW + timedelta(days=1)
    assert next_run(source("a", "daily"), ago(days=6), NOW) == NOW
    assert next_run(source("a", "monthly"), ago(days=6), NOW) == NOW + timedelta(days=24)


def test_who_waited_longest_comes_first_and_disabled_never() -> None:
    sources = [
        source("fresh"),
        source("old"),
        source("older"),
        source("never"),
        source("off", disabled=True),
    ]
    last = {"fresh": ago(days=1), "old": ago(days=8), "older": ago(days=30), "off": ago(days=90)}
    assert [one.id for one in due(sources, last, NOW)] == ["never", "older", "old"]
