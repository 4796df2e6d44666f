"""The page of an institution: its address as fields, and below "Angebote" what it offers.

Guides of a district list institutions so. Each offer has a heading of its own; where it is and how
it is reached the fields above say for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawlers.finder.content import signs_of, told_in
from crawlers.finder.evidence import CONTACT, Sign
from crawlers.finder.flow import Flow, Line
from crawlers.finder.units import Unit
from crawlers.finder.words import is_foreign, is_label, opens_others
from crawlers.record import Passage, Role

_OFFERS = re.compile(
    r"(?:(?:unsere|alle|die) )?angebote(?: (?:und|&) (?:kurse|gruppen|termine))?", re.IGNORECASE
)
_CARRIER = re.compile(r"träger|anbieter(?:in)?|veranstalter(?:in)?", re.IGNORECASE)
_BOLD = 7  # the rank of a line that only looks like a heading
_LEAST = 15  # characters that say something of an offer


def offers_below(flow: Flow, title: str) -> list[Unit]:
    """The offers of an institution's page, below the field that heads them; none on other pages."""
    lines = flow.lines
    top = next((n for n, line in enumerate(lines) if line.rank and line.text == title), -1)
    at = _field(lines, top)
    if top < 0 or at < 0 or not signs_of(told_in(lines[top:at]), set()) & CONTACT:
        return []
    rank = lines[at + 1].rank
    heads = [at + 1]
    end = len(lines)
    for n in range(at + 2, len(lines)):
        line = lines[n]
        if line.menu or (0 < line.rank < rank) or is_foreign(line.text) or opens_others(line.text):
            end = n
            break
        if line.rank == rank:
            heads.append(n)
    units = [
        _unit(lines, start, stop) for start, stop in zip(heads, [*heads[1:], end], strict=True)
    ]
    return units if all(unit.rest >= _LEAST for unit in units) else []


def _field(lines: Sequence[Line], top: int) -> int:
    """The line "Angebote" with a heading right below it; -1 where there is none."""
    for n in range(top + 1, len(lines) - 1):
        below = lines[n + 1]
        if _OFFERS.fullmatch(lines[n].text.strip(" :")) and 1 < below.rank < _BOLD and below.head:
            return -1 if 0 < lines[n].rank >= below.rank else n
    return -1


def _unit(lines: Sequence[Line], start: int, end: int) -> Unit:
    told = told_in(lines[start + 1 : end])
    rest = sum(len(line.text) for line in told)
    return Unit(start, end, lines[start].text, start, 3, signs_of(told, set()), rest)


def fields_for(flow: Flow, units: Sequence[Unit], unit: Unit) -> Iterator[Passage]:
    """What the fields above say for an offer that says nothing else: place, way and carrier."""
    first = min(one.start for one in units)
    place: list[Line] = []
    for number, line in enumerate(flow.lines[:first]):
        if line.menu:
            continue
        label = flow.lines[number - 1].text.strip(" :") if number else ""
        if line.signs & Sign.PLACE and not unit.signs & Sign.PLACE:
            place.append(line)
        elif line.signs & (Sign.PHONE | Sign.MAIL) & ~unit.signs or _CARRIER.fullmatch(label):
            text = f"{label}: {line.text}" if is_label(label) else line.text
            yield Passage(Role.TEXT, text, flow.path(line.element), shared=True)
            for mail in line.mails:
                yield Passage(Role.EMAIL, mail, flow.path(line.element), shared=True)
    if place:
        text = ", ".join(line.text for line in place)
        yield Passage(Role.TEXT, text, flow.path(place[0].element), shared=True)
