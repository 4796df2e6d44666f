"""Entries of any number of offers: of few here, of many by processes beside this one.

Analysis is nearly all of the work of building an index and runs in Python, so that more threads
would not help. `python -m aggregator.index.entries` is such a process: it reads parts of offers
from its standard input and writes their entries, both pickled, until its input ends.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from datetime import date
from itertools import islice
from types import TracebackType
from typing import Any, Self

from aggregator.index.schema import Entry, build_entry

ALONE = 10_000
"""Offers that are analysed here before it is worth to start other processes."""

_AT_ONCE = 200
_MOST_PROCESSES = 4

_Offers = list[dict[str, Any]]


def build_entries(offers: Iterable[dict[str, Any]], today: date) -> Iterator[Entry]:
    """The entries of offers, in their order; what is in memory does not grow with their number.

    Raises what `build_entry` raises, and OSError where a process beside this one was ended.
    """
    left = iter(offers)
    for offer in islice(left, ALONE):
        yield build_entry(offer, today)
    processes = min(_MOST_PROCESSES, len(os.sched_getaffinity(0)))
    part = list(islice(left, _AT_ONCE))
    if processes < 2 or len(part) < _AT_ONCE:
        yield from (build_entry(offer, today) for some in (part, left) for offer in some)
        return
    with ExitStack() as stack:
        idle = [stack.enter_context(_Analyst(today)) for _ in range(processes)]
        busy: deque[_Analyst] = deque()
        while part or busy:
            while part and idle:
                busy.append(idle.pop())
                busy[-1].give(part)
                part = list(islice(left, _AT_ONCE))
            first = busy.popleft()
            entries = first.take()
            if part:  # it goes on while its entries are written
                first.give(part)
                busy.append(first)
                part = list(islice(left, _AT_ONCE))
            yield from entries


class _Analyst:
    """A process that makes entries, one part of offers after the other."""

    def __init__(self, today: date) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", __spec__.name, today.isoformat()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdin  # noqa: S101 - asked for above
        assert self._process.stdout  # noqa: S101
        self._to, self._from = self._process.stdin, self._process.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._process.kill()
        self._process.communicate()

    def give(self, offers: _Offers) -> None:
        """Let it work on a part; `take` has been called for the one before."""
        try:
            pickle.dump(offers, self._to)
            self._to.flush()
        except BrokenPipeError as error:
            raise self._ended() from error

    def take(self) -> list[Entry]:
        """The entries of the part."""
        try:
            done: list[Entry] | Exception = pickle.load(self._from)  # noqa: S301 - from ourselves
        except (EOFError, pickle.UnpicklingError) as error:
            raise self._ended() from error
        if isinstance(done, Exception):
            raise done
        return done

    def _ended(self) -> OSError:
        code = self._process.wait()
        return OSError(f"a process that analyses offers ended ({code}); is there enough memory?")


def _serve(today: date) -> None:
    given, taken = sys.stdin.buffer, sys.stdout.buffer
    while True:
        done: list[Entry] | Exception
        try:
            offers: _Offers = pickle.load(given)  # noqa: S301 - from who started this process
        except EOFError:
            return
        try:
            done = [build_entry(offer, today) for offer in offers]
        except Exception as error:  # noqa: BLE001 - it is raised where the entries are wanted
            done = error
        pickle.dump(done, taken, pickle.HIGHEST_PROTOCOL)
        taken.flush()


if __name__ == "__main__":
    with suppress(BrokenPipeError, KeyboardInterrupt):  # who started this process has ended
        _serve(date.fromisoformat(sys.argv[1]))
