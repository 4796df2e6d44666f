"""Compare two OSM values by when they are open."""

from __future__ import annotations

from datetime import datetime, timedelta

from opening_hours import OpeningHours

START = datetime(2026, 3, 2)  # noqa: DTZ001 - opening hours are local times
WEEKS = 13


def open_intervals(
    osm: str | None, start: datetime = START, weeks: int = WEEKS
) -> list[tuple[datetime, datetime]] | None:
    if osm is None:
        return None
    found = OpeningHours(osm).intervals(start, start + timedelta(weeks=weeks))
    return [(begin, end) for begin, end, state, _ in found if str(state) == "open"]
