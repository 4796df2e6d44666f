"""Where a site's owner sits, as its imprint or its page "Kontakt" says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.page import Page
from crawlers.reading import read
from crawlers.record import RecordKind, Role
from crawlers.source import Source

SOURCE = Source(id="haus", title="Haus Nord", region="13", start=["https://haus.example/"])
LAW = "<p>Angaben gemäß § 5 DDG</p>"
HERE = "Am Wall 3, 18055 Rostock"


def told(name: str, body: str) -> dict[Role, list[str]]:
    """Addresses and ways that a page of this name tells of the house."""
    html = f"<title>{name}</title><body><main><h1>{name}</h1>{body}</main></body>"
    headers = {"content-type": "text/html; charset=utf-8"}
    url = f"https://haus.example/{name.lower()}.html"
    page = Page(url, html.encode(), datetime(2026, 11, 2, tzinfo=UTC), 200, headers)
    houses = [r for r in read(page, SOURCE).records if r.kind is RecordKind.HOUSE]
    roles = (Role.SEAT, Role.DESK)
    return {role: [text for house in houses for text in house.texts(role)] for role in roles}


@pytest.mark.parametrize(
    "body",
    [
        f"{LAW}<p>Hafenlicht e.V.<br>Am Wall 3<br>18055 Rostock</p>",
        "<p>Hafenlicht e.V., Am Wall 3, 18055 Rostock. Vorstand: Ada Nord, Bo Süd.</p>",
        f"{LAW}<p>Hafenlicht e.V.</p><p>Haus am Wasser</p><p>Am Wall 3, 18055 Rostock</p>",
    ],
)
def test_an_imprint_says_where_its_body_sits(body: str) -> None:
    assert told("Impressum", body)[Role.SEAT] == [HERE]


def test_who_built_or_supervises_a_site_sits_elsewhere() -> None:
    body = (
        f"{LAW}<p>Hafenlicht e.V.<br>Am Wall 3<br>18055 Rostock<br>Vertreten durch den Vorstand<br>"
        "Tel. 0381 555010</p><p>Zuständige Aufsichtsbehörde: Amt Mitte, Ring 9, 18057 Rostock</p>"
        "<p>Webdesign: Pixelwerk, Gasse 1, 20095 Hamburg, Tel. 040 555011</p>"
    )
    assert told("Impressum", body) == {Role.SEAT: [HERE], Role.DESK: ["Tel. 0381 555010"]}


def test_a_page_kontakt_says_where_the_house_is_and_how_it_is_reached() -> None:
    body = (
        "<p>So finden Sie uns:</p><p>Am Wall 3<br>18055 Rostock<br>Telefon 0381 555010<br>"
        "post@hafenlicht.example</p><h2>Team</h2><p>Frau Nord, Leitung</p><p>Tel. 0381 555099</p>"
    )
    assert told("Kontakt", body) == {
        Role.SEAT: [HERE],
        Role.DESK: ["Telefon 0381 555010", "post@hafenlicht.example"],
    }


@pytest.mark.parametrize(
    "body",
    [
        f"{LAW}<p>Hafenlicht e.V.<br>c/o Ada Nord<br>Am Wall 3<br>18055 Rostock</p>",
        f"{LAW}<p>Hafenlicht e.V., c/o Ada Nord, Am Wall 3, 18055 Rostock</p>",
        f"{LAW}<p>Hafenlicht e.V.<br>Vorstand:<br>Ada Nord<br>Am Wall 3<br>18055 Rostock</p>",
        f"{LAW}<p>Hafenlicht e.V.<br>Ada Nord<br>Am Wall 3<br>18055 Rostock</p>",
    ],
)
def test_a_club_that_is_at_home_with_somebody_has_no_house(body: str) -> None:
    assert told("Impressum", body) == {Role.SEAT: [], Role.DESK: []}


def test_who_speaks_for_a_club_is_not_how_it_is_reached() -> None:
    body = (
        f"{LAW}<p>Hafenlicht e.V.<br>Am Wall 3<br>18055 Rostock<br>"
        "Vorsitzende: Ada Nord, Tel. 0381 555099<br>post@hafenlicht.example</p>"
    )
    assert told("Impressum", body)[Role.DESK] == ["post@hafenlicht.example"]


def test_of_two_houses_nobody_says_which_is_reached() -> None:
    body = (
        "<p>Am Wall 3<br>18055 Rostock<br>Telefon 0381 555010</p>"
        "<p>Am Deich 8<br>18057 Rostock<br>Telefon 0381 555020</p>"
    )
    assert told("Kontakt", body) == {Role.SEAT: [HERE, "Am Deich 8, 18057 Rostock"], Role.DESK: []}


def test_a_page_of_an_offer_tells_of_no_house() -> None:
    body = "<p>Am Wall 3<br>18055 Rostock<br>Telefon 0381 555010, montags 9-11 Uhr</p>"
    assert told("Elterncafé", body) == {Role.SEAT: [], Role.DESK: []}
