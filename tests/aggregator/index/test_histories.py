"""Indexes that came to the same offers in different ways, as those of two nodes, answer alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.bench.relevance import judged_queries, sample_offers
from aggregator.index.base import Query
from aggregator.index.directory import LiveSearcher, open_searcher, open_writer

RELEVANCE = Path(__file__).parents[2] / "relevance"
OFFERS = [dict(offer) for offer in sample_offers()]
BEFORE = [{**offer, "title": f"Xylophonkurs {offer['title']}"} for offer in OFFERS]
GONE = [{**offer, "id": f"gone-{offer['id']}", "title": "Xylophonabend"} for offer in OFFERS[:9]]
HISTORIES = {
    "some were written twice": [(OFFERS, ()), (OFFERS[::3], ())],
    "some said something else": [
        (OFFERS[::2] + BEFORE[1::2], ()), (OFFERS[:50], ()), (OFFERS[1::2], ()),
        (OFFERS[40:60], ()),
    ],
    "some are gone": [([*OFFERS, *GONE], ()), ([], [str(offer["id"]) for offer in GONE])],
}  # fmt: skip
TYPED = ("schul", "kin", "aus", "xyl", "xylophonk", "beratung f")
MISSPELT = ("xylophonkrus", "Beratunk", "schuldnerbreatung")


@pytest.fixture(scope="module", params=("tantivy", "fts5"))
def engine(request):
    return request.param


def built(folder: Path, engine, history) -> LiveSearcher:
    for number, (written, deleted) in enumerate(history, 1):
        with open_writer(folder, engine) as writer:
            writer.apply(written, deleted, number)
    searcher = open_searcher(folder)
    searcher.prepare()
    return searcher


@pytest.fixture(scope="module")
def anew(engine, tmp_path_factory) -> LiveSearcher:
    return built(tmp_path_factory.mktemp("anew"), engine, [(OFFERS, ())])


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_what_was_deleted_counts_nowhere(tmp_path, engine, anew, history) -> None:
    """Neither for what a word is worth, nor for what is proposed or taken for a word."""
    index = built(tmp_path, engine, history)

    def answer(searcher: LiveSearcher, text: str):
        hits = searcher.search(Query(text, facets=("topics", "region"), limit=50))
        found = [(hit.id, hit.score) for hit in hits.items]
        return hits.total, hits.matched, hits.facets, found, searcher.corrected(text)

    asked = [one.query for one in judged_queries(RELEVANCE / "federation.yml")]
    different = [
        text for text in [*asked, *TYPED, *MISSPELT] if answer(index, text) != answer(anew, text)
    ]
    assert different == []
    assert [text for text in TYPED if index.suggest(text) != anew.suggest(text)] == []
