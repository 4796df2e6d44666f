"""Taking something out of all that is public: record, index, past releases, past states.

The one way in for whoever decides that: a verb, or a page of the admin area.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress as ignoring
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from aggregator.erasure import Erased, enforce, suppress
from aggregator.harvest import BERLIN
from aggregator.index.feed import catch_up
from aggregator.log import ChangeLog
from aggregator.release.edition import correct_releases
from aggregator.release.metadata import Maker
from aggregator.settings import Settings
from aggregator.sharing import key_of, made_key, share_releases
from aggregator.store.tables import SuppressionRow
from aggregator.store.transaction import publishing
from aggregator.suppression import load_suppressions
from crawlers.depot import DepotError


@dataclass(frozen=True, slots=True)
class TakenDown:
    """What was found and rebuilt."""

    erased: Erased
    releases: tuple[str, ...]
    """Ids of the past releases that were rebuilt."""


def take_down(  # noqa: PLR0913, PLR0917 - what, where, and who decided
    engine: Engine, settings: Settings, what: str, reason: str, by: str, now: datetime
) -> TakenDown:
    """Suppress a number, an address or a listing, and take it out of everything that is shown.

    Record and index follow at once; past releases after them, however many there are. Doing it
    again takes up what broke off. Raises SuppressionError where `what` is none of the three.
    """
    with publishing(engine) as session:
        key_file = made_key(settings, session)
        erased = suppress(ChangeLog(session, "", now), key_file, what, reason, by)
    catch_up(engine, settings.index_dir, settings.index_engine)
    return TakenDown(erased, correct_past(engine, settings, now))


def take_over(
    engine: Engine, settings: Settings, entries: Iterable[SuppressionRow], now: datetime
) -> tuple[int, tuple[str, ...]]:
    """Add entries to the list, then take all that is on it out of everything that is shown.

    How many listings changed, and the ids of the past releases that were rebuilt.
    """
    with publishing(engine) as session:
        key_file = made_key(settings, session)
        for entry in entries:
            session.merge(entry)
        session.flush()
        changed = enforce(ChangeLog(session, "", now), key_file)
    catch_up(engine, settings.index_dir, settings.index_engine)
    return changed, correct_past(engine, settings, now)


def correct_past(engine: Engine, settings: Settings, now: datetime) -> tuple[str, ...]:
    """Rebuild the past releases that hold what is suppressed; the ids of those that did.

    Raises DepotError where they could not be given to the other machines; do it again.
    """
    shutil.rmtree(settings.past_dir, ignore_errors=True)
    with Session(engine) as session:
        listed = load_suppressions(session, key_of(settings))
    if not listed:
        return ()
    maker = Maker.of(settings)
    today = now.astimezone(BERLIN).date()
    with ignoring(DepotError):  # what is here is put right all the same
        share_releases(settings)
    rebuilt = correct_releases(settings.release_dir, listed, today, maker)
    share_releases(settings)
    return tuple(one.id for one in rebuilt)
