"""A chosen unit becomes the passages of a record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import reduce
from operator import or_

from crawlers.finder.choice import is_file
from crawlers.finder.evidence import Sign, signs
from crawlers.finder.flow import Flow, Line
from crawlers.finder.margin import Margin
from crawlers.finder.offices import parts_of, wanted
from crawlers.finder.units import Unit
from crawlers.finder.words import is_answer, is_generic, is_label, is_trailer, opens_others
from crawlers.keys import site_of, url_key
from crawlers.plainwords import leads_to_plain
from crawlers.record import Passage, Role

_PROVIDER = re.compile(
    r"(?:träger|anbieter(?:in)?|veranstalter(?:in)?|organisation|institution|verein)\W*",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"(?:handlungsfeld|themenfeld|thema|kategorie|rubrik|themenbereich|bereich)(?:er|n)?\W*",
    re.IGNORECASE,
)
_ASKED = 40  # characters of what a line answers with nothing but "ja"
_MAX_TEXT = 4000  # characters a line; longer is no line that a person laid out


def passages_of(flow: Flow, unit: Unit, url: str, sections: list[int]) -> tuple[Passage, ...]:
    """The title, the sections above it and every line of a unit, in reading order."""
    found: list[Passage] = [
        Passage(Role.TITLE, unit.title, flow.path(flow.lines[unit.title_line].element))
    ]
    found += [
        Passage(Role.SECTION, flow.lines[n].text, flow.path(flow.lines[n].element))
        for n in sections
    ]
    found += _told(flow, flow.lines[unit.start : unit.end], url, unit)
    found += _of_office(flow, unit, any(p.role is Role.PROVIDER for p in found))
    return tuple(dict.fromkeys(found))


def passages_beside(flow: Flow, margin: Margin, url: str) -> tuple[Passage, ...]:
    """The lines of a margin, as said beside what the page is about."""
    told = [replace(passage, shared=True) for passage in _told(flow, margin.lacked, url)]
    told += [
        replace(passage, role=Role.BESIDE, shared=True)
        for passage in _told(flow, margin.others, url)
    ]
    return tuple(dict.fromkeys(told))


def _told(
    flow: Flow, lines: Sequence[Line], url: str, unit: Unit | None = None
) -> Iterator[Passage]:
    """What lines say, each with the label that stands above or before it; those of a unit all."""
    at = unit.title_line - unit.start if unit else -1
    title = unit.title if unit else ""
    waiting: Line | None = None
    for number, line in enumerate(lines):
        where = flow.path(line.element)
        text = _more(line, title) if number == at else line.text
        if (unit and line.menu) or is_trailer(line.text) or not text:
            if number == at and signs(line.label) & Sign.CLOCK:
                yield Passage(Role.TEXT, line.label, where)
            yield from _targets(line, url, where)
            continue
        if waiting is not None:
            if not is_label(text) and not (line.rank and line.rank < 7):
                joined = f"{waiting.text.rstrip(' :')}: {text}"
                yield _labelled(waiting.text, text, joined, where)
                waiting = None
                yield from _targets(line, url, where)
                continue
            yield Passage(Role.TEXT, waiting.text, where)
            waiting = None
        if line.rank in {0, 7} and _labels(text, lines[number + 1 :]) and not line.label:
            waiting = line
            continue
        if line.day and line.signs & Sign.CLOCK:
            yield Passage(Role.TEXT, f"{line.day}: {text}"[:_MAX_TEXT], where)
        elif line.label and line.label.strip():
            first = number == 0 or lines[number - 1].column != line.column
            if number - 1 == at == 0:
                # Below "Montag" the name of what is then comes first; the hour needs the day.
                first = first or bool(signs(line.label) & Sign.WEEKDAY)
            stated = f"{line.label}: {text}" if first and not text.startswith(line.label) else text
            yield (
                _labelled(line.label, text, stated, where)
                if first
                else Passage(Role.TEXT, text[:_MAX_TEXT], where)
            )
        elif line.topic:
            yield Passage(Role.TOPIC, text, where)
        else:
            yield Passage(Role.TEXT, text[:_MAX_TEXT], where)
        yield from _targets(line, url, where)
    if waiting is not None:
        yield Passage(Role.TEXT, waiting.text, flow.path(waiting.element))


def _labels(text: str, below: Sequence[Line]) -> bool:
    """Whether a line says of what the one below it speaks."""
    if not below:
        return False
    return is_label(text) or (len(text) <= _ASKED and is_answer(below[0].text))


def _of_office(flow: Flow, unit: Unit, named: bool) -> list[Passage]:
    """Who offers a unit, and what that office says once for all its offers where it lacks it."""
    office = flow.offices.get(unit.title_line)
    if office is None or unit.start <= office.head:
        return []
    lines = flow.lines
    name = lines[office.head]
    found = [] if named else [Passage(Role.PROVIDER, name.text, flow.path(name.element))]
    missing = wanted(reduce(or_, (lines[n].signs for n in range(unit.start, unit.end))))
    for n in office.facts:
        line, where = lines[n], flow.path(lines[n].element)
        if not line.signs & missing:
            continue
        if text := parts_of(line.text, line.signs, missing):
            found.append(Passage(Role.TEXT, text[:_MAX_TEXT], where, shared=True))
        if missing & Sign.PHONE:
            found += [
                Passage(Role.PHONE, tel.strip(), where, shared=True)
                for tel in line.tels
                if tel.strip()
            ]
        if missing & Sign.MAIL:
            found += [Passage(Role.EMAIL, mail, where, shared=True) for mail in line.mails]
    return found


def sections_of(flow: Flow, unit: Unit, inside: AbstractSet[int]) -> list[int]:
    """The lines of the headings above a unit that it shares with its neighbours, widest first.

    The nearest heading of a higher rank that stands in no unit (`inside` are the lines of all),
    and the page's headline above that one. The name of an office is no section.
    """
    office = flow.offices.get(unit.title_line)
    rank = flow.lines[office.head if office else unit.title_line].rank or 7
    found: list[int] = []
    for number in range(unit.start - 1, -1, -1):
        line = flow.lines[number]
        if not line.rank or line.menu or number in inside or line.rank > rank:
            continue
        if (
            line.rank == rank
            and not (rank == 7 and line.shape != flow.lines[unit.title_line].shape)
            and not _empty(flow, number)
        ):
            continue
        if opens_others(line.text) or (office and line.rank == rank and not found):
            continue
        if not found:
            found.append(number)
            rank = min(line.rank, 7)
            if line.rank == 1:
                break
        elif line.rank == 1:
            if not is_generic(line.text):
                found.append(number)
            break
    return found[::-1]


def _empty(flow: Flow, number: int) -> bool:
    """True for a heading directly above another heading: it heads a section."""
    return number + 1 < len(flow.lines) and flow.lines[number + 1].rank > 0


def _more(line: Line, title: str) -> str:
    """What a title line says beyond its title."""
    if line.text == title or line.text.strip(" :") == title:
        return ""
    rest = line.text.removeprefix(title)
    # "Schwangerschaftsberatung" is another word than "Schwanger".
    if rest == line.text or rest[0].isalpha():
        return line.text
    rest = rest.strip(" :–—-|,;")
    return rest if len(rest) > 2 else ""


def _labelled(label: str, value: str, whole: str, where: str) -> Passage:
    if _PROVIDER.fullmatch(label.strip()):
        return Passage(Role.PROVIDER, value[:_MAX_TEXT], where)
    if _TOPIC.fullmatch(label.strip()):
        return Passage(Role.TOPIC, value[:_MAX_TEXT], where)
    return Passage(Role.TEXT, whole[:_MAX_TEXT], where)


def _targets(line: Line, url: str, where: str) -> list[Passage]:
    if not (line.tels or line.mails or line.links):
        return []
    found = [Passage(Role.PHONE, tel.strip(), where) for tel in line.tels if tel.strip()]
    found += [Passage(Role.EMAIL, mail, where) for mail in line.mails]
    site = site_of(url)
    for target, words in line.links:
        if (site_of(target) != site or is_file(target)) and url_key(target):
            found.append(Passage(Role.URL, target, where))
        elif leads_to_plain(words) and url_key(target):
            found.append(Passage(Role.PLAIN_URL, target, where))
    return found
