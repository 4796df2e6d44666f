"""What is asked of an engine: a tree of conditions that finds offers and scores them.

Scores are whole numbers that do not depend on the engine, so that every engine that finds the same
offers also puts them in the same order.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

FIELD_WEIGHT: Mapping[str, int] = {"title": 3, "about": 2, "whole": 1}
"""The text fields, and what a word in one of them is worth.

Each holds the words of those before it: the whole offer, what it is about (title, topics, provider,
place), its title. So one list of offers tells where a word occurs at all.
"""
WIDEST = "whole"

UNKNOWN = "?"
"""The value of a filter field for an offer that does not state it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A stem in a text field: `weight` times the weight of the best field that has it."""

    term: str
    weight: int
    fields: tuple[str, ...] = tuple(FIELD_WEIGHT)
    """The narrowest first, as in FIELD_WEIGHT."""

    @property
    def widest(self) -> str:
        """The field that has the stem wherever another one has it."""
        return self.fields[-1]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Stems of whole words that follow each other in one field; scored as a `Term`."""

    terms: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """At least `least` of some four-letter pieces; a point for each."""

    pieces: tuple[str, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Values:
    """Any of some values in a raw field."""

    field: str
    values: tuple[str, ...]
    score: int = 0


@dataclass(frozen=True, slots=True)
class SeenSince:
    """Last seen on this day (proleptic ordinal) or later; no score."""

    day: int


@dataclass(frozen=True, slots=True)
class Everything:
    """Every offer, with a point: without one no tie would count."""


@dataclass(frozen=True, slots=True)
class All:
    """Every child; scores add up."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Best:
    """Any child; the best score counts."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `least` children; scores add up."""

    children: tuple[Node, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Bonus:
    """What `base` finds; the scores of the `extra` that hold besides are added."""

    base: Node
    extra: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """What `base` finds and none of `excluded` does."""

    base: Node
    excluded: tuple[Node, ...]


Node = (
    Term
    | Phrase
    | Pieces
    | Values
    | SeenSince
    | Everything
    | All
    | Best
    | AtLeast
    | Bonus
    | Without
)


def every(*children: Node) -> Node:
    """All of these conditions; one alone is itself, none is everything."""
    if len(children) == 1:
        return children[0]
    return All(children) if children else Everything()


def best(*children: Node) -> Node:
    """Any of these conditions; one alone is itself."""
    return children[0] if len(children) == 1 else Best(children)


def unscored(node: Node) -> Node:  # noqa: PLR0911 - a case a kind of node
    """A tree that finds the same, with nothing in it that only scores."""
    match node:
        case Term(term, weight, fields):
            return node if len(fields) == 1 else Term(term, weight, (node.widest,))
        case All(children):
            return All(tuple(map(unscored, children)))
        case Best(children):
            return Best(tuple(map(unscored, children)))
        case AtLeast(children, least):
            return AtLeast(tuple(map(unscored, children)), least)
        case Bonus(base, _):
            return unscored(base)
        case Without(base, excluded):
            return Without(unscored(base), tuple(map(unscored, excluded)))
    return node


def finds(node: Node) -> Hashable:  # noqa: PLR0911 - a case a kind of node
    """Names what a tree finds: equal for trees that differ in scores or in the order of children.

    >>> finds(All((Term("a", 1), Term("b", 2)))) == finds(All((Term("b", 1), Term("a", 4))))
    True
    """
    match node:
        case Term(term):
            return node.widest, term
        case Values(field, values):
            return field, values
        case All(children) | Best(children):
            return type(node), frozenset(map(finds, children))
        case AtLeast(children, least):
            return least, tuple(map(finds, children))
        case Bonus(base):
            return finds(base)
        case Without(base, excluded):
            return Without, finds(base), frozenset(map(finds, excluded))
    return node
