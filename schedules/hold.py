"""What one process works on alone: a source, a host, the orders of the desk.

With SQLite there is one machine, and the kernel's file locks are the best there is
(`schedules.lock`). With PostgreSQL there may be many, and leases in the record say who may
(`aggregator.store.lease`).
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from aggregator.settings import Settings
from aggregator.store.lease import (
    Lease,
    LeaseTakenError,
    is_taken,
    release,
    renew,
    rest_of,
    source_lease,
    take,
)
from schedules import lock
from schedules.lock import SourceLockedError

logger = logging.getLogger(__name__)

DESK = "desk"
_AGAIN = 1.0  # seconds between two tries, where somebody waits or the record does not answer
_SOURCE = source_lease("")


class Hold:
    """Something that this process holds for as long as the hold lasts.

    `descriptors` are to be handed to a subprocess that works on it; `leases` are none where files
    are locked.
    """

    def __init__(self, descriptors: Sequence[int] = (), leases: Sequence[Lease] = ()) -> None:
        self.descriptors, self.leases = tuple(descriptors), tuple(leases)
        self.rest = 0.0
        """Seconds for which the next one leaves the hosts alone once the hold has ended."""

    def lease(self, name: str) -> Lease | None:
        """The lease of that name; None where it is a locked file."""
        return next((lease for lease in self.leases if lease.name == name), None)

    @contextmanager
    def following(self, _tell: Callable[[float], None]) -> Iterator[None]:
        """Tell up to which moment (of the monotonic clock) the work may go on; files: for ever."""
        yield

    @property
    def over(self) -> bool:
        """Whether the time came after which a crawl may not have gone on."""
        return False


class _LeaseHold(Hold):
    """Leases that are renewed by a thread every third of their life.

    Two thirds of it after the last renewal work that others must not see has to end: the rest
    is for what cannot be known, such as how long an answer took.
    """

    def __init__(self, engine: Engine, leases: Sequence[Lease], seconds: int, since: float) -> None:
        super().__init__((), leases)
        self._engine, self._seconds = engine, seconds
        self._until = since + seconds * 2 / 3
        self._was_over = False
        self._tell: Callable[[float], None] | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="leases", daemon=True)
        self._thread.start()

    @contextmanager
    def following(self, tell: Callable[[float], None]) -> Iterator[None]:
        self._was_over = time.monotonic() >= self._until
        self._tell = tell
        tell(self._until)
        try:
            yield
        finally:
            self._tell = None

    @property
    def over(self) -> bool:
        return self._was_over or time.monotonic() >= self._until

    def end(self) -> None:
        """Renew no more, and let others take the leases where the record can be told."""
        self._ended.set()
        self._thread.join()
        try:
            release(self._engine, self.leases, self.rest)
        except DBAPIError:
            logger.debug("leases are not given back: they end by themselves", exc_info=True)

    def _keep(self) -> None:
        wait = self._seconds / 3
        while not self._ended.wait(wait):
            since = time.monotonic()
            self._was_over |= since >= self._until
            try:
                kept = renew(self._engine, self.leases, self._seconds, self.rest)
            except DBAPIError as error:
                logger.warning("%s: not renewed: %s", self.leases[0].name, error.orig)
                wait = min(_AGAIN, self._seconds / 3)
                continue
            wait = self._seconds / 3
            if not kept:
                logger.warning("%s was taken over by others", self.leases[0].name)
                self._was_over, self._until = True, 0.0
                self._ended.set()
            else:
                self._until = since + self._seconds * 2 / 3
            if (tell := self._tell) is not None:
                tell(self._until)


@contextmanager
def hold(
    engine: Engine,
    settings: Settings,
    *names: str,
    waiting_for: Sequence[str] = (),
) -> Iterator[Hold]:
    """Hold by name (see `source_lease`, `host_lease`) what nobody else may work on meanwhile.

    Those of `waiting_for` are waited for as long as it takes. Raises SourceLockedError where one
    of `names` is somebody else's.
    """
    if engine.dialect.name != "postgresql":
        with ExitStack() as locks:
            files = {
                name: locks.enter_context(
                    lock.hold(settings.lock_dir, _file(name), wait=name in waiting_for)
                )
                for name in (*names, *sorted(set(waiting_for)))
            }
            held = Hold(tuple(files.values()))
            try:
                yield held
            finally:
                for name, descriptor in files.items():
                    if rest := rest_of(name, held.rest):
                        lock.leave_alone(descriptor, rest)
        return
    wanted, seconds = sorted({*names, *waiting_for}), settings.lease_seconds
    while True:
        since = time.monotonic()
        try:
            leases = take(engine, wanted, holder(), seconds)
        except LeaseTakenError as error:
            if error.name in waiting_for:
                time.sleep(_AGAIN)
                continue
            raise SourceLockedError(
                f"{_file(error.name)} is being crawled already ({error.holder})"
            ) from error
        break
    kept = _LeaseHold(engine, leases, seconds, since)
    try:
        yield kept
    finally:
        kept.end()


def is_held(engine: Engine, settings: Settings, name: str) -> bool:
    """Whether somebody holds something right now."""
    if engine.dialect.name != "postgresql":
        return lock.is_held(settings.lock_dir, _file(name))
    return is_taken(engine, name)


def holder() -> str:
    """Who we are, as others are told."""
    return f"{socket.gethostname()}, process {os.getpid()}"


def _file(name: str) -> str:
    """How a lock file is called: that of a source by its id."""
    return name.removeprefix(_SOURCE)
