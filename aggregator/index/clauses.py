"""Trees as clauses of tantivy: what finds the same offers, and scores them the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import tantivy
from tantivy import Occur
from tantivy import Query as Clause

from aggregator.index.expected import Expected
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
    best,
    unscored,
)

_WIDER = 8
"""So many times the offers of a rare condition are worth being looked up one by one in a way."""
_WIDEST_FIRST = sorted(FIELD_WEIGHT, key=FIELD_WEIGHT.__getitem__)


class Clauses:
    """Makes clauses for one state of the index."""

    def __init__(
        self, schema: tantivy.Schema, frequencies: Frequencies, expected: Expected
    ) -> None:
        self._schema, self._frequencies, self._expected = schema, frequencies, expected

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
                narrowed = self._narrowed(children, node)
                return Clause.boolean_query([(Occur.Must, clause) for clause in narrowed])
            case Best(children):
                return Clause.disjunction_max_query([self.of(c) for c in children])
            case AtLeast(children, least):
                return _some(list(self._beside_rarest(children, least)), least)
            case Bonus(base, extra):
                return _besides(self.of(base), self._narrowed(extra, base))
            case Without(base, excluded):
                return Clause.boolean_query(
                    [(Occur.Must, self.of(base))] + [(Occur.MustNot, self.of(c)) for c in excluded]
                )

    def word(self, field: str, term: str) -> Clause:
        """What has a term in a field."""
        return Clause.term_query(self._schema, field, term, "basic")

    def _in_fields(self, weight: int, clauses: dict[str, Clause]) -> Clause:
        """What the widest field finds; each narrower one that has it, too, adds what it is worth.

        One list of offers to go through, where any of several fields would be as many. Narrower
        fields stand inside of wider ones: who is not in one is not looked for in those within it.
        """
        worth = 0
        ways: list[Clause] = []
        for name in _WIDEST_FIRST:
            if name in clauses:
                more = weight * (FIELD_WEIGHT[name] - worth)
                worth = FIELD_WEIGHT[name]
                ways.append(_scored(clauses[name], more))
        if not ways:
            return Clause.empty_query()
        *wider, found = ways
        for way in reversed(wider):
            found = _besides(way, (found,))
        return found

    def _narrowed(self, children: Sequence[Node], needed: Node) -> Iterator[Clause]:
        """Conditions for what `needed` finds: of many ways only those that such offers have.

        The engine goes through all that any way of a `Best` finds, where it could skip to the few
        that another condition leaves, a rare word or rare names of a thing. It adds nothing to the
        score of a way.
        """
        ways = any(isinstance(child, Best) for child in children)
        rarest = self._rarest(needed) if ways else None
        for child in children:
            if rarest and isinstance(child, Best) and self._is_wide(child, rarest):
                yield self._within(child, _scored(self.of(unscored(rarest)), 0))
            else:
                yield self.of(child)

    def _beside_rarest(self, children: Sequence[Node], least: int) -> Iterator[Clause]:
        """Conditions of which so many hold: common ones are sought where a rare one holds.

        Who has so many of them has one of the rarest. The engine would go through all that any of
        them finds.
        """
        rarest = sorted(children, key=self._expected.most)[: len(children) - least + 1]
        most = sum(map(self._expected.most, rarest))
        among: Clause | None = None
        for child in children:
            if child not in rarest and self._expected.most(child) >= _WIDER * most:
                among = among or _scored(self.of(unscored(best(*rarest))), 0)
                yield self._within(child, among)
            else:
                yield self.of(child)

    def _within(self, node: Node, among: Clause) -> Clause:
        """A condition, for what another clause finds that scores nothing."""
        if isinstance(node, Best):
            return Clause.disjunction_max_query([self._within(c, among) for c in node.children])
        return Clause.boolean_query([(Occur.Must, self.of(node)), (Occur.Must, among)])

    def _rarest(self, node: Node) -> Node | None:
        """Of what all have that a tree finds, the condition that fewest offers fulfil."""
        match node:
            case Term() | Values() | Best():
                return node
            case All(children):
                found = [one for one in map(self._rarest, children) if one is not None]
                return min(found, key=self._expected.most, default=None)
            case Bonus(base) | Without(base):
                return self._rarest(base)
        return None

    def _is_wide(self, node: Node, beside: Node) -> bool:
        return self._expected.most(node) >= _WIDER * self._expected.most(beside)

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
