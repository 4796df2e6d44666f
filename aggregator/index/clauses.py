"""Trees as clauses of tantivy: what finds the same offers, and scores them the same."""

from __future__ import annotations

from collections.abc import Iterable

import tantivy
from tantivy import Occur
from tantivy import Query as Clause

from aggregator.index.frequencies import Frequencies
from aggregator.index.schema import TEXT_FIELDS
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

_WIDEST_FIRST = sorted(FIELD_WEIGHT, key=FIELD_WEIGHT.__getitem__)


class Clauses:
    """Makes clauses for one state of the index."""

    def __init__(self, schema: tantivy.Schema, frequencies: Frequencies) -> None:
        self._schema, self._frequencies = schema, frequencies

    def of(self, node: Node) -> Clause:  # noqa: PLR0911 - a case a kind of node
        """The clause of a tree."""
        match node:
            case Term(term, weight, fields):
                return self._in_fields(
                    weight, {name: self.word(name, term) for name in fields
                             if self._frequencies[name, term]},
                )  # fmt: skip
            case Phrase(terms, weight):
                words: list[str | tuple[int, str]] = list(terms)
                return self._in_fields(
                    weight,
                    {name: Clause.phrase_query(self._schema, name, words) for name in TEXT_FIELDS},
                )
            case Pieces(pieces, least):
                # Who has so many of them has one of the rarest, which are soon gone through.
                rarest = sorted(pieces, key=lambda piece: self._frequencies["grams", piece])
                needed = self._values("grams", tuple(rarest[: len(pieces) - least + 1]))
                each = [_scored(self.word("grams", piece), 1) for piece in pieces]
                return Clause.boolean_query(
                    [(Occur.Must, _scored(needed, 0)), (Occur.Must, _some(each, least))]
                )
            case Values(field, values, score):
                return _scored(self._values(field, values), score)
            case SeenSince(day):
                kind = tantivy.FieldType.Unsigned
                return _scored(Clause.range_query(self._schema, "seen", kind, day, None), 0)
            case Everything():
                return _scored(Clause.all_query(), 1)
            case All(children):
                return Clause.boolean_query([(Occur.Must, self.of(c)) for c in children])
            case Best(children):
                return Clause.disjunction_max_query([self.of(c) for c in children])
            case AtLeast(children, least):
                return _some([self.of(c) for c in children], least)
            case Bonus(base, extra):
                return _besides(self.of(base), map(self.of, extra))
            case Without(base, excluded):
                return Clause.boolean_query(
                    [(Occur.Must, self.of(base))] + [(Occur.MustNot, self.of(c)) for c in excluded]
                )

    def word(self, field: str, term: str) -> Clause:
        """What has a term in a field."""
        return Clause.term_query(self._schema, field, term, "basic")

    def _in_fields(self, weight: int, clauses: dict[str, Clause]) -> Clause:
        """What the widest field finds; each narrower one that has it, too, adds what it is worth.

        One list of offers to go through, where any of several fields would be as many.
        """
        worth = 0
        ways: list[Clause] = []
        for name in _WIDEST_FIRST:
            if name in clauses:
                more = weight * (FIELD_WEIGHT[name] - worth)
                worth = FIELD_WEIGHT[name]
                ways.append(_scored(clauses[name], more))
        return _besides(ways[0], ways[1:]) if ways else Clause.empty_query()

    def _values(self, field: str, values: tuple[str, ...]) -> Clause:
        if not values:
            return Clause.empty_query()
        if len(values) == 1:
            return self.word(field, values[0])
        return Clause.term_set_query(self._schema, field, values)


def _scored(clause: Clause, score: int) -> Clause:
    return Clause.const_score_query(clause, float(score))


def _besides(needed: Clause, extra: Iterable[Clause]) -> Clause:
    """What one clause finds; others add their scores where they hold.

    One inside the other: several side by side the engine makes one list of, and goes through all of
    that where it could skip to the few offers that matter.
    """
    for clause in extra:
        needed = Clause.boolean_query([(Occur.Must, needed), (Occur.Should, clause)])
    return needed


def _some(clauses: list[Clause], least: int) -> Clause:
    return Clause.boolean_query(
        [(Occur.Should, clause) for clause in clauses], minimum_number_should_match=least
    )
