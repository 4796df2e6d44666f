"""What a page without a headline of the first rank is called."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawlers.finder.naming import headline
from crawlers.finder.walk import read_flow


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
