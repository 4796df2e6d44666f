"""What a page without a headline of the first rank is called."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawlers.adapters.html import Html
from crawlers.finder.naming import headline
from crawlers.finder.walk import read_flow
from crawlers.page import Page
from crawlers.record import RecordKind

HEADERS = {"content-type": "text/html; charset=utf-8"}


@pytest.mark.parametrize(
    ("title", "heading", "name"),
    [
        ("Hafenlicht e.V. - Notruf", "Notruf - Hilfe bei Gewalt", "Notruf - Hilfe bei Gewalt"),
        ("Hafenlicht e.V. - Notruf", "Wir hören zu", "Hafenlicht e.V."),
        ("Hafenlicht e.V. - Netzwerk Nord", "Unsere Gruppen", "Hafenlicht e.V."),
        ("Nottelefon - Hafenlicht e.V.", "Hafenlicht e.V. im Hafen", "Nottelefon"),
    ],
)
def test_a_body_in_the_title_is_the_site_where_a_heading_says_the_page(
    title: str, heading: str, name: str
) -> None:
    page = f"<title>{title}</title><body><main><h2>{heading}</h2><p>Montags 9-11 Uhr.</p></main>"
    tree = LexborHTMLParser(page)
    assert headline(tree, read_flow(tree, "https://netz.example/")) == name


def test_a_word_that_only_begins_as_the_page_is_called_stays_whole() -> None:
    html = (
        "<title>Schwanger - Haus Nord</title><body><main><p><b>Schwangerschaftsberatung</b></p>"
        "<p>Wir beraten zu Elterngeld, auch am Telefon: 0381 555010.</p></main>"
    )
    url = "https://netz.example/schwanger.html"
    page = Page(url, html.encode(), datetime(2026, 11, 2, tzinfo=UTC), 200, HEADERS)
    (offer,) = (one for one in Html().extract(page) if one.kind is RecordKind.OFFER)
    told = " ".join(p.text for p in offer.passages)
    assert "Schwangerschaftsberatung" in told
    assert " schaftsberatung" not in told
