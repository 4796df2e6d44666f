"""What the offers that a tree finds can score, from the best on: a page found without scoring.

A tier is a score and a tree of offers that have at least it. So an offer scores what the first tier
says that finds it, and where a few tiers fill a page, no other offer need be looked at.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from aggregator.index.tree import (
    FIELD_WEIGHT,
    All,
    Best,
    Bonus,
    Everything,
    Node,
    SeenSince,
    Term,
    Values,
    Without,
    every,
)

Tier: TypeAlias = tuple[int, Node]
Frequencies: TypeAlias = Mapping[tuple[str, str], int]
_Option: TypeAlias = tuple[int, Node | None]


def tiers(  # noqa: PLR0911 - a case a kind of node
    node: Node, frequencies: Frequencies
) -> Iterator[Tier] | None:
    """The tiers of a tree, highest score first; several may have the same.

    `frequencies` tell how many offers have a stem in a text field. None where scores are not known
    without searching.
    """
    match node:
        case Term(term, weight, fields):
            held = sorted((name for name in fields if frequencies[name, term]),
                          key=FIELD_WEIGHT.__getitem__, reverse=True)  # fmt: skip
            return ((weight * FIELD_WEIGHT[name], Term(term, weight, (name,))) for name in held)
        case Values(_, _, score):
            return iter(((score, node),))
        case SeenSince():
            return iter(((0, node),))
        case Everything():
            return iter(((1, node),))
        case All(children):
            return _sums(children, (), frequencies)
        case Best(children):
            ways = _all_of(children, frequencies)
            return None if ways is None else heapq.merge(*ways, key=_falling)
        case Bonus(base, extra):
            return _sums((base,), extra, frequencies)
        case Without(base, excluded):
            found = tiers(base, frequencies)
            return found and ((score, Without(tier, excluded)) for score, tier in found)
    return None


def _sums(
    needed: Sequence[Node], extra: Sequence[Node], frequencies: Frequencies
) -> Iterator[Tier] | None:
    ways = _all_of((*needed, *extra), frequencies)
    if ways is None:
        return None
    nothing: tuple[_Option, ...] = ((0, None),)
    ends = [()] * len(needed) + [nothing] * len(extra)
    return _combined([_Lazy(chain(way, end)) for way, end in zip(ways, ends, strict=True)])


def _combined(lists: Sequence[_Lazy]) -> Iterator[Tier]:
    """One option of each list, the greatest sums first."""
    chosen = (0,) * len(lists)
    first = [options.at(0) for options in lists]
    if None in first:  # one that is needed finds nothing
        return
    heap = [(-sum(option[0] for option in first if option), chosen)]
    known = {chosen}
    while heap:
        score, chosen = heapq.heappop(heap)
        options = [options.at(at) for options, at in zip(lists, chosen, strict=True)]
        told = [option for option in options if option]
        yield -score, every(*(node for _, node in told if node is not None))
        for place, at in enumerate(chosen):
            lower = lists[place].at(at + 1)
            after = (*chosen[:place], at + 1, *chosen[place + 1 :])
            if lower is not None and after not in known:
                known.add(after)
                heapq.heappush(heap, (score + told[place][0] - lower[0], after))


class _Lazy:
    """The options of one child, fetched as far as they are looked at."""

    def __init__(self, options: Iterator[_Option]) -> None:
        self._left = options
        self._fetched: list[_Option] = []

    def at(self, number: int) -> _Option | None:
        """The option of this number; None behind the last."""
        while len(self._fetched) <= number:
            option = next(self._left, None)
            if option is None:
                return None
            self._fetched.append(option)
        return self._fetched[number]


def _all_of(nodes: Sequence[Node], frequencies: Frequencies) -> list[Iterator[Tier]] | None:
    found: list[Iterator[Tier]] = []
    for node in nodes:
        way = tiers(node, frequencies)
        if way is None:
            return None
        found.append(way)
    return found


def _falling(tier: Tier) -> int:
    return -tier[0]
