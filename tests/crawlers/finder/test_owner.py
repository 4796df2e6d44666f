"""Whose site it is: read off the frame and the title of pages."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawlers.finder.owner import TITLE
from crawlers.finder.walk import read_flow

OFFER = "<main><h1>Elterncafé</h1><p>Montags 9-11 Uhr, Tel. 0381 5550</p></main>"
HOUSE = "<p>Stadtteilzentrum Nord-Ost<br>Am Wall 9<br>18055 Rostock</p>"


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
        (
            "",
            "<p>S.O.L.O. Nord e.V.</p><p>SOLO Nord e.V. * Markt 3 * 18055 Rostock</p>",
            "SOLO Nord e.V.",
        ),
        ("Gruppen | Ev. Kirchengemeinde St. Petri Nord", "", "Ev. Kirchengemeinde St. Petri Nord"),
        ("Start | Ev. Hafengemeinde Nordheim", "", "Ev. Hafengemeinde Nordheim"),
        ("Kreise - Evangelisches Dekanat Nordheim", "", "Evangelisches Dekanat Nordheim"),
        ("Rathaus | Gemeinde Nordheim", "", None),
        ("Kontakt - Kinderschutzbund Nordheim", "", "Kinderschutzbund Nordheim"),
        ("Mütterzentrum Möwennest Nordheim » Gruppen", "", "Mütterzentrum Möwennest Nordheim"),
        (
            "",
            "<p><b>Hafenlicht</b> <i>Rostock gGmbH</i></p><p>Hafenlicht Rostock gGmbH</p>",
            "Hafenlicht Rostock gGmbH",
        ),
        ("Familienzentrum Nord", "", None),
        ("Haus Nord", "<p>Träger: Hafenlicht e.V. · Gefördert vom Land</p>", "Hafenlicht e.V."),
        ("Haus Nord", "<h3>Träger</h3><p>Lichter-Netz Nord e. V.</p>", "Lichter-Netz Nord e. V."),
        ("Haus Nord", "<p>Haus Nord e.V.</p><p>Träger: Stadt Nordheim</p>", "Stadt Nordheim"),
        ("Haus Nord", "Eine Einrichtung des<br>Forum Nord e. V.<br>", "Forum Nord e. V."),
        ("Haus Nord", "<p>Ein Haus des Hafenlicht e.V.</p>", "Hafenlicht e.V."),
        (
            "Kurse | Stadtteilzentrum Nord-Ost",
            f"{HOUSE}<p>Ein Haus des Hafenlicht e.V.</p>",
            "Stadtteilzentrum Nord-Ost",
        ),
        (
            "Kurse | Stadtteilzentrum Nord-Ost",
            f"{HOUSE}<p>Träger: Hafenlicht e.V.</p>",
            "Hafenlicht e.V.",
        ),
        (
            "Kurse | Stadtteilzentrum Nord-Ost",
            f"{HOUSE}<p>© 2026 Stadtteilzentrum Nord-Ost e.V.</p>",
            "Stadtteilzentrum Nord-Ost e.V.",
        ),
        ("", "<p>Hafenlicht e.V. · Am Wall 9 · 18055 Rostock · Impressum</p>", "Hafenlicht e.V."),
        (
            "",
            "<p>Diakonisches Werk im Kreis Nord<br>Am Wall 9<br>18055 Rostock</p>",
            "Diakonisches Werk im Kreis Nord",
        ),
        ("", "<p>Diakonisches Werk im Kreis Nord</p><p>ist unser Partner</p>", None),
        ("Haus Nord", "<p>Einrichtung, Träger und Netzwerk: viele helfen mit.</p>", None),
        ("Familienzentrum Nord - Hafenlicht", "<p>Hafenlicht gGmbH</p>", "Hafenlicht gGmbH"),
        ("Angebote | Stadt Nordheim", "", None),
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


@pytest.mark.parametrize(
    ("frame", "seats"),
    [
        (
            "<p><b class='street-address'>Ring 4</b><br><b>18055</b> <b>Rostock</b></p>",
            ["Ring 4, 18055 Rostock"],
        ),
        ("<p>Ring 4<br><b>14513</b> <b>Teltow</b></p>", ["Ring 4, 14513 Teltow"]),
        ("<p>Ring 4<br><b>44135</b> <b>Dortmund</b></p>", ["Ring 4, 44135 Dortmund"]),
        ("<p>Ring 4<br>18055<br>Tel. 0381 5</p>", []),
        (
            "<p>Hafenlicht e.V. · Am Strande 9 · 18055 Rostock · Tel. 0381 5550</p>",
            ["Am Strande 9, 18055 Rostock"],
        ),
        ("<p>Büro</p><p>Am Strande 9a</p><p>18055 Rostock</p>", ["Am Strande 9a, 18055 Rostock"]),
        ("<p>Spendenkonto 12345 Hafenbank</p>", []),
        ("<p>Tel. 0381 5550</p>", []),
    ],
)
def test_the_frame_tells_where_the_owner_sits(frame: str, seats: list[str]) -> None:
    page = f"<body>{OFFER}<footer>{frame}</footer>"
    flow = read_flow(LexborHTMLParser(page), "https://netz.example/")
    assert [seat.name for seat in flow.seats] == seats


@pytest.mark.parametrize(
    ("frame", "desk"),
    [
        ("<p>Tel. 0381 5550 12</p><p>Haus Nord</p>", ["Tel. 0381 5550 12"]),
        ("<dl><dt>Fax</dt><dd>0381 5550 13</dd></dl>", ["Fax 0381 5550 13"]),
        ("<p>Telefon: <b>0381 5550 12</b></p>", ["Telefon: 0381 5550 12"]),
        ("<a href='mailto:post@haus.example'>Schreiben Sie uns</a>", ["post@haus.example"]),
        ("<a href='mailto:post@haus.example'>post@haus.example</a>", ["post@haus.example"]),
        (
            "<joomla-hidden-mail first='cG9zdA==' last='aGF1cy5leGFtcGxl'>x</joomla-hidden-mail>",
            ["post@haus.example"],
        ),
        ("<p>Am Strande 9 · 18055 Rostock</p>", []),
    ],
)
def test_the_frame_tells_how_the_owner_is_reached(frame: str, desk: list[str]) -> None:
    page = f"<body>{OFFER}<footer>{frame}</footer>"
    flow = read_flow(LexborHTMLParser(page), "https://netz.example/")
    assert [line.name for line in flow.desk] == desk


def test_what_stands_with_an_address_is_the_first_to_reach() -> None:
    beside = "<div class='sidebar'><p>Kursleitung: Tel. 0381 5550 13</p></div>"
    frame = "<footer><p>Am Strande 9, 18055 Rostock</p><p>Tel. 0381 5550 12</p></footer>"
    flow = read_flow(LexborHTMLParser(f"<body>{OFFER}{beside}{frame}"), "https://netz.example/")
    assert [line.name for line in flow.desk] == [
        "Tel. 0381 5550 12",
        "Kursleitung: Tel. 0381 5550 13",
    ]


def test_a_form_ends_the_word_before_it() -> None:
    bar = "<div><a href='mailto:a@b.example'>a@b.example</a><form>suchen</form><a>Korb</a></div>"
    flow = read_flow(LexborHTMLParser(f"<body>{bar}{OFFER}"), "https://netz.example/")
    assert [line.text for line in flow.lines][:2] != ["a@b.exampleKorb"]
    assert [line.name for line in flow.desk] in ([], ["a@b.example"])


def test_a_dash_in_a_name_parts_no_title_whose_frame_says_it_whole() -> None:
    name = "Aufwind – Eltern in Nord e. V."
    page = f"<title>Kurse - {name}</title><body>{OFFER}<footer><p>{name}</p></footer>"
    owner = read_flow(LexborHTMLParser(page), "https://netz.example/").owner
    assert owner
    assert owner.name == name


def test_the_last_row_of_a_layout_table_is_frame() -> None:
    page = f"""<body><table><tr><td colspan=2>SOLO Nord e.V.</td></tr>
    <tr><td><a href="a.htm">Start</a><br><a href="b.htm">Gruppen</a><br><a href="c.htm">Kontakt</a>
    <br><a href="impressum.htm">Impressum</a></td><td>{OFFER}<p>{"Wir reden und spielen. " * 20}</p>
    </td></tr><tr><td colspan=2>SOLO Nord e.V. * Markt 3 * 18055 Rostock<br>
    Telefon 0381 5550 12</td></tr></table>"""
    flow = read_flow(LexborHTMLParser(page), "https://netz.example/")
    assert flow.owner
    assert flow.owner.name == "SOLO Nord e.V."
    assert [seat.name for seat in flow.seats] == ["Markt 3, 18055 Rostock"]
    assert [line.name for line in flow.desk] == ["Telefon 0381 5550 12"]
