"""Who has the words that very many offers have, as arrays: counting needs no list of offers.

Of two words that half of all offers have, the engine looks up each offer of the one in the list of
the other. As arrays of all offers they are put together in a hundredth of that time. To make one
takes as long as a dozen questions, so only what is asked for again and again has one; where a word
is rare, the engine is quicker.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
import tantivy
from numpy.typing import NDArray

from aggregator.index.clauses import Clauses
from aggregator.index.engine import Counts
from aggregator.index.expected import Expected
from aggregator.index.tree import All, Best, Bonus, Node, Term, Values, Without

_SHARE = 16
"""Part of all offers (a sixteenth) that a tree is to find."""
_SMALLEST, _LARGEST = 20_000, 250_000
"""Offers of an index: fewer the engine counts in no time, of more an array takes too long."""
_OFTEN = 12
"""Times that a word is asked for until it has an array, which takes as long as those to make."""
_MOST_ASKED = 10_000
"""Words whose times are remembered."""
_MOST_BYTES = 64 * 1024 * 1024
"""Of the arrays of words, which take a byte an offer."""
_MOST_VALUES = 1_000
"""Values of a field that are counted here."""

Held: TypeAlias = NDArray[np.bool_]
"""Place of an offer -> whether it is among those that are meant. Not to be changed."""


class _Column(NamedTuple):
    """What the offers have in a raw field."""

    values: list[str]
    """In order."""
    places: NDArray[np.int32] | None
    """Of the offers, each as often as it has values; None where each has one."""
    numbers: NDArray[np.int32]
    """Of the values that they have."""


class Common:
    """Counts what common words find in one state of a tantivy index."""

    def __init__(self, searcher: tantivy.Searcher, clauses: Clauses, expected: Expected) -> None:
        self._searcher, self._clauses, self._expected = searcher, clauses, expected
        size = searcher.num_docs
        self._least = size / _SHARE if _SMALLEST <= size <= _LARGEST else np.inf
        self._asked: dict[tuple[str, str], int] = {}
        self._held: dict[tuple[str, str], Held] = {}
        self._columns: dict[str, _Column | None] = {}

    def total(self, node: Node) -> int | None:
        """How many offers a tree finds; None where the engine is to tell."""
        held = self._of(node)
        return None if held is None else int(np.count_nonzero(held))

    def counts(self, node: Node, fields: Sequence[str]) -> Counts | None:
        """What `Engine.counts` tells; None where the engine is to tell."""
        held = self._of(node)
        if held is None:
            return None
        columns = [(name, self._column(name)) for name in fields]
        places = np.flatnonzero(held)
        counted = {name: _counted(column, held, places) for name, column in columns if column}
        return Counts(len(places), counted) if len(counted) == len(fields) else None

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
                return np.logical_and.reduce(known) if len(known) == len(found) else None
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
            if asked < _OFTEN:
                return None
            if (len(self._held) + 1) * self._starts[-1] > _MOST_BYTES:
                self._held.clear()
                self._asked.clear()
            held = np.zeros(self._starts[-1], dtype=np.bool_)
            held[self._places(field, term)] = True
            self._held[key] = held
        return held

    def _column(self, field: str) -> _Column | None:
        """What is in a field; None where it has very many values."""
        if field not in self._columns:
            values = sorted(value for value, _ in self._searcher.terms_with_prefix(field, ""))
            self._columns[field] = None if len(values) > _MOST_VALUES else self._read(field, values)
        return self._columns[field]

    def _read(self, field: str, values: list[str]) -> _Column:
        lists = [self._places(field, value) for value in values]
        places = np.concatenate([*lists, np.empty(0, dtype=np.int32)])
        numbers = np.repeat(np.arange(len(values), dtype=np.int32), [len(one) for one in lists])
        ordered = np.argsort(places, kind="stable")
        places, numbers = places[ordered], numbers[ordered]
        alone = np.array_equal(places, np.arange(self._starts[-1]))
        return _Column(values, None if alone else places, numbers)

    def _places(self, field: str, term: str) -> NDArray[np.int32]:
        """Where those stand that have a term in a field."""
        clause = self._clauses.word(field, term)
        segments, documents = self._listed(clause, self._searcher.doc_freq(field, term))
        return documents + self._starts[segments]

    @cached_property
    def _starts(self) -> NDArray[np.int32]:
        """The place where each segment of the index begins; behind them where the last one ends."""
        segments, documents = self._listed(tantivy.Query.all_query(), self._searcher.num_docs)
        ends = np.zeros(self._searcher.num_segments + 1, dtype=np.int32)
        np.maximum.at(ends, segments + 1, documents + 1)
        return np.cumsum(ends, dtype=np.int32)

    def _listed(
        self, clause: tantivy.Query, most: int
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The segments of what is found, and the documents in them."""
        # Of the orders that the engine offers its quickest: many offers have the same day.
        found = self._searcher.search(
            clause, limit=max(1, most), count=False, order_by_field="seen"
        )
        addresses = [address for _, address in found.hits]
        segments = np.fromiter((one.segment_ord for one in addresses), np.int32, len(addresses))
        return segments, np.fromiter((one.doc for one in addresses), np.int32, len(addresses))


def _united(found: Sequence[Held | None]) -> Held | None:
    known = [held for held in found if held is not None]
    return np.logical_or.reduce(known) if known and len(known) == len(found) else None


def _counted(column: _Column, held: Held, places: NDArray[np.intp]) -> dict[str, int]:
    """Value -> how many of those that are meant have it, commonest first as the engine tells."""
    meant = places if column.places is None else np.flatnonzero(held[column.places])
    counts = np.bincount(column.numbers[meant], minlength=len(column.values))
    order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    values = map(column.values.__getitem__, order.tolist())
    return dict(zip(values, counts[order].tolist(), strict=True))
