"""Misspelt words: the nearest one that the index or the synonym file knows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from aggregator.index.analysis import fold

_SHORTEST = 4
_MOST_REMEMBERED = 100_000
_COMPARED = (0, 1)
"""Of the first two letters one is right, if maybe in the other's place: nobody mistypes both."""
_DOUBLED = re.compile(r"(.)\1+")
_LONG = 8
"""Letters from which on two mistakes are forgiven, below that one."""


def single(letters: str) -> str:
    """Letters without doubled ones, which nobody hears.

    >>> single("beratting") == single("berating")
    True
    """
    return _DOUBLED.sub(r"\1", letters)


class Spelling:
    """The words that are known, by length and first letters. Built once a state of the index."""

    def __init__(self, known: Iterable[tuple[str, str, int]]) -> None:
        """`known`: folded word, the word as written, number of offers that have it."""
        best: dict[str, tuple[str, int]] = {}
        for folded, surface, count in known:
            if len(folded) >= _SHORTEST and not folded.isdigit():
                held = best.get(folded)
                if held is None or count > held[1]:
                    best[folded] = (surface, count)
        self._best = best
        self._told: dict[str, str | None] = {}
        self._lists: dict[tuple[int, int, str], list[str]] = defaultdict(list)
        for folded in sorted(best):
            for place in _COMPARED:
                self._lists[len(folded), place, folded[place]].append(folded)

    def nearest(self, word: str) -> str | None:
        """The known word that was probably meant, as written; None if none is near enough.

        A word that is known needs no other.
        """
        if word not in self._told:
            if len(self._told) >= _MOST_REMEMBERED:
                self._told = {}
            self._told[word] = self._nearest(word)
        return self._told.get(word)

    def _nearest(self, word: str) -> str | None:
        folded = fold(word)
        if len(folded) < _SHORTEST or not folded.isalpha() or folded in self._best:
            return None
        allowed = 2 if len(folded) >= _LONG else 1
        near = [
            (distance, single(folded) != single(other), folded[0] != other[0],
             -self._best[other][1], other)
            for length in range(len(folded) - allowed, len(folded) + allowed + 1)
            for place in _COMPARED
            for letter in {folded[0], folded[1]}
            for other, distance, _ in process.extract(
                folded, self._lists.get((length, place, letter), ()), scorer=OSA.distance,
                score_cutoff=allowed, limit=None,
            )
        ]  # fmt: skip
        return self._best[min(near)[-1]][0] if near else None
