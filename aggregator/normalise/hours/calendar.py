"""Dates whose year is not written: inferred only where nothing else is possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from aggregator.normalise.hours.rule import Day

Dated = tuple[Day, int | None]
"""A date and the weekday the text gives it."""


def complete(dates: Sequence[Dated], seen_on: date) -> list[Day] | None:
    """The dates with their years, or None where a year is open or a weekday contradicts.

    A year written at the end of a list holds for the dates before it, which run backwards in time.
    Else a weekday decides, where it agrees with exactly one of this year and the next.
    """
    years: list[Day] = []
    following: Day | None = None
    for day, weekday in reversed(dates):
        known = day
        if not known.year and following:
            wraps = (day.month, day.day) > (following.month, following.day)
            known = replace(day, year=following.year - wraps)
        if not known.year and weekday is not None:
            known = _by_weekday(day, weekday, seen_on)
        found = known.date()
        if found is None or (weekday is not None and found.weekday() != weekday):
            return None
        years.append(known)
        following = known
    return years[::-1]


def _by_weekday(day: Day, weekday: int, seen_on: date) -> Day:
    fitting = [
        dated
        for year in (seen_on.year, seen_on.year + 1)
        if (found := (dated := replace(day, year=year)).date()) and found.weekday() == weekday
    ]
    return fitting[0] if len(fitting) == 1 else day
