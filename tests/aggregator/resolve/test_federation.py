"""The sample federation by its own truth: every duplicate found, nothing merged that is two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import combinations

import pytest

from aggregator.listing import Listing
from aggregator.resolve.blocking import keys
from aggregator.resolve.clustering import Edge, clusters
from aggregator.resolve.comparison import Judgement, compare
from crawlers.samples.federation import site_ids, truth

NOT_OF_LISTINGS = {"same_as", "withheld"}


@pytest.fixture(scope="module")
def listings() -> dict[str, tuple[str, Listing]]:
    """Id to the real offer's name and the listing."""
    return {
        f"{site}-{at}": (
            row["same_as"],
            Listing.model_validate(
                {k: v for k, v in row.items() if k not in NOT_OF_LISTINGS}
                | {"id": f"{site}-{at}", "source": site}
            ),
        )
        for site in site_ids()
        for at, row in enumerate(truth(site))
    }


def _pairs(listings: Mapping[str, tuple[str, Listing]]) -> list[tuple[bool, Listing, Listing]]:
    return [
        (one == other, a, b)
        for (one, a), (other, b) in combinations(listings.values(), 2)
        if a.source != b.source
    ]


def test_every_true_pair_and_no_other_is_the_same(
    listings: dict[str, tuple[str, Listing]],
) -> None:
    outcome: Counter[tuple[bool, Judgement]] = Counter()
    for true, a, b in _pairs(listings):
        found = compare(a, b).judgement if keys(a) & keys(b) else Judgement.DIFFERENT
        outcome[true, found] += 1
    assert outcome[True, Judgement.SAME] == sum(true for true, *_ in _pairs(listings)) > 30
    assert outcome[False, Judgement.SAME] == 0
    assert outcome[False, Judgement.UNSURE] <= 5, "a queue nobody would work through"


def test_clusters_are_the_real_offers(listings: dict[str, tuple[str, Listing]]) -> None:
    edges = [
        Edge(a.id, b.id, found.score)
        for _, a, b in _pairs(listings)
        if (found := compare(a, b)).judgement is Judgement.SAME
    ]
    offers: dict[str, set[str]] = {}
    for one, (name, _) in listings.items():
        offers.setdefault(name, set()).add(one)
    source_of = {one: listing.source for one, (_, listing) in listings.items()}
    assert clusters(listings, edges, source_of) == sorted(map(frozenset, offers.values()), key=min)


@pytest.mark.parametrize(
    "lost", ["hours_osm", "provider", "formats", "topics", "phones", "street", "postcode", "city"]
)
def test_a_field_that_a_reader_missed_merges_nothing(
    listings: dict[str, tuple[str, Listing]], lost: str
) -> None:
    """Offers of one site too, as if two sites listed them: they share Träger, phone, address."""
    empty: object = [] if lost in {"formats", "topics", "phones"} else None
    found = merged = 0
    told = [(one, listing, keys(listing)) for one, listing in listings.values()]
    for (one, a, keys_a), (other, b, keys_b) in combinations(told, 2):
        if keys_a.isdisjoint(keys_b):
            continue
        poorer = b.model_copy(update={lost: empty, "source": f"{b.source}-elsewhere"})
        if compare(a, poorer).judgement is Judgement.SAME:
            found, merged = found + (one == other), merged + (one != other)
    assert merged == 0
    assert found >= 28
