"""Where the record is read: a streaming replica, as long as it answers and is far enough."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session, col

from aggregator.store.tables import ChangeRow

logger = logging.getLogger(__name__)

_AWAY = 5.0
"""Seconds for which a replica that did not answer is left alone."""
_NEWEST = select(func.max(col(ChangeRow.seq)))


class Reading:
    """The record as it is read: of the replica where there is one, else of the primary.

    `reached` tells up to which change its readers know what is published. A replica that has not
    got so far would deny what they were just told of; then the primary is asked. Safe in threads.
    """

    def __init__(
        self, primary: Engine, replica: Engine | None = None, reached: Callable[[], int] = int
    ) -> None:
        self.primary = primary
        self._replica, self._reached = replica, reached
        self._level = 0
        self._again = 0.0

    def engine(self) -> Engine:
        """What to read from right now; it is not opened for writing."""
        replica = self._replica
        if replica is None or time.monotonic() < self._again:
            return self.primary
        wanted = self._reached()
        try:
            with replica.connect() as connection:  # the pool asks whether it answers
                if self._level < wanted:
                    self._level = connection.scalar(_NEWEST) or 0
        except (DBAPIError, PoolTimeout) as error:
            self._again = time.monotonic() + _AWAY
            logger.warning("the replica does not answer, the primary is read: %s", error)
            return self.primary
        return replica if self._level >= wanted else self.primary

    def session(self) -> Session:
        """A session to read with."""
        return Session(self.engine())

    def close(self) -> None:
        """Give all connections back."""
        for engine in (self.primary, self._replica):
            if engine is not None:
                engine.dispose()
