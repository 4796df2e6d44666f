"""Headings that name a day of the week: below each stands what takes place on that day."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from crawlers.finder.evidence import Sign
from crawlers.finder.flow import Flow, Line
from crawlers.finder.titles import after_hour
from crawlers.finder.words import is_date, is_label

_DAY = re.compile(
    r"(?:jeden |immer )?(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend"
    r"|sonntag)s?",
    re.IGNORECASE,
)
_NAMES = re.compile(r"[^\W\d_]{4}")
_LEAST = 2  # days of a plan


def label_days(flow: Flow) -> None:
    """Tell the lines below such headings their day, and make each heading that of a section.

    Days above nothing but hours are the opening hours of a house; these stay as they are.
    """
    heads: dict[tuple[int, str], list[int]] = defaultdict(list)
    for n, line in enumerate(flow.lines):
        if line.rank and not line.menu and _DAY.fullmatch(line.text.strip(" :.–-")):
            heads[line.rank, line.shape].append(n)
    for days in heads.values():
        if len(days) < _LEAST or _of_hours(flow.lines, days):
            continue
        for n, end in zip(days, _ends(flow, days), strict=True):
            if end > n + 1:
                flow.sections[n] = n + 1
            for line in flow.lines[n + 1 : end]:
                line.day = flow.lines[n].text.strip(" :.–-")


def starts_of_day(flow: Flow) -> list[tuple[int, int]]:
    """The parts of each day that begin with an hour of their own, as ranges of lines."""
    lines = flow.lines
    found: list[tuple[int, int]] = []
    number = 0
    while number < len(lines):
        if not lines[number].day:
            number += 1
            continue
        end = number
        while end < len(lines) and lines[end].day and end not in flow.sections:
            end += 1
        cuts = [n for n in range(number, end) if _opens(lines[n])]
        if cuts and cuts[0] == number:
            found += zip(cuts, [*cuts[1:], end], strict=True)
        number = max(end, number + 1)
    return found


def _opens(line: Line) -> bool:
    """True for a line that begins with an hour, and perhaps goes on with what is then."""
    if not line.signs & Sign.CLOCK:
        return False
    return is_date(line.text) or bool(after_hour(line.text))


def _of_hours(lines: Sequence[Line], days: Sequence[int]) -> bool:
    """True where a heading above speaks of hours, or where most days have nothing but hours."""
    first = lines[days[0]]
    above = (lines[n] for n in range(days[0] - 1, -1, -1))
    heading = next((line for line in above if 0 < line.rank < first.rank or line.rank == 1), None)
    if heading is not None and heading.rank > 1 and is_label(heading.text):
        return True
    naming = sum(
        any(_NAMES.search(line.text) and not is_date(line.text) for line in lines[n + 1 : n + 4])
        for n in days
    )
    return 2 * naming <= len(days)


def _ends(flow: Flow, days: Sequence[int]) -> list[int]:
    """Where each day ends: at the next, at a heading as high, or with the box around them."""
    lines, rank = flow.lines, flow.lines[days[0]].rank
    limit = flow.scope(days[-1], days[-2])
    last = next((n for n in range(days[-1] + 1, limit) if 0 < lines[n].rank <= min(rank, 6)), limit)
    return [*days[1:], last]
