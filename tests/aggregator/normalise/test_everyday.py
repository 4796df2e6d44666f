"""Offers told in everyday words, field by field through the whole of normalising."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from aggregator.normalise.context import Context
from aggregator.normalise.offer import read_offer
from aggregator.normalise.text import clean_title, plain
from aggregator.places.places import load_gazetteer
from crawlers.record import Passage, Record, Role, Trust

OFFERS: list[tuple[str, str, dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "everyday.yml").read_text("utf-8")
)
CONTEXT = Context("probe", "11", date(2026, 11, 28))


def record(*passages: Passage) -> Record:
    return Record("k", "https://netz.example/", passages, "probe@1", Trust.FOUND)


@pytest.mark.parametrize(("title", "text", "truth"), OFFERS, ids=[offer[0] for offer in OFFERS])
def test_everyday_words(title: str, text: str, truth: dict[str, Any]) -> None:
    told = record(Passage(Role.TITLE, title, "h2"), Passage(Role.TEXT, text, "p"))
    reading = read_offer(told, CONTEXT, load_gazetteer())
    truth = dict(truth)
    assert set(truth.pop("audience", ())) <= set(reading.values("audience"))
    assert {name: reading.value(name) for name in truth} == truth


def test_hours_text_tells_the_times_of_this_offer_alone() -> None:
    lines = (
        "Offene Sprechstunde: Mittwoch 16-18 Uhr im Frauentreff Nord",
        "In den Schulferien macht der Wochenplan Pause!",
    )
    told = record(
        Passage(Role.TITLE, "Rat", "h2"), *(Passage(Role.TEXT, line, "p") for line in lines)
    )
    reading = read_offer(told, CONTEXT, load_gazetteer())
    assert reading.value("hours_text") == "Mittwoch 16-18 Uhr"
    assert reading.value("hours_osm") == "We 16:00-18:00"
    assert reading.values("hours_qualifiers") == ["not_in_school_holidays"]


def test_classes_that_fall_out_in_the_holidays_and_appointments_after_a_call() -> None:
    told = record(
        Passage(Role.TITLE, "Turnen", "h2"),
        Passage(Role.TEXT, "dienstags 16-17 Uhr. In den Schulferien fallen sie aus.", "p"),
        Passage(Role.TEXT, "Bitte rufen Sie an, Sie bekommen bald einen Termin.", "p"),
    )
    reading = read_offer(told, CONTEXT, load_gazetteer())
    assert "not_in_school_holidays" in reading.values("hours_qualifiers")
    assert reading.value("registration") == "required"


def test_what_a_page_escaped_twice_and_counts_with() -> None:
    assert plain('M&amp;uuml;tter<img src="https://zaehl.example/p.gif" width="1">') == "Mütter"
    assert clean_title("Mütter &amp;amp; Väter") == "Mütter & Väter"
