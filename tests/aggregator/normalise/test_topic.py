"""Topics: cases as data, look-ups, doubts, reasons."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.normalise.context import Context
from aggregator.normalise.topic import read_topics
from aggregator.normalise.wording import RecordText
from aggregator.vocabulary.topics import TOPICS
from crawlers.record import Passage, Record, Role, Trust

CASES = Path(__file__).parent / "cases"
CONTEXT = Context("quelle", "11", date(2026, 7, 20))


def offer(*passages: tuple[Role, str]) -> RecordText:
    made = tuple(Passage(role, text, f"p{i}") for i, (role, text) in enumerate(passages))
    return RecordText(Record("k", "https://netz.example/", made, "html@1", Trust.FOUND))


def load(name: str) -> list[Any]:
    return yaml.safe_load((CASES / name).read_text(encoding="utf-8"))


SETS = ("topic.yml", "topic_holdout.yml", "topic_lay.yml", "topic_titles.yml", "topic_town.yml")


@pytest.mark.parametrize(("code", "title", "text"), [row for name in SETS for row in load(name)])
def test_main_topic(code: str | None, title: str, text: str) -> None:
    reading = read_topics(offer((Role.TITLE, title), (Role.TEXT, text)), CONTEXT)
    assert reading.value("topics") == code
    assert bool(reading.statements) != any(d.code == "topic_unclear" for d in reading.doubts)


def test_the_statement_shows_its_passage_and_its_rule() -> None:
    (said, *_) = read_topics(
        offer((Role.TITLE, "Unterhaltsvorschuss"), (Role.TEXT, "Antrag im Amt")), CONTEXT
    ).statements
    assert (said.value, said.quote, said.locator) == ("existenz", "Unterhaltsvorschuss", "p0")
    assert said.reason == "rule: unterhaltsvorsch* (+16 title)"


def test_a_declared_word_outranks_the_rules() -> None:
    context = Context("q", "11", date(2026, 7, 20), lookups={"topic": {"Rat & Tat": "krise"}})
    record = offer((Role.TOPIC, "RAT & TAT"), (Role.TITLE, "Schuldnerberatung"))
    reading = read_topics(record, context)
    assert reading.values("topics") == ["krise", "schulden"]
    assert reading.statements[0].reason == "lookup: RAT & TAT"


def test_a_word_declared_as_nothing_says_nothing() -> None:
    context = Context("q", "11", date(2026, 7, 20), lookups={"topic": {"Wohnen & Leben": None}})
    reading = read_topics(
        offer((Role.SECTION, "Wohnen & Leben"), (Role.TITLE, "Stammtisch")), context
    )
    assert reading.values("topics") == ["austausch"]
    assert not reading.doubts


@pytest.mark.parametrize(
    "heading", ["Wegweiser für Ein-Eltern-Familien", "Allein, aber nicht allein"]
)
def test_a_heading_that_names_a_list_or_cheers_up_is_no_topic(heading: str) -> None:
    said = read_topics(
        offer(
            (Role.SECTION, heading), (Role.TITLE, "Karte der Stadt"), (Role.TEXT, "Zoo, Freibad")
        ),
        CONTEXT,
    )
    assert said.values("topics") == ["freizeit"]


def test_an_unknown_word_of_the_site_is_shown_a_neutral_one_is_not() -> None:
    record = offer(
        (Role.TOPIC, "Zaubergarten"), (Role.SECTION, "Aktuelle Termine"), (Role.TITLE, "Stammtisch")
    )
    doubts = read_topics(record, CONTEXT).doubts
    assert [(d.code, d.quote) for d in doubts] == [("topic_unmapped", "Zaubergarten")]


@pytest.mark.parametrize(
    ("title", "owner", "topics"),
    [
        ("Persönliche Beratung", "VAMV Musterstadt", ["lotse"]),
        ("Telefonberatung", "Alleinerziehendennetz Musterstadt e. V.", ["lotse"]),
        ("Beratung vor Ort oder per Video", "SHIA Musterland e. V.", ["lotse"]),
        ("Schuldnerberatung", "VAMV Musterstadt", ["schulden"]),
        ("Online-Beratung", "Kreisverband Musterland e. V.", []),
    ],
)
def test_advice_of_single_parents_own_body(title: str, owner: str, topics: list[str]) -> None:
    record = offer((Role.TITLE, title), (Role.TEXT, "Kostenlos."), (Role.OWNER, owner))
    assert read_topics(record, CONTEXT).values("topics") == topics


def test_of_a_network_only_its_own_advice_is_the_first_contact() -> None:
    record = offer((Role.TITLE, "Beratung"), (Role.PROVIDER, "Tierheim Musterstadt"))
    context = Context("q", "11", date(2026, 7, 20), site="Netzwerk Alleinerziehende")
    assert read_topics(record, context).values("topics") == ["freizeit"]
    record = offer((Role.TITLE, "Beratung"), (Role.TEXT, "Nach Vereinbarung."))
    assert read_topics(record, context).values("topics") == ["lotse"]


def test_what_is_denied_is_no_topic() -> None:
    record = offer((Role.TITLE, "Stammtisch"), (Role.TEXT, "Wir bieten keine Rechtsberatung an."))
    assert read_topics(record, CONTEXT).values("topics") == ["austausch"]


def test_childcare_during_the_offer_is_no_topic() -> None:
    record = offer((Role.TITLE, "Yoga am Abend"), (Role.TEXT, "Mit Kinderbetreuung."))
    assert read_topics(record, CONTEXT).values("topics") == ["gesundheit"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Schuldner*innenberatung", "schulden"),
        ("SCHULDNERBERATUNG", "schulden"),
        ("Treff für Alleinerziehende:r", "austausch"),
        ("Vermittlung von Tagesmüttern/-vätern", "betreuung"),
        ("Cafe\u0301 fu\u0308r Mu\u0308tter", "austausch"),
    ],
)
def test_spellings(text: str, code: str) -> None:
    assert read_topics(offer((Role.TITLE, text)), CONTEXT).value("topics") == code


@settings(max_examples=60, derandomize=True)
@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    reading = read_topics(offer((Role.TITLE, text), (Role.TOPIC, text)), CONTEXT)
    assert set(reading.values("topics")) <= set(TOPICS)
