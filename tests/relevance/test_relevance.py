"""A parent's words find the right offer: among the first three for at least 95 of 100 queries."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from aggregator.index.base import Query
from aggregator.index.directory import open_searcher, open_writer
from aggregator.offer import Offer

HERE = Path(__file__).parent
QUERIES = yaml.safe_load((HERE / "queries.yml").read_text("utf-8"))
KEYS = ("title", "provider", "description", "topics", "city", "district", "postcode", "region_key")


def offers():
    for identity, row in yaml.safe_load((HERE / "offers.yml").read_text("utf-8")).items():
        *values, more = row
        fields = dict(zip(KEYS, values, strict=True), **more)
        yield Offer(id=identity, **fields).model_dump(mode="json")


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    with open_writer(folder) as writer:
        writer.apply(offers(), (), 1)
    return open_searcher(folder)


def first(searcher, text):
    return [hit.id for hit in searcher.search(Query(text, limit=3)).items]


def test_the_set_is_big_enough():
    assert sum(map(len, QUERIES.values())) >= 90
    assert sum(1 for _ in offers()) >= 80


def test_the_right_offer_is_among_the_first_three(searcher):
    missed, asked = [], Counter()
    for kind, queries in QUERIES.items():
        for text, right in queries.items():
            asked[kind] += 1
            found = first(searcher, text)
            if not set(found) & set(right):
                missed.append(f"{kind}: {text} -> {found}, not {right}")
    score = 1 - len(missed) / asked.total()
    assert score >= 0.95, f"{score:.3f} of {asked.total()}\n" + "\n".join(missed)


@pytest.mark.parametrize("kind", QUERIES)
def test_no_kind_of_query_is_neglected(searcher, kind):
    found = [bool(set(first(searcher, text)) & set(right)) for text, right in QUERIES[kind].items()]
    assert sum(found) >= 0.8 * len(found)
