"""The read index in tantivy: one writer and any readers of one generation folder."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Sequence
from functools import partial
from importlib.metadata import version
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tantivy
from pydantic_core import from_json, to_json

from aggregator.index.clauses import Clauses
from aggregator.index.common import Common
from aggregator.index.document import ONE_VALUE
from aggregator.index.engine import Counts, Found, Order, lifted, tie
from aggregator.index.expected import Expected
from aggregator.index.frequencies import Frequencies
from aggregator.index.ranking import Address
from aggregator.index.schema import RAW_FIELDS, TEXT_FIELDS, Entry
from aggregator.index.standing import Foremost, standings
from aggregator.index.stored import Stored, unpacked
from aggregator.index.tiers import tiers
from aggregator.index.tree import (
    WIDEST,
    Node,
    Values,
    Without,
    best,
    every,
    finds,
    unscored,
)

NAME = f"tantivy-{version('tantivy')}"

_LOCK = ".tantivy-meta.lock"
_MOST_VALUES = 65_000
"""Values that are counted; the engine gives no more buckets."""
_HOW_MANY = {"total": {"value_count": {"field": "cost"}}}
"""To count the values of a field that every offer has once is the engine's quickest way."""
_HEAP_BYTES = 512_000_000
"""Taken as offers come, a few kilobytes each: a hundred thousand are one part of the index, and who
asks it goes through few parts."""
_MOST_NUMBERS = 200_000
_MOST_TOTALS = 50_000
_LONG = 2_000
"""Offers whose values take longer to count than to remember."""
_MOST_COUNTED = 32 * 1024 * 1024
"""Bytes of what was counted and is remembered, as JSON: a tenth of what it takes in Python."""
_FEW_VALUES = 100
_FEW = 1_000
"""Offers that are fetched sooner than the engine counts their values."""
_SLACK = 64
"""Hits beyond both ends of a page that may have to be put in order with it: the engine's weights
are too short to tell all ranks apart."""
_MANY = 10_000
"""Offers that take longer to score than the highest scores to look for one after the other."""
_MOST_TIERS = 16
"""Of so many that are looked at together each takes less than scoring does."""
_ENOUGH = 3
"""So many times the page should be among the foremost, by what words have in common with others."""
_TELLING = 2**-21
"""Part of a weight by which another one differs for certain; they have 24 bits."""
_MOST_BYTES = 64 * 1024 * 1024
"""Of stored offers that are remembered: what common words find is shown again and again."""


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
        self._searcher = self._index.searcher()
        self._frequencies = Frequencies(self._searcher)
        self._expected = Expected(self._frequencies, self.size)
        self._clauses = Clauses(self._index.schema, self._frequencies, self._expected)
        self._common = Common(self._searcher, self._clauses, self._expected)
        self._documents: dict[Address, Stored] = {}
        self._remembered = 0
        self._numbers: dict[tuple[str, str], int] = {}
        self._totals: dict[Hashable, int] = {}
        self._counted: dict[Hashable, bytes] = {}
        self._counted_bytes = 0
        self._listed: dict[str, list[tuple[str, int]]] = {}
        self._foremost = Foremost(self._searcher.terms_with_prefix("standing", ""))
        # Every offer has one value of this field: with more of them than offers, some are deleted
        # and still counted.
        values = self._searcher.terms_with_prefix("cost", "")
        self._intact = self.size == sum(count for _, count in values)

    def settle(self) -> None:
        """Make the arrays of common words and of all facets."""
        self._common.settle()

    @property
    def size(self) -> int:
        """How many offers there are."""
        return self._searcher.num_docs

    def frequency(self, term: str) -> int:
        """In how many offers a stem occurs."""
        return self._number(WIDEST, term)

    def begins(self, letters: str) -> bool:
        """Whether any stem of any offer begins so."""
        return bool(self.values(WIDEST, letters, 1))

    def holds(self, field: str, value: str) -> bool:
        """Whether any offer has a value in a raw field."""
        return self._number(field, value) > 0

    def values(self, field: str, prefix: str, limit: int | None = None) -> list[tuple[str, int]]:
        """The values of a raw field that begin so, commonest first.

        The engine puts them in order by how many offers had them before some were deleted. Which
        offers those are depends on when it merged its segments, and no two nodes do at once.
        """
        if prefix or limit is not None:
            return self._begun(field, prefix, limit)
        known = self._listed.get(field)
        if known is None:
            known = self._begun(field, prefix, limit)
            if len(known) <= _FEW_VALUES:
                self._listed[field] = known
        return known

    def _begun(self, field: str, prefix: str, limit: int | None) -> list[tuple[str, int]]:
        look = partial(self._searcher.terms_with_prefix, field, prefix)
        if self._intact:
            return look(limit=limit)
        if limit is None:
            return self._numbered(field, look())
        looked_at = limit
        while True:
            looked_at += _SLACK
            told = look(limit=looked_at)
            found = self._numbered(field, told)
            # What was not looked at has at most as many as the last one had.
            enough = len(found) >= limit and found[limit - 1][1] > told[-1][1]
            if enough or len(told) < looked_at:
                return found[:limit]
            looked_at *= 2

    def _numbered(self, field: str, told: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
        """Values with the number of offers that are there, commonest first."""
        numbers = [(value, self._number(field, value)) for value, _ in told]
        return sorted((one for one in numbers if one[1]), key=lambda one: (-one[1], one[0]))

    def total(self, node: Node) -> int:
        """How many offers a tree finds."""
        if self._intact and (number := self._expected.exactly(node)) is not None:
            return number
        if not self._expected.most(node):
            return 0
        key = finds(node)
        known = self._totals.get(key)
        if known is None:
            known = self._common.total(node)
            if known is None:
                answer = self._searcher.aggregate(self._clauses.of(unscored(node)), _HOW_MANY)
                known = int(answer["total"]["value"])
            if len(self._totals) >= _MOST_TOTALS:
                self._totals.clear()
            self._totals[key] = known
        return known

    def page(
        self, node: Node, offset: int, limit: int, order: Order, total: int | None = None
    ) -> tuple[Sequence[Found], int]:
        """A page of what a tree finds, and how many it finds: `total` where that is known."""
        most = self._expected.most(node)
        if not most:
            return (), 0
        if order is Order.SCORE:
            if top := self._top(node, offset, limit, total, most):
                return top
            search = partial(self._searcher.search, self._clauses.of(node))
            first = max(0, offset - _SLACK)
            found = search(limit=offset + limit + _SLACK - first, offset=first,
                           weight_by_field="tie")  # fmt: skip
            chosen = self._in_order(found.hits, offset - first, offset - first + limit)
        else:
            by = {
                Order.TITLE: ("sort", tantivy.Order.Asc),
                Order.FRESH: ("fresh", tantivy.Order.Desc),
            }
            name, direction = by[order]
            search = partial(self._searcher.search, self._clauses.of(unscored(node)))
            found = search(limit=max(1, limit), offset=offset, order_by_field=name,
                           order=direction)  # fmt: skip
            chosen = [(0, address) for address in _addresses(found.hits[:limit])]
        count = int(found.count)  # type: ignore[attr-defined]
        return self._shown(chosen), count

    def _in_order(
        self, hits: Sequence[tuple[float, tantivy.DocAddress]], start: int, end: int
    ) -> list[tuple[int, Address]]:
        """Scores and addresses of the weighed hits of a page, the undecided ones by their ties."""
        low, high = start, min(end, len(hits))
        while 0 < low < high and _undecided(hits[low - 1][0], hits[low][0]):
            low -= 1
        while low < high < len(hits) and _undecided(hits[high - 1][0], hits[high][0]):
            high += 1
        addresses = [address for _, address in hits[low:high]]
        ties = self._searcher.fast_field_values("tie", addresses)
        scored: list[tuple[float, float, int, int]] = []
        for at, tie_of in enumerate(ties):
            part = float(tie_of or 0)
            lift = lifted(1, part)
            score = round(hits[low + at][0] / lift)
            scored.append((-score * lift, -part, at, score))
        scored.sort()
        page = scored[start - low : end - low]
        return [(score, _address(addresses[at])) for _, _, at, score in page]

    def _top(
        self, node: Node, offset: int, limit: int, total: int | None, most: int
    ) -> tuple[Sequence[Found], int] | None:
        """A page of those that score as high as any can, where they are enough to fill it.

        Common words fill many pages so, and nothing has to be scored. Of a tree that finds few, at
        `most` so many, only the highest score is looked for, and not where too few may have it.
        """
        whole, end = unscored(node), offset + limit
        tries = _MOST_TIERS if most >= _MANY else 1
        fills = tries > 1 or self._expected.likely(whole) >= end
        ways = tiers(node, self._frequencies) if fills else None
        if ways is None:
            return None
        page: list[Found] = []
        passed = 0
        above: list[Node] = []
        for score, same in groupby(ways, key=itemgetter(0)):
            tier = unscored(best(*(part for _, part in same)))
            if tries == 1 and tier != whole and self._expected.likely(tier) < end - passed:
                return None
            tries -= 1
            node = Without(tier, tuple(above)) if above else tier
            first, count = self._by_tie(node, max(0, offset - passed), end - passed)
            page += (Found(score, self._stored(address)) for address in first[:limit])
            if count is not None and tier == whole:
                return page, passed + count
            if count is None or passed + count >= end:
                return page[:limit], self.total(whole) if total is None else total
            passed += count
            if not tries:
                return None
            above.append(tier)
        return None

    def _by_tie(self, node: Node, offset: int, end: int) -> tuple[list[Address], int | None]:
        """Of what a tree finds, those of the highest ranks from `offset` to `end`; and how many.

        Where very many are found, those of the highest ranks of all offers are enough of them:
        nobody has looked at the others then, and how many there are is not known (None).
        """
        if known := self._common.first(node, offset, end):
            return known
        search = partial(self._searcher.search, limit=max(1, end - offset), offset=offset,
                         order_by_field="tie")  # fmt: skip
        likely = self._expected.likely(node)
        among = self._foremost.smallest(_ENOUGH * end * self.size / likely) if likely else None
        if among and likely >= _LONG:
            found = search(self._clauses.of(every(Values("standing", among), node)))
            if found.count >= end:  # type: ignore[attr-defined]
                return _addresses(found.hits), None
        found = search(self._clauses.of(node))
        return _addresses(found.hits), int(found.count)  # type: ignore[attr-defined]

    def counts(self, node: Node, fields: Sequence[str]) -> Counts:
        """How many offers a tree finds, and how many of them have which value of raw fields.

        What took long is remembered: the next page of an answer, and the same question in other
        small words, count the same.
        """
        if not self._expected.most(node):
            return Counts(0, {name: {} for name in fields})
        key = finds(node), tuple(fields)
        if known := self._counted.get(key):
            return Counts(*from_json(known))
        counted = self._common.counts(node, fields) or self._counts(node, fields)
        if counted.total >= _LONG:
            told = to_json(counted)
            self._counted_bytes += len(told)
            if self._counted_bytes > _MOST_COUNTED:
                self._counted.clear()
                self._counted_bytes = len(told)
            self._counted[key] = told
        return counted

    def counted_page(
        self, node: Node, offset: int, limit: int, order: Order, fields: Sequence[str]
    ) -> tuple[Sequence[Found], Counts]:
        """A page of what a tree finds, and its `counts`.

        Of few offers all are fetched, and are counted here; of many the page is found sooner once
        they are counted.
        """
        if order is Order.SCORE and (told := self._few(node, offset, limit, fields)):
            return told
        counted = self.counts(node, fields)
        found = self.page(node, offset, limit, order, counted.total)[0] if counted.total else ()
        return found, counted

    def _few(
        self, node: Node, offset: int, limit: int, fields: Sequence[str]
    ) -> tuple[Sequence[Found], Counts] | None:
        """What `counted_page` tells, from one search; None where that does not find all."""
        few = self._expected.most(node) and self._expected.likely(node) <= _FEW
        if not few or not self._common.counts_few(fields):
            return None
        found = self._searcher.search(self._clauses.of(node), limit=_FEW, weight_by_field="tie")
        hits = found.hits
        if int(found.count) > len(hits):  # type: ignore[attr-defined]
            return None
        values = self._common.values([address for _, address in hits], fields)
        chosen = self._in_order(hits, offset, offset + limit)
        return self._shown(chosen), Counts(len(hits), values)

    def _counts(self, node: Node, fields: Sequence[str]) -> Counts:
        asked: dict[str, Any] = {
            name: {"terms": {"field": name, "size": _MOST_VALUES}} for name in fields
        }
        whole = next((name for name in fields if name in ONE_VALUE), None)
        clause = self._clauses.of(unscored(node))
        answer = self._searcher.aggregate(clause, asked if whole else asked | _HOW_MANY)
        counted = {
            name: {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"]}
            for name in fields
        }
        total = sum(counted[whole].values()) if whole else int(answer["total"]["value"])
        return Counts(total, counted)

    def _shown(self, chosen: Sequence[tuple[int, Address]]) -> list[Found]:
        return [Found(score, self._stored(address)) for score, address in chosen]

    def _stored(self, address: Address) -> Stored:
        stored = self._documents.get(address)
        if stored is None:
            found = self._searcher.doc(tantivy.DocAddress(*address))
            kept = bytes(found.get_first("offer") or b"")
            self._remembered += len(kept)
            if self._remembered > _MOST_BYTES:
                self._documents.clear()
                self._remembered = len(kept)
            stored = self._documents[address] = unpacked(kept)
        return stored

    def _number(self, field: str, term: str) -> int:
        """In how many offers a term occurs: as `Frequencies`, without those that were deleted."""
        if self._intact:
            return self._frequencies[field, term]
        known = self._numbers.get((field, term))
        if known is None:
            found = self._searcher.search(self._clauses.word(field, term), limit=1)
            if len(self._numbers) >= _MOST_NUMBERS:
                self._numbers.clear()
            known = self._numbers[field, term] = int(found.count)  # type: ignore[attr-defined]
        return known


class TantivyWriter:
    """Writes one generation folder. Only `directory.open_writer` makes one, behind the lock."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index(_schema(), str(folder))
        self._writer = self._index.writer(_HEAP_BYTES, 1)
        # A commit that was cut short leaves files behind whose names the next one would give again.
        self._writer.garbage_collect_files()

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
    for name in ("grams", "words"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in RAW_FIELDS:
        fast = name not in {"suggest", "begins", "cell", "slot"}
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=fast)
    builder.add_text_field("standing", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("sort", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_float_field("tie", fast=True)
    builder.add_unsigned_field("seen", indexed=True, fast=True)
    builder.add_unsigned_field("fresh", fast=True)
    builder.add_bytes_field("offer", stored=True)
    return builder.build()


def _document(entry: Entry) -> tantivy.Document:
    found = tantivy.Document()
    found.add_text("id", entry.id)
    for name, runs in entry.texts.items():
        for run in runs:
            # Between the values of a field the engine leaves a gap that no phrase crosses.
            found.add_text(name, run)
    found.add_text("grams", " ".join(entry.pieces))
    found.add_text("words", " ".join(entry.words))
    for name, value in entry.raw:
        found.add_text(name, value)
    for standing in standings(entry.rank):
        found.add_text("standing", standing)
    found.add_text("sort", entry.sort)
    found.add_float("tie", tie(entry.rank))
    found.add_unsigned("seen", entry.seen)
    found.add_unsigned("fresh", entry.fresh)
    found.add_bytes("offer", entry.stored)
    return found


def _address(found: tantivy.DocAddress) -> Address:
    return Address(found.segment_ord, found.doc)


def _addresses(hits: Sequence[tuple[Any, tantivy.DocAddress]]) -> list[Address]:
    return [_address(found) for _, found in hits]


def _undecided(weight: float, lower: float) -> bool:
    return weight - lower <= weight * _TELLING


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
