"""Asking for states that are past: of a day, and of a release."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from fastapi import Request

from aggregator.catalogue.past import first_day, offers_on, past_day
from aggregator.harvest import BERLIN
from aggregator.index.directory import LiveSearcher
from aggregator.index.past import PastIndexes, Preparing, State
from aggregator.store.transaction import snapshot
from api.access import reading
from api.problems import preparing, unknown_day


def is_present(day: date) -> bool:
    """Whether a day is not over."""
    return day == datetime.now(BERLIN).date()


def noon(day: date) -> datetime:
    """The moment that "today" and "now" mean on a past day."""
    return datetime.combine(day, time(12), BERLIN)


def of_day(request: Request, day: date) -> State:
    """The state of a day that is over. Raises Problem (404) where nothing is known of it."""
    today = datetime.now(BERLIN).date()
    with reading(request).session() as session:
        earliest = first_day(session)
        if earliest is None or not earliest <= day <= today:
            raise unknown_day(day, earliest, today)
        known = past_day(session, day)

    def offers() -> Iterator[dict[str, Any]]:
        with snapshot(reading(request).engine()) as session:
            yield from offers_on(session, known)

    return State(f"{day}-{known.seq}-{known.erasures}", day, known.seq, offers)


def reader(request: Request, state: State) -> LiveSearcher:
    """A reader of a state. Raises Problem (503) while its index is being built."""
    indexes: PastIndexes = request.app.state.past
    try:
        return indexes.searcher(state)
    except Preparing as late:
        raise preparing() from late
