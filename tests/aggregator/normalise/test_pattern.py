"""A pattern that is asked at words alone matches what it matched before."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.normalise.pattern import at_words

_PATTERNS = (
    r"\bab|\bba(?:a|b)|^\W*b|\baa\b|b$|\b[|(]b|\b(?P<named>a|b\|a)",
    r"\bab\b|\b(?:a|ba)b",
    r"a[^]|]b|\ba|\|",
)


@pytest.mark.parametrize("pattern", _PATTERNS)
@given(text=st.text("ab |(]", max_size=12))
def test_it_matches_what_it_matched_before(pattern: str, text: str) -> None:
    fast, slow = at_words(pattern), re.compile(pattern)
    assert [(m.span(), m.groupdict()) for m in fast.finditer(text)] == [
        (m.span(), m.groupdict()) for m in slow.finditer(text)
    ]


def test_boundaries_are_asked_once() -> None:
    assert at_words(r"\bab|\bba|b|\ba").pattern == r"\b(?:ab|ba)|b|\b(?:a)"
