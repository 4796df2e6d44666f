"""Ages that a title names: from, until, between; two groups of one house differ in nothing else."""

from __future__ import annotations

import re
from typing import NamedTuple

_GROWN = 18 * 12
_YEAR, _WEEKS = 12, 4.345
_NUMBERS = {
    "ein": 1, "zwei": 2, "drei": 3, "vier": 4, "fuenf": 5, "sechs": 6, "sieben": 7, "acht": 8,
}  # fmt: skip
_UNIT = r"(?:-?\s?jaehrig[a-z]*|\s*-?(?:jahr(?:en?|s)?|j\.|monat(?:en?|s)?|mon\.|wochen?)(?![a-z]))"
_TO = r"\s*-?\s*(?:-|–|—|bis(?:\szu)?|u\.|und)\s*"
_BETWEEN = re.compile(rf"\b(\d{{1,2}})({_UNIT})?{_TO}(\d{{1,2}})({_UNIT})")
_FROM = re.compile(rf"\b(?:ab|ueber|von)\s(?:etwa\s|ca\.?\s)?(\d{{1,2}})({_UNIT})")
_UNTIL = re.compile(rf"\b(?:bis|unter)\s(?:zu\s|etwa\s|ca\.?\s)?(\d{{1,2}})({_UNIT})")
_OF = re.compile(rf"\b(\d{{1,2}}|{'|'.join(_NUMBERS)})(-?\s?jaehrig[a-z]*)")
_SHORT = re.compile(r"\bu([36])\b(?!-?\s?bahn|\d)")


class Ages(NamedTuple):
    """Months of life: the first that is meant, and the first that is not."""

    start: float
    end: float

    def likeness(self, other: Ages) -> float:
        """The share of both spans together that lies in each, 0 to 1."""
        common = min(self.end, other.end) - max(self.start, other.start)
        return max(0.0, common) / (max(self.end, other.end) - min(self.start, other.start))


def ages(folded: str) -> tuple[Ages | None, tuple[tuple[int, int], ...]]:
    """The span of ages in a folded text, and where in the text it is told.

    "1-3 Jahre" ends where a child turns three, so that the group for "3-6 Jahre" is another.
    Several spans are one from the least to the greatest.
    """
    if not any(mark in folded for mark in ("jahr", "jaehr", " j.", "mon", "woche", "u3", "u6")):
        return None, ()
    spans: list[Ages] = []
    where: list[tuple[int, int]] = []
    rest = folded
    for pattern, read in _FORMS:
        for match in pattern.finditer(rest):
            start, end = read(match)
            if start < end <= _GROWN:
                spans.append(Ages(start, end))
                where.append(match.span())
        rest = pattern.sub(lambda match: " " * len(match[0]), rest)
    if not spans:
        return None, ()
    return Ages(min(one.start for one in spans), max(one.end for one in spans)), tuple(where)


def _months(number: str, unit: str) -> float:
    count = _NUMBERS.get(number) or int(number)
    if "mon" in unit:
        return count
    return count / _WEEKS if "woche" in unit else count * _YEAR


def _between(match: re.Match[str]) -> tuple[float, float]:
    start = _months(match[1], match[2] or match[4])
    end = _months(match[3], match[4])
    return start, end + (_YEAR if "jaehrig" in match[4] else 0)


def _from(match: re.Match[str]) -> tuple[float, float]:
    return _months(match[1], match[2]), _GROWN


def _until(match: re.Match[str]) -> tuple[float, float]:
    return 0, _months(match[1], match[2])


def _of(match: re.Match[str]) -> tuple[float, float]:
    start = _months(match[1], match[2])
    return start, start + _YEAR


def _short(match: re.Match[str]) -> tuple[float, float]:
    return 0, int(match[1]) * _YEAR


_FORMS = (
    (_BETWEEN, _between),
    (_FROM, _from),
    (_UNTIL, _until),
    (_OF, _of),
    (_SHORT, _short),
)
