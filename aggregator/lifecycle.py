"""The life of a listing, judged from accepted and complete runs only."""

from __future__ import annotations

from datetime import datetime, timedelta

from aggregator.store.tables import Presence

WITHDRAWN_AFTER_RUNS = 3
WITHDRAWN_AFTER = timedelta(days=14)


def after_absence(absences: int, missing_since: datetime, now: datetime) -> Presence:
    """What a listing is after `absences` accepted, complete runs in a row without it.

    Missing at once, withdrawn after three runs *and* fourteen days: a page that is moved comes
    back sooner, and a daily rhythm must not decide in three days.
    """
    if absences >= WITHDRAWN_AFTER_RUNS and now - missing_since >= WITHDRAWN_AFTER:
        return Presence.WITHDRAWN
    return Presence.MISSING
