"""Titles that only their class or their letters tell from the text below them.

Builders of sites know no headings: a name is a paragraph of another class, larger or underlined.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from crawlers.finder.evidence import CONTACT, Sign
from crawlers.finder.flow import Flow, Line
from crawlers.finder.looks import steady
from crawlers.finder.titles import ends_sentence
from crawlers.finder.words import is_label, is_trailer, starts_with_label

_TITLE = 90  # characters of a title
_SHARE = 0.4  # of the page's text that titles may be
_FIT = 0.75  # share of the lines of a mark that have to look like titles
_CAPITALS = ("", ("capitals",), "")
_SHOUT = 4  # letters; what is shorter is an abbreviation
_AROUND = 4  # elements around one line whose classes tell of it
_NO_MARK = frozenset({"td", "th", "tr", "body"})
_NAMED = re.compile(
    r"(?:[\w-]*[-_])?(?:title|titel|headline|heading|ue?berschrift|überschrift"
    r"|name)\d*(?:[-_]?text)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{3}")
_NO_TITLE = CONTACT | Sign.CLOCK | Sign.COST

Mark = tuple[str, tuple[str, ...], str]
"""Tag and classes of the element that holds nothing but one line, and the style of its letters."""


def raise_titles(flow: Flow) -> None:
    """Give the lines that look like headings by their mark alone the rank of one."""
    groups: dict[Mark, list[int]] = defaultdict(list)
    total = 0
    for number, line in enumerate(flow.lines):
        if line.menu:
            continue
        total += len(line.text)
        if not line.rank and not line.topic:
            mark = _mark(flow, line)
            if mark[1] or mark[2]:
                groups[mark].append(number)
            if line.text.isupper() and len(line.text) > _SHOUT:
                groups[_CAPITALS].append(number)
    for mark, numbers in groups.items():
        if _are_titles(flow.lines, mark, numbers, total):
            for number in numbers:
                line = flow.lines[number]
                if _is_title(line) and not line.rank:
                    line.rank, line.shape = 7, " ".join((mark[0], *mark[1], mark[2])).strip()


def _mark(flow: Flow, line: Line) -> Mark:
    element = flow.elements[line.element]
    tag = element.tag
    names: tuple[str, ...] = ()
    for _ in range(_AROUND):
        if element.end - element.start != 1 or element.tag in _NO_MARK:
            break
        outer = element.names if not names else steady(element.names)
        tag, names = element.tag, outer + names
        element = flow.elements[element.parent]
    return tag, names, line.style


def _are_titles(lines: Sequence[Line], mark: Mark, numbers: list[int], total: int) -> bool:
    named = any(map(_NAMED.fullmatch, mark[1]))
    if len(numbers) < (1 if named else 2):
        return False
    own = set(numbers)
    good = after = headed = led = size = 0
    for n in numbers:
        good += _is_title(lines[n])
        size += len(lines[n].text)
        after += n + 1 < len(lines) and n + 1 not in own and not lines[n + 1].menu
        led += n + 1 < len(lines) and 0 < lines[n + 1].rank < 7
        headed += n > 0 and (lines[n - 1].rank > 0 or is_label(lines[n - 1].text))
    count = len(numbers)
    return (
        good >= _FIT * count
        and after >= _FIT * count
        and (named or headed * 2 <= count)
        and led * 2 <= count
        and size <= _SHARE * total
        and len({lines[n].text for n in numbers}) >= _FIT * count
    )


def _is_title(line: Line) -> bool:
    text = line.text
    return (
        len(text) <= _TITLE
        and not line.signs & _NO_TITLE
        and text[-1] not in ":,;"
        and not ends_sentence(text)
        and _WORD.search(text) is not None
        and not is_label(text)
        and not is_trailer(text)
        and not starts_with_label(text)
    )
