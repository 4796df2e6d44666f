"""A list of events by day: "Samstag, 05.12.2026" stands above what takes place on it."""

from __future__ import annotations

from collections.abc import Sequence

from crawlers.finder.evidence import Sign, signs
from crawlers.finder.flow import Flow
from crawlers.finder.units import Unit
from crawlers.finder.words import is_date

_LEAST = 2  # days of a list
_DATED = Sign.WEEKDAY | Sign.DATE


def by_day(flow: Flow, units: Sequence[Unit]) -> list[Unit]:
    """The units; hours of theirs that have no day of their own are told the date above them.

    Dates are those of a list where one stands above its first unit, and are no part of the unit
    before. They stand in one box with each other, or are headings: one in a unit's own box may be
    when something was written.
    """
    days = _days(flow, units)
    if not days:
        return list(units)
    told = [_without_next(unit, days) for unit in units]
    inside = {number for unit in told for number in range(unit.start, unit.end)} - days
    for unit in told:
        above = unit.start - 1
        while above in inside:
            above -= 1
        lines = flow.lines[unit.start : unit.end]
        if above not in days or any(
            line.signs & Sign.DATE and is_date(line.text) for line in lines
        ):
            continue
        for line in lines:
            if line.signs & Sign.CLOCK and not line.signs & _DATED:
                line.day = flow.lines[above].text.strip(" :.–-")
    return told


def _days(flow: Flow, units: Sequence[Unit]) -> set[int]:
    """The dates that stand right above a unit, where they make a list."""
    above = [unit.start - 1 for unit in units if unit.start]
    days = [n for n in above if _names_day(flow, n)]
    first = min((unit.start for unit in units), default=0) - 1
    named = [n for n, line in enumerate(flow.lines) if line.rank and _names_day(flow, n)]
    listed = {
        n
        for n in days
        if sum(other in _box(flow, n) for other in days) >= _LEAST
        or (n in named and len(named) >= _LEAST)
    }
    return listed if first in listed else set()


def _without_next(unit: Unit, days: set[int]) -> Unit:
    """A unit without the date of what comes next."""
    return unit._replace(end=unit.end - 1) if unit.end - 1 in days else unit


def _names_day(flow: Flow, number: int) -> bool:
    line = flow.lines[number]
    if line.menu or not is_date(line.text):
        return False
    told = signs(line.text)
    return told & _DATED == _DATED and not told & Sign.CLOCK


def _box(flow: Flow, number: int) -> range:
    """The lines of the smallest box that holds a line and something behind it."""
    index = flow.lines[number].element
    while index >= 0 and flow.elements[index].end <= number + 1:
        index = flow.elements[index].parent
    if index < 0:
        return range(len(flow.lines))
    return range(flow.elements[index].start, flow.elements[index].end)
