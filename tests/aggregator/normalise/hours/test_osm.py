"""What is known to be valid without asking the evaluator is valid by the evaluator, too."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from opening_hours import validate

from aggregator.normalise.hours.osm import WEEKLY, valid


@given(st.from_regex(WEEKLY, fullmatch=True))
def test_days_of_the_week_and_their_times_are_valid(value: str) -> None:
    assert validate(value)


def test_all_else_is_asked() -> None:
    for value in ("Mo 25:00-26:00", "Mo[1] 10:00-12:00", "Mo 10:00-12:00; PH off", "Mo 9-12", ""):
        assert WEEKLY.fullmatch(value) is None
        assert valid(value) == validate(value)
