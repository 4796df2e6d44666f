"""Whose site it is, as its imprint says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from crawlers.finder.imprint import bodies_of
from crawlers.finder.walk import read_flow
from crawlers.page import Page
from crawlers.reading import read, read_imprint
from crawlers.record import RecordKind, Role
from crawlers.source import Source

IMPRINTS = yaml.safe_load(Path(__file__).with_name("imprints.yml").read_text("utf-8"))
SOURCE = Source(id="haus", title="Haus Nord", region="13", start=["https://haus.example/"])
BODY = "<p>Angaben gemäß § 5 DDG</p><p>Hafenlicht e.V.<br>Am Wall 3<br>18055 Rostock</p>"
OFFERS = "".join(
    f"<h2>{title}</h2><p>Mo 9-11 Uhr, Tel. 0381 55501{n}, kostenlos</p>"
    for n, title in enumerate(("Elterncafé", "Krabbelgruppe", "Rechtsberatung"))
)


def page(url: str, title: str, body: str) -> Page:
    html = f"<title>{title}</title><body><main><h1>{title}</h1>{body}</main></body>"
    headers = {"content-type": "text/html; charset=utf-8"}
    return Page(url, html.encode(), datetime(2026, 11, 2, tzinfo=UTC), 200, headers)


def named(url: str, title: str, body: str) -> list[str]:
    """The bodies that a page names beside its offers."""
    records = read(page(url, title, body), SOURCE).records
    return [t for r in records if r.kind is RecordKind.HOUSE for t in r.texts(Role.OWNER)]


@pytest.mark.parametrize(("lines", "names"), IMPRINTS, ids=lambda told: str(told)[:60])
def test_an_imprint_names_the_body_behind_the_site_and_nobody_else(
    lines: str, names: list[str]
) -> None:
    body = "".join(f"<p>{line}</p>" for line in lines.split(" // "))
    flow = read_flow(LexborHTMLParser(f"<main><h1>Impressum</h1>{body}</main>"), "")
    assert [one.name for one in bodies_of(flow, "https://haus.example/i", "Impressum")] == names


@pytest.mark.parametrize(
    ("path", "title", "names"),
    [
        ("impressum.html", "Rechtliches", ["Hafenlicht e.V."]),
        ("?page_id=7", "Impressum", ["Hafenlicht e.V."]),
        ("kontakt", "Kontakt &amp; Impressum", ["Hafenlicht e.V."]),
        ("datenschutz", "Datenschutz", []),
        ("ueber-uns", "Wer wir sind", []),
    ],
)
def test_a_page_is_an_imprint_by_its_address_or_its_headline(
    path: str, title: str, names: list[str]
) -> None:
    assert named(f"https://haus.example/{path}", title, BODY) == names


def test_an_imprint_may_stand_below_a_heading_of_a_longer_page() -> None:
    before = "<p>Wellenreiter e.V., Am Strande 9, 18055 Rostock</p>"
    body = f"{before}<h2>Impressum</h2>{BODY}"
    assert named("https://haus.example/kontakt", "Kontakt", body) == ["Hafenlicht e.V."]


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Haus Nord – Ev. Bildungsstätte", ["Haus Nord – Ev. Bildungsstätte"]),
        ("Willkommen im Haus Nord", []),
        ("Elterncafé", []),
    ],
)
def test_the_headline_of_a_start_page_may_name_the_house(title: str, names: list[str]) -> None:
    assert named("https://haus.example/", title, "<p>Schön, dass Sie da sind.</p>") == names
    assert named("https://haus.example/wir", title, "<p>Schön, dass Sie da sind.</p>") == []


def test_an_imprint_is_no_offer_and_a_page_of_offers_no_imprint() -> None:
    imprint = page("https://haus.example/impressum", "Impressum", BODY)
    (record,) = read_imprint(imprint, SOURCE)
    assert (record.kind, record.texts(Role.OWNER)) == (RecordKind.HOUSE, ["Hafenlicht e.V."])
    assert read_imprint(page("https://haus.example/wir", "Wir", BODY + OFFERS), SOURCE) == ()
