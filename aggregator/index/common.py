"""Who has the words that very many offers have, as arrays: finding and counting need no lists.

Of two words that half of all offers have, the engine looks up each offer of the one in the list of
the other. As arrays of all offers, a bit each, they are put together in a hundredth of that time,
and the first of them are those of the highest ranks. To make one takes as long as up to a dozen
questions, the longer the more offers have the word, so it is made once so many were asked; where a
word is rare, the engine is quicker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, reduce
from typing import TypeAlias

import numpy as np
import tantivy
from numpy.typing import NDArray

from aggregator.index.base import FILTERS
from aggregator.index.clauses import Clauses
from aggregator.index.columns import Columns
from aggregator.index.engine import Counts
from aggregator.index.expected import Expected
from aggregator.index.ranking import Address, Places, Ranking
from aggregator.index.tree import WIDEST, All, Best, Bonus, Node, Term, Values, Without

_SHARE = 128
"""Part of all offers that a tree is to find: of fewer the engine tells as soon."""
_SMALLEST, _LARGEST = 20_000, 250_000
"""Offers of an index: fewer the engine counts in no time, of more an array takes too long."""
_OFTEN = 12
"""Times that a word is asked for until it has an array, at most: as long takes the longest one."""
_EACH = 5_000
"""Offers of a word that take as long to put into an array as the engine takes to look them up
once."""
_OFTEN_FEW = 150
"""Times that the values of few offers are asked for until fields are read, which takes as long."""
_MOST_ASKED = 10_000
"""Words whose times are remembered."""
_MOST_BYTES = 64 * 1024 * 1024
"""Of the arrays of words, which take a bit an offer."""
_WORD = 64
"""Bits of a number in an array."""
_BEGINNING = 64
"""Numbers of an array that are looked at first for a page."""

Held: TypeAlias = NDArray[np.uint64]
"""Bit of a place -> whether its offer is among those that are meant. Not to be changed."""


class Common:
    """Finds and counts what common words find in one state of a tantivy index."""

    def __init__(self, searcher: tantivy.Searcher, clauses: Clauses, expected: Expected) -> None:
        self._searcher, self._clauses, self._expected = searcher, clauses, expected
        size = searcher.num_docs
        self._suits = _SMALLEST <= size <= _LARGEST
        self._least = size / _SHARE if self._suits else np.inf
        self._asked: dict[tuple[str, str], int] = {}
        self._held: dict[tuple[str, str], Held] = {}
        self._few_asked = 0

    def settle(self) -> None:
        """Make now all that questions would earn one by one: it takes seconds of a processor."""
        if not self._suits:
            return
        for name in FILTERS:
            self.columns.hold((name,))
        self._few_asked = _OFTEN_FEW
        for term, frequency in self._searcher.terms_with_prefix(WIDEST, ""):
            if frequency >= self._least and (WIDEST, term) not in self._held:
                held = self._read(WIDEST, term)
                if (len(self._held) + 1) * held.nbytes > _MOST_BYTES:
                    return
                self._held[WIDEST, term] = held

    def total(self, node: Node) -> int | None:
        """How many offers a tree finds; None where the engine is to tell."""
        held = self._of(node)
        return None if held is None else _number(held)

    def counts(self, node: Node, fields: Sequence[str]) -> Counts | None:
        """What `Engine.counts` tells; None where the engine is to tell."""
        held = self._of(node)
        if held is None or not self.columns.hold(fields):
            return None
        places = _places(held)
        return Counts(len(places), self.columns.counts(places, fields))

    def first(self, node: Node, offset: int, end: int) -> tuple[list[Address], int] | None:
        """Of what a tree finds, those of the highest ranks from `offset` to `end`; and how many.

        None where the engine is to tell.
        """
        held = self._found(node) if self._suits else None
        if held is None:
            return None
        looked_at = _BEGINNING
        places = _places(held[:looked_at])
        while len(places) < end and looked_at < len(held):
            looked_at *= 8
            places = _places(held[:looked_at])
        return self._ranking.addresses(places[offset:end]), _number(held)

    def counts_few(self, fields: Sequence[str]) -> bool:
        """Whether `values` tells of these fields: once that was asked often, it is worth it."""
        if not self._suits:
            return False
        self._few_asked += 1
        return self._few_asked > _OFTEN_FEW and self.columns.hold(fields)

    def values(
        self, addresses: Sequence[tantivy.DocAddress], fields: Sequence[str]
    ) -> Mapping[str, Mapping[str, int]]:
        """Field -> value -> how many of some offers have it."""
        return self.columns.counts(self._ranking.places(addresses), fields)

    @cached_property
    def columns(self) -> Columns:
        """What the offers have in raw fields."""
        return Columns(self._searcher, self._ranking)

    @cached_property
    def _ranking(self) -> Ranking:
        return Ranking(self._searcher, self._clauses)

    def _of(self, node: Node) -> Held | None:
        # Told in a moment, and true of few questions.
        if self._expected.most(node) < self._least or self._expected.likely(node) < self._least:
            return None
        return self._found(node)

    def _found(self, node: Node) -> Held | None:  # noqa: PLR0911 - a case a kind of node
        match node:
            case Term(term):
                return self._having(node.widest, term)
            case Values(field, values):
                return _united([self._having(field, value) for value in values])
            case All(children):
                found = [self._found(child) for child in children]
                known = [held for held in found if held is not None]
                return reduce(np.bitwise_and, known) if len(known) == len(found) else None
            case Best(children):
                return _united([self._found(child) for child in children])
            case Bonus(base):
                return self._found(base)
            case Without(base, excluded):
                held = self._found(base)
                gone = _united([self._found(child) for child in excluded])
                return None if held is None or gone is None else held & ~gone
        return None

    def _having(self, field: str, term: str) -> Held | None:
        """Who has a term in a field; None as long as few have asked."""
        key = field, term
        held = self._held.get(key)
        if held is None:
            if len(self._asked) >= _MOST_ASKED:
                self._asked.clear()
            asked = self._asked[key] = self._asked.get(key, 0) + 1
            if asked < self._wait(field, term):
                return None
            held = self._read(field, term)
            if (len(self._held) + 1) * held.nbytes > _MOST_BYTES:
                self._held.clear()
                self._asked.clear()
            self._held[key] = held
        return held

    def _read(self, field: str, term: str) -> Held:
        return _packed(self._ranking.having(field, term), self._ranking.size)

    def _wait(self, field: str, term: str) -> int:
        """How often a term is asked for until it has an array: longer where that takes longer."""
        frequency = self._expected.most(Values(field, (term,)))
        if frequency < self._least:  # so few the engine finds as soon
            return _OFTEN
        return min(_OFTEN, 1 + frequency // _EACH)


def _united(found: Sequence[Held | None]) -> Held | None:
    known = [held for held in found if held is not None]
    return reduce(np.bitwise_or, known) if known and len(known) == len(found) else None


def _packed(places: Places, size: int) -> Held:
    bits = np.zeros(-(-size // _WORD) * _WORD, dtype=np.bool_)
    bits[places] = True
    return np.packbits(bits).view(np.uint64)


def _places(held: Held) -> Places:
    """The places that are meant, in order."""
    bits = np.unpackbits(held.view(np.uint8)).view(np.bool_)
    return bits.nonzero()[0]


def _number(held: Held) -> int:
    """How many places are meant."""
    return int(np.bitwise_count(held).sum())
