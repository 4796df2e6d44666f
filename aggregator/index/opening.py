"""When an offer is open, as far as its hours were understood: days and hours for filters, and now.

Hours are OSM `opening_hours` values. Nothing is claimed that the value does not say for certain: on
public holidays, in school holidays and where an appointment is needed, people should call.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any

import holidays
from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from aggregator.harvest import BERLIN
from aggregator.vocabulary.regions import REGIONS

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
PARTS = ("weekday", "weekend", "morning", "afternoon", "evening")
NOW = "now"

_SEPARATOR = "|"
_MONDAY = datetime(2026, 3, 2)  # noqa: DTZ001 - a week without holidays; the evaluator is naive
_DATED = re.compile(r"\d{4}|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|week|easter)\b|\[")
_PH = re.compile(r"\bPH\b")
_UNSURE = re.compile(r'["+]|\bSH\b|unknown')
_MORNING_ENDS, _EVENING_BEGINS = time(12), time(18)
_NIGHT_ENDS = time(6)
_HOURS = {"morning": range(12), "afternoon": range(12, 18), "evening": range(18, 24)}
_COUNTS = timedelta(minutes=30)
"""An offer has to be open so long in a part of the day to be one of that part."""


def entry(offer: Mapping[str, Any]) -> str | None:
    """The hours of an offer with what else decides whether they hold; None if not understood."""
    osm = offer.get("hours_osm")
    if not isinstance(osm, str) or not osm:
        return None
    qualifiers = offer.get("hours_qualifiers") or ()
    doubt = {"by_appointment", "not_in_school_holidays"} & set(qualifiers)
    land = str(offer.get("region_key") or "")[:2]
    return _SEPARATOR.join((land if land in REGIONS else "", "?" if doubt else "", osm))


@lru_cache(maxsize=50_000)
def parts(osm: str, today: date) -> frozenset[str]:
    """The weekdays and parts of the day at which something is open in the year from `today`."""
    found: set[str] = set()
    for start, end in _spans(osm, today):
        found.add(DAYS[start.weekday()])
        found.add("weekend" if start.weekday() > 4 else "weekday")
        noon, evening = (datetime.combine(start, at) for at in (_MORNING_ENDS, _EVENING_BEGINS))
        if min(end, noon) - start >= _COUNTS:
            found.add("morning")
        if min(end, evening) - max(start, noon) >= _COUNTS:
            found.add("afternoon")
        if end - max(start, evening) >= _COUNTS:
            found.add("evening")
    return frozenset(found)


@lru_cache(maxsize=50_000)
def slots(osm: str, today: date) -> frozenset[str]:
    """The hours of the week in which something may be open: "mo09" is Monday from 9 to 10."""
    found: set[str] = set()
    for start, end in _spans(osm, today):
        last = start.hour if end <= start else (end - timedelta(minutes=1)).hour
        found.update(slot(start.weekday(), hour) for hour in range(start.hour, last + 1))
    return frozenset(found)


@lru_cache(maxsize=50_000)
def weekly_minutes(osm: str, today: date) -> float | None:
    """How many minutes a week something is open, public holidays apart; None if it is no value.

    Where dates are named it is the mean week of the year from `today`.
    """
    if _parsed(osm) is None:
        return None
    minutes = sum((end - start).total_seconds() / 60 for start, end in _spans(osm, today))
    return minutes * 7 / 366 if _DATED.search(osm) else minutes


def slot(weekday: int, hour: int) -> str:
    """The name of an hour of the week."""
    return f"{DAYS[weekday]}{hour:02d}"


def days(values: Collection[str]) -> list[int]:
    """The weekdays that some values of the filter name, Monday is 0."""
    named = {at for at, day in enumerate(DAYS) if day in values}
    named.update(range(5) if "weekday" in values else ())
    named.update((5, 6) if "weekend" in values else ())
    return sorted(named)


def hours(values: Collection[str]) -> list[int]:
    """The hours of the day that some values of the filter name."""
    return sorted({hour for part in values for hour in _HOURS.get(part, ())})


@lru_cache(maxsize=200_000)
def open_at(entry: str, moment: datetime) -> bool | None:
    """Whether an offer with this `entry` is open at a moment (Europe/Berlin); None is not sure."""
    parsed = _certain(entry, moment.date())
    if parsed is None:
        return None
    here = moment.replace(tzinfo=None)
    is_open = parsed.is_open(here)
    if is_open and here.time() < _NIGHT_ENDS:
        # What began before midnight is of the day before, which may have been a holiday.
        late = datetime.combine(here.date(), time()) - timedelta(minutes=1)
        before = _certain(entry, late.date())
        if parsed.is_open(late) and not (before and before.is_open(late)):
            return None
    return is_open


@lru_cache(maxsize=50_000)
def open_on(entry: str, day: date) -> tuple[tuple[datetime, datetime], ...] | None:
    """The spans in which an offer is open on a day, cut at midnight; None is not sure."""
    parsed = _certain(entry, day)
    if parsed is None:
        return None
    first = datetime.combine(day, time())
    until = first + timedelta(days=1)
    return tuple(
        (opens.replace(tzinfo=None), min(closes.replace(tzinfo=None), until))
        for opens, closes, state, _ in parsed.intervals(first, until)
        if state == State.OPEN
    )


def _certain(entry: str, day: date) -> OpeningHours | None:
    """The hours of an entry where they hold on a day for certain."""
    land, doubt, osm = entry.split(_SEPARATOR, 2)
    if doubt or _UNSURE.search(osm):
        return None
    if _holiday(land, day):
        if not _PH.search(osm):
            return None
        osm = _PH.sub(f"{day:%Y} {day:%b} {day.day:02d}", osm)
    return _parsed(osm)


def berlin(moment: datetime | None) -> datetime:
    """A moment, or the present, as clocks in Germany show it, to the minute."""
    moment = datetime.now(BERLIN) if moment is None else moment.astimezone(BERLIN)
    return moment.replace(second=0, microsecond=0)


def _spans(osm: str, today: date) -> Iterator[tuple[datetime, datetime]]:
    """When it is open, cut at midnight: a week, or where dates are named the year from `today`."""
    parsed = _parsed(osm)
    if parsed is None:
        return
    dated = _DATED.search(osm)
    first = datetime.combine(today, time()) if dated else _MONDAY
    until = first + timedelta(days=366 if dated else 7)
    for opens, closes, state, _ in parsed.intervals(first, until):
        if state == State.OPEN:
            yield from _days(opens.replace(tzinfo=None), min(closes.replace(tzinfo=None), until))


def _days(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """A span of time cut at midnight."""
    while start < end:
        midnight = datetime.combine(start.date() + timedelta(days=1), time())
        yield start, min(end, midnight)
        start = midnight


@lru_cache(maxsize=50_000)
def _parsed(osm: str) -> OpeningHours | None:
    try:
        return OpeningHours(osm, max_interval_days=366)
    except (ParserError, SyntaxError):
        return None


def prepare(day: date) -> None:
    """Load the holidays of a year: the first to ask would wait a tenth of a second for them."""
    _holiday("", day)


def _holiday(land: str, day: date) -> bool:
    """Whether it is a public holiday in a Land, or in any where the Land is not known."""
    known = (
        [REGIONS[land].short]
        if land
        else [r.short for k, r in REGIONS.items() if len(k) == 2 and k.isdigit()]
    )
    return any(day in _calendar(short, day.year) for short in known)


@cache
def _calendar(short: str, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("DE", subdiv=short, years=year)
