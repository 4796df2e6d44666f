"""`netzlotse explain`: one object with the keys of the flat form, and why."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from aggregator.explanation import explain
from aggregator.listing import LIST_FIELDS, Listing
from aggregator.places.places import load_gazetteer
from netzlotse import app

TODAY = date(2026, 7, 20)
OFFER = (
    "Café für Alleinerziehende\n\n"
    "Jeden 1. und 3. Montag 15-17 Uhr\n"
    "Musterstr. 12, 13187 Berlin\n"
    "Tel. 23 12 50 00\n"
    "Keine Anmeldung nötig.\n"
)


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETZLOTSE_DATA_DIR", str(tmp_path))


def read(*arguments: str, stdin: str = "") -> dict[str, Any]:
    done = CliRunner().invoke(app, ["explain", *arguments, "--json"], input=stdin)
    assert done.exit_code == 0, done.output
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_the_object_has_exactly_the_keys_of_the_flat_form_and_statements() -> None:
    for document in (read(OFFER), read("gar nichts")):
        assert list(document) == [*Listing.model_fields, "statements"]
        assert all(isinstance(document[name], list) for name in LIST_FIELDS)


def test_what_is_read_has_its_words_and_its_line(tmp_path: Path) -> None:
    file = tmp_path / "offer.txt"
    file.write_bytes(OFFER.encode("windows-1252"))
    for document in (read(OFFER), read("-", stdin=OFFER), read(str(file))):
        assert document["title"] == "Café für Alleinerziehende"
        assert document["hours_osm"] == "Mo[1,3] 15:00-17:00"
        assert (document["postcode"], document["region_key"]) == ("13187", "11003")
        assert document["phones"] == ["+493023125000"]
        assert document["registration"] == "none"
        for said in document["statements"]:
            number = int(said["locator"].removeprefix("line "))
            assert said["quote"].split("\n")[0] in OFFER.splitlines()[number - 1]
            assert said["reader"]


def test_nothing_is_stated_that_no_statement_backs() -> None:
    document = read(OFFER)
    stated = {said["field"] for said in document["statements"]}
    assert {name for name, value in document.items() if value not in (None, [])} == {
        *stated,
        "statements",
    }


def test_a_place_told_beside_the_text_completes_numbers_and_states_nothing() -> None:
    document = read("Telefon 4710 123", "--place", "50667")
    assert document["phones"] == ["+492214710123"]
    assert (document["postcode"], document["city"], document["region_key"]) == (None, None, None)
    assert read("Telefon 4710 123")["phones"] == []


def test_a_place_in_the_text_counts_more_than_the_one_told_beside_it() -> None:
    document = read("Musterstr. 12, 13187 Berlin, Tel. 23 12 50 00", "--place", "50667")
    assert (document["phones"], document["city"]) == (["+493023125000"], "Berlin")


@pytest.mark.parametrize(
    ("first", "titled"),
    [
        ("Krabbelgruppe am Vormittag", True),
        ("Tel. 030 23125000", False),
        ("Öffnungszeiten: nach Vereinbarung", False),
        ("dienstags 10 bis 12 Uhr", False),
        ("Wir beraten Sie gern.", False),
        ("hilfe@netz.example", False),
        ("13187 Berlin", False),
        ("—", False),
    ],
)
def test_the_first_line_is_a_title_where_it_looks_like_one(first: str, titled: bool) -> None:
    found = explain(f"{first}\nTreff für alle", load_gazetteer(), TODAY)
    sure = [s.confidence for s in found.statements if s.field == "title" and s.quote == first]
    assert (sure == [1.0]) == titled


def test_people_see_a_table_with_reasons_and_doubts() -> None:
    done = CliRunner().invoke(app, ["explain", OFFER.replace("1. und 3.", "zweiten")])
    assert done.exit_code == 0
    assert "phone@2" in done.stdout
    assert "doubt: hours_" in done.stdout
    assert "nothing was read" in CliRunner().invoke(app, ["explain", " "]).stdout


@pytest.mark.parametrize("place", ["1318", "abcde", "131877"])
def test_a_place_that_is_no_postcode_is_refused(place: str) -> None:
    assert CliRunner().invoke(app, ["explain", "x", "--place", place]).exit_code == 2


@given(st.text(max_size=200))
@settings(max_examples=40, derandomize=True, deadline=None)
def test_no_text_is_too_odd(text: str) -> None:
    document = explain(text, load_gazetteer(), TODAY, "13187").document
    assert document["postcode"] != "13187" or "13187" in text
    json.dumps(document)
