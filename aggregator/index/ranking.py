"""All offers of one state of a tantivy index in the order of their ranks, as numbers.

The place of an offer is its number in that order, 0 for the highest rank. What a set of places
begins with is what of these offers is shown first among equals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import tantivy
from numpy.typing import NDArray

from aggregator.index.clauses import Clauses

Places: TypeAlias = NDArray[np.int32]


class Address(NamedTuple):
    """Where the engine has an offer."""

    segment: int
    document: int


class Ranking:
    """The offers of one state; learning their order takes as long as a hundred questions."""

    def __init__(self, searcher: tantivy.Searcher, clauses: Clauses) -> None:
        self._searcher, self._clauses = searcher, clauses
        # Of equals the engine tells the one first that it has first, here and in every answer.
        segments, documents = self._found(
            tantivy.Query.all_query(), searcher.num_docs, order_by="tie"
        )
        ends = np.zeros(searcher.num_segments + 1, dtype=np.int32)
        np.maximum.at(ends, segments + 1, documents + 1)
        self._starts = np.cumsum(ends, dtype=np.int32)
        self._segments, self._documents = segments, documents
        self._places = np.zeros(self._starts[-1], dtype=np.int32)
        self._places[self._starts[segments] + documents] = np.arange(self.size, dtype=np.int32)

    @property
    def size(self) -> int:
        """How many offers there are."""
        return len(self._documents)

    def having(self, field: str, term: str) -> Places:
        """The places of those that have a term in a field, in no order."""
        clause = self._clauses.word(field, term)
        # Of the orders that the engine offers its quickest: many offers have the same day.
        segments, documents = self._found(
            clause, self._searcher.doc_freq(field, term), order_by="seen"
        )
        return self._at(segments, documents)

    def places(self, addresses: Sequence[tantivy.DocAddress]) -> Places:
        """The places of offers that the engine found."""
        return self._at(*_numbers(addresses))

    def addresses(self, places: Places) -> list[Address]:
        """Where the engine has the offers of these places."""
        segments, documents = self._segments[places].tolist(), self._documents[places].tolist()
        return list(map(Address, segments, documents))

    def _at(self, segments: Places, documents: Places) -> Places:
        places: Places = self._places[self._starts[segments] + documents]
        return places

    def _found(self, clause: tantivy.Query, most: int, order_by: str) -> tuple[Places, Places]:
        found = self._searcher.search(
            clause, limit=max(1, most), count=False, order_by_field=order_by
        )
        return _numbers([address for _, address in found.hits])


def _numbers(addresses: Sequence[tantivy.DocAddress]) -> tuple[Places, Places]:
    """The segments of offers, and the documents in them."""
    segments = np.fromiter((one.segment_ord for one in addresses), np.int32, len(addresses))
    return segments, np.fromiter((one.doc for one in addresses), np.int32, len(addresses))
