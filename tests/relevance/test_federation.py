"""Lay queries over the sample federation: the right offer is among the first three."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from aggregator.bench.relevance import judged_queries, measure, sample_offers
from aggregator.index.directory import open_searcher, open_writer

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    with open_writer(folder) as writer:
        writer.apply(sample_offers(), (), 1)
    return open_searcher(folder)


@pytest.fixture(scope="module", params=["federation.yml", "everyday.yml"])
def answers(request, searcher):
    return measure(searcher, judged_queries(HERE / request.param))


def test_the_set_is_big_enough(answers):
    assert len(answers) >= 150
    assert len({one.kind for one in answers}) >= 8


def test_the_right_offer_is_among_the_first_three(answers):
    missed = [one for one in answers if not one.hit]
    listed = "\n".join(f"{one.kind}: {one.query} -> {one.titles[:3]}" for one in missed)
    assert len(missed) <= 0.05 * len(answers), listed


def test_no_kind_of_query_is_neglected(answers):
    asked = Counter(one.kind for one in answers)
    found = Counter(one.kind for one in answers if one.hit)
    assert {kind for kind in asked if found[kind] < 0.8 * asked[kind]} == set()
