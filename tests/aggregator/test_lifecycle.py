"""How long a listing may be away before it counts as withdrawn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from aggregator.flat import is_over, listing_status, network_status
from aggregator.lifecycle import after_absence
from aggregator.listing import Status
from aggregator.network import NetworkStatus
from aggregator.store.tables import Presence

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("absences", "days", "presence"),
    [
        (1, 0, Presence.MISSING),
        (3, 2, Presence.MISSING),  # three daily runs prove nothing yet
        (2, 60, Presence.MISSING),  # nor do two monthly ones
        (3, 14, Presence.WITHDRAWN),
    ],
)
def test_withdrawn_takes_runs_and_days(absences: int, days: int, presence: Presence) -> None:
    assert after_absence(absences, NOW - timedelta(days=days), NOW) is presence


@pytest.mark.parametrize(
    ("ended", "status"),
    [
        (None, NetworkStatus.ACTIVE),
        ("2013-03-31", NetworkStatus.ENDED),
        ("2025", NetworkStatus.ENDED),
        ("2026", NetworkStatus.ACTIVE),  # the year is not over
        ("2026-11", NetworkStatus.ACTIVE),
        ("2026-11-22", NetworkStatus.ENDED),
        ("2027-12-31", NetworkStatus.ACTIVE),
    ],
)
def test_a_network_ends_when_its_date_is_past(ended: str | None, status: NetworkStatus) -> None:
    assert network_status(ended, True, NOW.date()) is status


def test_an_offer_of_an_ended_network_is_not_active() -> None:
    today = NOW.date()
    assert listing_status(None, None, True, today) is Status.INACTIVE
    assert listing_status(None, today, False, today) is Status.ACTIVE
    assert listing_status(None, today - timedelta(days=1), False, today) is Status.INACTIVE
    assert listing_status("temporarily closed", None, False, today) is Status.TEMPORARILY_CLOSED


def test_what_has_ended_or_says_so_is_over():
    today = date(2026, 11, 30)
    assert is_over({"valid_until": "2026-11-29"}, today)
    assert not is_over({"valid_until": "2026-11-30"}, today)
    assert is_over({"status": "inactive"}, today)
    assert not is_over({"status": "inactive", "hours_osm": "Mo 09:00-11:00"}, today)
    assert not is_over({"status": "inactive", "valid_until": "2027-03-01"}, today)
    assert not is_over({"status": "temporarily closed"}, today)
    assert not is_over({}, today)


@pytest.mark.parametrize(
    ("ended", "archived", "status"),
    [
        ("2020", "2024", NetworkStatus.ARCHIVED),
        (None, "2026-11-23", NetworkStatus.ARCHIVED),
        (None, "2027", NetworkStatus.ACTIVE),
        ("2020", None, NetworkStatus.ENDED),
    ],
)
def test_an_archived_network_is_over(
    ended: str | None, archived: str | None, status: NetworkStatus
) -> None:
    assert network_status(ended, True, NOW.date(), archived) is status
