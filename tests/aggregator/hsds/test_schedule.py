"""Opening hours as HSDS schedules."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from aggregator.hsds.schedule import schedules
from tests.aggregator.hsds.offers import offer

KEYS = ("freq", "interval", "byday", "dtstart", "opens_at", "closes_at", "timezone")


@pytest.mark.parametrize(
    ("text", "osm", "seen", "parts"),
    [
        (
            "Di 10-12 Uhr", "Tu 10:00-12:00", date(2026, 7, 20),
            [("WEEKLY", 1, "TU", None, "10:00+02:00", "12:00+02:00", 2)],
        ),
        (
            "Di 10-12 Uhr", "Tu 10:00-12:00", date(2026, 12, 20),
            [("WEEKLY", 1, "TU", None, "10:00+01:00", "12:00+01:00", 1)],
        ),
        (
            "jeden 1. und 3. Montag 15-17 Uhr", "Mo[1,3] 15:00-17:00", date(2026, 7, 20),
            [("MONTHLY", 1, "1MO,3MO", None, "15:00+02:00", "17:00+02:00", 2)],
        ),
        (
            "Mo 9-10 Uhr, Do 16-18 Uhr", "Mo 09:00-10:00; Th 16:00-18:00", date(2026, 7, 20),
            [
                ("WEEKLY", 1, "MO", None, "09:00+02:00", "10:00+02:00", 2),
                ("WEEKLY", 1, "TH", None, "16:00+02:00", "18:00+02:00", 2),
            ],
        ),
        (
            None, "2026 Nov 24 19:00-21:00", date(2026, 7, 20),
            [(None, None, None, "2026-11-24", "19:00+01:00", "21:00+01:00", 1)],
        ),
        (None, "2026 Nov 31 19:00-21:00", date(2026, 7, 20), [(None,) * 7]),
        ("Di 10-12 Uhr", "We 10:00-12:00", date(2026, 7, 20), [(None,) * 7]),
        ("nach Vereinbarung", None, date(2026, 7, 20), [(None,) * 7]),
        (None, None, date(2026, 7, 20), []),
    ],
)  # fmt: skip
def test_parts(text: str | None, osm: str | None, seen: date, parts: list[Any]) -> None:
    made = schedules(offer(hours_text=text, hours_osm=osm, last_seen=seen))
    assert [tuple(one.get(key) for key in KEYS) for one in made] == parts
    assert all(one.get("description") == text and one.get("opening_hours") == osm for one in made)


def test_years_are_inferred_from_the_day_the_text_was_first_read() -> None:
    told = {"hours_text": "Di, 24.11., 19-21 Uhr", "hours_osm": "2026 Nov 24 19:00-21:00"}
    (once,) = schedules(offer(**told, first_seen=date(2026, 7, 1), last_seen=date(2027, 2, 1)))
    assert (once["dtstart"], once["valid_to"]) == ("2026-11-24", "2026-11-24")


def test_qualifiers_are_notes_and_terms() -> None:
    (one,) = schedules(
        offer(
            hours_text="nach Vereinbarung",
            hours_qualifiers=["by_appointment", "not_in_school_holidays"],
        )
    )
    assert one["notes"] == "nach Vereinbarung; nicht in den Schulferien"
    assert [mark["link_id"] for mark in one["attributes"]] == [one["id"]] * 2


def test_the_days_an_offer_is_valid_bound_its_schedule() -> None:
    (one,) = schedules(offer(valid_from=date(2026, 3, 1), valid_until=date(2026, 6, 30)))
    assert (one["valid_from"], one["valid_to"]) == ("2026-03-01", "2026-06-30")
