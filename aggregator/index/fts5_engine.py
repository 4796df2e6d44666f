"""The read index in SQLite FTS5: the same answers where tantivy cannot be installed.

FTS5 keeps the postings, by our own tokens; finding and scoring is done here, so that scores and
order are those of every engine. Good for some hundred thousand offers.
"""

from __future__ import annotations

import heapq
import sqlite3
import threading
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from aggregator.index.engine import Counts, Found, Order, lifted, tie
from aggregator.index.schema import TEXT_FIELDS, Entry
from aggregator.index.stored import Stored, unpacked
from aggregator.index.tree import (
    FIELD_WEIGHT,
    WIDEST,
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

NAME = f"fts5-{sqlite3.sqlite_version}"

FILE = "index.sqlite"

_TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS offer (
    doc INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, stored BLOB NOT NULL, sort TEXT NOT NULL,
    rank INTEGER NOT NULL, seen INTEGER NOT NULL, fresh INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS raw (
    field TEXT NOT NULL, value TEXT NOT NULL, doc INTEGER NOT NULL,
    PRIMARY KEY (field, value, doc)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS raw_doc ON raw (doc);
CREATE VIRTUAL TABLE IF NOT EXISTS posting USING fts5
    (title, about, whole, grams, tokenize = 'ascii', columnsize = 0);
CREATE VIRTUAL TABLE IF NOT EXISTS vocabulary USING fts5vocab (posting, col);
"""
_GAP = "f"
"""Stands between terms that make no phrase; terms begin with a t."""
_LAST = chr(0x10FFFF)
_MOST_LISTED = 4_000_000
"""Documents in the lists that are remembered, eight bytes each."""
_MOST_SCORED = 200_000
"""Documents whose scores are remembered, a hundred bytes each."""
_OVERHEAD = 30
"""What a list takes beside its documents, in documents."""

Scores = dict[int, int]
"""Document -> score."""

_FIRST = itemgetter(0)


class Fts5Engine:
    """Reads the state of one generation folder that it had when this was made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = threading.Lock()
        uri = f"{(folder / FILE).absolute().as_uri()}?mode=ro"
        self._connection = sqlite3.connect(
            uri, uri=True, check_same_thread=False, isolation_level=None
        )
        # A transaction that has read something sees nothing that is committed later.
        self._connection.execute("BEGIN")
        self._ranks = dict(self._rows("SELECT doc, rank FROM offer"))
        self._lifts = {doc: lifted(1, tie(rank)) for doc, rank in self._ranks.items()}
        self._lists: dict[str, Sequence[int]] = {}
        self._listed = 0
        self._scored: dict[Node, Scores] = {}
        self._remembered = 0
        self._values: dict[str, list[tuple[str, int]]] = {}
        self._orders: dict[Order, Sequence[int]] = {}

    def __del__(self) -> None:
        self._connection.close()

    def renewed(self) -> Fts5Engine:
        """A reader of the last commit; this one stays what it is."""
        return Fts5Engine(self._folder)

    @property
    def size(self) -> int:
        """How many offers there are."""
        return len(self._ranks)

    def frequency(self, term: str) -> int:
        """In how many offers a stem occurs."""
        found = "SELECT doc FROM vocabulary WHERE term = ? AND col = ?"
        rows = self._rows(found, _token(term), WIDEST)
        return int(rows[0][0]) if rows else 0

    def begins(self, letters: str) -> bool:
        """Whether any stem of any offer begins so."""
        found = "SELECT 1 FROM vocabulary WHERE term >= ? AND term < ? AND col = ? LIMIT 1"
        beginnings = {f"t{letters}", f"tu{letters.encode().hex()}"}  # see `_token`
        return any(self._rows(found, start, start + _LAST, WIDEST) for start in beginnings)

    def holds(self, field: str, value: str) -> bool:
        """Whether any offer has a value in a raw field."""
        found = "SELECT 1 FROM raw WHERE field = ? AND value = ? LIMIT 1"
        return bool(self._rows(found, field, value))

    def values(self, field: str, prefix: str, limit: int | None = None) -> list[tuple[str, int]]:
        """The values of a raw field that begin so, commonest first."""
        if prefix or limit is not None:
            return self._begun(field, prefix, limit)
        if field not in self._values:  # all of a filter's: every question asks for some
            self._values[field] = self._begun(field, prefix, limit)
        return self._values[field]

    def _begun(self, field: str, prefix: str, limit: int | None) -> list[tuple[str, int]]:
        return self._rows(
            "SELECT value, count(*) FROM raw WHERE field = ? AND value >= ? AND value < ? "
            "GROUP BY value ORDER BY count(*) DESC, value LIMIT ?",
            field, prefix, prefix + _LAST, -1 if limit is None else limit,
        )  # fmt: skip

    def total(self, node: Node) -> int:
        """How many offers a tree finds."""
        return len(self._scores(node))

    def page(
        self, node: Node, offset: int, limit: int, order: Order, total: int | None = None
    ) -> tuple[Sequence[Found], int]:
        """A page of what a tree finds, and how many it finds in all."""
        scores = self._scores(node)
        if order is Order.SCORE:
            ranks, lifts = self._ranks, self._lifts

            def key(doc: int) -> tuple[float, int, int]:
                return -scores[doc] * lifts[doc], -ranks[doc], doc

            first = heapq.nsmallest(offset + limit, scores, key)[offset:]
        else:
            found = (doc for doc in self._ordered(order) if doc in scores)
            first = list(islice(found, offset, offset + limit))
        told = scores if order is Order.SCORE else {}
        return [Found(told.get(doc, 0), self._stored(doc)) for doc in first], len(scores)

    def counts(self, node: Node, fields: Sequence[str]) -> Counts:
        """How many offers a tree finds, and how many of them have which value of raw fields."""
        found = self._scores(node)
        counted = {
            name: Counter(
                value
                for value, doc in self._rows("SELECT value, doc FROM raw WHERE field = ?", name)
                if doc in found
            )
            for name in fields
        }
        return Counts(len(found), counted)

    def _ordered(self, order: Order) -> Sequence[int]:
        """All documents by title or by last sight."""
        known = self._orders.get(order)
        if known is None:
            by = "sort" if order is Order.TITLE else "fresh DESC"
            rows = self._rows(f"SELECT doc FROM offer ORDER BY {by}")  # noqa: S608 - two words
            known = self._orders[order] = array("q", (doc for (doc,) in rows))
        return known

    def _stored(self, doc: int) -> Stored:
        ((stored,),) = self._rows("SELECT stored FROM offer WHERE doc = ?", doc)
        return unpacked(bytes(stored))

    def _scores(self, node: Node) -> Scores:
        """The offers that a tree finds. Not to be changed: those of a word are remembered.

        A question is asked in several ways one after the other, of the same words.
        """
        if not isinstance(node, Term | Phrase | Best):
            return self._evaluated(node)
        known = self._scored.get(node)
        if known is None:
            known = self._evaluated(node)
            self._remembered += len(known) + _OVERHEAD
            if self._remembered > _MOST_SCORED:
                self._scored.clear()
                self._remembered = len(known) + _OVERHEAD
            self._scored[node] = known
        return known

    def _evaluated(self, node: Node) -> Scores:  # noqa: PLR0911, C901 - a case a kind of node
        match node:
            case Term(term, weight, fields):
                return self._matches(_token(term), weight, fields)
            case Phrase(terms, weight):
                return self._matches(" ".join(map(_token, terms)), weight, TEXT_FIELDS)
            case Pieces(pieces, least):
                counted = _counted(self._docs("grams", _token(piece)) for piece in pieces)
                return {doc: count for doc, count in counted.items() if count >= least}
            case Values(field, values, score):
                return self._having(field, values, score)
            case SeenSince(day):
                rows = self._rows("SELECT doc FROM offer WHERE seen >= ?", day)
                return {doc: 0 for (doc,) in rows}
            case Everything():
                return dict.fromkeys(self._ranks, 1)
            case All(children):
                return _intersection([self._scores(child) for child in children])
            case Best(children):
                return _union(map(self._scores, children))
            case AtLeast(children, least):
                return _some([self._scores(child) for child in children], least)
            case Bonus(base, extra):
                found = dict(self._scores(base))
                for child in extra if found else ():
                    _add(found, self._scores(child))
                return found
            case Without(base, excluded):
                gone = set[int]().union(*map(self._scores, excluded))
                found = self._scores(base)
                return {doc: score for doc, score in found.items() if doc not in gone}

    def _matches(self, phrase: str, weight: int, fields: Sequence[str]) -> Scores:
        found: Scores = {}
        for worth, name in sorted((FIELD_WEIGHT[name], name) for name in fields):
            found.update(dict.fromkeys(self._docs(name, phrase), weight * worth))
        return found

    def _docs(self, field: str, phrase: str) -> Sequence[int]:
        """Who has a phrase in a field. One question asks for the same again and again."""
        asked = f'{field} : "{phrase}"'
        known = self._lists.get(asked)
        if known is None:
            rows = self._rows("SELECT rowid FROM posting WHERE posting MATCH ?", asked)
            known = array("q", map(_FIRST, rows))
            self._listed += len(known) + _OVERHEAD
            if self._listed > _MOST_LISTED:
                self._lists.clear()
                self._listed = len(known) + _OVERHEAD
            self._lists[asked] = known
        return known

    def _having(self, field: str, values: tuple[str, ...], score: int) -> Scores:
        return {
            doc: score
            for value in values
            for (doc,) in self._rows(
                "SELECT doc FROM raw WHERE field = ? AND value = ?", field, value
            )
        }

    def _rows(self, statement: str, *arguments: object) -> list[Any]:
        with self._turn:
            return self._connection.execute(statement, arguments).fetchall()


class Fts5Writer:
    """Writes one generation folder. Only `directory.open_writer` makes one, behind the lock."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / FILE, isolation_level=None)
        self._connection.executescript(_TABLES)

    def apply(self, entries: Iterable[Entry], deletes: Iterable[str]) -> None:
        """Delete, then write offers, and commit: all of it is seen, or nothing if it fails."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for identity in deletes:
                self._delete(identity)
            for entry in entries:
                self._delete(entry.id)
                self._insert(entry)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _delete(self, identity: str) -> None:
        found = self._connection.execute(
            "DELETE FROM offer WHERE id = ? RETURNING doc", (identity,)
        ).fetchall()
        for row in found:
            self._connection.execute("DELETE FROM posting WHERE rowid = ?", row)
            self._connection.execute("DELETE FROM raw WHERE doc = ?", row)

    def _insert(self, entry: Entry) -> None:
        doc = self._connection.execute(
            "INSERT INTO offer (id, stored, sort, rank, seen, fresh) VALUES (?, ?, ?, ?, ?, ?)",
            (entry.id, entry.stored, entry.sort, entry.rank, entry.seen, entry.fresh),
        ).lastrowid
        columns = [_written(entry.texts[name]) for name in TEXT_FIELDS]
        self._connection.execute(
            "INSERT INTO posting (rowid, title, about, whole, grams) VALUES (?, ?, ?, ?, ?)",
            (doc, *columns, " ".join(map(_token, entry.pieces))),
        )
        raw = [*entry.raw, *(("words", word) for word in entry.words)]
        self._connection.executemany(
            "INSERT INTO raw VALUES (?, ?, ?)", ((name, value, doc) for name, value in raw)
        )


def usable(folder: Path) -> bool:
    """Whether the engine can open what is there."""
    try:
        Fts5Engine(folder)
    except sqlite3.Error:
        return False
    return True


def _written(runs: Sequence[str]) -> str:
    """Terms as FTS5 reads them, with a gap between the runs."""
    return f" {_GAP} ".join(" ".join(map(_token, run.split(" "))) for run in runs)


def _token(term: str) -> str:
    """A term in letters and digits of ASCII, which is what FTS5 takes for one word."""
    return f"t{term}" if term.isascii() and term.isalnum() else f"tu{term.encode().hex()}"


def _counted(lists: Iterable[Iterable[int]]) -> Counter[int]:
    """In how many of the lists each document is."""
    return Counter(chain.from_iterable(lists))


def _intersection(found: list[Scores]) -> Scores:
    first, *others = sorted(found, key=len)
    common = first.keys() & others[0].keys() if others else first.keys()
    for other in others[1:]:
        common &= other.keys()
    sums = {doc: first[doc] for doc in common}
    for other in others:
        _add(sums, other)
    return sums


def _union(found: Iterable[Scores]) -> Scores:
    """All documents, each with its best score. Only those of several are looked at one by one."""
    whole: Scores = {}
    for each in found:
        better = [doc for doc in whole.keys() & each.keys() if whole[doc] > each[doc]]
        kept = [whole[doc] for doc in better]
        whole.update(each)
        whole.update(zip(better, kept, strict=True))
    return whole


def _some(found: list[Scores], least: int) -> Scores:
    held, needed = _counted(found), max(1, least)
    sums = {doc: 0 for doc, count in held.items() if count >= needed}
    for each in found:  # once through each list, however many there are
        _add(sums, each)
    return sums


def _add(sums: Scores, scores: Scores) -> None:
    """Add to what is there already; what it lacks stays out."""
    for doc in sums.keys() & scores.keys():
        sums[doc] += scores[doc]
