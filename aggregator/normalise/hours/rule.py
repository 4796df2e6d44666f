"""What a German text on times means, before it is written in any notation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import NamedTuple

DAY = 24 * 60
HOLIDAY = 7
"""The weekday number of public holidays; 0 is Monday, as in `datetime`."""


class Parity(IntEnum):
    """Which ISO 8601 weeks a rule holds in: the remainder of the week number by two."""

    EVEN = 0
    ODD = 1


class Span(NamedTuple):
    """Opening minutes of a day; `end` beyond 1440 is past midnight, None is an open end."""

    start: int
    end: int | None

    def overlaps(self, other: Span) -> bool:
        """Whether both are open at some minute of one day."""
        return self.start < (other.end or DAY) and other.start < (self.end or DAY)


def ordered(told: Collection[Span]) -> tuple[Span, ...]:
    """Spans from early to late, each once.

    "Um 15 Uhr, 15-17 Uhr" says the same twice: the one with an end stands for both.
    """
    if len(told) < 2:
        return tuple(told)
    ended = {span.start for span in told if span.end is not None}
    return tuple(sorted({s for s in told if s.end is not None or s.start not in ended}))


class Weekday(NamedTuple):
    """A day of the week; `nth` are its counts in the month (-1: the last), empty: every one."""

    day: int
    nth: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """A day of the calendar, in every year where `year` is 0. Day 0 stands for the whole month."""

    year: int
    month: int
    day: int

    def date(self) -> date | None:
        """The date, or None where the year is open or there is no such day."""
        if not self.year:
            return None
        try:
            return date(self.year, self.month, self.day or 1)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Period:
    """Calendar days from `first` to `last`, both in it; an end left open is None."""

    first: Day | None
    last: Day | None


class Rule(NamedTuple):
    """Days and what holds on them.

    A rule holds on its `weekdays` within its `periods` and weeks; without weekdays on each day of
    the periods. No spans: closed. `until` ends the spans that an earlier rule gave these days
    ("freitags nur bis 11 Uhr"), `more` adds to them ("zusätzlich"). `label` is what the text calls
    it ("Telefonische Sprechzeit").
    """

    weekdays: tuple[Weekday, ...] = ()
    periods: tuple[Period, ...] = ()
    parity: Parity | None = None
    spans: tuple[Span, ...] = ()
    until: int | None = None
    more: bool = False
    label: str = ""


class Timetable(NamedTuple):
    """The parse of one text.

    `complete`: every word and number that may speak of time is accounted for. `ambiguous`: there
    is a rhythm without an anchor, so that no calendar follows from it.
    """

    rules: tuple[Rule, ...] = ()
    complete: bool = False
    ambiguous: bool = False
    timed: bool = False
    """Whether anything in the text speaks of days or times at all."""
