"""Topic and form of listings in everyday words: how many are right, set by set."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from aggregator.normalise.cadence import Cadence, read_cadence
from aggregator.normalise.context import Context
from aggregator.normalise.format import read_formats
from aggregator.normalise.topic import read_topics
from aggregator.normalise.wording import RecordText
from crawlers.record import Passage, Record, Role, Trust

SETS: dict[str, list[tuple[str, str, str, str]]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "unseen.yml").read_text("utf-8")
)
CONTEXT = Context("quelle", "11", date(2026, 7, 20))


def offer(title: str, text: str) -> RecordText:
    passages = (Passage(Role.TITLE, title, "h2"), Passage(Role.TEXT, text, "p"))
    return RecordText(Record("k", "https://netz.example/", passages, "html@1", Trust.FOUND))


@pytest.mark.parametrize("name", SETS)
def test_main_topic_of_everyday_words(name: str) -> None:
    wrong = [
        f"{title}: {said}, not {topic}"
        for topic, _, title, text in SETS[name]
        if (said := read_topics(offer(title, text), CONTEXT).value("topics")) != topic
    ]
    assert len(wrong) <= 0.1 * len(SETS[name]), wrong


@pytest.mark.parametrize("name", SETS)
def test_main_format_of_everyday_words(name: str) -> None:
    wrong = [
        f"{title}: {said}, not {form}"
        for _, form, title, text in SETS[name]
        if (said := read_formats(offer(title, text), CONTEXT).value("formats")) != form
    ]
    assert len(wrong) <= 0.12 * len(SETS[name]), wrong


@pytest.mark.parametrize(
    ("cadence", "line"),
    [
        (Cadence.RECURRING, "Jeden zweiten Montag im Monat, 19 Uhr"),
        (Cadence.RECURRING, "Wir treffen uns vierzehntägig."),
        (Cadence.RECURRING, "Jeden Montag ab 3. März"),
        (Cadence.RECURRING, "einmal im Monat am Nachmittag"),
        (Cadence.SERIES, "Acht Abende, Beginn am 3. März"),
        (Cadence.SERIES, "10 Termine"),
        (Cadence.ONCE, "Am 5. Mai um 19 Uhr"),
        (Cadence.ONCE, "12. bis 14. Juni"),
        (None, "Anmeldung bis 10. Dezember"),
        (None, "Ab 1. Oktober montags"),
        (None, "Mo 8-12, Di 13-18 Uhr"),
        (None, "Seit 12. Mai sind wir für Sie da."),
    ],
)
def test_how_often_it_takes_place(cadence: Cadence | None, line: str) -> None:
    found = read_cadence(offer("", line))
    assert (found[0] if found else None) == cadence


def test_the_same_name_is_an_event_once_and_a_group_if_it_comes_again() -> None:
    once = read_formats(offer("Spieleabend", "Am 5. Mai um 19 Uhr"), CONTEXT)
    again = read_formats(offer("Spieleabend", "Jeden ersten Freitag im Monat"), CONTEXT)
    assert (once.values("formats"), again.values("formats")) == (["event"], ["group"])


def test_money_in_the_text_of_a_group_is_no_benefit() -> None:
    said = read_formats(offer("Elterncafé", "Ein Zuschuss ist möglich, Kuchen ohne Geld."), CONTEXT)
    assert said.values("formats") == ["group"]
