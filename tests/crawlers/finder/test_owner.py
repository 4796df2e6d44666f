"""Whose site it is: read off the frame and the title of pages."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawlers.finder.owner import TITLE
from crawlers.finder.walk import read_flow

OFFER = "<main><h1>Elterncafé</h1><p>Montags 9-11 Uhr, Tel. 0381 5550</p></main>"


@pytest.mark.parametrize(
    ("title", "frame", "name"),
    [
        ("", "© 2026 Hafenlicht gUG<a href='/i'>Impressum</a>", "Hafenlicht gUG"),
        ("", "(c) 2019-2026 Solo &amp; Co. e.V. · Spendenkonto", "Solo & Co. e.V."),
        ("", "<p>Hafenlicht e. V. · Am Strande 9 · 18055 Rostock</p>", "Hafenlicht e. V."),
        ("", "<p>Gefördert durch Stadtstiftung Nord gGmbH</p>", None),
        ("", "<p>Mitglied im Landesverband Nord e.V.</p>", None),
        ("", "<p>Umsetzung: Webhaus GmbH</p>", None),
        ("", "<p>Hafenlicht e.V.</p><p>Wellenreiter e.V.</p>", None),
        ("", "<p>Wellenreiter e.V.</p><p>© 2026 Hafenlicht e.V.</p>", "Hafenlicht e.V."),
        ("", "<p>Geschäftsstelle beim Hafenlicht e.V.</p>", None),
        ("", "<p>ein Projekt der Hafenlicht gGmbH</p>", None),
        ("Start | ElternNetz Nord", "<p>Hafenlicht e.V.</p>", None),
        ("Netzwerktreffen | Hafenlicht e.V.", "", "Hafenlicht e.V."),
        ("Kurse | Hafenlicht e.V.", "", "Hafenlicht e.V."),
        ("allein, aber nicht einsam – Kurse", "", None),
        ("Kurse im Hafenlicht e.V. und anderswo", "", None),
    ],
)
def test_the_frame_or_the_title_tells_whose_site_it_is(
    title: str, frame: str, name: str | None
) -> None:
    page = f"<title>{title}</title><body>{OFFER}<footer>{frame}</footer>"
    owner = read_flow(LexborHTMLParser(page), "https://netz.example/").owner
    assert (owner.name if owner else None) == name
    assert owner is None or (owner.element == TITLE) == (not frame)
