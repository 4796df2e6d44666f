"""The processes that normalise a large site together: this one, and a helper a further core."""

from __future__ import annotations

import logging
import os
import pickle
import sys
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from subprocess import PIPE, Popen

from aggregator.normalise.context import Context
from aggregator.normalise.site import Told, read_each
from aggregator.normalise.statement import Reading
from aggregator.places.places import Gazetteer
from aggregator.settings import log_choice

logger = logging.getLogger(__name__)

_MANY = 2_000  # records from which on a helper has read more than its start costs
_CHUNK = 100  # records that a process takes at a time
_HELPERS = 3  # at most: other sources are harvested beside this one


def read_together(work: Sequence[Told], context: Context, gazetteer: Gazetteer) -> list[Reading]:
    """Read records of one site each by itself, as `read_each` does; many of them on several cores.

    What a helper that ended has left is read here.
    """
    helpers = min(_HELPERS, _cores() - 1)
    if helpers < 1 or len(work) < _MANY:
        return read_each(work, context, gazetteer)
    return _Bench(work, context, gazetteer).read(helpers)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


class _Bench:
    """Work at which several processes are, each taking what is next."""

    def __init__(self, work: Sequence[Told], context: Context, gazetteer: Gazetteer) -> None:
        self._work, self._context, self._gazetteer = work, context, gazetteer
        self._waiting = deque(range(0, len(work), _CHUNK))
        self._done: dict[int, list[Reading]] = {}

    def read(self, helpers: int) -> list[Reading]:
        """What was read of each record, in their order."""
        with ThreadPoolExecutor(helpers) as threads:
            helping = [threads.submit(self._have_read) for _ in range(helpers)]
            try:
                self._read_here()
            except BaseException:
                self._waiting.clear()  # nobody takes more
                raise
        for helped in helping:
            helped.result()
        self._read_here()
        return [reading for start in sorted(self._done) for reading in self._done[start]]

    def _read_here(self) -> None:
        while (start := self._next()) is not None:
            self._done[start] = read_each(self._chunk(start), self._context, self._gazetteer)

    def _have_read(self) -> None:
        """Have a helper read as long as there is something; what it cannot waits for others."""
        start = None
        try:
            with Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "aggregator.normaliser", *log_choice()],
                stdin=PIPE,
                stdout=PIPE,
            ) as helper:
                assert helper.stdin and helper.stdout  # noqa: S101, PT018 - they are pipes
                pickle.dump((self._context.sendable(), self._gazetteer), helper.stdin)
                while (start := self._next()) is not None:
                    pickle.dump(self._chunk(start), helper.stdin)
                    helper.stdin.flush()
                    self._done[start] = pickle.load(helper.stdout)  # noqa: S301 - ours
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            logger.warning("a process that helped to normalise ended: %r", error)
            if start is not None:
                self._waiting.append(start)

    def _next(self) -> int | None:
        try:
            return self._waiting.popleft()
        except IndexError:
            return None

    def _chunk(self, start: int) -> Sequence[Told]:
        return self._work[start : start + _CHUNK]
