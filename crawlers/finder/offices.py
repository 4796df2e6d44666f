"""Headings that name who offers ("Caritasverband Nord e.V."), above those that name what.

Address, telephone and hours of the office stand once, between the two, and hold for each offer
that states none of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawlers.finder import evidence
from crawlers.finder.bodies import names_body, names_house
from crawlers.finder.evidence import CONTACT, HINTS, Sign, weight
from crawlers.finder.flow import Flow, Line, Office
from crawlers.finder.sections import names_topic
from crawlers.finder.titles import names_offer
from crawlers.finder.words import is_foreign, is_label, is_question, opens_others

TIMES = Sign.WEEKDAY | Sign.CLOCK
_TOLD = CONTACT | TIMES
_GROUPS = (Sign.PHONE, Sign.MAIL, Sign.PLACE, TIMES)
_TIMED = TIMES | Sign.DATE
_FEW = 500  # characters between the name of an office and its first offer
_TITLES = re.compile(
    r"(?:angebot|titel|was|bezeichnung|veranstaltung|kurs|gruppe|treff)\w*", re.IGNORECASE
)
_PARTS = re.compile(r"(,\s|;\s|\s[|·•–]\s)")


def head_offices(flow: Flow) -> None:
    """Find the offices of a page: each heads a section, its offers know it.

    Bodies with a name or form that all know need one offer below them; houses ("Familienzentrum
    Nord"), and whatever alone says how it is reached, are offers themselves, unless at least two
    below them are named.
    """
    lines = flow.lines
    for n, line in enumerate(lines):
        if not 1 < line.rank < 7 or not line.head or names_topic(line.text):
            continue
        body = names_body(line.text)
        end = _end(flow, n)
        offers = _headed(lines, n, end) or _rows(lines, n, end) or _items(flow, n, end)
        if not offers or not (body or names_house(line.text) or _lends(lines, offers, end)):
            continue
        told = [number for number in range(n + 1, offers[0]) if not lines[number].menu]
        if sum(len(lines[number].text) for number in told) > _FEW:
            continue
        facts = tuple(number for number in told if lines[number].signs & _TOLD)
        good = [k for k in offers if _may_be_offer(lines, k, [*offers, end])]
        if body:
            if 2 * len(good) < len(offers) or not (facts or n in flow.sections):
                continue
        elif len(good) < max(2, len(offers)) or not any(lines[f].signs & CONTACT for f in facts):
            continue
        flow.sections[n] = offers[0]
        flow.offices |= dict.fromkeys(offers, Office(n, facts, frozenset(good)))


def _lends(lines: Sequence[Line], offers: Sequence[int], end: int) -> bool:
    """True where none of the offers says how to reach it: what stands above them holds for all."""
    return not any(line.signs & CONTACT for line in lines[offers[0] : end])


def _end(flow: Flow, number: int) -> int:
    """The line at which a heading's section ends: the next as high, or the end of its box."""
    lines, rank = flow.lines, flow.lines[number].rank
    below = next(
        (n for n in range(number + 1, len(lines)) if lines[n].head or lines[n].column >= 0),
        len(lines),
    )
    index = flow.lines[number].element
    while index > 0 and flow.elements[index].end <= below:
        index = flow.elements[index].parent
    end = flow.elements[index].end if index >= 0 else len(lines)
    stops = (
        n
        for n in range(number + 1, end)
        if 0 < lines[n].rank <= rank or (lines[n].rank and opens_others(lines[n].text))
    )
    return next(stops, end)


def _headed(lines: Sequence[Line], number: int, end: int) -> list[int]:
    """The headings of the next rank below one, in its section."""
    heads = [n for n in range(number + 1, end) if lines[n].head]
    rank = min((lines[n].rank for n in heads), default=0)
    return [n for n in heads if lines[n].rank == rank]


def _rows(lines: Sequence[Line], number: int, end: int) -> list[int]:
    """The cells below a word like "Angebot" in the tables of a section."""
    return [n for n in range(number + 1, end) if _TITLES.fullmatch(lines[n].label)]


def _items(flow: Flow, number: int, end: int) -> list[int]:
    """The items of a list in a section that each begin with a bold name; not of a list of links."""
    items = [n for n in range(number + 1, end) if _opens_item(flow, n)]
    named = [n for n in items if flow.lines[n].lead and not flow.lines[n].lead_link]
    return named if len(named) > 1 and len(named) == len(items) else []


def _opens_item(flow: Flow, number: int) -> bool:
    """Whether a line is the first of an item of a list."""
    index = flow.lines[number].element
    while index >= 0 and flow.elements[index].start == number:
        if flow.elements[index].tag == "li":
            return True
        index = flow.elements[index].parent
    return False


def _may_be_offer(lines: Sequence[Line], number: int, stops: Sequence[int]) -> bool:
    text = lines[number].text
    if is_question(text) or is_label(text) or is_foreign(text) or names_topic(text):
        return False
    if names_offer(text):
        return True
    stop = min(n for n in stops if n > number)
    found = Sign.NONE
    for line in lines[number:stop]:
        found |= line.signs
    return weight(found & ~HINTS) >= 1


def wanted(found: int) -> int:
    """The signs that an offer lacks and may have from its office."""
    lacking = Sign.NONE
    for group in _GROUPS:
        if not found & (_TIMED if group == TIMES else group):
            lacking |= group
    return lacking


def lent(flow: Flow, number: int, found: int) -> int:
    """The signs that the offer named in a line has from its office, besides those `found`."""
    office = flow.offices.get(number)
    signs = Sign.NONE
    for n in office.facts if office and number in office.offers else ():
        signs |= flow.lines[n].signs
    return signs & wanted(found)


def parts_of(text: str, signs: int, missing: int) -> str:
    """What of a line with `signs` is `missing`: "Markt 1, 10115 Berlin" without "Tel. …"."""
    if not signs & _TOLD & ~missing:
        return text
    pieces = _PARTS.split(text)
    kept: list[str] = []
    for n in range(0, len(pieces), 2):
        told = evidence.signs(pieces[n]) & _TOLD
        if told & missing and not told & ~missing:
            kept += [pieces[n - 1]] if kept else []
            kept.append(pieces[n])
        elif kept:
            break  # one stretch of the line, so that it is the page's own words
    return "".join(kept)
