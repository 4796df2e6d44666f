"""What is found and counted in arrays is what the engine finds and counts."""

from dataclasses import replace
from itertools import combinations

import pytest

from aggregator.bench.made_offers import Maker
from aggregator.index import common, tantivy_engine
from aggregator.index.base import Query
from aggregator.index.directory import open_searcher, open_writer

MAKER = Maker()
OFFERS = [
    {**MAKER.offer(number), "status": ("active", "active", "defunct")[number % 3]}
    for number in range(900)
]
OFFERS[7]["topics"] = ["schulden", "wohnen", "recht"]
OFFERS[8]["topics"] = []
WORDS = ("Austausch", "Familien", "vertraulich", "Beratung", "Bahn", "Eltern", "Schulden")
FACETS = ("topics", "region", "cost", "status")
QUERIES = [
    Query(" ".join(words), filters, facets)
    for size in (1, 2, 3)
    for words in combinations(WORDS, size)
    for filters in ({}, {"status": ("active",)})
    for facets in ((), FACETS)
]
PAGES = [
    Query(" ".join(words), offset=offset, limit=limit)
    for size in (1, 2, 3)
    for words in combinations(WORDS, size)
    for offset, limit in ((0, 20), (7, 5), (190, 100), (880, 20))
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    for number, start in enumerate(range(0, len(OFFERS), 300)):  # segment after segment
        with open_writer(folder) as writer:
            writer.apply(OFFERS[start : start + 300], (), number + 1)
    with open_writer(folder) as writer:
        writer.apply((), [str(offer["id"]) for offer in OFFERS[100:400:3]], 9)
    return folder


def answers(folder):
    searcher = open_searcher(folder)
    found = [searcher.search(query) for query in QUERIES]
    told = [
        (hits.total, {name: list(counts.items()) for name, counts in hits.facets.items()})
        for hits in found
    ]
    return told, searcher._snapshot._engine


def test_totals_and_facets_are_those_of_the_engine_in_its_order(folder, monkeypatch):
    wanted, engine = answers(folder)
    assert engine._searcher.num_segments > 1
    monkeypatch.setattr(common, "_SMALLEST", 0)
    monkeypatch.setattr(common, "_OFTEN", 1)
    monkeypatch.setattr(tantivy_engine, "_LONG", 10**9)  # nothing is remembered instead
    found, engine = answers(folder)
    assert found == wanted
    assert len(engine._common._held) >= len(WORDS)
    assert set(engine._common.columns._columns) == set(FACETS)


def pages(folder, facets=()):
    searcher = open_searcher(folder)
    found = [searcher.search(replace(query, facets=facets)) for query in PAGES]
    told = [
        (
            hits.total,
            [(hit.id, hit.score) for hit in hits.items],
            {name: list(counts.items()) for name, counts in hits.facets.items()},
        )
        for hits in found
    ]
    return told, searcher._snapshot._engine


@pytest.mark.parametrize("beginning", [1, 64])
def test_pages_are_those_of_the_engine(folder, monkeypatch, beginning):
    monkeypatch.setattr(tantivy_engine, "_MANY", 0)  # all tiers are looked at
    wanted, _ = pages(folder)
    monkeypatch.setattr(common, "_SMALLEST", 0)
    monkeypatch.setattr(common, "_OFTEN", 1)
    monkeypatch.setattr(common, "_BEGINNING", beginning)
    found, engine = pages(folder)
    assert found == wanted
    assert {field for field, _ in engine._common._held} > {"title", "whole"}


def test_a_word_has_an_array_once_it_is_asked_for_again_and_again(folder, monkeypatch):
    monkeypatch.setattr(common, "_SMALLEST", 0)
    searcher = open_searcher(folder)
    made = [
        bool(searcher.search(Query("Familien Austausch", offset=offset, facets=("cost",))))
        and len(searcher._snapshot._engine._common._held)
        for offset in range(common._OFTEN + 2)
    ]
    assert made[0] == 0
    assert made[-1] >= 2
    assert made == sorted(made)


def test_the_values_of_few_are_those_that_the_engine_counts(folder, monkeypatch):
    wanted, _ = pages(folder, FACETS)
    assert any(0 < total <= tantivy_engine._FEW for total, *_ in wanted)
    monkeypatch.setattr(common, "_SMALLEST", 0)
    monkeypatch.setattr(common, "_OFTEN", 10**9)  # no word has an array
    monkeypatch.setattr(common, "_OFTEN_FEW", 0)
    found, engine = pages(folder, FACETS)
    assert found == wanted
    assert set(engine._common.columns._columns) == set(FACETS)
