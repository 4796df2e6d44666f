"""Text that is stored: no tag is left, and nothing but tags is taken."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import crawlers.reading  # noqa: F401 - whose finder makes the patterns
from crawlers.finder.stemmed import _EVERY, hints
from crawlers.markup import without_markup

PIECES = (
    "<", ">", "&", ";", "lt", "gt", "amp", "#60", "#x3c", "/", "!", "--", "?", "script", "b", "svg",
    " ", "=", '"', "Kinder unter", "3", "\n",
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Kinder < 3 Jahre & Eltern", "Kinder < 3 Jahre & Eltern"),
        ("Mo&nbsp;9 Uhr", "Mo&nbsp;9 Uhr"),
        ("&lt;p&gt;Treff&lt;/p&gt;&lt;p&gt;Montags&lt;/p&gt;", "Treff Montags"),
        ("&amp;lt;b&amp;gt;Treff&amp;lt;/b&amp;gt;", "Treff"),
        ("<<b>script>alert(1)</script>Treff", ""),  # a script that never ends, once read
    ],
)
def test_markup_goes_and_signs_stay(said: str, kept: str) -> None:
    assert without_markup(said) == kept


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_tag_is_left(text: str) -> None:
    left = without_markup(text)
    assert not re.search(r"<[a-zA-Z/!?]", left)
    assert without_markup(left) == left


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([stem for p in _EVERY for stem in p._stems]),
            st.sampled_from([" ", "\n", "(", ")", "12", "uhr", "und", "-", "mo", "am ", "x", ":"]),
        ),
        max_size=12,
    ).map("".join)
)
@example("info at netz.example")
@example("das fest war schön")
def test_hints_rule_out_nothing_that_occurs(low: str) -> None:
    hinted = hints(low)
    for pattern in _EVERY:
        occurs = pattern._pattern.search(low) is not None
        assert pattern.found(low) == occurs, low
        if occurs:
            assert hinted & pattern.bit, low
