"""The read index in SQLite FTS5: the same answers where tantivy cannot be installed.

FTS5 keeps the postings, by our own tokens; finding and scoring is done here, so that scores and
order are those of every engine. Each step of a question goes once through one number per offer,
whatever the offers say: what a question can cost is bounded by its words and the size of the index.
Good for some hundred thousand offers.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
"""Offers in the lists that are remembered, four bytes each."""
_MOST_SCORED = 5_000_000
"""Scores that are remembered, four bytes each."""
_OVERHEAD = 30
"""What a list takes beside its offers, in offers."""
_NOT = -1
"""The score of an offer that is not found."""

Places: TypeAlias = NDArray[np.int32]
"""Offers by their place: the how manieth document it is."""
Scores: TypeAlias = NDArray[np.int32]
"""Place -> score."""


class _Column(NamedTuple):
    """All that the offers have in a raw field."""

    values: list[str]
    """In order."""
    numbers: NDArray[np.int32]
    """Of the values that the offers at `places` have."""
    places: Places


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
        offers = self._rows("SELECT doc, rank FROM offer ORDER BY doc")
        self._documents = np.array([doc for doc, _ in offers], dtype=np.int64)
        self._ranks = np.array([rank for _, rank in offers], dtype=np.int64)
        self._lifts = np.array([lifted(1, tie(rank)) for _, rank in offers])
        self._lists: dict[str, Places] = {}
        self._listed = 0
        self._scored: dict[Node, Scores] = {}
        self._remembered = 0
        self._values: dict[str, list[tuple[str, int]]] = {}
        self._columns: dict[str, _Column] = {}
        self._orders: dict[Order, Places] = {}

    def __del__(self) -> None:
        self._connection.close()

    def renewed(self) -> Fts5Engine:
        """A reader of the last commit; this one stays what it is."""
        return Fts5Engine(self._folder)

    def settle(self) -> None:
        """Do nothing: SQLite looks all of it up."""

    @property
    def size(self) -> int:
        """How many offers there are."""
        return len(self._documents)

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
        return int(np.count_nonzero(self._scores(node) != _NOT))

    def page(
        self, node: Node, offset: int, limit: int, order: Order, total: int | None = None
    ) -> tuple[Sequence[Found], int]:
        """A page of what a tree finds, and how many it finds in all."""
        scores = self._scores(node)
        if order is Order.SCORE:
            found = np.flatnonzero(scores != _NOT)
            first = self._best(found, scores, offset + limit)[offset:]
            told = scores[first].tolist()
        else:
            ordered = self._ordered(order)
            found = ordered[scores[ordered] != _NOT]
            first = found[offset : offset + limit]
            told = [0] * len(first)
        stored = map(self._stored, self._documents[first].tolist())
        return list(map(Found, told, stored)), len(found)

    def _best(self, found: NDArray[np.intp], scores: Scores, number: int) -> NDArray[np.intp]:
        """So many of what was found, best first; among equals the higher rank."""
        lifted_scores = scores[found] * self._lifts[found]
        if 0 < number < len(found):
            enough = lifted_scores >= np.partition(lifted_scores, -number)[-number]
            found, lifted_scores = found[enough], lifted_scores[enough]
        return found[np.lexsort((found, -self._ranks[found], -lifted_scores))][:number]

    def counts(self, node: Node, fields: Sequence[str]) -> Counts:
        """How many offers a tree finds, and how many of them have which value of raw fields."""
        found = self._scores(node) != _NOT
        counted: dict[str, dict[str, int]] = {}
        for name in fields:
            values, numbers, places = self._column(name)
            of_each = np.bincount(numbers[found[places]], minlength=len(values)).tolist()
            counted[name] = {v: count for v, count in zip(values, of_each, strict=True) if count}
        return Counts(int(np.count_nonzero(found)), counted)

    def counted_page(
        self, node: Node, offset: int, limit: int, order: Order, fields: Sequence[str]
    ) -> tuple[Sequence[Found], Counts]:
        """A page of what a tree finds, and its `counts`."""
        return self.page(node, offset, limit, order)[0], self.counts(node, fields)

    def _column(self, field: str) -> _Column:
        known = self._columns.get(field)
        if known is None:
            rows = self._rows("SELECT value, doc FROM raw WHERE field = ? ORDER BY value", field)
            values = dict.fromkeys(value for value, _ in rows)
            number_of = {value: number for number, value in enumerate(values)}
            numbers = np.array([number_of[value] for value, _ in rows], dtype=np.int32)
            known = _Column(list(values), numbers, self._places([doc for _, doc in rows]))
            self._columns[field] = known
        return known

    def _ordered(self, order: Order) -> Places:
        """All offers by title or by last sight."""
        known = self._orders.get(order)
        if known is None:
            by = "sort" if order is Order.TITLE else "fresh DESC"
            rows = self._rows(f"SELECT doc FROM offer ORDER BY {by}")  # noqa: S608 - two words
            known = self._orders[order] = self._places([doc for (doc,) in rows])
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

    def _evaluated(self, node: Node) -> Scores:  # noqa: PLR0911, PLR0912, C901 - a case a kind of node
        match node:
            case Term(term, weight, fields):
                return self._matches(_token(term), weight, fields)
            case Phrase(terms, weight):
                return self._matches(" ".join(map(_token, terms)), weight, TEXT_FIELDS)
            case Pieces(pieces, least):
                held = self._alike(0)
                for piece in pieces:
                    held[self._having(f'grams : "{_token(piece)}"')] += 1
                return _where(held >= max(1, least), held)
            case Values(field, values, score):
                found = self._alike(_NOT)
                for value in values:
                    found[self._valued(field, value)] = score
                return found
            case SeenSince(day):
                found = self._alike(_NOT)
                found[self._named("SELECT group_concat(doc) FROM offer WHERE seen >= ?", day)] = 0
                return found
            case Everything():
                return self._alike(1)
            case All(children):
                return self._some(children, len(children))
            case Best(children):
                found = self._alike(_NOT)
                for child in children:
                    np.maximum(found, self._scores(child), out=found)
                return found
            case AtLeast(children, least):
                return self._some(children, max(1, least))
            case Bonus(base, extra):
                found = self._scores(base)
                if (found == _NOT).all():
                    return found
                return _where(found != _NOT, found + self._sums(extra)[0])
            case Without(base, excluded):
                _, gone = self._sums(excluded)
                return _where(gone == 0, self._scores(base))

    def _some(self, children: Sequence[Node], least: int) -> Scores:
        """What so many of some trees find, with the sums of their scores."""
        sums, held = self._sums(children)
        return _where(held >= least, sums)

    def _sums(self, children: Sequence[Node]) -> tuple[Scores, Scores]:
        """For each offer the sum of the scores of those trees that find it, and their number."""
        sums, held = self._alike(0), self._alike(0)
        for child in children:
            scores = self._scores(child)
            sums += np.maximum(scores, 0)
            held += scores != _NOT
        return sums, held

    def _alike(self, score: int) -> Scores:
        """The same for every offer."""
        return np.full(self.size, score, dtype=np.int32)

    def _matches(self, phrase: str, weight: int, fields: Sequence[str]) -> Scores:
        found = self._alike(_NOT)
        for worth, name in sorted((FIELD_WEIGHT[name], name) for name in fields):
            found[self._having(f'{name} : "{phrase}"')] = weight * worth
        return found

    def _having(self, asked: str) -> Places:
        """Who has a phrase in a field. One question asks for the same again and again."""
        known = self._lists.get(asked)
        if known is None:
            named = "SELECT group_concat(rowid) FROM posting WHERE posting MATCH ?"
            known = self._named(named, asked)
            self._listed += len(known) + _OVERHEAD
            if self._listed > _MOST_LISTED:
                self._lists.clear()
                self._listed = len(known) + _OVERHEAD
            self._lists[asked] = known
        return known

    def _valued(self, field: str, value: str) -> Places:
        """Who has a value in a raw field."""
        named = "SELECT group_concat(doc) FROM raw WHERE field = ? AND value = ?"
        return self._named(named, field, value)

    def _named(self, statement: str, *arguments: object) -> Places:
        """The documents that a statement names in one text: rows would take thrice as long."""
        ((told,),) = self._rows(statement, *arguments)
        return self._places(np.fromstring(told, dtype=np.int64, sep=",") if told else [])

    def _places(self, documents: ArrayLike) -> Places:
        return np.searchsorted(self._documents, documents).astype(np.int32)

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


def _where(found: NDArray[np.bool_], scores: Scores) -> Scores:
    return np.where(found, scores, np.int32(_NOT))
