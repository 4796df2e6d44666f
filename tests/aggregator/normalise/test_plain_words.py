"""What a source says in plain words: only where its page calls it so, and only its own words."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from aggregator.flat import listing_values
from aggregator.normalise.context import Context
from aggregator.normalise.offer import read_offer
from aggregator.places.places import load_gazetteer
from crawlers.assembly import assemble
from crawlers.page import Page
from crawlers.reading import read
from crawlers.record import RecordKind, Role, origin
from crawlers.source import Source

HERE = Path(__file__).parent / "plain_words"
CASES: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "cases.yml").read_text("utf-8"))
SITE = "https://netz.example"
SOURCE = Source(id="netz", title="Netz", region="11", start=[SITE + "/"])
CONTEXT = Context("netz", "11", date(2026, 7, 20))
HEADERS = {"content-type": "text/html; charset=utf-8"}


@pytest.mark.parametrize("name", CASES)
def test_what_pages_say_in_plain_words(name: str) -> None:
    case = CASES[name]
    at = datetime(2026, 7, 20, tzinfo=UTC)
    records = assemble(
        [
            record
            for path, file in case["pages"].items()
            for record in read(
                Page(SITE + path, (HERE / file).read_bytes(), at, headers=HEADERS), SOURCE
            ).records
        ],
        SOURCE,
    )
    said: dict[str, Any] = {}
    for record in records:
        if record.kind is not RecordKind.OFFER:
            continue
        reading = read_offer(record, CONTEXT, load_gazetteer())
        values = listing_values(reading.statements)
        assert "plain_words" not in values  # part of no document
        path = record.page_url.removeprefix(SITE)
        told = [one for one in reading.statements if one.field == "plain_words"]
        assert path not in said, "two records of one page"
        said[path] = told[0].value if told else None
        for one in told:
            assert one.reason == case["heading"]
            assert one.locator
            page = origin(one.locator).removeprefix(SITE) or path
            body = " ".join((HERE / case["pages"][page]).read_text("utf-8").split())
            assert all(
                said in body for said in re.split(r"(?<=[.?!]) ", one.quote)
            )  # word for word
            assert str(one.value) not in str(values["description"])  # not said twice
            assert len(values["description"]) > 40
    assert said == case["said"]


def test_a_twin_page_is_no_listing_of_its_own_and_its_numbers_are_nobodys() -> None:
    at = datetime(2026, 7, 20, tzinfo=UTC)
    pages = CASES["twin"]["pages"]
    found = [
        record
        for path, file in reversed(pages.items())
        for record in read(
            Page(SITE + path, (HERE / file).read_bytes(), at, headers=HEADERS), SOURCE
        ).records
    ]
    (one,) = assemble(found, SOURCE)
    assert one.title == "Trennungs- und Scheidungsberatung"
    assert all(origin(p.locator) == f"{SITE}/leicht/trennungsberatung"
               for p in one.passages if p.role is Role.PLAIN)  # fmt: skip
