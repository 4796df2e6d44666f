"""What looks like a date and names a place is none, and costs no reader."""

from __future__ import annotations

from datetime import date

import pytest

from aggregator.normalise.context import Context
from aggregator.normalise.dates import read_dates
from crawlers.record import Passage, Role


@pytest.mark.parametrize("line", ["Raum 2.10.", "Raum 2.10.\nZimmer 3.1."])
def test_a_room_is_no_date(line: str) -> None:
    context = Context("netz", "11", date(2026, 11, 20))
    reading = read_dates([Passage(Role.TEXT, line, "p")], context)
    assert reading.statements == []
