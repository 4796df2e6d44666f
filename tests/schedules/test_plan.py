"""When a source is due, and why; a season of nights in seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.harvest import BERLIN
from crawlers.source import Source
from schedules.plan import NEW, Past, Reason, Visit, days_between, due, plan, slot
from schedules.timetable import NightTrigger

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def source(name: str, rhythm: str = "weekly", **more: object) -> Source:
    start = [f"https://{name}.example/"]
    return Source.model_validate(
        {"id": name, "title": name, "region": "11", "start": start, "rhythm": rhythm, **more}
    )


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def visit(rhythm: str = "weekly", **past: object) -> Visit:
    return plan(source("a", rhythm), Past(**past), NOW)  # type: ignore[arg-type]


def days_ahead(one: Visit) -> int:
    return (one.at.astimezone(BERLIN).date() - NOW.astimezone(BERLIN).date()).days


def test_a_source_is_due_when_its_rhythm_says_so() -> None:
    assert plan(source("a"), NEW, NOW) == Visit("a", NOW, Reason.FIRST)
    assert days_ahead(visit(last_started=ago(days=6))) == 1
    assert visit("daily", last_started=ago(days=6)).at == NOW
    assert days_ahead(visit("monthly", last_started=ago(days=6))) == 24
    assert visit(last_started=ago(days=6)).reason is Reason.RHYTHM


def test_it_comes_at_night_at_an_hour_of_its_own() -> None:
    hours = {slot(f"s{n}", date(2026, 7, 1)).astimezone(BERLIN).time() for n in range(300)}
    assert len(hours) > 150
    assert all("00:50" <= f"{hour:%H:%M}" <= "06:10" for hour in hours)
    near = [slot("s1", date(2026, 7, 1) + DAY * n).astimezone(BERLIN) for n in range(30)]
    minutes = [at.hour * 60 + at.minute for at in near]
    assert 0 < max(minutes) - min(minutes) <= 20  # it moves a little, and not more
    assert slot("s1", date(2026, 7, 1)) == slot("s1", date(2026, 7, 1))


@pytest.mark.parametrize(
    ("rhythm", "steady", "days"),
    [("daily", 0, 1), ("daily", 4, 2), ("daily", 99, 4), ("weekly", 3, 7), ("weekly", 4, 14),
     ("weekly", 99, 28), ("monthly", 99, 30)],
)  # fmt: skip
def test_a_site_that_never_changes_is_visited_less_often(
    rhythm: str, steady: int, days: int
) -> None:
    assert days_between(source("a", rhythm), steady) == days
    planned = visit(rhythm, last_started=NOW, steady=steady)
    assert days_ahead(planned) == days
    slower = days != days_between(source("a", rhythm))
    assert planned.reason is (Reason.STEADY if slower else Reason.RHYTHM)


def test_a_date_ahead_brings_one_more_visit() -> None:
    event = date(2026, 11, 27)
    close = visit(last_started=ago(days=1), next_event=event)
    assert (days_ahead(close), close.reason) == (3, Reason.EVENT)
    seen = plan(source("a"), Past(last_started=close.at, next_event=event), close.at)
    assert seen.reason is Reason.RHYTHM  # it was looked at: the rhythm goes on
    far = visit(last_started=ago(days=1), next_event=date(2026, 12, 24))
    assert far.reason is Reason.RHYTHM


def test_a_failure_is_tried_again_ever_more_slowly_and_never_more_often_than_it_helps() -> None:
    def hours(failures: int, failure: str = "", rhythm: str = "weekly") -> float:
        planned = visit(rhythm, last_started=NOW, failures=failures, failure=failure)
        assert planned.reason is Reason.RETRY
        return (planned.at - NOW) / timedelta(hours=1)

    assert [hours(n) for n in (1, 2, 3, 4, 5)] == [2, 4, 8, 16, 32]
    assert hours(400) == 7 * 24
    assert hours(9, rhythm="daily") == 24
    assert hours(1, "timeout") == 2
    assert hours(1, "reserved") == hours(1, "robots") == 7 * 24


def test_a_run_that_was_broken_off_is_taken_up_at_once() -> None:
    assert visit(last_started=ago(hours=1), unfinished=True) == Visit("a", NOW, Reason.UNFINISHED)
    assert visit(unfinished=True).reason is Reason.UNFINISHED


def test_who_waited_longest_comes_first_and_disabled_never() -> None:
    sources = [
        source("fresh"), source("old"), source("older"), source("never"),
        source("off", disabled=True),
    ]  # fmt: skip
    last = {"fresh": ago(days=1), "old": ago(days=8), "older": ago(days=30), "off": ago(days=90)}
    known = {name: Past(last_started=at) for name, at in last.items()}
    assert [one.id for one in due(sources, known, NOW)] == ["never", "older", "old"]


def nights(sources: list[Source], start: datetime, until: datetime) -> Iterator[Visit]:
    """What a clock does that never sleeps: the next visit, then the plan made anew."""
    known = {one.id: Past(last_started=start - DAY * (7 if one.rhythm == "weekly" else 1))
             for one in sources}  # fmt: skip
    waiting = {one.id: plan(one, known[one.id], start) for one in sources}
    by_id = {one.id: one for one in sources}
    while True:
        planned = min(waiting.values(), key=lambda one: (one.at, one.source_id))
        if planned.at >= until:
            return
        yield planned
        known[planned.source_id] = Past(last_started=planned.at)
        waiting[planned.source_id] = plan(
            by_id[planned.source_id], known[planned.source_id], planned.at + timedelta(seconds=90)
        )


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28)])
def test_the_24_hours_of_a_clock_change_lose_no_run_and_double_none(change: date) -> None:
    """Every daily source runs exactly once on the night before, the night, and the night after."""
    sources = [source(f"s{n}", "daily") for n in range(400)]
    start = datetime.combine(change - 2 * DAY, datetime.min.time(), BERLIN).astimezone(UTC)
    ran = Counter(
        (one.source_id, one.at.astimezone(BERLIN).date())
        for one in nights(sources, start, start + 5 * DAY)
    )
    for night in (change - DAY, change, change + DAY):
        counts = [ran[one.id, night] for one in sources]
        assert counts == [1] * 400, night
    # and at the same hour by the clock on the wall, but for the hour that is not there
    for one in sources:
        before, after = (slot(one.id, change + n * DAY).astimezone(BERLIN) for n in (-1, 1))
        assert abs((before.hour - after.hour) * 60 + before.minute - after.minute) <= 20


def test_a_year_of_weekly_visits_loses_none() -> None:
    sources = [source(f"w{n}") for n in range(50)]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    ran = Counter(one.source_id for one in nights(sources, start, start + 364 * DAY))
    assert set(ran.values()) <= {52, 53}


@given(
    st.integers(0, 2 * 365 * 86_400).map(lambda n: NOW + timedelta(seconds=n)),
    st.integers(0, 10_000), st.sampled_from(["daily", "weekly", "monthly"]), st.integers(0, 20),
)  # fmt: skip
def test_the_next_night_is_a_rhythm_away_whenever_one_ran(
    ran: datetime, number: int, rhythm: str, steady: int
) -> None:
    one = source(f"s{number}", rhythm)
    planned = plan(one, Past(last_started=ran, steady=steady), ran)
    days = (planned.at.astimezone(BERLIN).date() - ran.astimezone(BERLIN).date()).days
    wanted = days_between(one, steady)
    assert wanted <= days <= wanted + 1
    assert planned.at - ran >= timedelta(hours=6)


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_kept_job_fires_once_a_night_until_it_is_planned_anew(change: date) -> None:
    trigger = NightTrigger("s7", 1)
    at: datetime | None = slot("s7", change - 2 * DAY)
    seen = []
    for _ in range(4):
        at = trigger.get_next_fire_time(at, NOW)
        assert at is not None
        seen.append(at.astimezone(BERLIN).date())
    assert seen == [change - DAY, change, change + DAY, change + 2 * DAY]
