"""What the fall-back does for a question, told by the statements that it runs."""

from __future__ import annotations

from collections import Counter

import pytest

from aggregator.bench.hostile import strings
from aggregator.bench.relevance import sample_offers
from aggregator.index.answer import Geography, Snapshot
from aggregator.index.base import Query
from aggregator.index.directory import open_writer
from aggregator.index.engine import Order
from aggregator.index.fts5_engine import Fts5Engine
from aggregator.index.tree import All, AtLeast, Best, Bonus, Term, Without
from aggregator.places.places import load_gazetteer


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fts5")
    with open_writer(folder, "fts5") as writer:
        writer.apply(sample_offers(), (), 1)
        engine = Fts5Engine(writer.generation)
    snapshot = Snapshot(engine, 1, Geography.of(load_gazetteer()))
    statements = []
    engine._connection.set_trace_callback(statements.append)

    def ask(query):
        statements.clear()
        snapshot.search(query)
        # Those that FTS5 itself runs begin with a comment mark.
        return Counter(told for told in statements if not told.startswith("--"))

    return ask


def test_no_list_is_fetched_twice(asked):
    for text in strings(120):
        filters = {"status": ("active", "temporarily closed")}
        statements = asked(Query(text[:500].strip(), filters, ("topics",)))
        twice = [told for told, n in statements.items() if n > 1 and "MATCH" in told]
        assert not twice, text


def test_what_is_known_is_asked_of_nobody(asked):
    query = Query("Treff Schulden", {"status": ("active",)})
    asked(query)
    assert not any("MATCH" in told or "GROUP BY" in told for told in asked(query))


def test_no_question_takes_more_than_so_many_steps(tmp_path, monkeypatch):
    # A step goes once through all offers: with their number, steps bound what a question takes.
    with open_writer(tmp_path, "fts5") as writer:
        writer.apply(sample_offers(), (), 1)
        engine = Fts5Engine(writer.generation)
    snapshot = Snapshot(engine, 1, Geography.of(load_gazetteer()))
    steps = []

    def counted(name):
        step = getattr(Fts5Engine, name)

        def one(engine, *arguments):
            steps.append(name)
            return step(engine, *arguments)

        monkeypatch.setattr(Fts5Engine, name, one)

    counted("_evaluated")
    counted("_having")
    common = "Beratung Familie Kinder Eltern Mutter Vater Treff Gruppe Hilfe Kurs Schulden Wohnung "
    for text in (*strings(200), common * 5):
        steps.clear()
        snapshot.search(Query(text[:500].strip(), {"status": ("active", "temporarily closed")}))
        assert len(steps) < 1_000, text


def test_what_is_remembered_of_words_stays_as_it_was(tmp_path):
    with open_writer(tmp_path, "fts5") as writer:
        writer.apply(sample_offers(), (), 1)
        folder = writer.generation
    group, advice = Term("grupp", 4), Term("beratung", 2)
    either = Best((group, Best((advice, Term("treff", 1)))))
    trees = [
        Bonus(group, (advice,)),
        Bonus(either, (group, advice)),
        All((either, group)),
        AtLeast((either, group, advice), 1),
        Without(either, (advice,)),
        either,
        group,
    ]

    def told(engine, tree):
        found, total = engine.page(tree, 0, 1_000, Order.SCORE)
        return total, found

    one = Fts5Engine(folder)
    answers = [told(one, tree) for tree in [*trees, *reversed(trees)]]
    fresh = [told(Fts5Engine(folder), tree) for tree in trees]
    assert answers == [*fresh, *reversed(fresh)]
    assert all(total for total, _ in fresh)
