"""Patterns over text in lower case that are tried only where they can match.

Python looks for a plain string in a hundredth, and for alternatives that each begin with a
plain letter in a tenth of the time of a pattern that ignores case or begins with a condition. So
texts are folded once, what cannot be in them is ruled out by its stems, and that a word begins
here is said after the word: `starting`. The words of a site come again and again, so that which
stems a word holds is looked up: `hints`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import reduce
from operator import or_

_WORDS = 50_000  # words remembered; a site has fewer


class Stemmed:
    """A pattern, each match of which holds one of its stems. Texts are given in lower case.

    `bit` is its place in what `hints` says of a text.
    """

    __slots__ = ("_leads", "_pattern", "_stems", "_words", "bit")

    def __init__(
        self, stems: str, pattern: str, *, alone: bool = False, leads: bool = False
    ) -> None:
        """`stems` are separated by "|"; those that stand `alone` have no letter beside them.

        `leads` says that each match begins with a stem, so that what stands before the first one
        need not be searched.
        """
        self._stems = tuple(stems.split("|"))
        self._leads = leads
        self._pattern = re.compile(pattern)
        own = rf"(?<!\w)(?:{stems})(?!\w)" if alone else "|".join(map(_word, self._stems))
        self._words = re.compile(own)
        self.bit = 1 << len(_EVERY)
        _EVERY.append(self)
        _BITS.clear()

    def found(self, low: str) -> bool:
        """Say whether the pattern occurs."""
        if self._leads:
            starts = [at for at in map(low.find, self._stems) if at >= 0]
            return bool(starts) and self._pattern.search(low, min(starts)) is not None
        for stem in self._stems:  # any() with a generator costs twice as much
            if stem in low:
                return self._pattern.search(low) is not None
        return False

    def all(self, low: str) -> list[str]:
        """Every match."""
        for stem in self._stems:
            if stem in low:
                return self._pattern.findall(low)
        return []

    def in_word(self, word: str) -> bool:
        """Say whether the word can be part of a match that holds a stem."""
        return self._words.search(word) is not None


class _Bits(dict[str, int]):
    """For each word the bits of the patterns whose stems it may hold."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _WORDS:
            self.clear()
        bits = self[word] = sum(pattern.bit for pattern in _EVERY if pattern.in_word(word))
        return bits


_EVERY: list[Stemmed] = []
_BITS = _Bits()


def hints(low: str) -> int:
    """The bits of the patterns that may occur in a text in lower case; no other does."""
    return reduce(or_, map(_BITS.__getitem__, low.split()), 0)


def starting(*words: str) -> str:
    """A pattern for any of these plain words where it begins a word."""
    return "|".join(rf"{re.escape(word)}(?<!\w.{{{len(word)}}})" for word in words)


def _word(stem: str) -> str:
    """A pattern for the longest word of a stem as it stands between white space."""
    return max(_parts(stem), key=len)


def _parts(stem: str) -> Iterator[str]:
    words = stem.split(" ")
    for number, word in enumerate(words):
        if word:
            begin, end = "^" * (number > 0), "$" * (number + 1 < len(words))
            yield f"{begin}{re.escape(word)}{end}"
