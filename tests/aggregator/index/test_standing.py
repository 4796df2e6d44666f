"""A page of equals is found among the foremost, and is the page that all of them would give."""

import pytest

from aggregator.bench.made_offers import Maker
from aggregator.index import tantivy_engine
from aggregator.index.base import Query
from aggregator.index.directory import open_searcher, open_writer
from aggregator.index.document import rank
from aggregator.index.standing import Foremost, standings
from aggregator.index.tree import All, Best, Bonus, Everything, Term, Values, Without, finds

MAKER = Maker()
OFFERS = [{**MAKER.offer(number), "provider": "Treffwerk"} for number in range(600)]
RANKED = sorted(OFFERS, key=rank, reverse=True)


@pytest.fixture
def folder(tmp_path):
    with open_writer(tmp_path) as writer:
        writer.apply(OFFERS, (), 1)
    return tmp_path


def values(ranks):
    found = {}
    for one in ranks:
        for value in standings(one):
            found[value] = found.get(value, 0) + 1
    return found.items()


def test_each_set_holds_the_highest_ranks_and_no_other():
    ranks = [rank(offer) for offer in RANKED]
    foremost = Foremost(values(ranks))
    sizes = set()
    for wanted in range(1, len(ranks)):
        named = foremost.smallest(wanted)
        if named is None:
            break
        among = [one for one in ranks if not set(named).isdisjoint(standings(one))]
        assert len(among) >= wanted
        assert among == ranks[: len(among)]
        sizes.add(len(among))
    assert len(sizes) > 4
    assert max(sizes) <= len(ranks) / 8


def test_without_offers_there_is_no_set():
    assert Foremost(()).smallest(0) is None


@pytest.mark.parametrize("offset", [0, 5, 20, 580])
def test_a_page_among_the_foremost_is_the_page_of_all(folder, monkeypatch, offset):
    monkeypatch.setattr(tantivy_engine, "_LONG", 1)
    hits = open_searcher(folder).search(Query("Treffwerk", offset=offset, limit=7))
    assert [hit.id for hit in hits.items] == [one["id"] for one in RANKED[offset : offset + 7]]
    assert hits.total == len(OFFERS)


def test_only_the_foremost_are_looked_at(folder, monkeypatch):
    monkeypatch.setattr(tantivy_engine, "_LONG", 1)
    engine = tantivy_engine.TantivyEngine(next(folder.glob("g-*")))
    hits, count = engine._by_tie(Term("treffwerk", 1), 0, 7)
    assert (len(hits), count) == (7, None)
    assert engine._by_tie(Term("treffwerk", 1), 0, 300)[1] == len(OFFERS)


def test_what_was_counted_is_counted_anew_after_a_change(folder, monkeypatch):
    monkeypatch.setattr(tantivy_engine, "_LONG", 1)
    searcher = open_searcher(folder)
    query = Query("Treffwerk", {"cost": ("free",)}, facets=("topics", "cost"))
    before = searcher.search(query)
    assert searcher.search(query).facets == before.facets
    gone = next(offer for offer in OFFERS if offer["cost"] == "free")
    with open_writer(folder) as writer:
        writer.apply((), [gone["id"]], 2)
    after = open_searcher(folder).search(query)
    assert after.total == before.total - 1
    assert sum(after.facets["topics"].values()) == after.total


def test_trees_that_find_the_same_are_called_the_same():
    one, other = Term("treff", 4), Term("kind", 2)
    assert finds(All((one, other))) == finds(All((other, Term("treff", 1))))
    assert finds(Bonus(one, (other,))) == finds(one)
    assert finds(Values("cost", ("free",), 3)) == finds(Values("cost", ("free",)))
    different = [
        one, other, All((one, other)), Best((one, other)), Without(one, (other,)), Everything(),
        Term("treff", 4, ("title",)), Values("cost", ("free",)), Values("topics", ("free",)),
    ]  # fmt: skip
    assert len(set(map(finds, different))) == len(different)
