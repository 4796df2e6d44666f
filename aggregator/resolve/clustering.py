"""From judged pairs to offers: who belongs together when all pairs are seen at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import log2

_CLEARLY = 1.0
"""How many times the odds must double for one pair to be clearly better than another."""
_SUREST = 0.9995


@dataclass(frozen=True, slots=True)
class Edge:
    """Two listings judged to be the same or, with `same` false, to be different.

    `decided`: by a person, who outranks rules and knows of a site that lists an offer twice.
    """

    left: str
    right: str
    score: float
    same: bool = True
    decided: bool = False


def clusters(
    members: Iterable[str], edges: Iterable[Edge], source_of: Mapping[str, str]
) -> list[frozenset[str]]:
    """Divide `members` into offers.

    Edges are taken best first, those of persons before all others; one is passed over where it
    would bring two together that are judged to be different, or (unless a person judged) two
    listings of one source: a source lists an offer once, so the weaker pair must be a neighbour,
    not the same. A person's "same" is stopped by nothing but a person's "different". The outcome
    depends on the edges alone, not on the order in which they came.
    """
    group = {one: frozenset((one,)) for one in members}
    edges = list(edges)
    apart = {frozenset((edge.left, edge.right)) for edge in edges if not edge.same}
    decided = {frozenset((e.left, e.right)) for e in edges if not e.same and e.decided}
    joined = {frozenset((e.left, e.right)) for e in edges if e.same and e.decided}
    rivals = _rivals(edges, apart, source_of)
    order = sorted(
        (edge for edge in edges if edge.same and edge not in rivals),
        key=lambda e: (not e.decided, -e.score, e.left, e.right),
    )
    for edge in order:
        left, right = group[edge.left], group[edge.right]
        if left is right:
            continue
        if edge.decided:
            compatible = not _parted(left, right, decided)
        else:
            compatible = not _parted(left, right, apart) and not _one_source(
                left, right, joined, source_of
            )
        if compatible:
            together = left | right
            for one in together:
                group[one] = together
    return sorted(set(group.values()), key=min)


def _rivals(
    edges: Iterable[Edge], apart: set[frozenset[str]], source_of: Mapping[str, str]
) -> set[Edge]:
    """Edges from one listing to two of two sources that are different, neither clearly better."""
    if not apart:
        return set()
    of: defaultdict[str, list[tuple[str, Edge]]] = defaultdict(list)
    for edge in edges:
        if edge.same and not edge.decided:
            of[edge.left].append((edge.right, edge))
            of[edge.right].append((edge.left, edge))
    return {
        edge
        for listed in of.values()
        for (one, first), (other, second) in combinations(listed, 2)
        if frozenset((one, other)) in apart
        and source_of[one] != source_of[other]
        and abs(_odds(first) - _odds(second)) < _CLEARLY
        for edge in (first, second)
    }


def _odds(edge: Edge) -> float:
    score = min(edge.score, _SUREST)
    return log2(score / (1 - score))


def _parted(left: frozenset[str], right: frozenset[str], apart: set[frozenset[str]]) -> bool:
    return bool(apart) and any(frozenset((a, b)) in apart for a in left for b in right)


def _one_source(
    left: frozenset[str],
    right: frozenset[str],
    joined: set[frozenset[str]],
    source_of: Mapping[str, str],
) -> bool:
    return any(
        source_of[a] == source_of[b] and frozenset((a, b)) not in joined
        for a in left
        for b in right
    )
