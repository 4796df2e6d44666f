"""Dates in German prose, as precise as they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = (
    "januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober",
    "november", "dezember",
)  # fmt: skip
_NAMES = (
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)"
)
_YEAR = r"(?:19[5-9]\d|20\d\d)"
# A bare number is a year unless it counts something, is a part of a longer number or of "2018/19".
_DATE = re.compile(
    rf"\b(?P<iso>{_YEAR}-\d\d-\d\d)\b"
    rf"|(?<![\d.])(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?(?P<y>{_YEAR})\b"
    r"|(?<![\d.])(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d\d)\b(?![.:\d])"
    rf"|(?:\b(?P<d3>\d{{1,2}})\.\s?)?\b(?P<name>{_NAMES})\s+(?P<y3>{_YEAR})\b"
    rf"|(?<![\d./])(?P<m4>0?[1-9]|1[0-2])/(?P<y4>{_YEAR})\b"
    rf"|(?<![\d./§:,])\b(?P<y5>{_YEAR})\b(?!/|[.,:]\d|-\d|\s*(?:€|Euro|Einwohner|Famil|Person|"
    rf"Mensch|"
    r"Allein|Kinder|Frauen|Haushalt|Anfragen|Beratungen|Mütter|Väter|Eltern|Stunden|Uhr|qm|m²))",
    re.IGNORECASE,
)
_TO = re.compile(r"\s*(?:–|-|—|bis(?:\s+(?:zum|Ende|einschließlich))?)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date in a text: ISO 8601 (2019, 2017-08, 2011-04-01), and where it stands.

    `through` is the end of a range that starts here ("2011 bis 2013").
    """

    iso: str
    start: int
    end: int
    through: str | None = None


def moments(text: str) -> list[Moment]:
    """All dates and ranges of dates in `text`, in order; impossible dates are none."""
    found: list[Moment] = []
    for match in _DATE.finditer(text):
        iso = _iso(match)
        if iso is None:
            continue
        last = found[-1] if found else None
        if last and not last.through and _TO.fullmatch(text, last.end, match.start()):
            found[-1] = Moment(last.iso, last.start, match.end(), iso)
        else:
            found.append(Moment(iso, match.start(), match.end()))
    return found


def _iso(match: re.Match[str]) -> str | None:
    part = match.groupdict()
    if part["y5"]:
        return part["y5"]
    if part["iso"]:
        year, month, day = part["iso"].split("-")
    elif part["y4"]:
        year, month, day = part["y4"], part["m4"], ""
    elif part["name"]:
        name = part["name"].lower().replace("jänner", "januar")
        year, month, day = part["y3"], str(_MONTHS.index(name) + 1), part["d3"] or ""
    elif part["y2"]:
        year, month, day = f"20{part['y2']}", part["m2"], part["d2"]
    else:
        year, month, day = part["y"], part["m"], part["d"]
    if not day:
        return f"{year}-{int(month):02d}"
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
