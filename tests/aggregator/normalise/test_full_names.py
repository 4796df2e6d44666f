"""What a body is called in full, which a site calls for short almost everywhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aggregator.normalise.body.short import is_short_of
from aggregator.normalise.context import Context
from aggregator.normalise.site import read_site
from aggregator.normalise.statement import Statement
from aggregator.places.places import load_gazetteer
from crawlers.record import Passage, Record, RecordKind, Role, Trust

NAMES: list[tuple[str, str, str]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "short_names.yml").read_text("utf-8")
)
OWN = Context("netz", "05124", date(2026, 11, 20), site="Kinderschutzbund Nordheim")
MANY = OWN._replace(site="Netzwerk Alleinerziehende Nordheim")
FULL = "Der Kinderschutzbund Ortsverband Nordheim e.V."
WORDS = st.lists(
    st.sampled_from(["Haus", "Lichtblick", "Nord", "Kreisverband", "und", "der", "AWO", "e.V."]),
    min_size=1,
    max_size=6,
)  # fmt: skip


def offer(title: str, *lines: str, owner: str = "", page: str = "angebote") -> Record:
    told = [Passage(Role.TITLE, title, "h3"), *(Passage(Role.TEXT, line, "p") for line in lines)]
    told += [Passage(Role.OWNER, owner, "footer")] if owner else []
    url = f"https://netz.example/{page}"
    return Record(f"{page}#{title}", url, tuple(told), "html@1", Trust.FOUND)


def imprint(*names: str) -> Record:
    url = "https://netz.example/impressum"
    told = tuple(Passage(Role.OWNER, name, "main > p") for name in names)
    return Record("impressum#haus", url, told, "html@1", Trust.PAGE, RecordKind.HOUSE)


def provider(*records: Record, context: Context = OWN) -> Statement:
    """What is stated of the provider of the first of some records of one site."""
    (found,) = [
        one
        for one in read_site(records, context, load_gazetteer())[0].reading.statements
        if one.field == "provider"
    ]
    return found


@pytest.mark.parametrize(("short", "full", "where"), NAMES)
def test_a_name_is_short_for_another_of_the_same_body(short: str, full: str, where: str) -> None:
    assert is_short_of(short, full, own=False) is (where == "always")
    assert is_short_of(short, full, own=True) is (where != "never")


@given(WORDS, WORDS, st.booleans())
def test_no_two_names_are_short_for_each_other(one: list[str], other: list[str], own: bool) -> None:
    a, b = " ".join(one), " ".join(other)
    assert not (is_short_of(a, b, own=own) and is_short_of(b, a, own=own))
    assert not is_short_of(a, a, own=own)
    assert is_short_of(a, b, own=True) or not is_short_of(a, b, own=False)


def test_a_site_that_calls_its_owner_for_short_names_it_in_full_in_its_imprint() -> None:
    short = "Kinderschutzbund Nordheim"
    found = provider(offer("Lernhaus", "montags 14-16 Uhr", owner=short), imprint(FULL))
    before = provider(offer("Lernhaus", "montags 14-16 Uhr", owner=short))
    assert (before.value, found.value) == (short, FULL)
    assert found.quote == FULL
    assert found.locator == "https://netz.example/impressum main > p"
    assert found.confidence == before.confidence
    assert found.reason == f"{before.reason}; der volle Name, wie ihn die Website nennt"


def test_so_does_the_frame_of_a_page_for_what_an_offer_says() -> None:
    read = offer("Lernhaus", "Ein Angebot des Kinderschutzbundes Nordheim.", owner=FULL)
    assert provider(read).value == FULL


def test_a_body_that_offers_on_many_pages_is_called_as_one_of_them_does() -> None:
    short = offer("Frühstück", "Träger: Lichtblick Köln", "sonntags 10-12 Uhr")
    full = offer("Beratung", "Träger: Lichtblick Köln e.V.", page="rat")
    found = provider(short, full, context=MANY)
    assert (found.value, found.quote) == ("Lichtblick Köln e.V.", "Träger: Lichtblick Köln e.V.")
    assert found.locator == "https://netz.example/rat p"
    assert 0.5 <= found.confidence < provider(short, context=MANY).confidence


def test_what_the_offer_says_itself_is_as_sure_as_the_short_name() -> None:
    read = offer("Frühstück", "Träger: Lichtblick", "Lichtblick e. V., Markt 3, Nordheim")
    found = provider(read, context=MANY)
    before = provider(offer("Frühstück", "Träger: Lichtblick"), context=MANY)
    assert found.value == "Lichtblick e. V."
    assert (found.locator, found.confidence) == ("p", before.confidence)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Der Kinder-Garten-Ring (KGR) berät Eltern.", "KGR"),
        ("Hilfe gibt die Aktion Junge Eltern (AJE) im Haus.", "Aktion Junge Eltern"),
        ("Hilfe gibt die Aktion für Eltern e. V. (AfE)", "Aktion für Eltern e. V."),
        ("Die Aktion Eltern (AJE) lädt ein.", "AJE"),
    ],
)  # fmt: skip
def test_an_abbreviation_that_the_site_explains_is_spelt_out(said: str, name: str) -> None:
    short = said[said.index("(") + 1 : said.index(")")]
    told = [offer("Frühstück", f"Träger: {short}"), offer("Wir", said, page="wir")]
    assert provider(*told, context=MANY).value == name


@pytest.mark.parametrize(
    "stated",
    [
        ("Caritas Nordwest gGmbH",),
        ("Förderverein Caritas Nord e.V.",),
        ("Caritas Nord e.V.", "Caritas Nord gGmbH"),
        (),
    ],
)
def test_the_name_of_another_body_is_not_taken(stated: tuple[str, ...]) -> None:
    others = [offer(f"Treff {n}", f"Träger: {name}") for n, name in enumerate(stated)]
    read = offer("Frühstück", "Träger: Caritas Nord", "sonntags 10-12 Uhr")
    assert provider(read, *others, context=MANY).value == "Caritas Nord"
    assert provider(read, imprint(*stated), context=MANY).value == "Caritas Nord"


def test_the_carrier_of_a_house_in_its_imprint_is_another_body() -> None:
    house = OWN._replace(site="Familienzentrum Nordheim")
    read = offer("Lernhaus", "montags 14-16 Uhr")
    assert provider(read, imprint("AWO Kreisverband Nord e.V."), context=house).value == house.site


def test_no_person_is_named() -> None:
    read = offer("Frühstück", "Träger: Lichtblick")
    found = provider(read, imprint("Lichtblick e.V. Frau Kim Muster"), context=MANY)
    assert "Muster" not in f"{found.value} {found.quote}"
