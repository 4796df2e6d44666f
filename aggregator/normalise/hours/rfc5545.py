"""Rules as the parts of RFC 5545 recurrences that an HSDS 3.1 `schedule` holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from aggregator.normalise.hours.rule import DAY, Parity, Period, Rule, Span, Weekday

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Schedule:
    """One HSDS schedule: names are those of HSDS, values those of RFC 5545, section 3.3.10.

    `opens_at` and `closes_at` are "HH:MM" in Europe/Berlin; `closes_at` is None for an open end.
    `valid_from` and `valid_to` bound the days. Without `freq` it is the one day `dtstart`.
    """

    freq: Literal["WEEKLY", "MONTHLY"] | None
    interval: int | None
    byday: str | None
    byweekno: str | None
    opens_at: str
    closes_at: str | None
    dtstart: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None


def write(rules: Sequence[Rule]) -> tuple[Schedule, ...]:
    """The schedules of these rules; closed days have none, seasons without a year neither."""
    return tuple(
        schedule
        for rule in rules
        for period in rule.periods or (Period(None, None),)
        if not _yearless(period)
        for span in rule.spans
        for schedule in _schedules(rule, period, span)
    )


def _schedules(rule: Rule, period: Period, span: Span) -> list[Schedule]:
    first = period.first.date() if period.first else None
    last = period.last.date() if period.last else None
    opens, closes = _clock(span.start), None if span.end is None else _clock(span.end % DAY)
    if not rule.weekdays and first:
        once = first == last
        return [
            Schedule(
                None if once else "WEEKLY", None if once else 1, None if once else ",".join(_DAYS),
                None, opens, closes, first, first, last,
            )
        ]  # fmt: skip
    plain = [_DAYS[w.day] for w in rule.weekdays if not w.nth and w.day < len(_DAYS)]
    made = []
    if plain:
        weeks = None if rule.parity is None else _weeks(rule.parity)
        made.append(
            Schedule("WEEKLY", 1 if weeks is None else 2, ",".join(plain), weeks, opens, closes,
                     None, first, last)
        )  # fmt: skip
    counted = [part for w in rule.weekdays for part in _counted(w)]
    if counted:
        made.append(
            Schedule("MONTHLY", 1, ",".join(counted), None, opens, closes, None, first, last)
        )
    return made


def _counted(weekday: Weekday) -> list[str]:
    return [f"{count}{_DAYS[weekday.day]}" for count in weekday.nth if weekday.day < len(_DAYS)]


def _weeks(parity: Parity) -> str:
    return ",".join(str(week) for week in range(2 - parity, 54, 2))


def _yearless(period: Period) -> bool:
    return any(day is not None and not day.year for day in (period.first, period.last))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
