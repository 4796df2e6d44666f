"""Names of streets and towns as they are compared: spellings made one."""

from __future__ import annotations

import re
from functools import lru_cache

from aggregator.resolve.lexicon import term
from aggregator.vocabulary.folding import fold, words

_LONGEST = 300
"""Characters of a name that are read; what follows is no name."""
_SHORTEST = 4
"""Letters of a word that a town may be known by: oldesloe, not bad."""
_STREET = re.compile(r"(?<=[a-z])str(?:asse|\.)?(?=[\s\d]|$)|\bstr(?:asse|\.)")
_BESIDE = re.compile(
    r"(?:\s(?=(?:an|am|in|im|bei|ob|vor|auf|unter|a|i|b|v)[\s.])|\s?[(/])(.{1,60})"
)
_BETWEEN = frozenset((
    "an", "am", "a", "in", "im", "i", "bei", "b", "ob", "vor", "v", "auf", "der", "d", "dem", "den",
))  # fmt: skip
_SQUARE = re.compile(r"(?<=[a-z])pl\.\s?")
_HOUSE = re.compile(
    r"\b(\d{1,4}|\d{5}(?=$))(?!\d|\.\s)(?:\s?([a-z])\b(?!\.)|\b)"
)  # not Straße des 17. Juni
_SQUARE_NUMBER = re.compile(r"^([a-z])\s?(\d{1,2})\s?,\s?(?=\d)")  # C 3, 12 in Mannheim


@lru_cache(maxsize=100_000)
def place(name: str) -> frozenset[str]:
    """The terms of a town, district or street."""
    return frozenset(term(word) for word in words(_STREET.sub("str", fold(name[:_LONGEST]))))


@lru_cache(maxsize=100_000)
def street(text: str) -> tuple[str, str]:
    """A street's name in one run, and the first house number; each "" where there is none."""
    folded = _SQUARE.sub("platz ", _STREET.sub("str ", fold(text[:_LONGEST])))
    square = _SQUARE_NUMBER.match(folded)
    house = _HOUSE.search(folded, square.end() if square else 0)
    name = (folded[: house.start()].strip() or folded[house.end() :]) if house else folded
    return "".join(words(name)), house[1] + (house[2] or "") if house else ""


@lru_cache(maxsize=20_000)
def beside(name: str) -> tuple[str, ...]:
    """What tells a town from its namesakes: main for Frankfurt am Main, m for Frankfurt/M."""
    match = _BESIDE.search(fold(name[:_LONGEST]))
    return tuple(w for w in words(match[1]) if w not in _BETWEEN) if match else ()


@lru_cache(maxsize=20_000)
def town(name: str) -> str:
    """The word that a town is known by: frankfurt, berlin (for Berlin-Köpenick too), oldesloe."""
    folded = words(fold(name[:_LONGEST]))
    return next((word for word in folded if len(word) >= _SHORTEST), " ".join(folded))
