"""Dates and times as machines write them: ISO 8601 values and RFC 5545 rules of a record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from aggregator.normalise.hours.rule import Day, Period, Rule, Span, Weekday
from crawlers.record import Passage, Role, of_roles

_BERLIN = ZoneInfo("Europe/Berlin")
_DAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_BYDAY = re.compile(r"(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")


def first(passages: Sequence[Passage], role: Role) -> Passage | None:
    """The first passage of a role."""
    return next((p for p in of_roles(passages, role) if p.text.strip()), None)


def moment(text: str) -> datetime | date | None:
    """An ISO 8601 value in Berlin's time: a date where no time of day is stated."""
    text = text.strip()
    try:
        if len(text) <= 10:
            return date.fromisoformat(text)
        value = datetime.fromisoformat(text)
        return value.astimezone(_BERLIN) if value.tzinfo else value
    except (ValueError, OverflowError):
        return None


def day(value: datetime | date) -> date:
    """The day of a moment."""
    return value.date() if isinstance(value, datetime) else value


def rule(passages: Sequence[Passage]) -> Rule | None:
    """The rule that a calendar entry states: one day, or weekly or monthly by weekday."""
    starts, ends = first(passages, Role.STARTS), first(passages, Role.ENDS)
    begin = moment(starts.text) if starts else None
    close = moment(ends.text) if ends else None
    if not isinstance(begin, datetime) or (close is not None and not isinstance(close, datetime)):
        return None
    if close is not None and (close.date() != begin.date() or close <= begin):
        return None
    span = Span(_minute(begin), _minute(close) if isinstance(close, datetime) else None)
    recurrence = first(passages, Role.RECURRENCE)
    if recurrence is None:
        on = Day(begin.year, begin.month, begin.day)
        return Rule(periods=(Period(on, on),), spans=(span,))
    weekdays = _weekdays(recurrence.text, begin.weekday())
    return Rule(weekdays=weekdays, spans=(span,)) if weekdays else None


def last(recurrence: str) -> date | None:
    """The day of an RRULE's UNTIL."""
    match = re.search(r"UNTIL=(\d{8})", recurrence.upper())
    try:
        return datetime.strptime(match[1], "%Y%m%d").date() if match else None  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _weekdays(recurrence: str, begin: int) -> tuple[Weekday, ...]:
    """The weekdays of an RRULE, or none where it is more than weekdays can say."""
    parts = dict(
        part.split("=", 1)
        for part in recurrence.upper().removeprefix("RRULE:").split(";")
        if "=" in part
    )
    freq = parts.get("FREQ")
    if parts.get("INTERVAL", "1") != "1" or not parts.keys() <= {
        "FREQ",
        "INTERVAL",
        "BYDAY",
        "UNTIL",
        "COUNT",
        "WKST",
    }:
        return ()
    matches = [_BYDAY.fullmatch(item) for item in parts.get("BYDAY", "").split(",") if item]
    found = [Weekday(_DAYS[m[2]], (int(m[1]),) if m[1] else ()) for m in matches if m]
    if len(found) != len(matches):
        return ()
    if freq == "WEEKLY" and not any(w.nth for w in found):
        return tuple(found) or (Weekday(begin),)
    if freq == "MONTHLY" and found and all(w.nth for w in found):
        return tuple(found)
    return ()


def _minute(value: datetime) -> int:
    return value.hour * 60 + value.minute
