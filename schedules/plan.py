"""When a source is due, and why: a pure function of its declaration and its past.

Times are wall-clock times of Berlin: a weekly visit stays at its hour when the clocks change. Every
source has an hour of the night of its own, so that not all start at one moment and no site is
visited while its readers are; the hour moves by a few minutes from day to day, the same way for
whoever asks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from aggregator.harvest import BERLIN
from crawlers.failure import Failure
from crawlers.source import Rhythm, Source

_DAYS = {Rhythm.DAILY: 1, Rhythm.WEEKLY: 7, Rhythm.MONTHLY: 30}
_LONGEST_DAYS = 30
"""No site is left alone for longer, however steady it is."""
_STEADY_RUNS = 4
"""So many visits in a row that changed nothing lengthen the rhythm once."""
_SLOWEST = 4
"""Times the declared rhythm, at most."""
_NIGHT = (time(1), 300)
"""When the visits of a night begin, and over how many minutes they are spread."""
_JITTER = 10  # minutes, either way
_FIRST_RETRY = timedelta(hours=2)
_EVENT_AHEAD = timedelta(days=1)
"""Before a date that a site announces, it is looked at once more."""
_LASTING = frozenset(
    {
        Failure.RESERVED, Failure.ROBOTS, Failure.BLOCKED, Failure.BOT_CHALLENGE, Failure.DNS,
        Failure.GONE, Failure.MOVED_HOST, Failure.PRIVATE_ADDRESS,
    }
)  # fmt: skip
"""What does not go away by itself: asking again soon would only be a nuisance."""


class Reason(StrEnum):
    """Why a visit is planned when it is."""

    UNFINISHED = "a run was broken off"
    FIRST = "never visited"
    RETRY = "the last run was not published"
    EVENT = "a date is close"
    STEADY = "rhythm, slower: nothing changes"
    RHYTHM = "rhythm"


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a source's visits."""

    last_started: datetime | None = None
    failures: int = 0
    """Runs in a row that were not published."""
    failure: str = ""
    """Name of the failure behind the last of them."""
    steady: int = 0
    """Published runs in a row that found nothing new, changed or gone."""
    next_event: date | None = None
    """The next day that ends an offer of it."""
    unfinished: bool = False
    """A run was begun and not taken in: whoever ran it is gone."""


NEW = Past()


@dataclass(frozen=True, slots=True)
class Visit:
    """A planned run of a source. `at` is aware, in UTC."""

    source_id: str
    at: datetime
    reason: Reason


def days_between(source: Source, steady: int = 0) -> int:
    """Days between two visits of a source, of which the last `steady` ones changed nothing."""
    declared = _DAYS[source.rhythm]
    slower = min(_SLOWEST, 1 + steady // _STEADY_RUNS)
    return max(declared, min(declared * slower, _LONGEST_DAYS))


def slot(source_id: str, day: date) -> datetime:
    """The moment of a night at which a source is visited, in UTC.

    An hour that the clocks skip is the one after it; of an hour that comes twice it is the first.
    """
    start, spread = _NIGHT
    minutes = _number(source_id) % spread
    minutes += _number(f"{source_id} {day}") % (2 * _JITTER + 1) - _JITTER
    wall = datetime.combine(day, start, BERLIN) + timedelta(minutes=minutes)
    return wall.astimezone(UTC)


def plan(source: Source, past: Past, now: datetime) -> Visit:
    """The next visit of a source; at `now` where its time has come.

    A site is asked again within hours after a failure, ever more slowly, up to its own rhythm.
    """
    last = past.last_started
    if last is None:
        return Visit(source.id, now, Reason.UNFINISHED if past.unfinished else Reason.FIRST)
    if past.unfinished:
        return Visit(source.id, now, Reason.UNFINISHED)
    if past.failures:
        return Visit(source.id, max(now, _retry(source, past, last)), Reason.RETRY)
    days = days_between(source, past.steady)
    at = _after(source, last, days)
    reason = Reason.STEADY if days > _DAYS[source.rhythm] else Reason.RHYTHM
    if past.next_event is not None:
        before = slot(source.id, past.next_event - _EVENT_AHEAD)
        if before < at and _seen_before(last, past.next_event):
            at, reason = before, Reason.EVENT
    return Visit(source.id, max(now, at), reason)


def due(sources: Iterable[Source], pasts: Mapping[str, Past], now: datetime) -> list[Source]:
    """The sources whose time has come, longest waiting first; disabled ones never."""
    waiting = [
        source
        for source in sources
        if not source.disabled and plan(source, pasts.get(source.id, NEW), now).at <= now
    ]
    never = datetime.min.replace(tzinfo=UTC)
    return sorted(waiting, key=lambda one: (pasts.get(one.id, NEW).last_started or never, one.id))


def _after(source: Source, last: datetime, days: int) -> datetime:
    """The slot so many days after a visit, on Berlin's calendar; six hours later at least."""
    day = last.astimezone(BERLIN).date() + timedelta(days=days)
    at = slot(source.id, day)
    return at if at - last >= timedelta(hours=6) else slot(source.id, day + timedelta(days=1))


def _retry(source: Source, past: Past, last: datetime) -> datetime:
    longest = timedelta(days=_DAYS[source.rhythm])
    if past.failure in _LASTING:
        return last + longest
    doubled: int = 2 ** min(past.failures - 1, 16)
    return last + min(longest, _FIRST_RETRY * doubled)


def _seen_before(last: datetime, event: date) -> bool:
    """Whether the last visit was too long before the event to count as a look before it."""
    return last.astimezone(BERLIN).date() < event - _EVENT_AHEAD


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
