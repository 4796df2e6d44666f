"""When a source is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from crawlers.source import Rhythm, Source

_PERIODS = {
    Rhythm.DAILY: timedelta(days=1),
    Rhythm.WEEKLY: timedelta(weeks=1),
    Rhythm.MONTHLY: timedelta(days=30),
}


def period(source: Source) -> timedelta:
    """The time between two runs of a source."""
    return _PERIODS[source.rhythm]


def next_run(source: Source, last_started: datetime | None, now: datetime) -> datetime:
    """When a source is to run next; now where it never ran or its time has passed."""
    if last_started is None:
        return now
    return max(now, last_started + period(source))


def due(
    sources: Iterable[Source], last_started: Mapping[str, datetime], now: datetime
) -> list[Source]:
    """The sources whose time has come, longest waiting first; disabled ones never."""
    waiting = [
        source
        for source in sources
        if not source.disabled and next_run(source, last_started.get(source.id), now) <= now
    ]
    never = datetime.min.replace(tzinfo=now.tzinfo)
    return sorted(waiting, key=lambda source: (last_started.get(source.id, never), source.id))
