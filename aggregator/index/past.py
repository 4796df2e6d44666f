"""Indexes of states that are past: built when somebody asks, a few kept, thrown away at will."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from aggregator.index.directory import EngineName, LiveSearcher, open_writer
from aggregator.index.stored import COMPLETE_UNTIL

_KEPT = 12
"""So many are kept; the one that was longest not asked for goes first."""
_WAITING = 8
"""So many may wait to be built; who asks for more is told to come back."""
_PATIENCE = 20.0
"""Seconds that an answer waits for its index."""


class Preparing(Exception):  # noqa: N818 - it is no error: come back
    """The index of a state is being built."""


@dataclass(frozen=True, slots=True)
class State:
    """A state that will not change any more."""

    key: str
    """Names its folder: another state, another key."""
    day: date
    seq: int
    offers: Callable[[], Iterable[dict[str, Any]]]
    """Its documents, as they are to be shown."""


class PastIndexes:
    """The indexes of one server. Several servers may share a folder."""

    def __init__(
        self, home: Path, kind: EngineName, reader: Callable[[Path], LiveSearcher]
    ) -> None:
        self._home, self._kind, self._reader = home, kind, reader
        self._open: dict[str, LiveSearcher] = {}
        self._building: dict[str, Future[None]] = {}
        self._builder = ThreadPoolExecutor(1, "past")
        self._lock = Lock()

    def searcher(self, state: State) -> LiveSearcher:
        """A reader of a state; it is built where it is not there. Raises Preparing."""
        folder = self._home / state.key
        with self._lock:
            if found := self._readable(state.key, folder):
                return found
            job = self._building.get(state.key)
            if job is None:
                if len(self._building) >= _WAITING:
                    raise Preparing(state.key)
                job = self._building[state.key] = self._builder.submit(self._build, state, folder)
        try:
            job.result(_PATIENCE)
        except TooLong as late:
            raise Preparing(state.key) from late
        with self._lock:
            if found := self._readable(state.key, folder):
                return found
        raise Preparing(state.key)  # thrown away again in this very moment

    def close(self) -> None:
        """Let nothing be built any more."""
        self._builder.shutdown(wait=False, cancel_futures=True)

    def _readable(self, key: str, folder: Path) -> LiveSearcher | None:
        known = self._open.get(key)
        found = known or (self._reader(folder) if folder.is_dir() else None)
        if found is None or not folder.is_dir() or not found.readable():
            self._open.pop(key, None)
            return None
        self._open[key] = found
        with suppress(OSError):
            os.utime(folder)
        return found

    def _build(self, state: State, folder: Path) -> None:
        try:
            with self._alone():
                if folder.is_dir() and self._reader(folder).readable():
                    return
                part = folder.with_name(f".{state.key}.part")
                shutil.rmtree(part, ignore_errors=True)
                with open_writer(part, self._kind, anew=True) as writer:
                    offers = (
                        {**one, COMPLETE_UNTIL: date.max.isoformat()} for one in state.offers()
                    )
                    writer.apply(offers, (), state.seq, state.day)
                shutil.rmtree(folder, ignore_errors=True)
                part.rename(folder)
                self._forget()
        finally:
            with self._lock:
                self._building.pop(state.key, None)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._home.mkdir(parents=True, exist_ok=True)
        home = os.open(self._home, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(home, fcntl.LOCK_EX)
            yield
        finally:
            os.close(home)

    def _forget(self) -> None:
        found = [path for path in self._home.iterdir() if not path.name.startswith(".")]
        for old in sorted(found, key=lambda path: path.stat().st_mtime)[:-_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
            with self._lock:
                self._open.pop(old.name, None)
