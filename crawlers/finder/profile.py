"""The page of an institution: it leads to what that offers, or has it below "Angebote".

Guides of a district list institutions so. Each offer has a heading of its own; where it is and how
it is reached the fields above say for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawlers.finder.content import signs_of, told_in
from crawlers.finder.evidence import CONTACT, Sign
from crawlers.finder.flow import BOLD, Flow, Line
from crawlers.finder.units import Unit
from crawlers.finder.words import is_foreign, is_label, opens_others
from crawlers.record import Passage, Role

_OFFERS = re.compile(
    r"(?:(?:unsere|alle|die) )?angebote(?: (?:und|&) (?:kurse|gruppen|termine))?", re.IGNORECASE
)
_LEGAL_FORM = re.compile(r"(?:\be\.\s?V\.|\w*GmbH|gUG|KdöR|\w+amt)$")
# Below the name of a body, what it offers on pages of their own.
_ITS_OFFERS = re.compile(
    r"(?:weitere |alle |unsere )?angebote (?:dieses|dieser|des|der|von|vom)\b.*", re.IGNORECASE
)
_CARRIER = re.compile(r"träger|anbieter(?:in)?|veranstalter(?:in)?", re.IGNORECASE)
_REACH = Sign.PHONE | Sign.MAIL
_LEAST = 15  # characters that say something of an offer


def is_profile(flow: Flow, title: str) -> bool:
    """True for the page of a carrier that leads to what it offers."""
    heads = (line.text for line in flow.lines if line.rank)
    return _LEGAL_FORM.search(title) is not None and any(map(_ITS_OFFERS.fullmatch, heads))


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
        if _OFFERS.fullmatch(lines[n].text.strip(" :")) and 1 < below.rank < BOLD and below.head:
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
        elif _is_lacking(line.signs & _REACH, unit.signs) or _CARRIER.fullmatch(label):
            text = f"{label}: {line.text}" if is_label(label) else line.text
            yield Passage(Role.TEXT, text, flow.path(line.element), shared=True)
            for mail in line.mails:
                yield Passage(Role.EMAIL, mail, flow.path(line.element), shared=True)
    if place:
        text = ", ".join(line.text for line in place)
        yield Passage(Role.TEXT, text, flow.path(place[0].element), shared=True)


def _is_lacking(ways: int, told: int) -> bool:
    """True for ways to reach an institution, none of which an offer tells itself."""
    return bool(ways) and not ways & told
