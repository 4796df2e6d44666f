"""All offers of one state of a tantivy index in the order of their ranks, as numbers.

The place of an offer is its number in that order, 0 for the highest rank. What a set of places
begins with is what of these offers is shown first among equals.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter, itemgetter
from typing import NamedTuple, TypeAlias

import numpy as np
import tantivy
from numpy.typing import NDArray

from aggregator.index.clauses import Clauses

Places: TypeAlias = NDArray[np.intp]
"""Numbers of the kind that arrays are looked up by: others are turned into it each time."""

_ADDRESS, _SEGMENT, _DOCUMENT = itemgetter(1), attrgetter("segment_ord"), attrgetter("doc")


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
        ends = np.zeros(searcher.num_segments + 1, dtype=np.intp)
        np.maximum.at(ends, segments + 1, documents + 1)
        self._starts = np.cumsum(ends, dtype=np.intp)
        self._segments, self._documents = segments, documents
        self._places = np.zeros(self._starts[-1], dtype=np.intp)
        self._places[self._starts[segments] + documents] = np.arange(self.size, dtype=np.intp)

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
        return self._at(*self._numbers(addresses))

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
        return self._numbers(list(map(_ADDRESS, found.hits)))

    def _numbers(self, addresses: Sequence[tantivy.DocAddress]) -> tuple[Places, Places]:
        """The segments of offers, and the documents in them."""
        count = len(addresses)
        documents = np.fromiter(map(_DOCUMENT, addresses), np.intp, count)
        if self._searcher.num_segments == 1:  # as after a build, and a fifth of the time is spared
            return np.zeros(count, np.intp), documents
        return np.fromiter(map(_SEGMENT, addresses), np.intp, count), documents
