"""Lay words and official terms: what else an offer may call the thing that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from aggregator.index.analysis import clean, words
from aggregator.index.question import content_terms

PATH = Path(__file__).parent.parent / "vocabulary" / "synonyms.yml"

Terms = tuple[str, ...]
Table = dict[Terms, tuple[Terms, ...]]


def read(path: Path) -> list[tuple[list[str], list[str]]]:
    """The groups of a synonym file as (words, what they stand for).

    Raises ValueError that names the group when the file is not of the shape its head explains.
    """
    groups: list[tuple[list[str], list[str]]] = []
    for number, entry in enumerate(yaml.safe_load(path.read_text("utf-8")), 1):
        sides: list[Any] = [entry, entry]
        if isinstance(entry, dict):
            sides = [entry.get("said"), entry.get("means")]
        for side in sides:
            if not isinstance(side, list) or not all(isinstance(word, str) for word in side):
                raise ValueError(f"{path.name}: group {number} is no list of words: {entry!r}")
        groups.append((sides[0], sides[1]))
    return groups


@cache
def table() -> Table:
    """Stems of a word or phrase -> the stems of everything it may also be called."""
    found: dict[Terms, dict[Terms, None]] = {}
    for said, means in read(PATH):
        for phrase in said:
            others = found.setdefault(content_terms(phrase), {})
            for other in means:
                others.setdefault(content_terms(other))
    return {
        key: tuple(other for other in others if other and other != key)
        for key, others in found.items()
        if key
    }


@cache
def longest() -> int:
    """Words of the longest phrase in the table."""
    return max(map(len, table()))


@cache
def vocabulary() -> tuple[str, ...]:
    """The words of the file as written in lower case: a misspelt one can be recognised."""
    found: dict[str, None] = {}
    for said, _ in read(PATH):
        for phrase in said:
            found.update(dict.fromkeys(word.form.surface for word in words(clean(phrase))))
    return tuple(found)


def spans(terms: Sequence[str]) -> list[tuple[int, int]]:
    """Cut a query into known phrases and single words: (start, end) pairs, longest phrase first."""
    known = table()
    cut: list[tuple[int, int]] = []
    start = 0
    while start < len(terms):
        size = min(longest(), len(terms) - start)
        while size > 1 and tuple(terms[start : start + size]) not in known:
            size -= 1
        cut.append((start, start + size))
        start += size
    return cut
