"""Every facet reader: one line of an offer, and what may be said from it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.listing import Listing
from aggregator.normalise.audience import read_audience
from aggregator.normalise.availability import read_availability
from aggregator.normalise.childcare import read_childcare
from aggregator.normalise.context import Context
from aggregator.normalise.cost import read_cost
from aggregator.normalise.exclusivity import read_exclusivity
from aggregator.normalise.format import read_formats
from aggregator.normalise.language import read_languages
from aggregator.normalise.mode import read_modes
from aggregator.normalise.registration import read_registration
from aggregator.normalise.statement import Reading
from aggregator.normalise.topic import read_topics
from aggregator.normalise.wheelchair import read_wheelchair
from aggregator.normalise.wording import RecordText
from crawlers.record import Passage, Record, Role, Trust

CASES = Path(__file__).parent / "cases"
CONTEXT = Context("quelle", "11", date(2026, 7, 20))
READERS: tuple[Callable[[RecordText, Context], Reading], ...] = (
    read_topics, read_formats, read_cost, read_registration, read_childcare, read_exclusivity,
    read_modes, read_languages, read_wheelchair, read_audience, read_availability,
)  # fmt: skip


def offer(line: str, title: str = "Angebot", *more: Passage) -> RecordText:
    passages = [Passage(Role.TITLE, title, "h2")]
    if line:
        passages.append(Passage(Role.TEXT, line, "p"))
    said = (*passages, *more)
    return RecordText(Record("k", "https://netz.example/", said, "html@1", Trust.FOUND))


def cases(name: str) -> list[Any]:
    groups = yaml.safe_load((CASES / f"{name}.yml").read_text("utf-8"))
    return [
        pytest.param(*row, id=f"{group}: {row[-1] or row[-2]}")
        for group, rows in groups.items()
        for row in rows
    ]


@pytest.mark.parametrize(("cost", "amount", "line"), cases("cost"))
def test_cost(cost: str | None, amount: float | None, line: str) -> None:
    reading = read_cost(offer(line), CONTEXT)
    assert (reading.value("cost"), reading.value("cost_amount")) == (cost, amount)


def test_a_price_may_stand_below_its_label() -> None:
    passages = [Passage(Role.TEXT, text, f"p{i}") for i, text in enumerate(("Kosten", "keine"))]
    title = Passage(Role.TITLE, "Antrag", "t")
    record = Record("k", "https://netz.example/", (title, *passages), "html@1", Trust.FOUND)
    (said,) = read_cost(RecordText(record), CONTEXT).statements
    assert (said.value, said.quote, said.locator) == ("free", "Kosten\nkeine", "p1")


@pytest.mark.parametrize(("expected", "line"), cases("registration"))
def test_registration(expected: str | None, line: str) -> None:
    assert read_registration(offer(line), CONTEXT).value("registration") == expected


@pytest.mark.parametrize(("expected", "line"), cases("childcare"))
def test_childcare(expected: bool | None, line: str) -> None:
    assert read_childcare(offer(line), CONTEXT).value("childcare") is expected


@pytest.mark.parametrize(("expected", "title", "line"), cases("exclusivity"))
def test_exclusivity(expected: str | None, title: str, line: str) -> None:
    assert read_exclusivity(offer(line, title), CONTEXT).value("exclusivity") == expected


@pytest.mark.parametrize(("expected", "title", "line"), cases("format"))
def test_format(expected: list[str], title: str, line: str) -> None:
    assert read_formats(offer(line, title), CONTEXT).values("formats") == expected


@pytest.mark.parametrize(("expected", "line"), cases("mode"))
def test_mode(expected: list[str], line: str) -> None:
    assert sorted(map(str, read_modes(offer(line), CONTEXT).values("modes"))) == sorted(expected)


@pytest.mark.parametrize(("expected", "line"), cases("language"))
def test_language(expected: list[str], line: str) -> None:
    assert read_languages(offer(line), CONTEXT).values("languages") == expected


@pytest.mark.parametrize(("expected", "line"), cases("wheelchair"))
def test_wheelchair(expected: bool | None, line: str) -> None:
    assert read_wheelchair(offer(line), CONTEXT).value("wheelchair") is expected


@pytest.mark.parametrize(("expected", "title", "line"), cases("audience"))
def test_audience(expected: list[str], title: str, line: str) -> None:
    said = read_audience(offer(line, title), CONTEXT).values("audience")
    assert sorted(map(str, said)) == sorted(expected)


@pytest.mark.parametrize(("status", "doubts", "line"), cases("availability"))
def test_availability(status: str | None, doubts: int, line: str) -> None:
    reading = read_availability(offer(line), CONTEXT)
    assert reading.value("status") == status
    assert [d.code for d in reading.doubts] == ["availability"] * doubts


def test_an_offer_of_childcare_has_no_childcare_beside_it() -> None:
    line = "Kinder werden bei uns von 6 bis 22 Uhr betreut."
    assert read_childcare(offer(line, "Randzeitenbetreuung"), CONTEXT).statements == []
    assert read_childcare(offer("", "Sprachkurs mit Kinderbetreuung"), CONTEXT).value("childcare")


def test_the_heading_of_a_list_gives_no_offer_its_form() -> None:
    wegweiser = Passage(Role.SECTION, "Wegweiser von A bis Z", "h1")
    assert (
        read_formats(offer("", "Umzugsrat", wegweiser), CONTEXT).value("formats") != "information"
    )


@pytest.mark.parametrize(
    ("form", "title", "line"),
    [
        ("group", "Mutter-Kind-Turnen", ""),
        ("care", "Notfall-Nanny", ""),
        ("event", "Adventsfrühstück", "Sonntag, 6. Dezember 2026, 10 Uhr"),
        ("group", "Sonntagsfrühstück", "jeden ersten Sonntag im Monat"),
    ],
)
def test_what_names_its_form(form: str, title: str, line: str) -> None:
    assert read_formats(offer(line, title), CONTEXT).value("formats") == form


def test_an_address_alone_says_nothing_of_the_mode() -> None:
    address = Passage(Role.ADDRESS, "Musterweg 1, 13187 Berlin", "dd")
    assert read_modes(offer("", "Stammtisch", address), CONTEXT).values("modes") == []
    assert read_modes(offer("", "Elterntelefon", address), CONTEXT).values("modes") == ["phone"]


def test_one_of_several_stated_groups_is_also() -> None:
    groups = (Passage(Role.AUDIENCE, "Alleinerziehende"), Passage(Role.AUDIENCE, "Schwangere"))
    assert read_exclusivity(offer("", "Rat", *groups), CONTEXT).value("exclusivity") == "also"
    assert read_exclusivity(offer("", "Rat", groups[0]), CONTEXT).value("exclusivity") == "only"


def test_codes_of_a_feed_are_taken() -> None:
    passages = (Passage(Role.LANGUAGE, "de-DE"), Passage(Role.STATUS, "CANCELLED"))
    record = offer("", "Treff", *passages)
    assert read_languages(record, CONTEXT).values("languages") == ["de"]
    assert read_availability(record, CONTEXT).value("status") == "inactive"


SNIPPETS = [
    "ohne", "keine", "nicht", "nur", "mit", "Anmeldung", "kostenlos", "5 €", "Kinder", "und", ",",
    "Kinderbetreuung", "Alleinerziehende", "auf Türkisch", "barrierefrei", "bis 3 Jahre", "online",
    "geschlossen vom 1.8. bis 31.13.", "telefonisch", "Treff für", "wird angeboten", "Musterweg 3",
]  # fmt: skip
TEXT = st.lists(st.sampled_from(SNIPPETS), max_size=40).map(" ".join) | st.text(max_size=200)


@settings(max_examples=150, derandomize=True)
@given(TEXT)
def test_whatever_is_stated_is_quoted_and_valid(line: str) -> None:
    record = offer(line, "Angebot")
    texts = {passage.text for passage in record.passages}
    for read in READERS:
        for said in read(record, CONTEXT).statements:
            assert any(said.quote in text for text in texts)
            assert said.field in Listing.model_fields
            assert said.confidence >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "keine " * 20_000,
        "Anmeldung " * 10_000,
        "für Alleinerziehende und " * 4_000,
        "1 € " * 25_000,
        "a" * 100_000,
        "Kinderbetreuung, " * 6_000,
        "melden Sie sich " * 6_000,
        "gegen eine kleine " * 6_000,
        "Beratung (" * 10_000,
        "auf Türkisch und " * 6_000,
        "bis 3 - " * 12_000,
        "geschlossen vom 1.1. - " * 4_000,
        "a." * 50_000,
        "nicht nur " * 10_000,
        "Musterweg 1 - " * 8_000,
        "Anmeldung? Nicht " * 6_000,
    ],
)
def test_a_hostile_page_costs_little(text: str) -> None:
    record = offer(text)
    for read in READERS:
        began = time.process_time()
        read(record, CONTEXT)
        assert time.process_time() - began < 1.0, read.__name__
