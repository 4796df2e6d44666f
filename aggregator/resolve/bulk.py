"""Comparing very many listings at once: what the incremental way finds, found for all of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import combinations

from aggregator.resolve.candidates import Blocks
from aggregator.resolve.clustering import Edge, clusters
from aggregator.resolve.comparison import Comparison, are_apart, judge_unless_different
from aggregator.resolve.profile import Profile


@contextmanager
def without_collecting() -> Iterator[None]:
    """Let the collector of cycles rest.

    Nothing here makes any, and its walks over millions of profiles cost more than comparing them.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def judged(
    profiles: Sequence[Profile], blocks: Blocks
) -> Iterator[tuple[Profile, Profile, Comparison]]:
    """All pairs that share a key and are not different.

    `blocks` holds these listings in this order; it is empty afterwards.
    """
    for firsts, seconds in blocks.pairs():
        for a, b in zip(firsts, seconds, strict=True):
            left, right = profiles[a], profiles[b]
            if found := judge_unless_different(left, right):
                yield left, right, found


def exclusions(
    component: Iterable[str],
    known: Callable[[str, str], bool],
    profile_of: Callable[[str], Profile],
) -> Iterator[Edge]:
    """Pairs of a component that only a third listing brought together, and that cannot be one.

    `known` says of a pair whether it was judged.
    """
    for left, right in combinations(sorted(component), 2):
        if not known(left, right) and are_apart(profile_of(left), profile_of(right)):
            yield Edge(left, right, 0.0, same=False)


def offers(
    same: Sequence[Edge], judged_pairs: set[tuple[str, str]], profiles: Mapping[str, Profile]
) -> list[frozenset[str]]:
    """The offers of more than one listing that these edges make."""
    found: list[frozenset[str]] = []
    for members, edges in _components(same):
        every = [
            *edges,
            *exclusions(
                members, lambda a, b: (min(a, b), max(a, b)) in judged_pairs, profiles.__getitem__
            ),
        ]
        source_of = {one: profiles[one].source for one in members}
        found += [one for one in clusters(members, every, source_of) if len(one) > 1]
    return found


def _components(edges: Sequence[Edge]) -> Iterator[tuple[list[str], list[Edge]]]:
    root: dict[str, str] = {}

    def find(one: str) -> str:
        while (up := root.setdefault(one, one)) != one:
            root[one] = root[up]
            one = root[one]
        return one

    for edge in edges:
        root[find(edge.left)] = find(edge.right)
    members: dict[str, list[str]] = {}
    for one in list(root):
        members.setdefault(find(one), []).append(one)
    within: dict[str, list[Edge]] = {}
    for edge in edges:
        within.setdefault(find(edge.left), []).append(edge)
    for top, edges_of in within.items():
        yield members[top], edges_of
