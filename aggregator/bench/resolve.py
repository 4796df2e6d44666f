"""`bench resolve`: how rightly and how fast offers are recognised, by the rules of the product."""

from __future__ import annotations

import resource
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from itertools import combinations, islice
from time import process_time

from aggregator.listing import Listing
from aggregator.resolve.bulk import judged, offers, without_collecting
from aggregator.resolve.candidates import Blocks
from aggregator.resolve.clustering import Edge
from aggregator.resolve.comparison import Judgement
from aggregator.resolve.profile import Profile, profile

_AT_ONCE = 10_000


@dataclass(slots=True)
class Linkage:
    """What came of it. Pairs are counted across sources: a source lists an offer once.

    `seconds` are of one processor, for reading, pairing, comparing and grouping, from listings in
    memory on; `peak_mib` is of the whole process, listings and truth included.
    """

    records: int
    true: int
    """Pairs of listings that tell of one offer."""
    right: int
    """Of them, those that are one offer in the outcome."""
    wrong: int
    """Pairs that became one offer and are two."""
    queued: int
    """True pairs that were left to a person."""
    questions: int
    """All pairs left to a person."""
    compared: int
    seconds: dict[str, float]
    peak_mib: float
    missed: list[tuple[Listing, Listing]] = field(default_factory=list)
    merged: list[tuple[Listing, Listing]] = field(default_factory=list)
    """Examples: true pairs that were missed, others that were merged; only where asked for."""

    @property
    def precision(self) -> float:
        """The share of merged pairs that are one offer."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of true pairs that were merged."""
        return self.right / max(1, self.true)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def per_second(self) -> float:
        """Records a second of one processor."""
        return self.records / max(1e-9, sum(self.seconds.values()))


def measure(told: Iterable[tuple[Hashable, Listing]], examples: int = 0) -> Linkage:
    """Resolve listings, each with what it truly tells of, and count."""
    with without_collecting():
        return _measured(told, examples)


def _measured(told: Iterable[tuple[Hashable, Listing]], examples: int) -> Linkage:
    seconds = dict.fromkeys(("read", "compare", "group"), 0.0)
    truth: dict[str, Hashable] = {}
    profiles: list[Profile] = []
    kept: dict[str, Listing] = {}
    blocks, stream = Blocks(), iter(told)
    while chunk := list(islice(stream, _AT_ONCE)):
        listings = [listing for _, listing in chunk]
        truth |= {listing.id: name for name, listing in chunk}
        if examples:
            kept |= {listing.id: listing for listing in listings}
        start = process_time()
        read = [profile(listing) for listing in listings]
        blocks.add(read)
        profiles += read
        seconds["read"] += process_time() - start
    start = process_time()
    same: list[Edge] = []
    pairs: set[tuple[str, str]] = set()
    unsure: list[tuple[str, str]] = []
    for left, right, found in judged(profiles, blocks):
        pair = (left.id, right.id) if left.id < right.id else (right.id, left.id)
        if found.judgement is Judgement.SAME:
            same.append(Edge(*pair, found.score))
        else:
            unsure.append(pair)
        pairs.add(pair)
    seconds["compare"] = process_time() - start
    start = process_time()
    known = {one.id: one for one in profiles}
    groups = offers(same, pairs, known)
    seconds["group"] = process_time() - start
    linkage = _counted(truth, groups, unsure, known)
    linkage.seconds, linkage.compared = seconds, blocks.compared
    if examples:
        _exemplify(linkage, truth, groups, kept, examples)
    return linkage


def _counted(
    truth: dict[str, Hashable],
    groups: list[frozenset[str]],
    unsure: list[tuple[str, str]],
    known: dict[str, Profile],
) -> Linkage:
    sizes: defaultdict[Hashable, Counter[str]] = defaultdict(Counter)
    for one, name in truth.items():
        sizes[name][known[one].source] += 1
    right = wrong = 0
    for group in groups:
        for a, b in combinations(group, 2):
            if truth[a] == truth[b]:
                right += 1
            else:
                wrong += 1
    return Linkage(
        records=len(truth),
        true=sum(_across(counts) for counts in sizes.values()),
        right=right,
        wrong=wrong,
        queued=sum(truth[a] == truth[b] for a, b in unsure),
        questions=len(unsure),
        compared=0,
        seconds={},
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def _across(counts: Counter[str]) -> int:
    """Pairs of two sources."""
    every = sum(counts.values())
    return (every * every - sum(one * one for one in counts.values())) // 2


def _exemplify(
    linkage: Linkage,
    truth: dict[str, Hashable],
    groups: list[frozenset[str]],
    kept: dict[str, Listing],
    most: int,
) -> None:
    group_of = {one: at for at, group in enumerate(groups) for one in group}
    named: defaultdict[Hashable, list[str]] = defaultdict(list)
    for one, name in truth.items():
        named[name].append(one)
    missed = (
        (kept[a], kept[b])
        for ids in named.values()
        for a, b in combinations(ids, 2)
        if kept[a].source != kept[b].source and group_of.get(a, -1) != group_of.get(b, -2)
    )
    merged = (
        (kept[a], kept[b])
        for group in groups
        for a, b in combinations(sorted(group), 2)
        if truth[a] != truth[b]
    )
    linkage.missed, linkage.merged = [*islice(missed, most)], [*islice(merged, most)]
