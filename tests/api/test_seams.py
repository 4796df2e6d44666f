"""Long compounds may break between their parts; nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.seams import seams


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("Schwangerschaftskonfliktberatung", "Schwangerschafts|konflikt|beratung"),
        ("Großelterndienststelle", "Groß|eltern|dienst|stelle"),
        ("Behördenbegleitungen", "Behörden|begleitungen"),
        ("Treff am Sonntag", "Treff am Sonntag"),
        ("Schuldnerberatung", "Schuldnerberatung"),  # short enough for any line
        ("Xyzzyqqqxyzzyqqqxyzzy", "Xyzzyqqqxyzzyqqqxyzzy"),
    ],
)
def test_long_compounds_break_where_their_parts_meet(word: str, shown: str) -> None:
    assert seams(word).replace("\u00ad", "|") == shown


@given(st.text(alphabet="aäeoöuüßsSchtelnbrg -", max_size=80))
def test_letters_stay_as_they_are(text: str) -> None:
    assert seams(text).replace("\u00ad", "") == text
