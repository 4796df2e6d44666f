"""The pieces of a record that may speak of times or dates: lines, and sentences of long lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from aggregator.normalise.text import mentions
from crawlers.record import Passage, Role

_SENTENCE = re.compile(
    r"(?<=[a-zäöüß]{4}[.!?])\s+(?=[A-ZÄÖÜ][a-zäöü])|(?<=Uhr[.!?])\s+(?=[A-ZÄÖÜ])"
)
# Beginning with a digit, so that the engine finds where to look.
_TIME = re.compile(r"[0-9](?:\s?(?:uhr|h)\b|[:.][0-5]\d(?!\d|\.)|\s?°)|\b24(?:/7|[\s-]?stunden)")
_CLOCK = re.compile(
    r"\brund um die uhr"
    r"|\btag und nacht|\bnach\b.{0,40}(?:vereinbarung|absprache)|\bn\.\s?v\."
    r"|\btermine?\b.{0,40}\b(?:vereinbar|auf anfrage|ausmachen)|\bvereinbar.{0,30}\btermin"
    r"|\bnur mit (?:\w+ )?(?:termin|(?:vor)?anmeldung)\b|\bterminvergabe\b"
    r"|\bgeschlossen\b|\bruhetag|\b(?:in|während)\b.{0,20}ferien|\bferien\b.{0,30}\bkein"
    r"|\b(?:mo|di|mi|do|fr|sa|so|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?)\b\.?:?,?\s{0,2}"
    r"(?:von\s)?\d{1,2}\s?(?:[-–]|bis)\s?\d",
)
_CLOCK_CUES = (
    "rund", "nacht", "vereinbar", "absprache", "n.", "geschlossen", "ruhetag", "ferien", "bis", "-",
    "–", "termin", "nur mit",
)  # fmt: skip
_DAY = re.compile(
    r"\b(?:mon|diens|donners|frei|sams|sonn)(?:tag|abend)|\bmittwoch|\btäglich|\bwerktag|\bwochenend"
    r"|\b(?:mo|di|mi|do|fr|sa|so)\b\.?\s?(?:[-–/+&,:|]|u\.|und|bis|$)|\bwochentags"
    r"|\b\d{1,2}\.\s?(?:\d{1,2}\.|jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)|\bkw\b|kalenderwoche",
)
_MONTHS = "(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)"
_DATE = re.compile(
    rf"[0-9](?<!\w.)(?:[0-9]?\.\s?(?:\d{{1,2}}\.|{_MONTHS})|(?<=2)0\d\d-\d\d-\d\d\b)"
)
_MONTH_OF_YEAR = re.compile(rf"\b(?:ab|bis|von)\s+{_MONTHS}\w*\s+20\d\d")
_DEADLINE = re.compile(
    r"anmeldeschluss|anmeldefrist|bewerbung|anmeld(?:ung(?:en)?|en)\s+(?:\w+\s+){0,3}"
    r"bis\b(?!\s(?:mo|di|mi|do|fr|sa|so|\w+tags?|mittwochs?)\b)"
    r"|\bfrist\b|stichtag|\bstand:?\s|aktualisier|zuletzt geändert"
    r"|veröffentlicht|erschienen|gegründet|\bseit\b|geboren|"
    r"\bgesetz|eröffnet\s+wurde|wurde\b.{0,60}\beröffnet|redaktion",
)
_DEADLINE_CUES = (
    "anmeld", "bewerb", "frist", "stichtag", "stand", "aktualis", "geändert", "veröff",
    "erschienen", "gegründ", "seit", "geboren", "gesetz", "eröffnet", "redaktion",
)  # fmt: skip
_CUE = re.compile(
    r"[0-9]|\b(?:Mo|Di|Mi|Do|Fr|Sa|So)\b|tag|woch|äglich|rein|rache|erien|chlossen|uhr|Uhr"
    r"|[nN]\. ?[vV]"
)
"""What a piece must hold to speak of times at all; found fast."""
_SHORT = 60
"""Characters up to which a line that names only days belongs to the times beside it."""
_LONGEST = 600
_MOST = 60


@dataclass(frozen=True, slots=True)
class Segment:
    """A line or sentence, verbatim, and where it stood."""

    text: str
    locator: str


def timely(passages: Iterable[Passage]) -> list[Segment]:
    """What speaks of opening hours: passages known to be hours, else lines that look like it."""
    known = [
        Segment(p.text, p.locator) for p in passages if p.role is Role.HOURS and p.text.strip()
    ]
    if known:
        return known[:_MOST]
    found: list[tuple[Segment, bool]] = []
    for segment in _segments(passages, _TIMELY):
        lower = segment.text.lower()
        clocked = _clocked(lower)
        if (
            clocked or (len(segment.text) <= _SHORT and "@" not in lower and _DAY.search(lower))
        ) and not _is_deadline(lower):
            found.append((segment, clocked))
    if not any(clocked for _, clocked in found):
        return []
    return list({segment.text: segment for segment, _ in reversed(found)}.values())[::-1][:_MOST]


def dated(passages: Iterable[Passage]) -> list[Segment]:
    """What names dates on which the offer takes place; deadlines and histories are none."""
    return [
        segment
        for segment in _segments(passages, _DATED)
        if _is_dated(segment.text.lower()) and not _is_deadline(segment.text.lower())
    ][:_MOST]


_TIMELY = frozenset({Role.TEXT})
_DATED = frozenset({Role.TEXT, Role.HOURS, Role.TITLE})


def _clocked(lower: str) -> bool:
    """Whether a line, in lower case, says when something is open."""
    if _TIME.search(lower):
        return True
    return mentions(lower, _CLOCK_CUES) and _CLOCK.search(lower) is not None


def _is_dated(lower: str) -> bool:
    if _DATE.search(lower):
        return True
    return "20" in lower and _MONTH_OF_YEAR.search(lower) is not None


def _is_deadline(lower: str) -> bool:
    return mentions(lower, _DEADLINE_CUES) and _DEADLINE.search(lower) is not None


def _segments(passages: Iterable[Passage], roles: frozenset[Role]) -> Iterable[Segment]:
    for passage in passages:
        if passage.role in roles:
            for piece in _pieces(passage.text):
                yield Segment(piece, passage.locator)


@lru_cache(maxsize=512)  # asked for hours and again for dates
def _pieces(text: str) -> tuple[str, ...]:
    """The lines of a text, long ones by sentences, that may speak of time."""
    return tuple(
        part.strip()
        for line in text.split("\n")
        for part in (_SENTENCE.split(line) if len(line) > _SHORT else (line,))
        if 1 < len(part) <= _LONGEST and _CUE.search(part)
    )
