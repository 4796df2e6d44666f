"""Lay queries over the sample federation: the right offer is among the first three."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from aggregator.bench.relevance import judged_queries, measure, sample_offers
from aggregator.index.directory import open_searcher, open_writer

HERE = Path(__file__).parent
SETS = (
    "federation.yml", "everyday.yml", "kitchen.yml",
    "doorstep.yml", "neighbour.yml", "stranger.yml", "visitor.yml",
)  # fmt: skip


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    with open_writer(folder) as writer:
        writer.apply(sample_offers(), (), 1)
    return open_searcher(folder)


@pytest.fixture(scope="module", params=SETS)
def answers(request, searcher):
    return measure(searcher, judged_queries(HERE / request.param))


def test_the_sets_are_big_enough():
    asked = [one for name in SETS for one in judged_queries(HERE / name)]
    assert len(asked) >= 500
    assert len({one.kind for one in asked}) >= 16


def test_the_right_offer_is_among_the_first_three(answers):
    missed = [one for one in answers if not one.hit]
    listed = "\n".join(f"{one.kind}: {one.query} -> {one.titles[:3]}" for one in missed)
    assert len(missed) <= 0.05 * len(answers), listed


def test_no_kind_of_query_is_neglected(answers):
    asked = Counter(one.kind for one in answers)
    found = Counter(one.kind for one in answers if one.hit)
    told = {kind for kind in asked if asked[kind] >= 5}  # of fewer one miss says nothing
    assert {kind for kind in told if found[kind] < 0.8 * asked[kind]} == set()
