"""The read index in tantivy: one writer and any readers of one generation folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur
from tantivy import Query as Engine

from aggregator.index import schema
from aggregator.index.base import FILTERS, Hit, Hits, Query
from aggregator.index.plan import Plan
from aggregator.index.question import Question, query_terms

DEEPEST = 10_000
"""Hits that can be paged to; whoever wants more takes the download."""

FEW = 3
"""With fewer hits than this, similar words are tried too."""

_MOST_VALUES = 10_000
_HEAP_BYTES = 64_000_000


class Snapshot:
    """One state of the index. Answers are made from it alone; a newer state is a new snapshot."""

    def __init__(self, index: tantivy.Index, seq: int) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()
        self._plan = Plan(self._schema, self._searcher)
        self.seq = seq

    def search(self, query: Query) -> Hits:
        """Answer a query (see `aggregator.index.base.Searcher`).

        Raises ValueError for a filter or facet that is none of FILTERS.
        """
        question = query_terms(query.text)
        bounds = self._plan.bounds(question, query.filters)
        wanted = self._widened(question, bounds)
        # The engine reserves memory for offset + limit, so both are bounded before it sees them.
        limit = max(0, min(query.limit, DEEPEST - max(0, query.offset)))
        offset = max(0, query.offset) if limit else 0
        items, total = self._page(wanted, offset, limit, ranked=question.asks)
        return Hits(items, total, self._counts(wanted, query.facets), self.seq)

    def corrected(self, text: str) -> dict[str, str]:
        """For "Meinten Sie": typed word -> known word, for words that no offer has."""
        return self._plan.corrected(query_terms(text))

    def _widened(self, question: Question, bounds: list[tuple[Occur, Engine]]) -> Engine:
        """All words if that finds anything, else most, else one; few hits are joined by similar."""
        if not question.words:
            words = Engine.all_query() if not question.asks else None
            return _within(words, bounds)
        count = len(question.words)
        wanted = self._plan.strict(question)
        total = self._total(_within(wanted, bounds))
        for least in dict.fromkeys((max(1, count - max(1, count * 2 // 5)), 1)):
            if total:
                break
            wanted = self._plan.relaxed(question, least)
            total = self._total(_within(wanted, bounds))
        if total < FEW:
            similar = self._plan.similar(question)
            if similar is not None:
                wanted = Engine.boolean_query([(Occur.Should, wanted), (Occur.Should, similar)])
        return _within(wanted, bounds)

    def _total(self, wanted: Engine) -> int:
        return int(self._searcher.search(wanted, 1).count)  # type: ignore[attr-defined]

    def _page(
        self, wanted: Engine, offset: int, limit: int, *, ranked: bool
    ) -> tuple[list[Hit], int]:
        if ranked:
            found = self._searcher.search(
                wanted, max(1, limit), offset=offset, weight_by_field="tie"
            )
        else:
            found = self._searcher.search(
                wanted, max(1, limit), offset=offset, order_by_field="sort",
                order=tantivy.Order.Asc,
            )  # fmt: skip
        total = int(found.count)  # type: ignore[attr-defined]
        items: list[Hit] = []
        for score, address in found.hits[:limit]:
            stored = self._searcher.doc(address)
            offer = json.loads(bytes(stored.get_first("offer") or b"{}"))
            items.append(Hit(str(stored.get_first("id")), score if ranked else 0.0, offer))
        return items, total

    def _counts(self, wanted: Engine, facets: tuple[str, ...]) -> Mapping[str, Mapping[str, int]]:
        if not facets:
            return {}
        unknown = sorted(set(facets) - set(FILTERS))
        if unknown:
            raise ValueError(f"no such facet: {', '.join(unknown)}")
        asked = {name: {"terms": {"field": name, "size": _MOST_VALUES}} for name in facets}
        answer = self._searcher.aggregate(wanted, asked)
        return {
            name: {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"]}
            for name in facets
        }


class TantivyWriter:
    """Writes one generation folder. Only `directory.open_writer` makes one, behind the lock."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index(schema.build(), str(folder))
        self._writer = self._index.writer(_HEAP_BYTES, 1)

    def apply(self, upserts: Iterable[dict[str, Any]], deletes: Iterable[str]) -> None:
        """Delete, then write offers, and commit: all of it is seen, or nothing if it fails."""
        try:
            for identity in deletes:
                self._writer.delete_documents_by_term("id", identity)
            for offer in upserts:
                self._writer.delete_documents_by_term("id", str(offer["id"]))
                self._writer.add_document(schema.document(offer))
        except BaseException:
            self._writer.rollback()
            raise
        self._writer.commit()

    def close(self) -> None:
        """Let running merges end and free the engine's lock."""
        self._writer.wait_merging_threads()


def _within(wanted: Engine | None, bounds: list[tuple[Occur, Engine]]) -> Engine:
    """A query inside its bounds; with no words of its own it is what the bounds demand."""
    if wanted is None:
        return Engine.boolean_query(bounds)
    return Engine.boolean_query([(Occur.Must, wanted), *bounds]) if bounds else wanted
