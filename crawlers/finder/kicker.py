"""The line above a headline in its own box: "Sa, 12.12.2026 · 15–18 Uhr" over what takes place."""

from __future__ import annotations

from collections.abc import Sequence

from crawlers.finder.evidence import Sign, signs
from crawlers.finder.flow import Flow
from crawlers.finder.units import Unit
from crawlers.finder.words import is_date

_TIMED = Sign.WEEKDAY | Sign.CLOCK
_HEADLINE_AND_KICKER = 2


def with_kickers(flow: Flow, units: Sequence[Unit]) -> list[Unit]:
    """The units, each with the day and hour that stand above its headline in the same box.

    They are no more of the unit before, which is none where nothing else stands below its headline.
    A bare date may be the one of a post, which says nothing of what it tells.
    """
    told: list[Unit] = []
    for unit in units:
        kicker = _kicker(flow, unit)
        if kicker and told and told[-1].end == unit.start:
            before = told.pop()
            if before.end - before.start > _HEADLINE_AND_KICKER:
                told.append(before._replace(end=unit.start - 1))
        elif kicker and any(before.end > unit.start - 1 for before in told):
            kicker = Sign.NONE
        told.append(_from_above(flow, unit, kicker) if kicker else unit)
    return told


def _from_above(flow: Flow, unit: Unit, kicker: int) -> Unit:
    start = unit.start - 1
    rest = unit.rest + len(flow.lines[start].text)
    return unit._replace(start=start, signs=unit.signs | kicker, rest=rest)


def _kicker(flow: Flow, unit: Unit) -> int:
    """What the line above a unit's headline shows, where it is its day and hour."""
    above = unit.start - 1
    if above < 0 or unit.title_line != unit.start or not flow.lines[unit.start].rank:
        return Sign.NONE
    line = flow.lines[above]
    told = signs(line.text) if is_date(line.text) and not line.menu else Sign.NONE
    return told if told & _TIMED and _in_one_box(flow, above, unit) else Sign.NONE


def _in_one_box(flow: Flow, above: int, unit: Unit) -> bool:
    """Whether the box that begins with a line is that of the unit below it, and of no other."""
    index = flow.lines[above].element
    while index >= 0:
        box = flow.elements[index]
        if box.start < above or box.end > unit.end:
            return False
        if box.end > unit.start:
            return True
        index = box.parent
    return False
