"""Records of one site: what one leaves out of its address, another may state."""

from __future__ import annotations

from datetime import date

import pytest

from aggregator.normalise.context import Context
from aggregator.normalise.site import read_site
from aggregator.places.places import load_gazetteer
from crawlers.record import Passage, Record, Role, Trust

CONTEXT = Context("netz", "05124", date(2026, 11, 20))


def record(title: str, *lines: str) -> Record:
    told = (Passage(Role.TITLE, title, "h3"), *(Passage(Role.TEXT, line, "p") for line in lines))
    return Record(title, "https://netz.example/angebote", told, "html@1", Trust.FOUND)


@pytest.mark.parametrize(
    ("elsewhere", "said"),
    [
        (("Hans-Böckler-Straße 7, 42109 Wuppertal",), ("42109", "Wuppertal")),
        (("Hans-Böckler-Str. 7\n42109 Wuppertal",), ("42109", "Wuppertal")),
        (("Hans-Böckler-Straße 9, 42109 Wuppertal",), (None, None)),
        (("Hans-Böckler-Str. 7, 42109 Wuppertal", "Hans-Böckler-Str. 7, 42897 Remscheid"),
         (None, None)),
        ((), (None, None)),
    ],
)  # fmt: skip
def test_a_house_lies_where_another_record_says(
    elsewhere: tuple[str, ...], said: tuple[str | None, str | None]
) -> None:
    records = [record("Frühstück", "Hans-Böckler-Str. 7, dienstags 9–11 Uhr")]
    records += [record(f"Treff {number}", line) for number, line in enumerate(elsewhere)]
    reading = read_site(records, CONTEXT, load_gazetteer())[0].reading
    assert (reading.value("postcode"), reading.value("city")) == said
    for statement in reading.statements:
        if statement.field in {"postcode", "city"}:
            assert "Hans-Böckler-Str. 7" in statement.quote
            assert statement.reason
            assert statement.confidence < 1


def test_another_town_that_the_record_names_stays() -> None:
    records = [
        record("Frühstück", "Hans-Böckler-Str. 7, Berlin"),
        record("Treff", "Hans-Böckler-Str. 7, 42109 Wuppertal"),
    ]
    reading = read_site(records, CONTEXT, load_gazetteer())[0].reading
    assert (reading.value("postcode"), reading.value("city")) == (None, "Berlin")


def test_no_shelter_tells_a_neighbour_where_it_is() -> None:
    records = [
        record("Beratung", "Lange Gasse 4, dienstags 9–11 Uhr"),
        record("Frauenhaus", "Zuflucht für Frauen.", "Lange Gasse 4, 42109 Wuppertal"),
    ]
    said = repr([one.reading.statements for one in read_site(records, CONTEXT, load_gazetteer())])
    assert "42109" not in said
