"""German wording -> OSM value and qualifiers, compared by open intervals over 13 weeks."""

from __future__ import annotations

import importlib.util
import json
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import validate

from aggregator.normalise.hours import parse

HERE = Path(__file__).parent
SEEN_ON = date(2026, 3, 2)
DEVELOPMENT = HERE.parents[4] / "shared" / "hours" / "dev.jsonl"

spec = importlib.util.spec_from_file_location("intervals", HERE / "intervals.py")
assert spec
assert spec.loader
intervals = importlib.util.module_from_spec(spec)
spec.loader.exec_module(intervals)


def cases(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def check(case: dict) -> None:
    seen_on = date.fromisoformat(case["seen_on"]) if "seen_on" in case else SEEN_ON
    hours = parse(case["text"], seen_on)
    osm = hours.osm if hours else None
    start = datetime.combine(seen_on, time())
    weeks = 60 if "seen_on" in case else intervals.WEEKS  # seasons and next year's dates
    said, true = (intervals.open_intervals(value, start, weeks) for value in (osm, case["osm"]))
    assert said == true, osm
    assert sorted(hours.qualifiers if hours else ()) == sorted(case["qualifiers"])


@pytest.mark.parametrize(
    "case",
    [
        case
        for name in ("cases", "holdout", "styles", "pages", "offices", "courses")
        for case in cases(HERE / f"{name}.jsonl")
    ],
    ids=lambda c: c["text"],
)
def test_wording(case: dict) -> None:
    check(case)


@pytest.mark.skipif(not DEVELOPMENT.exists(), reason="shared development set is not here")
def test_development_set() -> None:
    for case in cases(DEVELOPMENT):
        check(case)


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("Mo, Mi, Do, Fr 9-12 Uhr", "Mo,We-Fr 09:00-12:00"),
        ("Mo-Fr 8-12 Uhr sowie Di 14-16 Uhr", "Mo,We-Fr 08:00-12:00; Tu 08:00-12:00,14:00-16:00"),
        ("täglich 10-18 Uhr, montags geschlossen", "Tu-Su 10:00-18:00; Mo off"),
        ("freitags 20 bis 2 Uhr", "Fr 20:00-02:00"),
        ("Di 9-12 Uhr, jeden 2. Di im Monat auch 16-19 Uhr", "Tu 09:00-12:00, Tu[2] 16:00-19:00"),
    ],
)
def test_canonical_form(text: str, osm: str) -> None:
    hours = parse(text, SEEN_ON)
    assert hours
    assert hours.osm == osm


@pytest.mark.parametrize(
    "text",
    [
        "jeden zweiten Samstag 15-17 Uhr",
        "alle 14 Tage mittwochs 16-18 Uhr",
        "1x im Monat Sa 10-13 Uhr",
    ],
)
def test_rhythm_without_anchor_is_flagged(text: str) -> None:
    hours = parse(text, SEEN_ON)
    assert hours
    assert (hours.osm, hours.schedules, hours.doubts) == (None, (), ("hours_ambiguous",))


@pytest.mark.parametrize(
    "text", ["Raum für Alleinerziehende", "Tel. 030 23125 010-12", "Kosten: 9-12 Euro", ""]
)
def test_text_without_times_says_nothing(text: str) -> None:
    assert parse(text, SEEN_ON) is None


def test_year_is_inferred_only_where_one_fits() -> None:
    for text, osm in [
        ("Sa, 14.3., 10-12 Uhr", "2026 Mar 14 10:00-12:00"),
        ("So, 14.3., 10-12 Uhr", "2027 Mar 14 10:00-12:00"),
        ("Do, 14.3., 10-12 Uhr", None),
        ("am 14.3., 10-12 Uhr", None),
        ("12.11., 10.12., 14.1.2027, 10-12 Uhr",
         "2026 Nov 12,2026 Dec 10,2027 Jan 14 10:00-12:00"),
    ]:  # fmt: skip
        hours = parse(text, SEEN_ON)
        assert hours
        assert hours.osm == osm, text


def test_schedules_are_rfc5545() -> None:
    hours = parse("Mo, Mi 9-12 Uhr, jeden 1. und 3. Freitag im Monat ab 15 Uhr", SEEN_ON)
    assert hours
    weekly, monthly = hours.schedules
    assert (weekly.freq, weekly.interval, weekly.byday) == ("WEEKLY", 1, "MO,WE")
    assert (weekly.opens_at, weekly.closes_at) == ("09:00", "12:00")
    assert (monthly.freq, monthly.byday) == ("MONTHLY", "1FR,3FR")
    assert (monthly.opens_at, monthly.closes_at) == ("15:00", None)


def test_fortnight_names_its_weeks() -> None:
    hours = parse("Di 10-12 Uhr (ungerade KW)", SEEN_ON)
    assert hours
    (schedule,) = hours.schedules
    assert schedule.interval == 2
    assert schedule.byweekno
    assert {int(week) % 2 for week in schedule.byweekno.split(",")} == {1}


WORDS = [
    "Mo", "Di", "mittwochs", "Donnerstag", "So", "täglich", "werktags", "feiertags", "9", "12",
    "9-12", "14.30", "9:00", "24", "Uhr", "h", "bis", "ab", "von", "zwischen", "und", "oder",
    ",", ";", "-", "–", "(", ")", ":", "\n", "1.", "2.", "letzten", "ersten", "jeden",
    "im Monat", "außer", "geschlossen", "nach Vereinbarung", "gerade KW", "alle 14 Tage",
    "14.3.2026", "7.1.", "März", "April bis Oktober", "in den Ferien geschlossen", "abends",
    "Einlass", "Ende", "Treff", "rund um die Uhr", "auch", "31.2.2026",
]  # fmt: skip


@settings(max_examples=600, derandomize=True, deadline=2000)
@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_any_words_give_a_valid_value_or_none(words: list[str]) -> None:
    hours = parse(" ".join(words), SEEN_ON)
    if hours and hours.osm is not None:
        assert validate(hours.osm)
        assert hours.complete


@settings(max_examples=200, derandomize=True, deadline=2000)
@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    parse(text, SEEN_ON)


@pytest.mark.parametrize(
    "piece", ["1", "1. ", "Mo ", "(", "9-", "an den ", "nach a. ", "ab 9 ", "a"]
)
def test_long_text_is_read_in_bounded_time(piece: str) -> None:
    parse(piece * 20_000, SEEN_ON)


def test_text_beyond_the_limit_is_not_half_read() -> None:
    hours = parse("Mo 9-12 Uhr" + ", Treff" * 1_000 + ", Di 14-16 Uhr", SEEN_ON)
    assert hours
    assert (hours.osm, hours.complete) == (None, False)
