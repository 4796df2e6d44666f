"""The pieces of a record that may speak of times or dates: lines, and sentences of long lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from crawlers.record import Passage, Role

_SENTENCE = re.compile(
    r"(?<=[a-zäöüß]{4}[.!?])\s+(?=[A-ZÄÖÜ][a-zäöü])|(?<=Uhr[.!?])\s+(?=[A-ZÄÖÜ])"
)
_CLOCK = re.compile(
    r"\d\s?(?:uhr|h)\b|\d[:.][0-5]\d(?!\d|\.)|\d\s?°|\brund um die uhr|\b24/7|\b24[\s-]?stunden"
    r"|\btag und nacht|\bnach\b.{0,40}(?:vereinbarung|absprache)|\bn\.\s?v\."
    r"|\btermine?\b.{0,40}\bvereinbar"
    r"|\bgeschlossen\b|\bruhetag|\b(?:in|während)\b.{0,20}ferien|\bferien\b.{0,30}\bkein"
    r"|\b(?:mo|di|mi|do|fr|sa|so|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?)\b\.?:?,?\s{0,2}"
    r"(?:von\s)?\d{1,2}\s?(?:[-–]|bis)\s?\d",
)
_DAY = re.compile(
    r"\b(?:mon|diens|donners|frei|sams|sonn)(?:tag|abend)|\bmittwoch|\btäglich|\bwerktag|\bwochenend"
    r"|\b(?:mo|di|mi|do|fr|sa|so)\b\.?\s?(?:[-–/+&,:|]|u\.|und|bis|$)|\bwochentags"
    r"|\b\d{1,2}\.\s?(?:\d{1,2}\.|jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)|\bkw\b|kalenderwoche",
)
_DATE = re.compile(
    r"\b\d{1,2}\.\s?(?:\d{1,2}\.|(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez))|\b20\d\d-\d\d-\d\d\b"
    r"|\b(?:ab|bis|von)\s+(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)\w*\s+20\d\d",
)
_DEADLINE = re.compile(
    r"anmeldeschluss|anmeldefrist|anmeldung(?:en)?\s+(?:\w+\s+){0,3}bis\b|bewerbung|anmelden\s+(?:\w+\s+){0,3}bis\b"
    r"|\bfrist\b|stichtag|\bstand:?\s|aktualisier|zuletzt geändert"
    r"|veröffentlicht|erschienen|gegründet|\bseit\b|geboren|"
    r"\bgesetz|eröffnet\s+wurde|wurde\b.{0,60}\beröffnet|redaktion",
)
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
    for segment in _segments(passages):
        lower = segment.text.lower()
        clocked = bool(_CLOCK.search(lower))
        if (
            clocked or (len(segment.text) <= _SHORT and _DAY.search(lower))
        ) and not _DEADLINE.search(lower):
            found.append((segment, clocked))
    if not any(clocked for _, clocked in found):
        return []
    return [segment for segment, _ in found][:_MOST]


def dated(passages: Iterable[Passage]) -> list[Segment]:
    """What names dates on which the offer takes place; deadlines and histories are none."""
    return [
        segment
        for segment in _segments(passages, Role.HOURS, Role.TITLE)
        if _DATE.search(segment.text.lower()) and not _DEADLINE.search(segment.text.lower())
    ][:_MOST]


def _segments(passages: Iterable[Passage], *more: Role) -> Iterable[Segment]:
    for passage in passages:
        if passage.role is Role.TEXT or passage.role in more:
            for line in passage.text.split("\n"):
                for part in _SENTENCE.split(line) if len(line) > _SHORT else (line,):
                    if 1 < len(part) <= _LONGEST and _CUE.search(part):
                        yield Segment(part.strip(), passage.locator)
