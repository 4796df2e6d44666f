"""The phrases of hours are found fast: what guards them leaves out none that they match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.normalise.hours import numerals, qualifiers, tokens

_GUARD = r"\b(?="
_PHRASES = {
    name: value
    for module in (qualifiers, tokens, numerals)
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern) and value.pattern.startswith(_GUARD)
}
_FULL = tokens._TOKEN.pattern
_WHOLE = re.compile(
    re.sub(r"\(\?P<plain>\(\?!.*?\)\[\^\\W\\d_\]\+\)", "(?P<plain>(?!))", _FULL), re.VERBOSE
)


def _unguarded(pattern: str) -> str:
    """A pattern of phrases without the question by what word they open."""
    depth = 0
    for at in range(len(r"\b"), len(pattern)):
        depth += {"(": 1, ")": -1}.get(pattern[at], 0) * (pattern[at - 1] != "\\")
        if not depth:
            return pattern[at + 1 :]
    raise AssertionError(pattern)


@pytest.mark.parametrize("name", _PHRASES)
@given(data=st.data())
def test_an_opening_leaves_out_no_phrase(name: str, data: st.DataObject) -> None:
    fast = _PHRASES[name]
    slow = re.compile(_unguarded(fast.pattern))
    said = data.draw(st.from_regex(slow)).lower()
    assert [m.span() for m in fast.finditer(said)] == [m.span() for m in slow.finditer(said)]


def test_phrases_are_guarded() -> None:
    assert len(_PHRASES) >= 7
    assert "(?P<plain>(?!))" in _WHOLE.pattern


@given(st.from_regex(_WHOLE, fullmatch=True) | st.text())
def test_most_words_are_tokens_of_their_own(said: str) -> None:
    lower = said.lower()
    names = {"plain": "word"}
    fast = [
        (m.span(), names.get(m.lastgroup or "", m.lastgroup)) for m in tokens._TOKEN.finditer(lower)
    ]
    slow = [(m.span(), m.lastgroup) for m in _WHOLE.finditer(lower)]
    assert fast == slow
