"""Addresses, shelters, and the place an address lies in."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.normalise.address import read_address
from aggregator.normalise.context import Context
from aggregator.normalise.place import place_of, read_place
from aggregator.normalise.shelter import is_shelter, without_shelter_address
from aggregator.places.places import load_gazetteer
from crawlers.record import Passage, Record, Role, Trust

CASES = Path(__file__).parent / "cases"
CONTEXT = Context("probe", "11", date(2026, 11, 23))
FIELDS = ("street", "postcode", "city", "district")


def cases(name):
    return yaml.safe_load((CASES / f"{name}.yml").read_text("utf-8"))


def lines(*texts, role=Role.TEXT):
    return tuple(Passage(role, text, f"p{n}") for n, text in enumerate(texts))


def record(*passages, title="Treff"):
    told = (Passage(Role.TITLE, title, "h2"), *passages)
    return Record("k", "https://netz.example/", told, "probe@1", Trust.FOUND)


def placed(told, context):
    address, known = read_address(told.passages, context), load_gazetteer()
    return read_place(address, told, place_of(address, context, known), known)


@pytest.mark.parametrize(("text", "stated"), cases("addresses"), ids=lambda c: str(c)[:60])
def test_addresses(text, stated):
    read = read_address(lines(*text.split(" // ")), CONTEXT)
    assert [read.value(field) for field in FIELDS] == stated


@pytest.mark.parametrize(
    ("region", "above", "text", "city", "district"),
    cases("localities"),
    ids=lambda c: str(c)[:60],
)
def test_towns_without_a_postcode(region, above, text, city, district):
    told = (*lines(*above, role=Role.SECTION), *lines(*text.split(" // ")))
    read = read_address(told, Context("probe", region, date(2026, 11, 23)))
    assert [read.value("city"), read.value("district")] == [city, district]


def test_markup_wins_over_text():
    marked = (
        *lines("Sitzweg 1, 10115 Berlin"),
        Passage(Role.STREET, "Ortstraße 2", "[itemprop=streetAddress]"),
        Passage(Role.POSTCODE, "13187", "[itemprop=postalCode]"),
        Passage(Role.CITY, "Berlin-Pankow", "[itemprop=addressLocality]"),
    )
    read = read_address(marked, CONTEXT)
    assert [read.value(f) for f in FIELDS] == ["Ortstraße 2", "13187", "Berlin", "Pankow"]


def test_an_address_is_quoted_as_it_stands():
    text = "Wir sind in der Musterstr. 12 a, 13187 Berlin."
    said = {s.field: s for s in read_address(lines(text), CONTEXT).statements}
    assert said["street"].value == "Musterstr. 12a"
    assert all(s.quote in text and s.locator == "p0" for s in said.values())


@pytest.mark.parametrize(("title", "text", "shelter"), cases("shelters"))
def test_shelters(title, text, shelter):
    assert is_shelter(record(*lines(text), title=title)) is shelter


def test_a_shelter_has_no_address_anywhere():
    told = record(*lines("Geheimweg 7, 42103 Wuppertal"), title="Frauenhaus Tal")
    address = without_shelter_address(read_address(told.passages, CONTEXT))
    known = load_gazetteer()
    place = read_place(address, told, place_of(address, CONTEXT, known), known, shelter=True)
    said = [*address.statements, *place.statements]
    assert {s.field for s in said} == {"city", "region_key"}
    assert not any("Geheimweg" in s.quote + s.reason or "42103" in s.quote for s in said)
    assert [(d.code, d.quote) for d in address.doubts] == [("shelter_address_suppressed", "")]


def located(*texts, region="11"):
    told = record(*lines(*texts))
    context = Context("probe", region, date(2026, 11, 23))
    return placed(told, context)


@pytest.mark.parametrize(
    ("text", "region", "district"),
    [
        ("Musterstraße 12, 13187 Berlin", "11003", "Pankow"),
        ("Musterstraße 12, 10435 Berlin", None, None),  # the postcode spans districts
        ("Musterstraße 12, 10435 Berlin-Prenzlauer Berg", "11003", None),
        ("Musterstraße 12, 42103 Wuppertal", "05124", None),
        ("Musterstraße 12, 31275 Lehrte", "03241", None),
        ("Musterstraße 12, 98765 Nirgendstadt", None, None),
        ("Bezirk Lichtenberg", "11011", None),
        ("Beratung für alle", None, None),
    ],
)
def test_region_keys(text, region, district):
    read = located(text)
    assert (read.value("region_key"), read.value("district")) == (region, district)


def test_the_region_of_the_source_is_never_the_listings():
    assert not located("Beratung am Telefon", region="11003").statements


def test_coordinates_of_markup_win_and_impossible_ones_are_none():
    def read(lat, lon):
        told = record(
            *lines("Musterstraße 12, 13187 Berlin"),
            Passage(Role.LATITUDE, lat, "lat"),
            Passage(Role.LONGITUDE, lon, "lon"),
        )
        return placed(told, CONTEXT)

    assert read("52.5", "13,4").value("lat") == 52.5
    assert "town" in next(s.reason for s in read("0", "0").statements if s.field == "lat")
    assert read("nan", "13.4").value("lat") != pytest.approx(float("nan"))


@given(
    st.text(
        alphabet=st.sampled_from("0123456789 ,./-()ABSMusterstraßeBrln.Am|\u00ad"), max_size=120
    )
)
@settings(max_examples=250, derandomize=True, deadline=None)
def test_any_text_is_read_without_an_error(text):
    read = read_address(lines(*text.split("|")), CONTEXT)
    assert all(len(str(s.value)) > 1 for s in read.statements)


@pytest.mark.parametrize(
    "piece", ["Am ", "12345 Ab ", "A-", "Aa ", "Straße ", "1 a ", "Berliner Straße ", "5 - "]
)
def test_long_lines_are_read_in_time(piece):
    began = time.process_time()
    read_address(lines(piece * (100_000 // len(piece))), CONTEXT)
    assert time.process_time() - began < 4


@pytest.mark.parametrize(
    ("street", "seat", "town"),
    [
        (
            "in unseren Räumen in der Königstr. 14",
            "Königstraße 14, 24768 Rendsburg",
            ("24768", "Rendsburg"),
        ),
        ("Königstraße 14", "Königstr. 15, 24768 Rendsburg", (None, None)),
        ("Königstraße 14, 13187 Berlin", "Königstr. 14, 24768 Rendsburg", ("13187", "Berlin")),
        ("Di 9-11 Uhr", "Königstr. 14, 24768 Rendsburg", (None, None)),
    ],
)
def test_the_frame_completes_a_street_that_it_names(street, seat, town):
    told = (*lines(street), Passage(Role.SEAT, seat, "footer"))
    reading = read_address(told, CONTEXT)
    assert (reading.value("postcode"), reading.value("city")) == town


@pytest.mark.parametrize(
    ("line", "city"),
    [
        ("Klosterstraße 9a, Pirmasens", "Pirmasens"),
        ("Pommernring 2, Gifhorn. Kommt einfach vorbei.", "Gifhorn"),
        ("Klosterstraße 9a, Hof links", None),
        ("Klosterstraße 9a, Erdgeschoss", None),
        ("Klosterstraße 9a, Raum 3", None),
    ],
)
def test_a_town_behind_a_street_needs_no_postcode(line, city):
    assert read_address(lines(line), CONTEXT).value("city") == city
