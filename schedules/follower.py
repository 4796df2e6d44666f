"""Following the record: a machine that answers readers keeps an index of its own up to date.

It is fed from the change log. Where it is not there or cannot be used it begins with a snapshot
from the store, and where there is none, or a bad one, with the record. One of all followers now and
then writes the next snapshot.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy.exc import DBAPIError

from aggregator.catalogue.state import freshness, record_seq
from aggregator.commands.record import open_reading
from aggregator.index import snapshot
from aggregator.index.directory import read_state, size_of
from aggregator.index.feed import catch_up, rebuild
from aggregator.release.edition import ReleaseError
from aggregator.settings import Settings
from aggregator.sharing import share_releases
from crawlers.depot import DepotError, depot
from schedules.ending import Ending
from schedules.hold import hold
from schedules.lock import SourceLockedError

logger = logging.getLogger(__name__)

_EVERY = 0.5  # seconds between two looks at the record
_ANYWAY = 60.0
"""Seconds after which days are brought up to date though nothing seems to have happened: the clocks
of those who publish may differ."""
_SNAPSHOT = "snapshot"
_SHARED_EVERY = 60.0  # seconds between two looks at the snapshot
_OUTDATED = 600.0
"""Seconds for which a snapshot may be behind: as long takes a new node longer by some changes."""
_LONGEST_WAIT = 15.0  # seconds between two tries of what failed
_DOUBLINGS = 8  # of the wait; after far more of them it would be no number any more
_DAMAGED = 3
"""So many times in a row the index could not be written, with room on the disk: build it anew."""
_GRACE = 8.0  # seconds that a step under way has when everything stops


class Follower:
    """Keeps the index of this machine up to date. One thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.reading = open_reading(settings, self.seq)
        self._seen: object = None
        self._looked = -_ANYWAY
        self._failures = 0
        self._known: tuple[int | None, float] = None, time.monotonic()
        self._away = False

    def seq(self) -> int:
        """The change that the index stands at; 0 without one."""
        state = read_state(self.settings.index_dir)
        return state.seq if state else 0

    def begin(self) -> None:
        """Take a snapshot over where that is quicker than reading the record."""
        if not self.settings.store:
            return
        try:
            reached = snapshot.take_over(
                self.settings.index_dir, depot(self.settings.store), self.settings.index_engine
            )
        except (DepotError, OSError) as error:
            logger.warning("no snapshot, the index is built from the record: %s", error)
            return
        if reached is not None:
            logger.info("began with the snapshot of change %d", reached)

    def look(self) -> bool:
        """Bring the index to what is published; whether anything had happened.

        Raises DBAPIError where no database answers, OSError and ValueError where the index cannot
        be written; what it was before goes on answering.
        """
        with self.reading.session() as session:
            seen = record_seq(session), freshness(session)[0]
        if seen == self._seen and time.monotonic() - self._looked < _ANYWAY:
            return False
        catch_up(self.reading.engine(), self.settings.index_dir, self.settings.index_engine)
        self._seen, self._looked = seen, time.monotonic()
        return True

    def step(self) -> float:
        """Look, and bear what goes wrong; the seconds after which to look again."""
        try:
            self.look()
        except DBAPIError as error:
            self._complain("no database answers: %s", error.orig)
            return _EVERY
        except (OSError, ValueError) as error:
            self._complain("the index cannot be written, what it was goes on answering: %s", error)
            if self._failures % _DAMAGED == 0 and self._has_room():
                self._build_anew()
            return float(min(_EVERY * 2 ** min(self._failures, _DOUBLINGS), _LONGEST_WAIT))
        if self._failures:
            logger.info("the index follows again, at change %d", self.seq())
        self._failures = 0
        return _EVERY

    def share(self) -> None:
        """Exchange with other machines what is not in the record: snapshots and releases."""
        if not self.settings.store:
            return
        self.write_snapshot()
        try:
            share_releases(self.settings)
        except (DepotError, OSError, ReleaseError) as error:
            logger.warning("releases are not exchanged; it is tried again: %s", error)

    def write_snapshot(self) -> bool:
        """Write the snapshot where it is behind for long and nobody else does; whether it was.

        Without a store none is needed.
        """
        if not self.settings.store:
            return False
        store, kind = depot(self.settings.store), self.settings.index_engine
        try:
            if not self._is_behind(snapshot.saved_seq(store, kind)):
                return False
            with hold(self.reading.primary, self.settings, _SNAPSHOT):
                if not self._is_behind(snapshot.saved_seq(store, kind)):
                    return False
                reached = snapshot.save(self.settings.index_dir, store, kind)
                snapshot.forget(store, kind, datetime.now(UTC))
        except SourceLockedError:
            return False
        except (DBAPIError, DepotError, OSError) as error:
            if not self._away:
                logger.warning("no snapshot is written; it is tried again: %s", error)
            self._away = True
            return False
        self._away = False
        logger.info("wrote the snapshot of change %s", reached)
        return True

    def _is_behind(self, saved: int | None) -> bool:
        """Whether a snapshot is missing, or is the same one since long and not ours."""
        known, since = self._known
        if saved != known:
            self._known = saved, time.monotonic()
        reached = self.seq()
        if saved is None or not reached:
            return bool(reached)
        return saved < reached and saved == known and time.monotonic() - since >= _OUTDATED

    def _complain(self, what: str, error: object) -> None:
        if not self._failures:
            logger.warning(what, error)
        self._failures += 1

    def _has_room(self) -> bool:
        folder = self.settings.index_dir
        return folder.is_dir() and shutil.disk_usage(folder).free > size_of(folder)

    def _build_anew(self) -> None:
        try:
            rebuild(self.reading.engine(), self.settings.index_dir, self.settings.index_engine)
            logger.warning("the index was damaged; it was built anew")
        except (DBAPIError, OSError, ValueError) as error:
            logger.warning("building the index anew failed: %s", error)


def follow_forever(settings: Settings, ready: Callable[[], None]) -> None:
    """Follow until SIGINT or SIGTERM; a second signal does not wait.

    `ready` is called once the index is there.
    """
    ending = Ending(_end_in_time)
    follower, shared = Follower(settings), time.monotonic() - _SHARED_EVERY
    follower.begin()
    wait = follower.step()
    ready()
    while not ending.wait(wait):
        wait = follower.step()
        if time.monotonic() - shared >= _SHARED_EVERY:
            follower.share()
            shared = time.monotonic()
    follower.reading.close()


def _end_in_time() -> None:
    last = threading.Timer(_GRACE, os._exit, (0,))  # an index that is half written is dropped
    last.daemon = True
    last.start()
