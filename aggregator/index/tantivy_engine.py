"""The read index in tantivy: one writer and any readers of one generation folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tantivy
from pydantic_core import from_json
from tantivy import Occur
from tantivy import Query as Clause

from aggregator.index.engine import Found, Order, lifted, tie
from aggregator.index.schema import RAW_FIELDS, TEXT_FIELDS, Entry
from aggregator.index.tree import (
    FIELD_WEIGHT,
    All,
    AtLeast,
    Best,
    Bonus,
    Everything,
    Node,
    Phrase,
    Pieces,
    SeenSince,
    Term,
    Values,
    Without,
)

NAME = f"tantivy-{version('tantivy')}"

_LOCK = ".tantivy-meta.lock"
_MOST_VALUES = 65_000
"""Values that are counted; the engine gives no more buckets."""
_HEAP_BYTES = 128_000_000
_SLACK = 64
"""Hits beyond both ends of a page that are put in order with it: the engine's scores are too short
to tell all ranks apart."""


class TantivyEngine:
    """Reads one generation folder."""

    def __init__(self, folder: Path) -> None:
        self._index = _open(folder)
        self._folder = folder
        self._renew()

    def renewed(self) -> TantivyEngine:
        """A reader of the last commit; this one stays what it is."""
        if not os.access(self._folder / _LOCK, os.W_OK):
            return TantivyEngine(self._folder)
        newer = object.__new__(TantivyEngine)
        newer._index, newer._folder = self._index, self._folder
        newer._index.reload()
        newer._renew()
        return newer

    def _renew(self) -> None:
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    @property
    def size(self) -> int:
        """How many offers there are."""
        return self._searcher.num_docs

    def frequency(self, term: str) -> int:
        """In how many offers a stem occurs: the most of any text field."""
        return max(self._frequency(name, term) for name in TEXT_FIELDS)

    def holds(self, field: str, value: str) -> bool:
        """Whether any offer has a value in a raw field."""
        return self._frequency(field, value) > 0

    def values(self, field: str, prefix: str, limit: int | None = None) -> list[tuple[str, int]]:
        """The values of a raw field that begin so, commonest first."""
        return self._searcher.terms_with_prefix(field, prefix, limit=limit)

    def total(self, node: Node) -> int:
        """How many offers a tree finds."""
        found = self._searcher.search(self._clause(node), 1)
        return int(found.count)  # type: ignore[attr-defined]

    def page(
        self, node: Node, offset: int, limit: int, order: Order
    ) -> tuple[Sequence[Found], int]:
        """A page of what a tree finds, and how many it finds in all."""
        search = partial(self._searcher.search, self._clause(node))
        if order is Order.SCORE:
            first = max(0, offset - _SLACK)
            found = search(limit=offset + limit + _SLACK - first, offset=first,
                           weight_by_field="tie")  # fmt: skip
            addresses = [address for _, address in found.hits]
            ties = self._searcher.fast_field_values("tie", addresses)
            scored = [
                (round(weight / lifted(1, float(part or 0))), float(part or 0), address)
                for (weight, address), part in zip(found.hits, ties, strict=True)
            ]
            scored.sort(key=lambda one: (-lifted(one[0], one[1]), -one[1]))
            chosen = [
                (score, address)
                for score, _, address in scored[offset - first : offset - first + limit]
            ]
        else:
            by = {
                Order.TITLE: ("sort", tantivy.Order.Asc),
                Order.FRESH: ("fresh", tantivy.Order.Desc),
            }
            name, direction = by[order]
            found = search(limit=max(1, limit), offset=offset, order_by_field=name,
                           order=direction)  # fmt: skip
            chosen = [(0, address) for _, address in found.hits[:limit]]
        total = int(found.count)  # type: ignore[attr-defined]
        return [Found(score, self._offer(address)) for score, address in chosen], total

    def counts(self, node: Node, fields: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """How many of the found offers have which value, for some raw fields."""
        asked = {name: {"terms": {"field": name, "size": _MOST_VALUES}} for name in fields}
        answer = self._searcher.aggregate(self._clause(node), asked)
        return {
            name: {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"]}
            for name in fields
        }

    def _offer(self, address: tantivy.DocAddress) -> dict[str, Any]:
        stored = self._searcher.doc(address).get_first("offer")
        offer: dict[str, Any] = from_json(bytes(stored or b"{}"))
        return offer

    def _frequency(self, field: str, term: str) -> int:
        return self._searcher.doc_freq(field, term)

    def _clause(self, node: Node) -> Clause:  # noqa: PLR0911 - a case a kind of node
        match node:
            case Term(term, weight, fields):
                return self._in_fields(
                    weight, [(name, self._word(name, term)) for name in fields
                             if self._frequency(name, term)],
                )  # fmt: skip
            case Phrase(terms, weight):
                words: list[str | tuple[int, str]] = list(terms)
                return self._in_fields(
                    weight,
                    [
                        (name, Clause.phrase_query(self._schema, name, words))
                        for name in TEXT_FIELDS
                    ],
                )
            case Pieces(pieces, least):
                each = [_scored(self._word("grams", piece), 1) for piece in pieces]
                return _some(each, least)
            case Values(field, values, score):
                return _scored(self._values(field, values), score)
            case SeenSince(day):
                kind = tantivy.FieldType.Unsigned
                return _scored(Clause.range_query(self._schema, "seen", kind, day, None), 0)
            case Everything():
                return _scored(Clause.all_query(), 1)
            case All(children):
                return Clause.boolean_query([(Occur.Must, self._clause(c)) for c in children])
            case Best(children):
                return Clause.disjunction_max_query([self._clause(c) for c in children])
            case AtLeast(children, least):
                return _some([self._clause(c) for c in children], least)
            case Bonus(base, extra):
                return Clause.boolean_query(
                    [(Occur.Must, self._clause(base))]
                    + [(Occur.Should, self._clause(c)) for c in extra]
                )
            case Without(base, excluded):
                return Clause.boolean_query(
                    [(Occur.Must, self._clause(base))]
                    + [(Occur.MustNot, self._clause(c)) for c in excluded]
                )

    def _in_fields(self, weight: int, clauses: list[tuple[str, Clause]]) -> Clause:
        ways = [_scored(clause, weight * FIELD_WEIGHT[name]) for name, clause in clauses]
        if not ways:
            return Clause.empty_query()
        return ways[0] if len(ways) == 1 else Clause.disjunction_max_query(ways)

    def _word(self, field: str, term: str) -> Clause:
        return Clause.term_query(self._schema, field, term, "basic")

    def _values(self, field: str, values: tuple[str, ...]) -> Clause:
        if not values:
            return Clause.empty_query()
        if len(values) == 1:
            return self._word(field, values[0])
        return Clause.term_set_query(self._schema, field, values)


class TantivyWriter:
    """Writes one generation folder. Only `directory.open_writer` makes one, behind the lock."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index(_schema(), str(folder))
        self._writer = self._index.writer(_HEAP_BYTES, 1)

    def apply(self, entries: Iterable[Entry], deletes: Iterable[str]) -> None:
        """Delete, then write offers, and commit: all of it is seen, or nothing if it fails."""
        try:
            for identity in deletes:
                self._writer.delete_documents_by_term("id", identity)
            for entry in entries:
                self._writer.delete_documents_by_term("id", entry.id)
                self._writer.add_document(_document(entry))
        except BaseException:
            self._writer.rollback()
            raise
        self._writer.commit()

    def close(self) -> None:
        """Let running merges end and free the engine's lock."""
        self._writer.wait_merging_threads()


def usable(folder: Path) -> bool:
    """Whether the engine can open what is there."""
    try:
        tantivy.Index.open(str(folder))
    except (ValueError, OSError):
        return False
    return True


def _schema() -> tantivy.Schema:
    """Analysed text, raw fields, the stored offer, and what puts hits in order."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("grams", tokenizer_name="whitespace", index_option="basic")
    for name in RAW_FIELDS:
        fast = name not in {"words", "suggest", "cell", "slot"}
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=fast)
    builder.add_text_field("sort", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_float_field("tie", fast=True)
    builder.add_unsigned_field("seen", indexed=True, fast=True)
    builder.add_unsigned_field("fresh", fast=True)
    builder.add_bytes_field("offer", stored=True)
    return builder.build()


def _document(entry: Entry) -> tantivy.Document:
    found = tantivy.Document()
    found.add_text("id", entry.id)
    for name, text in entry.texts.items():
        # The text itself is kept in `offer`; the engine needs the terms only.
        tokens = [tantivy.Token(term, at, 0, 0) for at, term in enumerate(text.terms)]
        # A gap before each keeps them from making a phrase that nobody wrote.
        first = len(tokens) + 1
        tokens += [tantivy.Token(term, first + 2 * at, 0, 0) for at, term in enumerate(text.apart)]
        found.add_pre_tokenized_text(name, tantivy.PreTokenizedString("", tokens))
    found.add_text("grams", " ".join(entry.pieces))
    for name, value in entry.raw:
        found.add_text(name, value)
    found.add_text("sort", entry.sort)
    found.add_float("tie", tie(entry.rank))
    found.add_unsigned("seen", entry.seen)
    found.add_unsigned("fresh", entry.fresh)
    found.add_bytes("offer", entry.stored)
    return found


def _scored(clause: Clause, score: int) -> Clause:
    return Clause.const_score_query(clause, float(score))


def _some(clauses: list[Clause], least: int) -> Clause:
    return Clause.boolean_query(
        [(Occur.Should, clause) for clause in clauses], minimum_number_should_match=least
    )


def _open(generation: Path) -> tantivy.Index:
    """Open the engine's files for reading.

    The engine wants to write a lock file even then. Where that is forbidden, it is shown a folder
    of its own with links to the files; they are mapped when this returns, and the links may go.
    """
    if os.access(generation / _LOCK, os.W_OK):
        return _reading(generation)
    with TemporaryDirectory(prefix="netzlotse-index-") as links:
        for path in generation.iterdir():
            if path.suffix != ".lock":
                (Path(links) / path.name).symlink_to(path.resolve())
        return _reading(Path(links))


def _reading(folder: Path) -> tantivy.Index:
    index = tantivy.Index.open(str(folder))
    index.config_reader("manual")
    index.reload()
    return index
