"""Service chains: documented data, who covers which step, where it breaks, what is next."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from aggregator.comparison import chains as module
from aggregator.comparison.book import Book
from aggregator.comparison.chains import (
    CHAIN_KEYS,
    STEP_KEYS,
    ChainError,
    chains,
    coverage,
    parse_chain,
)
from aggregator.comparison.figure import Empty
from aggregator.comparison.line import View, lines
from tests.aggregator.comparison.conftest import Comparison

_GOOD = {
    "id": "x", "title": {"de": "X", "en": "X"}, "meaning": {"de": "X", "en": "X"},
    "steps": [{"key": "a", "title": {"de": "A", "en": "A"}, "topics": ["recht"]}],
}  # fmt: skip


def test_every_key_is_documented_and_every_file_is_good() -> None:
    documented = set(re.findall(r"^ {4,8}(?:- )?(\w+):", module.__doc__ or "", re.MULTILINE))
    assert documented == CHAIN_KEYS | STEP_KEYS
    assert set(chains()) == {"trennung-bis-arbeit", "schwangerschaft-bis-kita", "akute-not"}
    (first, *_, last) = chains()["trennung-bis-arbeit"].steps
    assert (first.key, last.key) == ("trennung", "stabilisierung")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"farbe": 1}, "datei.yml: unknown key 'farbe'"),
        ({"steps": []}, "datei.yml: steps"),
        ({"title": {"de": "X"}}, "datei.yml: title: needs the languages de and en"),
        ({"steps": [{"key": "a", "title": {"de": "A", "en": "A"}, "topics": ["geld"]}]},
         "datei.yml: step 1: 'geld' is no topic"),
        ({"steps": [{"key": "a", "title": {"de": "A", "en": "A"}}]},
         "datei.yml: step 1: the key 'topics' is missing"),
        ({"steps": _GOOD["steps"] * 2}, "datei.yml: steps"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_named(change: dict[str, object], message: str) -> None:
    parse_chain(_GOOD, "datei.yml")
    with pytest.raises(ChainError, match=re.escape(message)):
        parse_chain(_GOOD | change, "datei.yml")


def test_steps_gaps_and_the_next_offer_over_the_border(compared: Comparison) -> None:
    told = {
        "id": "x", "title": {"de": "X", "en": "X"}, "meaning": {"de": "X", "en": "X"},
        "steps": [
            {"key": "recht", "title": {"de": "Recht", "en": "Law"}, "topics": ["recht"]},
            {"key": "geburt", "title": {"de": "Geburt", "en": "Birth"}, "topics": ["schwanger"]},
            {"key": "treff", "title": {"de": "Treff", "en": "Group"}, "topics": ["austausch"],
             "words": ["treff"]},
        ],
    }  # fmt: skip
    chain = parse_chain(told, "x.yml")
    stock = compared.stock
    # Only offers of other regions have the step: none of the Land, none of the country.
    far = [o for o in stock.offers if o["region_key"] == "05124" and o["lat"] is not None]
    near = [o for o in stock.offers if o["region_key"] == "11011" and o["lat"] is not None]
    made = [{**far[0], "topics": ["schwanger"]}, {**near[0], "topics": ["schwanger"]}]
    others = [o for o in stock.offers if o["id"] not in {m["id"] for m in made}]
    stock = replace(stock, rows={**stock.rows, "offers": [*others, *made]})
    network = {line.key: line for line in lines(stock, View.LISTED)}["solo"]
    covers = {cover.step.key: cover for cover in coverage(stock, chain, network)}
    birth = covers["geburt"]
    assert birth.broken
    assert birth.empty is Empty.NONE_FOUND
    assert birth.beyond is not None
    assert birth.beyond["id"] == near[0]["id"]
    assert 0 < (birth.distance or 0) < 30  # Steglitz to Lichtenberg
    law = covers["recht"]
    assert not law.own
    assert law.wide
    assert not law.broken
    assert law.beyond is None
    assert all("Treff" in o["title"] for o in (*covers["treff"].region, *covers["treff"].wide))


def test_tables_of_a_chain(compared: Comparison) -> None:
    book = Book(compared.stock)
    table = book.table("chain-trennung-bis-arbeit")
    assert [column.words["de"] for column in table.columns] == [
        "Trennung", "Recht und Unterhalt", "Existenz", "Wohnen", "Betreuung", "Qualifizierung",
        "Arbeit", "Stabilisierung",
    ]  # fmt: skip
    gaps = {line.head.key: line for line in book.table("gaps-schwangerschaft-bis-kita").lines}
    # Nobody anywhere has an offer on pregnancy: every network has the gap, nothing is next.
    assert "Schwangerschaft und Geburt" in gaps["pankow"].cells[1].text
    assert gaps["pankow"].cells[2].text == ""
