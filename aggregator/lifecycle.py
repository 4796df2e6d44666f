"""The life of a listing and of an offer, judged from published runs only; pure.

    active -> missing     absent from a published, complete crawl
    missing -> withdrawn  three such crawls *and* fourteen days; or its own page said twice 404/410
    any -> expired        the dates that it states are past
    active -> unverified  nobody confirmed or changed it for twelve months

A run that failed, was held back, ended early or only read the archive again is no absence. A
listing that comes back is what it was, under the same id.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from aggregator.store.tables import Presence

WITHDRAWN_AFTER_RUNS = 3
WITHDRAWN_AFTER = timedelta(days=14)
GONE_TIMES = 2
GONE_APART = timedelta(hours=12)
"""Two answers within hours are one answer."""
WAVE_SHARE = 0.10
WAVE_PAGES = 5
"""So many pages at once are a wave at the largest site."""
CONFIRMED_WITHIN = timedelta(days=365)


class Lifecycle(StrEnum):
    """Where an offer stands in its life, the liveliest first."""

    ACTIVE = "active"
    UNVERIFIED = "unverified"
    """Still listed, but nobody confirmed or changed it for twelve months."""
    MISSING = "missing"
    """Absent from the last published, complete crawl of every source that listed it."""
    EXPIRED = "expired"
    """Its dates are past."""
    WITHDRAWN = "withdrawn"


def after_absence(absences: int, missing_since: datetime, now: datetime) -> Presence:
    """What a listing is after `absences` published, complete crawls in a row without it.

    Missing at once, withdrawn after three runs *and* fourteen days: a page that is moved comes
    back sooner, and a daily rhythm must not decide in three days.
    """
    if absences >= WITHDRAWN_AFTER_RUNS and now - missing_since >= WITHDRAWN_AFTER:
        return Presence.WITHDRAWN
    return Presence.MISSING


def is_wave(gone: int, listed: int) -> bool:
    """Whether so many of what a source lists lost their pages in one run that the site is at fault.

    A relaunch or a broken server answers 404 for pages that come back: such answers count as
    absence only. One page alone is a wave at no site, however small.
    """
    return gone > 1 and (gone >= WAVE_PAGES or gone >= listed * WAVE_SHARE)


def gone_again(gone_at: datetime | None, now: datetime) -> bool:
    """Whether another 404 counts: not so soon after the last one."""
    return gone_at is None or now - gone_at >= GONE_APART


def lifecycle(
    presence: Presence, looked_on: date, expires_on: date | None, today: date
) -> Lifecycle:
    """Where one listing stands; `looked_on` is the last day on which somebody looked at it."""
    if presence is Presence.WITHDRAWN:
        return Lifecycle.WITHDRAWN
    if presence is Presence.EXPIRED or (expires_on is not None and expires_on < today):
        return Lifecycle.EXPIRED
    if presence is Presence.MISSING:
        return Lifecycle.MISSING
    return Lifecycle.UNVERIFIED if today - looked_on > CONFIRMED_WITHIN else Lifecycle.ACTIVE


def liveliest(states: Iterable[Lifecycle]) -> Lifecycle | None:
    """Where an offer stands that several sites list: one site that knows better is enough."""
    order = list(Lifecycle)
    return min(states, key=order.index, default=None)
