"""What a plan names on several days is one offer; what has its name elsewhere is another."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.adapters.html import Html
from crawlers.page import Page
from crawlers.record import RecordKind

HEAD = "<tr><th>Tag</th><th>Uhrzeit</th><th>Angebot</th><th>Hinweis</th></tr>"
FIRST = "<tr><td>Montag</td><td>9.00 – 11.00</td><td><b>Spielkreis</b></td><td>{}</td></tr>"
OTHERS = """
<tr><td>Freitag</td><td>15.00 – 17.00</td><td><b>Elterncafé</b></td><td>Tel. 04621 555 12</td></tr>
<tr><td>Freitag</td><td>17.00 – 19.00</td><td><b>Jugendtreff</b></td><td>Tel. 04621 555 13</td></tr>
"""


@pytest.mark.parametrize(
    ("note", "groups"),
    [
        ("", 1),
        ("(s. Montag)", 1),
        ("Hafenstr. 9, 24340 Eckernförde, Tel. 04351 555 11", 2),
        ("für Eltern mit Kindern von anderthalb bis drei Jahren, die schon laufen können", 2),
    ],
)
def test_a_name_comes_again_in_a_plan(note: str, groups: int) -> None:
    again = f"<tr><td>Dienstag</td><td>10.00 – 12.00</td><td><b>Spielkreis</b></td><td>{note}</td>"
    rows = HEAD + FIRST.format("Kirchweg 4, 24837 Schleswig, Tel. 04621 555 10") + again + OTHERS
    page = Page(
        "https://haus.example/plan/",
        f"<main><h1>Wochenprogramm</h1><table>{rows}</table></main>".encode(),
        datetime(2026, 11, 2, tzinfo=UTC),
        200,
        {"content-type": "text/html; charset=utf-8"},
    )
    titles = [r.title for r in Html().extract(page) if r.kind is RecordKind.OFFER]
    assert titles.count("Spielkreis") == groups
    assert {"Elterncafé", "Jugendtreff"} <= set(titles)
