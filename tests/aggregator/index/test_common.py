"""What is found and counted in arrays is what the engine finds and counts."""

import time
from dataclasses import replace
from itertools import combinations, count

import pytest

from aggregator.bench.made_offers import Maker
from aggregator.index import common, directory, tantivy_engine
from aggregator.index.answer import Snapshot
from aggregator.index.base import Query
from aggregator.index.directory import open_searcher, open_writer
from aggregator.index.tree import Term

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


@pytest.fixture(scope="module", params=[300, 900])
def folder(tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("index")
    for number, start in enumerate(range(0, len(OFFERS), request.param)):  # segment after segment
        with open_writer(folder) as writer:
            writer.apply(OFFERS[start : start + request.param], (), number + 1)
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


def test_totals_and_facets_are_those_of_the_engine_in_its_order(folder, monkeypatch, request):
    wanted, engine = answers(folder)
    whole = request.node.callspec.params["folder"] == len(OFFERS)
    assert (engine._searcher.num_segments == 1) is whole
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


def test_a_word_has_an_array_once_it_was_asked_for_as_often_as_that_is_worth(folder, monkeypatch):
    monkeypatch.setattr(common, "_SMALLEST", 0)
    monkeypatch.setattr(common, "_EACH", 20)
    searcher = open_searcher(folder)
    searcher.size()
    engine = searcher._snapshot._engine
    rarer, common_word = "unterhalt", "austausch"
    assert engine.frequency(rarer) * 4 < engine.frequency(common_word)

    def asked(word):
        return next(n for n in count(1) if engine._common.total(Term(word, 1)) is not None)

    assert 1 < asked(rarer) < asked(common_word) == common._OFTEN


def test_the_values_of_few_are_those_that_the_engine_counts(folder, monkeypatch):
    wanted, _ = pages(folder, FACETS)
    assert any(0 < total <= tantivy_engine._FEW for total, *_ in wanted)
    monkeypatch.setattr(common, "_SMALLEST", 0)
    monkeypatch.setattr(common, "_OFTEN", 10**9)  # no word has an array
    monkeypatch.setattr(common, "_OFTEN_FEW", 0)
    found, engine = pages(folder, FACETS)
    assert found == wanted
    assert set(engine._common.columns._columns) == set(FACETS)


def test_what_has_settled_answers_the_same(folder, monkeypatch):
    wanted, _ = pages(folder, FACETS)
    monkeypatch.setattr(common, "_SMALLEST", 0)
    searcher = open_searcher(folder)
    searcher.size()
    engine = searcher._snapshot._engine
    searcher._snapshot.settle()
    common_word = Term("austausch", 1)
    assert engine._common.total(common_word) == engine.total(common_word) > 0
    found = [searcher.search(replace(query, facets=FACETS)) for query in PAGES]
    assert [hits.total for hits in found] == [total for total, *_ in wanted]
    told = [{name: list(counts.items()) for name, counts in h.facets.items()} for h in found]
    assert told == [facets for *_, facets in wanted]


def test_only_a_state_that_stays_settles(tmp_path, monkeypatch):
    settled = []
    monkeypatch.setattr(Snapshot, "settle", lambda snapshot: settled.append(snapshot.seq))
    monkeypatch.setattr(directory, "_CALM", 0.2)

    def write(seq):
        with open_writer(tmp_path) as writer:
            writer.apply([MAKER.offer(seq)], (), seq)

    write(1)
    searcher = open_searcher(tmp_path)
    searcher.prepare()
    until(lambda: settled == [1])
    for seq in (2, 3):  # the second comes before the first is calm
        write(seq)
        until(lambda seq=seq: searcher.seq() == seq)
    until(lambda: len(settled) > 1)
    assert settled == [1, 3]


def until(true):
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
