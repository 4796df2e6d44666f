"""Both engines give the same answers: totals, facets, order, whatever is asked."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from aggregator.bench.relevance import judged_queries, sample_offers
from aggregator.index import clauses, tantivy_engine
from aggregator.index.base import FILTERS, Origin, Query, Sort
from aggregator.index.directory import open_searcher, open_writer, read_state

RELEVANCE = Path(__file__).parents[2] / "relevance"
NOW = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)
BERLIN = Origin(52.52, 13.405, "Berlin", approximate=False)


def dated():
    for number, offer in enumerate(sample_offers()):
        yield {**offer, "last_seen": f"2026-11-{1 + number % 28:02d}"}


@pytest.fixture(scope="module")
def engines(tmp_path_factory):
    found = {}
    for name in ("tantivy", "fts5"):
        folder = tmp_path_factory.mktemp(name)
        with open_writer(folder, name) as writer:
            writer.apply(dated(), (), 1)
        assert f"/{name}-" in read_state(folder).schema
        found[name] = open_searcher(folder), folder
    return found


def answer(searcher, query):
    hits = searcher.search(query)
    return (
        hits.total, hits.unstated, hits.matched, hits.understood,
        {name: dict(counts) for name, counts in hits.facets.items()},
        [(hit.id, hit.score, hit.unstated, hit.distance) for hit in hits.items],
        [hit.id for hit in hits.nearest],
    )  # fmt: skip


def same(engines, queries):
    (one, _), (other, _) = engines.values()
    different = [query for query in queries if answer(one, query) != answer(other, query)]
    assert not different, different[:5]


def test_the_relevance_set_is_answered_alike(engines):
    same(
        engines,
        [
            Query(one.query, facets=("topics", "region", "open"), limit=50, now=NOW)
            for one in judged_queries(RELEVANCE / "federation.yml")
        ],
    )


def test_random_queries_are_answered_alike(engines):
    draw = random.Random(11)
    words = sorted(
        {word for offer in sample_offers() for word in str(offer["title"]).split()}
        | {
            "Kind",
            "kostenlos",
            "Samstag",
            "Pankow",
            "-Treff",
            '"offener Treff"',
            "Schuldnerb",
            "xyzzy",
        }
    )
    values = {
        "topics": ("schulden", "austausch", "lotse"), "region": ("11", "11003", "05"),
        "cost": ("free", "paid"), "childcare": ("true",), "open": ("sa", "evening", "now"),
        "exclusivity": ("only",), "city": ("Hamburg",),
    }  # fmt: skip
    queries = []
    for _ in range(400):
        names = draw.sample(sorted(values), draw.choice((0, 0, 1, 2)))
        queries.append(
            Query(
                " ".join(draw.sample(words, draw.randint(0, 3))),
                {name: tuple(draw.sample(values[name], 1)) for name in names},
                tuple(draw.sample(FILTERS, 2)),
                draw.choice((0, 0, 5, 40)),
                draw.choice((5, 20)),
                draw.choice((None, None, BERLIN)),
                draw.choice((2.0, 10.0, 150.0)),
                draw.choice((None, None, date(2026, 11, 20))),
                draw.choice(tuple(Sort)),
                now=NOW,
            )
        )
    same(engines, queries)


@pytest.mark.parametrize("typed", ["", "s", "schul", "pan", "Einelternh", "kinder", "ö", "zzz"])
def test_suggestions_are_the_same(engines, typed):
    (one, _), (other, _) = engines.values()
    assert one.suggest(typed, 10) == other.suggest(typed, 10)


def test_misspelt_words_are_corrected_alike(engines):
    (one, _), (other, _) = engines.values()
    for text in ("Schuldnerberatng", "Hebame Krabelgruppe", "qqqq"):
        assert one.corrected(text) == other.corrected(text)


def test_changes_are_followed_alike(tmp_path):
    offers = list(dated())
    searchers = []
    for name in ("tantivy", "fts5"):
        folder = tmp_path / name
        with open_writer(folder, name) as writer:
            writer.apply(offers, (), 1)
        searcher = open_searcher(folder)
        assert searcher.search(Query()).total == len(offers)
        with open_writer(folder, name) as writer:
            assert not writer.fresh
            changed = [{**offer, "title": "Neuer Rat"} for offer in offers[:20]]
            writer.apply(changed, [str(offer["id"]) for offer in offers[20:40]], 2)
        searchers.append(searcher)
    one, other = searchers
    assert one.seq() == other.seq() == 2
    for query in (
        Query(limit=100),
        Query("Neuer Rat", limit=100),
        Query("Treff", facets=FILTERS, limit=100),
    ):
        mine, theirs = one.search(query), other.search(query)
        assert (mine.total, mine.facets) == (theirs.total, theirs.facets)
        assert {hit.id for hit in mine.items} == {hit.id for hit in theirs.items}


def test_another_engine_is_another_index(tmp_path):
    with open_writer(tmp_path, "tantivy") as writer:
        writer.apply([{"id": "a", "title": "Treff"}], (), 1)
    searcher = open_searcher(tmp_path)
    assert searcher.search(Query("Treff")).total == 1
    with open_writer(tmp_path, "fts5") as writer:
        assert writer.fresh
        assert searcher.search(Query("Treff")).total == 1
        writer.apply([{"id": "a", "title": "Treff"}, {"id": "b", "title": "Treff"}], (), 2)
    assert searcher.search(Query("Treff")).total == 2


def test_a_page_is_the_same_found_tier_by_tier_or_scored(engines, monkeypatch):
    texts = [one.query for one in judged_queries(RELEVANCE / "federation.yml")][::6]
    texts += ["", "Kinder", "Treff", "Beratung", "Berlin", "kostenlos", "Gruppe Eltern"]
    queries = [
        Query(text, offset=offset, limit=limit, facets=facets, now=NOW)
        for text in texts
        for offset, limit, facets in ((0, 4, ()), (3, 9, ("topics",)), (60, 20, ()))
    ]
    monkeypatch.setattr(tantivy_engine, "_MANY", 0)
    (one, _), (other, _) = engines.values()
    wanted = [answer(other, query) for query in queries]
    for tries in (1, 3, 40):
        monkeypatch.setattr(tantivy_engine, "_MOST_TIERS", tries)
        assert [answer(one, query) for query in queries] == wanted


def test_ways_sought_among_the_offers_of_a_rare_word_score_the_same(engines, monkeypatch):
    asked = [one.query for one in judged_queries(RELEVANCE / "everyday.yml")][::3]
    queries = [Query(text, facets=("topics",), limit=60, now=NOW) for text in asked]
    (one, _), (other, _) = engines.values()
    wanted = [answer(other, query) for query in queries]
    for wider in (0, 2, 10**9):
        monkeypatch.setattr(clauses, "_WIDER", wider)
        monkeypatch.setattr(one._snapshot._engine, "_counted", {})
        monkeypatch.setattr(one._snapshot._engine, "_totals", {})
        assert [answer(one, query) for query in queries] == wanted


@pytest.mark.parametrize("name", ["tantivy", "fts5"])
def test_a_short_page_is_the_beginning_of_a_long_one(engines, name):
    # Pages that the best score fills are found without scoring.
    searcher, _ = engines[name]
    texts = [one.query for one in judged_queries(RELEVANCE / "federation.yml")]
    texts += ["", "Kinder", "Treff", "Beratung", "Berlin", "kostenlos", "Gruppe Eltern"]
    for text in texts:
        long = searcher.search(Query(text, limit=60, now=NOW))
        for offset, limit in ((0, 1), (0, 3), (2, 4)):
            short = searcher.search(Query(text, offset=offset, limit=limit, now=NOW))
            assert (short.total, short.unstated) == (long.total, long.unstated)
            assert [(hit.id, hit.score) for hit in short.items] == [
                (hit.id, hit.score) for hit in long.items[offset : offset + limit]
            ]


def test_deleted_offers_are_not_counted(tmp_path):
    offers = list(dated())
    with open_writer(tmp_path) as writer:
        writer.apply(offers, (), 1)
    searcher = open_searcher(tmp_path)
    hits = searcher.search(Query("Treff", limit=100))
    gone = [hit.id for hit in hits.items[:3]]
    with open_writer(tmp_path) as writer:
        writer.apply((), gone, 2)
    left = searcher.search(Query("Treff", limit=100))
    assert left.total == hits.total - 3
    assert not {hit.id for hit in left.items} & set(gone)
