"""How a source fares, and when that turns: pure rules, shared by intake, board and notices."""

from __future__ import annotations

from enum import StrEnum

from aggregator.store.tables import Turn, Verdict

PUBLISHED = (Verdict.ACCEPTED, Verdict.WARNED)
"""Verdicts of runs whose findings readers see."""
_BROKEN_AFTER = 3  # failures in a row


class Health(StrEnum):
    """What a coordinator should do about a source, the most urgent first."""

    BROKEN = "broken"
    """Nothing of it was ever published though it was tried, or three runs in a row failed."""
    STALE = "stale"
    """The last run was not published; what is shown is from before."""
    WARNED = "warned"
    """Published, but a person should look."""
    WAITING = "waiting"
    """Declared, not yet visited."""
    DISABLED = "disabled"
    HEALTHY = "healthy"


def health(*, disabled: bool, last: Verdict | None, failures: int, published: bool) -> Health:
    """How a source fares.

    `last` is the verdict on its last run (None: never visited), `failures` how many runs in a row
    were not published, `published` whether any ever was.
    """
    if disabled:
        return Health.DISABLED
    if last is None:
        return Health.WAITING
    if failures >= _BROKEN_AFTER or (failures and not published):
        return Health.BROKEN
    if failures:
        return Health.STALE
    return Health.WARNED if last is Verdict.WARNED else Health.HEALTHY


def turned(failures: int, verdict: Verdict) -> Turn | None:
    """Whether a run turns a source, that had `failures` unpublished runs in a row before it.

    A source breaks with the first run that is not published and recovers with the first that is:
    each is one turn, however many runs lie between. A replay visits nothing and turns nothing.
    """
    if verdict in PUBLISHED:
        return Turn.RECOVERED if failures else None
    return None if failures else Turn.BROKEN
