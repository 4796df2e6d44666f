"""Numbers of chapters before headings ("2.1 Eltern-Service-Büro"): no part of a name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from crawlers.finder.flow import Line

_NUMBERED = re.compile(
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})[.)]?\s+(?=[A-ZÄÖÜ„\"»]|\d+-[A-ZÄÖÜ])"
)


def strip_numbers(lines: Sequence[Line]) -> None:
    """Take the numbers off headings that are counted: "1. …" above "2. …", "3.1 …" above "3.2 …".

    "24 Stunden für Sie" and "2. Chance" stand alone and keep theirs. Where lower headings are
    counted, the number of their chapter before the headline goes, too.
    """
    ranks: dict[int, list[tuple[Line, tuple[int, ...], int]]] = defaultdict(list)
    for line in lines:
        if line.rank and not line.menu and (match := _NUMBERED.match(line.text)):
            number = tuple(map(int, match["number"].split(".")))
            ranks[line.rank].append((line, number, match.end()))
    chapters: set[tuple[int, ...]] = set()
    for rank in sorted(ranks, reverse=True):
        numbers = [number for _, number, _ in ranks[rank]]
        counted = any(_follows(one, other) for one, other in pairwise(numbers))
        for line, number, end in ranks[rank]:
            if counted or number in chapters:
                line.text = line.text[end:]
                chapters.add(number[:-1])


def _follows(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return len(one) == len(other) and one[:-1] == other[:-1] and other[-1] == one[-1] + 1
