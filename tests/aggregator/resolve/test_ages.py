"""Ages as titles name them, in months."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.resolve.ages import Ages, ages
from aggregator.vocabulary.folding import fold

GROWN = 216


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Eltern-Kind-Gruppe (0–1 Jahre)", 0, 12),
        ("Krabbelgruppe (0–1 Jahr)", 0, 12),
        ("Babys bis 1 Jahr", 0, 12),
        ("ab 1 Monat", 1, GROWN),
        ("Eltern-Kind-Gruppe 1 bis 3 Jahre", 12, 36),
        ("Krabbelgruppe für Babys bis 12 Monate", 0, 12),
        ("Ferienprogramm für 6- bis 9-Jährige", 72, 120),
        ("Ferienprogramm ab 12 Jahren", 144, GROWN),
        ("Spielgruppe für Zweijährige", 24, 36),
        ("Turnen für 3-jährige Kinder", 36, 48),
        ("Kinder unter 3 Jahren", 0, 36),
        ("6 Monate bis 2 Jahre", 6, 24),
        ("U3-Gruppe", 0, 36),
        ("1-2 Jahre und 2-3 Jahre", 12, 36),
    ],
)
def test_spans(text: str, start: float, end: float) -> None:
    found, where = ages(fold(text))
    assert found == Ages(start, end)
    assert where


@pytest.mark.parametrize(
    "text",
    ["Deutschkurs A2", "Feriencamp 2027", "20 Jahre Mütterzentrum", "U6 Bahnhof", "Gruppe 1", ""],
)
def test_no_ages(text: str) -> None:
    assert ages(fold(text)) == (None, ())


def test_likeness_is_the_common_share() -> None:
    assert Ages(0, 12).likeness(Ages(12, 36)) == 0
    assert Ages(0, 36).likeness(Ages(12, 36)) == pytest.approx(2 / 3)
    assert Ages(0, 12).likeness(Ages(0, 12)) == 1


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(alphabet="0123456789 -–bisaunterjahremonwochen", max_size=40))
def test_any_text_is_read(text: str) -> None:
    found, where = ages(text)
    assert (found is None) == (where == ())
    assert found is None or 0 <= found.start < found.end <= GROWN
