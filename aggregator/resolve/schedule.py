"""Opening hours as they are compared: which spans of which days two listings share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:\[[-\d,]{1,12}\])?"
_RULE = re.compile(rf"({_DAY}(?:[-,]{_DAY}){{0,7}})\s+(\d\d:\d\d.{{0,80}})")
_DATED = re.compile(r"\b(?:20\d\d|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b")
_USUAL_DAYS = 4


@dataclass(frozen=True, slots=True)
class Schedule:
    """Hours, taken apart. `slots` are (day, span); a rule that is not of weekdays is one slot."""

    slots: frozenset[tuple[str, str]]
    days: frozenset[str]
    dated: bool
    usual: bool
    """On most days: hours of an office, which all of its services share."""


@lru_cache(maxsize=50_000)
def schedule(hours: str) -> Schedule:
    """Take OSM opening hours apart."""
    slots: set[tuple[str, str]] = set()
    for rule in hours[:2000].split(";"):
        text = rule.strip()
        match = _RULE.fullmatch(text)
        if match:
            spans = [span.strip() for span in match[2].split(",")]
            slots |= {(day, span) for day in _days(match[1]) for span in spans}
        elif text:
            slots.add((text, ""))
    days = frozenset(day for day, _ in slots)
    usual = "24/7" in hours or len(days) >= _USUAL_DAYS
    return Schedule(frozenset(slots), days, bool(_DATED.search(hours)), usual)


def _days(text: str) -> list[str]:
    found: list[str] = []
    for one in re.split(r",(?![-\d])", text):
        first, _, last = one.partition("-") if "[" not in one else (one, "", "")
        if last in _DAYS and first in _DAYS:
            start, end = _DAYS.index(first), _DAYS.index(last)
            found += _DAYS[start : end + 1] or [*_DAYS[start:], *_DAYS[: end + 1]]
        else:
            found.append(one)
    return found
