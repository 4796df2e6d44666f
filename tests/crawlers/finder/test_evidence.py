"""What a line shows, and that looking for stems first loses nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.finder.affairs import names_function, names_people
from crawlers.finder.evidence import Sign, phones, reachable, signs, weight
from crawlers.finder.stemmed import starting


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Tel. 030 23125 101", Sign.PHONE),
        ("Ruf: (030) 23125-101", Sign.PHONE),
        ("+49 30 23125 101", Sign.PHONE),
        ("Durchwahl: 59 83 - 12", Sign.PHONE),
        ("Durchwahl -14", Sign.PHONE),
        ("Aktenzeichen 12/030 23125", Sign.NONE),
        ("info (at) netz (dot) example", Sign.MAIL),
        ("treff@netz.example", Sign.MAIL),
        ("12345 Musterstadt", Sign.PLACE),
        ("Lindenstraße 3", Sign.PLACE),
        ("Am Markt 10 Uhr", Sign.CLOCK),
        ("dienstags", Sign.WEEKDAY),
        ("Mo-Fr", Sign.WEEKDAY),
        ("Mo 9-12", Sign.WEEKDAY | Sign.CLOCK),
        ("im Demo-Raum", Sign.NONE),
        ("Immer donnerstagnachmittags", Sign.WEEKDAY),
        ("Tagespflege am Werktag", Sign.WEEKDAY),
        ("Sonntagsbrunch im Alltag", Sign.NONE),
        ("14-tägig", Sign.WEEKDAY),
        ("rund um die Uhr", Sign.WEEKDAY | Sign.CLOCK),
        ("Rat rund um Kita und Schule", Sign.NONE),
        ("24 Stunden", Sign.CLOCK),
        ("10:00 – 12:30", Sign.CLOCK),
        ("am 3. März", Sign.DATE),
        ("5 Euro", Sign.COST),
        ("5€", Sign.COST),
        ("Kosten: keine", Sign.COST),
        ("die Unkostens sind hoch", Sign.NONE),
        ("nach telefonischer Vereinbarung", Sign.REGISTER),
        ("Ihre Ansprechpartnerin", Sign.PERSON),
        ("Wir freuen uns auf Sie.", Sign.NONE),
    ],
)
def test_a_line_shows_its_signs(line: str, shown: int):
    assert signs(line) == shown


def test_numbers_are_compared_by_their_digits():
    assert phones("Tel.: (030) 23125-101 oder 0171 39200 12") == (
        "03023125101",
        "01713920012",
        "03023125101",
    )


def test_an_offer_can_be_reached_or_visited():
    assert reachable(Sign.PHONE)
    assert reachable(Sign.WEEKDAY | Sign.CLOCK)
    assert not reachable(Sign.WEEKDAY)
    assert weight(Sign.PHONE | Sign.WEEKDAY | Sign.CLOCK | Sign.PERSON) == 4.5


@settings(max_examples=200, derandomize=True)
@given(st.text(alphabet="tel ruf-ä1", max_size=20))
def test_a_word_starts_where_a_boundary_is(text: str):
    assert [m.start() for m in re.finditer(starting("tel", "ruf"), text)] == [
        m.start() for m in re.finditer(r"\b(?:tel|ruf)", text)
    ]


@pytest.mark.parametrize(
    ("title", "somebody"),
    [
        ("Dipl. Sozialpädagogin, Schwangerschaftsberatung", True),
        ("Diakonin, Arbeit mit Kindern", True),
        ("Sekretariat", True),
        ("Psychologische Beratungsstelle, Tel. 0431 555 10", False),
        ("Diakonie Nord, Schuldnerberatung", False),
        ("Sozialpädagogische Familienhilfe", False),
        ("Koordinationsstelle Alleinerziehende", False),
    ],
)
def test_what_somebody_is_is_no_offer(title: str, somebody: bool) -> None:
    assert names_function(title) is somebody


@pytest.mark.parametrize(
    ("title", "people"),
    [("Menschen", True), ("Menschen in unserer Gemeinde", True), ("Menschen in Not", False)],
)
def test_pages_of_people(title: str, people: bool) -> None:
    assert names_people(title) is people
