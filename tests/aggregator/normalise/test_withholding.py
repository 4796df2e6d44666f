"""Addresses of shelters: in no value, quote, reason or doubt, and nowhere in the record."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from aggregator.explanation import explain
from aggregator.harvest import understand
from aggregator.places.places import load_gazetteer
from crawlers.keys import slug
from crawlers.record import Origin, Passage, Record, RecordKind, Role, Trust
from crawlers.source import Source

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "withheld.yml").read_text("utf-8"))
SEEN = datetime(2026, 11, 23, 9, tzinfo=UTC)
SITE = "https://netz.example"
SOURCE = Source.model_validate(
    {"id": "probe", "title": "Netz", "region": "01", "start": [f"{SITE}/"]}
)


def made(number: int, told: list[str]) -> Record:
    title, *lines = told
    page, detail = f"{SITE}/{number}", None
    passages = [Passage(Role.TITLE, title, "h2")]
    for at, line in enumerate(lines):
        mark, sign, text = line.partition("> ")
        if not sign:
            passages.append(Passage(Role.TEXT, line, f"p{at}"))
        elif mark == "page":
            page = SITE + text
        elif mark == "detail":
            detail = SITE + text
        elif mark == "origin":
            passages.append(Passage(Role.ADDRESS, text, f"p{at}", Origin(text, "other")))
        else:
            passages.append(Passage(Role(mark), text, f"p{at}"))
    key = page if page.endswith("haus-anker") else f"{page}#{slug(title)}"
    return Record(key, page, tuple(passages), "probe@1", Trust.FOUND, detail_url=detail)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_what_is_read_of_a_site(case):
    records = [made(n, told) for n, told in enumerate(case["records"])]
    offers, _ = understand(records, SOURCE, SEEN, load_gazetteer())
    assert len(offers) == len(records)
    said = repr(offers)
    assert [word for word in case["never"] if word in said] == []
    assert [word for word in case.get("kept", ()) if word not in said] == []
    if case["never"]:
        doubts = [d for draft in offers for d in draft.reading.doubts]
        assert "shelter_address_suppressed" in {d.code for d in doubts}


def test_a_network_page_tells_no_shelters_address():
    lines = (
        "Das Netzwerk Alleinerziehende Flensburg wurde 2019 gegründet.",
        "Partner: Frauenhaus Nord, Kastanienallee 14, 24937 Flensburg",
        "Kontakt: Koordinierungsstelle, Große Straße 20, Tel. 0461 5550100",
    )
    told = tuple(Passage(Role.TEXT, text, f"p{n}") for n, text in enumerate(lines))
    page = Record(
        "/netz", f"{SITE}/netz", (Passage(Role.TITLE, "Das Netzwerk", "h1"), *told), "probe@1",
        Trust.PAGE, RecordKind.NETWORK,
    )  # fmt: skip
    _, networks = understand([page], SOURCE, SEEN, load_gazetteer())
    assert networks
    assert "Kastanienallee" not in repr(networks)


@pytest.mark.parametrize(
    "text",
    [
        "Frauenhaus Nord\nKastanienallee 14, 24937 Flensburg\nTel. 0461 5550140",
        "Wohnung für Mütter\nWer vor Gewalt flieht, findet bei uns Zuflucht: Kastanienallee 14.",
    ],
)
def test_explaining_a_text_shows_no_shelters_address(text):
    told = explain(text, load_gazetteer(), date(2026, 11, 23))
    assert "Kastanienallee" not in repr(told) + repr(told.document)
