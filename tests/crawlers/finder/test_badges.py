"""Badges: spans that only style sets apart are lines of their own; letters in spans are a word."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawlers.finder.walk import read_flow


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        (
            '<p><span class="badge">kostenlos</span><span class="badge">mit Betreuung</span></p>',
            ["kostenlos", "mit Betreuung"],
        ),
        (
            '<p><span class="key">Ort</span><span class="val">im Saal</span></p>',
            ["Ort", "im Saal"],
        ),
        (
            '<p><b class="key">Aufzug</b><span class="val">nein</span></p>',
            ["Aufzug", "nein"],
        ),
        ('<p><span class="i">T</span><span class="i">reff</span></p>', ["Treff"]),
        ('<p><span>Eltern</span><span class="x">treff</span></p>', ["Elterntreff"]),
        ('<h2><span class="w">Eltern</span><span class="w">treff</span></h2>', ["Elterntreff"]),
    ],
)
def test_badges(markup: str, lines: list[str]) -> None:
    flow = read_flow(LexborHTMLParser(f"<body>{markup}</body>"), "https://netz.example/")
    assert [line.text for line in flow.lines] == lines
