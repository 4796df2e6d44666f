"""From judged pairs to offers: who belongs together when all pairs are seen at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edge:
    """Two listings judged to be the same (or, with `same` false, by a person to be different)."""

    left: str
    right: str
    score: float
    same: bool = True


def clusters(
    members: Iterable[str], edges: Iterable[Edge], source_of: Mapping[str, str]
) -> list[frozenset[str]]:
    """Divide `members` into offers.

    Edges are taken best first; one is passed over where it would bring two listings of one source
    together (a source lists an offer once, so the weaker pair must be a neighbour, not the same)
    or two that a person judged to be different. The outcome depends on the edges alone, not on the
    order in which they came.
    """
    group = {one: frozenset((one,)) for one in members}
    edges = list(edges)
    apart = {frozenset((edge.left, edge.right)) for edge in edges if not edge.same}
    for edge in sorted(
        (edge for edge in edges if edge.same), key=lambda e: (-e.score, e.left, e.right)
    ):
        left, right = group[edge.left], group[edge.right]
        if left is right or not _compatible(left, right, apart, source_of):
            continue
        for one in left | right:
            group[one] = left | right
    return sorted(set(group.values()), key=min)


def _compatible(
    left: frozenset[str],
    right: frozenset[str],
    apart: set[frozenset[str]],
    source_of: Mapping[str, str],
) -> bool:
    if {source_of[one] for one in left} & {source_of[one] for one in right}:
        return False
    return not any(frozenset((a, b)) in apart for a in left for b in right)
