"""Candidate units: ranges of lines that may each be one record, sorted into kinds."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import NamedTuple, Self

from crawlers.finder.affairs import is_affair, is_person, names_affair, names_print
from crawlers.finder.bullets import items
from crawlers.finder.days import starts_of_day
from crawlers.finder.evidence import CONTACT, Sign, reachable, signs, weight
from crawlers.finder.flow import BOLD, Element, Flow, Line
from crawlers.finder.looks import steady
from crawlers.finder.offices import lent
from crawlers.finder.reports import is_news, is_press, is_review
from crawlers.finder.rules import parts_between
from crawlers.finder.sections import names_topic, offered_by
from crawlers.finder.titles import after_day, may_name, title_of
from crawlers.finder.words import (
    is_date,
    is_day,
    is_edition,
    is_foreign,
    is_generic,
    is_label,
    is_part_of_day,
    is_trailer,
    opens_others,
    starts_with_label,
)

_TAGS = frozenset(
    [
        "article",
        "section",
        "li",
        "div",
        "tr",
        "details",
        "p",
        "td",
        "table",
        "blockquote",
        "a",
        "address",
        "fieldset",
        "dl",
        "dd",
        "ul",
        "col",
    ]
)
_MOST = 600  # units of a kind; more are no records of one page
_LEADS = 2  # bold beginnings that make a list
# For whose names somebody in an office answers.
_LETTERS = re.compile(
    r"(?:(?:nach)?namen? |buchstaben? )?[a-zäöü]{1,3}\s?(?:[-–—,]|bis|und)\s?[a-zäöü]{1,3}",
    re.IGNORECASE,
)
_LIST = 3  # units that make a list of plain beginnings
_ALIKE = 0.75  # share of them that must be alike
_TIMED = Sign.WEEKDAY | Sign.CLOCK
_NEAR = 8  # lines that a title may depend on, but in tables
_LEAST = 6  # characters beside the title
_MAX_LINES = 150  # more than a page of print is no single offer


class Unit(NamedTuple):
    """A range of lines [start, end) that may be one record.

    `strength` says how sure its title is: 3 heading, 2 bold or linked beginning or first cell, 1
    the beginning of plain text. `rest` is the length of its text beside the title.
    """

    start: int
    end: int
    title: str
    title_line: int
    strength: int
    signs: int
    rest: int
    heads: int = 1
    """Headings like its title that it holds: more than one speak against one record."""

    @property
    def rich(self) -> bool:
        """True where the evidence alone makes it an offer."""
        need = 4.0 if self.strength == 1 and self.end - self.start > 1 else 2.0
        return reachable(self.signs) and weight(self.signs) >= need

    def holds(self, other: Unit) -> bool:
        """True where `other` lies inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(slots=True)
class Kind:
    """Units that look alike: `rich` ones with evidence, `thin` ones with the same shape only."""

    name: tuple[str, ...]
    rich: list[Unit] = field(default_factory=list)
    thin: list[Unit] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of units with evidence of their own."""
        return len(self.rich) / (len(self.rich) + len(self.thin) or 1)

    @property
    def covered(self) -> tuple[float, int]:
        """The evidence and the text inside the rich units."""
        return (
            sum(weight(unit.signs) for unit in self.rich),
            sum(unit.rest for unit in self.rich),
        )


@dataclass(frozen=True, slots=True)
class _Tally:
    """What the lines of a page show, summed up once for all ranges of them."""

    signs: list[int]
    """The signs of each line, with the day and hour above it; none of a menu."""
    sizes: list[int]
    """How many characters of text stand before each line, and in all."""
    told: list[int]
    """How many lines before each have evidence or lead to it, and in all."""
    looks: list[tuple[int, str] | None]
    """Rank and shape of those that may head something."""
    titles: dict[tuple[int, int], tuple[str, int, int] | None]
    """The titles of ranges that were asked for, by their first line and how far it matters."""

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Self:
        """The tally of a page."""
        shown: list[int] = []
        sizes = [0]
        told = [0]
        for line in lines:
            above = signs(line.label or line.day) if line.label or line.day else Sign.NONE
            timed = above & _TIMED
            size = len(line.text) + (len(line.label) if timed == _TIMED else 0)
            shown.append(Sign.NONE if line.menu else line.signs | timed)
            sizes.append(sizes[-1] + (0 if line.menu else size))
            told.append(told[-1] + bool(line.signs or line.links or (above and line.label)))
        looks = [(line.rank, line.shape) if line.head else None for line in lines]
        return cls(shown, sizes, told, looks, {})


def kinds(flow: Flow) -> list[Kind]:
    """Every way to cut the page into units that look alike."""
    ranges: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    _by_element(flow, ranges)
    _by_heading(flow, ranges)
    _by_lead(flow, ranges)
    _by_paragraph(flow, ranges)
    _by_date(flow, ranges)
    if parts := parts_between(flow):
        ranges["rule",] = parts
    if starts := starts_of_day(flow):
        ranges["day",] = starts
    if typed := items(flow):
        ranges["item",] = typed
    tally = _Tally.of(flow.lines)
    told = tally.told
    seen: dict[tuple[int, int], Unit | None] = {}
    apart = frozenset(ranges.get(("rule",), ()))
    found: dict[tuple[tuple[int, int], ...], Kind] = {}
    for name, spans in ranges.items():
        if len(spans) > _MOST or not any(told[end] > told[start] for start, end in spans):
            continue  # neither evidence nor anything that leads to it
        key = tuple(spans)
        if key in found:
            continue
        kind = found[key] = Kind(name)
        for span in spans:
            if span not in seen:
                seen[span] = _unit_of(flow, tally, span[0], span[1], apart=span in apart)
        units = _headed([unit for span in spans if (unit := seen[span]) is not None], flow)
        if all(is_edition(unit.title) for unit in units):
            continue  # the times of one offer; among others "Gruppe 2" is a name
        for unit in units:
            (kind.rich if unit.rich else kind.thin).append(unit)
    return [kind for kind in found.values() if kind.rich or kind.thin]


def _headed(units: list[Unit], flow: Flow) -> list[Unit]:
    """Units of a kind; where nearly all begin with a line of their own, that line heads them.

    Only where nearly all can be reached: paragraphs of one text cannot.
    """
    plain = [
        unit.strength == 1
        and flow.lines[unit.title_line].text == unit.title
        and reachable(unit.signs)
        and weight(unit.signs) >= 2
        for unit in units
    ]
    if len(units) < _LIST or sum(plain) < _ALIKE * len(units):
        return units
    return [
        unit._replace(strength=2) if headed else unit
        for unit, headed in zip(units, plain, strict=True)
    ]


def _by_element(flow: Flow, ranges: dict[tuple[str, ...], list[tuple[int, int]]]) -> None:
    groups: dict[tuple[str, ...], list[Element]] = defaultdict(list)
    for element in flow.elements:
        if element.tag not in _TAGS or element.end <= element.start:
            continue
        names = steady(element.names)
        for name in names[:6]:
            groups["element", element.tag, name].append(element)
        if element.tag in {"li", "tr", "article", "details", "p", "table"} or not names:
            parent = flow.elements[element.parent] if element.parent >= 0 else None
            above = parent.names[0] if parent and parent.names else parent.tag if parent else ""
            groups["element", element.tag, "<", above].append(element)
            if element.tag in {"li", "tr", "article", "details"}:
                groups["element", element.tag].append(element)
    for group, elements in groups.items():
        spans = [(element.start, element.end) for element in elements]
        inner = _distinct(_innermost(spans))
        outer = _distinct(_outermost(spans))
        ranges[group] = inner
        if outer != inner:
            ranges[*group, "outer"] = outer


def _outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda s: (s[0], -s[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _innermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda s: (s[0], -s[1])):
        while kept and kept[-1][0] <= span[0] and span[1] <= kept[-1][1]:
            kept.pop()
        kept.append(span)
    return kept


def _distinct(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    return list(dict.fromkeys(spans))


def _by_heading(flow: Flow, ranges: dict[tuple[str, ...], list[tuple[int, int]]]) -> None:
    lines = flow.lines
    heads = [n for n, line in enumerate(lines) if line.head and line.rank != 1]
    subtitles = _subtitles(flow, heads)
    for number in heads:
        line = lines[number]
        if number in flow.sections or number in subtitles:
            continue
        limit = flow.scope(number)
        # A rule between a heading and the first bold name below it separates names, not headings.
        ruled = not (number + 1 < limit and lines[number + 1].rank == 7 and line.rank < 7)
        end = number + 1
        while end < limit and (
            end in subtitles or not _ends(line, lines[end], ruled and end > number + 1)
        ):
            end += 1
        if end - number > 1:
            ranges["heading", str(line.rank), line.shape].append((number, end))
    _by_any_heading(flow, heads, ranges)
    for name in [name for name in ranges if name[0] == "heading"]:
        if wide := _widened(flow, ranges[name]):
            ranges[*name, "wide"] = wide


def _by_any_heading(
    flow: Flow, heads: Sequence[int], ranges: dict[tuple[str, ...], list[tuple[int, int]]]
) -> None:
    """Headings up to the next of whatever rank, where the first stands deeper than later ones.

    Then their ranks are no order: whoever wrote them chose a size.
    """
    lines = flow.lines
    every = [n for n in heads if lines[n].rank < BOLD]
    true = [n for n in every if n not in flow.sections]
    if len(true) < _LIST or lines[every[0]].rank <= min(lines[n].rank for n in every):
        return
    ends = [*true[1:], flow.scope(true[-1], true[-2])]
    ranges["heading", "any"] = [
        (start, end) for start, end in zip(true, ends, strict=True) if end > start + 1
    ]


def _widened(flow: Flow, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges of headings up to the next one, where their contacts stand in boxes beside theirs."""
    if len(spans) < 2 or 3 * sum(_reached(flow, *span) for span in spans) > len(spans):
        return []
    ends = [start for start, _ in spans[1:]]
    ends.append(flow.scope(spans[-1][0], spans[-2][0]))
    wide = [(start, max(end, stop)) for (start, end), stop in zip(spans, ends, strict=True)]
    wide = [
        (start, next((n for n in range(start + 1, end) if 0 < flow.lines[n].rank < rank), end))
        for start, end in wide
        for rank in [flow.lines[start].rank]
    ]
    return wide if 3 * sum(_reached(flow, *span) for span in wide) >= 2 * len(wide) else []


def _reached(flow: Flow, start: int, end: int) -> bool:
    return any(line.signs & CONTACT for line in flow.lines[start:end])


def _subtitles(flow: Flow, heads: Sequence[int]) -> set[int]:
    """Headings right below another of their own rank, where most come in such pairs."""
    lines = flow.lines

    ranks = Counter(lines[n].rank for n in heads)
    paired = {
        m
        for n, m in itertools.pairwise(heads)
        if m == n + 1 and lines[n].rank == lines[m].rank < BOLD and not names_topic(lines[n].text)
    }
    paired = {n for n in paired if n - 1 not in paired}
    pairs = Counter(lines[n].rank for n in paired)
    return {n for n in paired if pairs[lines[n].rank] * 3 >= ranks[lines[n].rank]}


def _ends(line: Line, other: Line, ruled: bool) -> bool:
    """True where a heading's text ends at another line."""
    if other.ruled and ruled:
        return True
    if not other.rank:
        return False
    if opens_others(other.text) or is_foreign(other.text):
        return True
    if not other.head and (is_label(other.text) or is_date(other.text)):
        return other.rank < line.rank
    return other.rank < line.rank or (other.rank == line.rank and other.shape == line.shape)


def _by_lead(flow: Flow, ranges: dict[tuple[str, ...], list[tuple[int, int]]]) -> None:
    """Bold beginnings of paragraphs with all that follows up to the next: a name, then prose."""
    lines = flow.lines
    starts = [
        n
        for n, line in enumerate(lines)
        if line.lead
        and not (line.rank or line.menu or line.lead_link or starts_with_label(line.text))
        and (not n or lines[n - 1].paragraph != line.paragraph)
        and may_name(line.lead)
        and not is_label(line.lead)
    ]
    if len(starts) < _LEADS:
        return
    ends = [*starts[1:], flow.scope(starts[-1], starts[-2])]
    for start, end in zip(starts, ends, strict=True):
        stop = next((n for n in range(start + 1, end) if lines[n].head), end)
        ranges["lead",].append((start, stop))


def _by_date(flow: Flow, ranges: dict[tuple[str, ...], list[tuple[int, int]]]) -> None:
    """The lines of a paragraph each of which begins with a date and names what is then."""
    lines = flow.lines
    dated = [
        n
        for n, line in enumerate(lines)
        if line.signs & Sign.DATE and not (line.rank or line.menu) and after_day(line.text)
    ]
    several = Counter(lines[n].paragraph for n in dated)
    spans = [(n, n + 1) for n in dated if several[lines[n].paragraph] > 1]
    if spans:
        ranges["date",] = spans


def _by_paragraph(flow: Flow, ranges: dict[tuple[str, ...], list[tuple[int, int]]]) -> None:
    lines = flow.lines
    start = 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or lines[number].paragraph != lines[start].paragraph:
            if number - start >= 2:
                ranges["paragraph",].append((start, number))
            start = number


def _after_section(flow: Flow, start: int, end: int) -> int:
    """Where the record of a range begins below the headings of sections that open in it."""
    lines = flow.lines
    while start + 1 < end and 0 < lines[start].rank < lines[start + 1].rank:
        if is_label(lines[start + 1].text) or offered_by(lines[start], lines[start + 1]):
            break
        start += 1
    return start


def _unit_of(
    flow: Flow, tally: _Tally, start: int, end: int, *, apart: bool = False
) -> Unit | None:
    """The unit in a range of lines; None where it has no title or cannot be a record.

    What stands `apart`, between rules, is headed by its first line.
    """
    start, end = _trimmed(flow, start, end)
    if start >= end or end - start > _MAX_LINES:
        return None
    title = _title(flow, tally, start, end, apart)
    if title is None:
        return None
    text, at, strength = title
    lines = flow.lines
    found = reduce(or_, tally.signs[start:end], Sign.NONE)
    rest = tally.sizes[end] - tally.sizes[start] - len(text)
    below = lines[at + 1].text if at + 1 < end else ""
    if is_person(text, below) and not starts_with_label(below):
        return None
    if rest < _LEAST or _offers_more(flow, at, end) or _reports(flow, start, end, text, found):
        return None
    found |= lent(flow, at, found)
    model = lines[at]
    heads = tally.looks[start:end].count((model.rank, model.shape)) if model.rank else 1
    return Unit(start, end, text, at, strength, found, rest, heads)


def _title(
    flow: Flow, tally: _Tally, start: int, end: int, apart: bool
) -> tuple[str, int, int] | None:
    """The title that a record in a range of lines can have, its line and its strength."""
    first = flow.lines[start]
    # Outside tables a range is named by what stands at its beginning, however long it is.
    near = first.column < 0 and not (first.topic or first.menu or is_date(first.text))
    key = (start, min(end, start + _NEAR) if near else end)
    if key not in tally.titles:
        tally.titles[key] = title_of(flow, start, end)
    title = tally.titles[key]
    if title is None or not _may_be_called(title[0]):
        return None
    text, at, strength = title
    line = flow.lines[at]
    if line.rank == 1 and (is_generic(text) or names_topic(text)):
        return None
    if apart and strength == 1 and line.text == text:
        return text, at, 2
    if strength == 1 and start and _labels(flow, start - 1):
        return None
    return title


def _labels(flow: Flow, number: int) -> bool:
    """True for a heading that names a field of the record above it: no headline is one."""
    line = flow.lines[number]
    if line.rank <= 1 or not is_label(line.text):
        return False
    return any(other.rank and not other.menu for other in flow.lines[:number])


def _trimmed(flow: Flow, start: int, end: int) -> tuple[int, int]:
    """A range without menus around it and headings of sections above it; empty where none is left.

    Trailing machinery ("Weiterlesen") goes, too.
    """
    lines = flow.lines
    while start < end and lines[start].menu:
        start += 1
    while end - start > 1 and (lines[end - 1].menu or is_trailer(lines[end - 1].text)):
        end -= 1
    while start in flow.sections and flow.sections[start] < end - 1:
        start = flow.sections[start]
    if start < end and lines[start].rank == 1:
        start = _after_section(flow, start, end)
    return start, end


def _offers_more(flow: Flow, at: int, end: int) -> bool:
    """True for a range with another of an office's offers below its title."""
    return bool(flow.offices) and any(
        n in flow.offices[n].offers for n in flow.offices if at < n < end
    )


def _may_be_called(title: str) -> bool:
    """True for a title that a record can have."""
    return len(title) > 2 and not (
        is_foreign(title)
        or is_trailer(title)
        or opens_others(title)
        or names_affair(title)
        or is_day(title)
        or _LETTERS.fullmatch(title)
        or is_part_of_day(title)
    )


def _reports(flow: Flow, start: int, end: int, title: str, found: int) -> bool:
    """True for a range that tells of what was, of whom the press may ask, of a vacancy."""
    if not (flow.newsy or (found and names_print(title))):
        return False
    words = " ".join(line.text for line in flow.lines[start:end])
    if is_affair(title, words) or is_press(title, words):
        return True
    return not found & CONTACT and (is_news(words) or is_review(words))
