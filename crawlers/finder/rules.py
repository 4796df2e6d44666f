"""Horizontal rules: what stands between two of them is one thing."""

from __future__ import annotations

from collections.abc import Iterator

from crawlers.finder.flow import BOLD, Flow
from crawlers.finder.sections import names_topic
from crawlers.finder.titles import ends_sentence
from crawlers.finder.words import is_generic

_FIRST = 12  # lines above the first rule that may belong to the first part


def parts_between(flow: Flow) -> list[tuple[int, int]]:
    """The ranges of lines that rules part; one more begins below each heading of a section.

    Empty where a page has no two rules.
    """
    lines = flow.lines
    cuts = [number for number, line in enumerate(lines) if line.ruled]
    if len(cuts) < 2:
        return []
    last = flow.scope(cuts[-1], cuts[-2])
    first = _first(flow, cuts[0])
    found: list[tuple[int, int]] = []
    for start, end in zip([first, *cuts], [*cuts, last], strict=True):
        found += _below_headings(flow, start, end)
    return [span for span in found if span[1] > span[0]]


def _first(flow: Flow, cut: int) -> int:
    """Where the part above the first rule begins: as the others do, below what opens the page."""
    lines, model = flow.lines, flow.lines[cut]
    first = cut
    while first > 0 and first > cut - _FIRST:
        if lines[first - 1].rank == 1 or lines[first - 1].menu:
            break
        first -= 1
    if model.rank:
        same = (
            n
            for n in range(first, cut)
            if (lines[n].rank, lines[n].shape) == (model.rank, model.shape)
            and not (is_generic(lines[n].text) or names_topic(lines[n].text))
        )
        return next(same, cut)
    while first < cut and ends_sentence(lines[first].text):
        first += 1
    return first


def _below_headings(flow: Flow, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a range that the headings of sections in it leave."""
    for n in range(start, end):
        if n > start and flow.lines[n].rank == 1:
            yield start, n
            return  # what a page says below another headline is no part of its list
        if _heads_section(flow, n):
            yield start, n
            start = n + 1
    yield start, end


def _heads_section(flow: Flow, number: int) -> bool:
    line = flow.lines[number]
    if not 1 < line.rank < BOLD or not line.head:
        return False
    return number in flow.sections or names_topic(line.text)
