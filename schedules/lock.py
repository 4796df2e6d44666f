"""One run of a source at a time."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class SourceLockedError(Exception):
    """Another process works on this source right now; the message says which."""


@contextmanager
def hold(folder: Path, name: str, *, wait: bool = False) -> Iterator[int]:
    """Hold a lock by name (a source's id, a host); the file descriptor that holds it.

    The kernel frees the lock when the last process that has the descriptor ends, however it ends:
    a crash leaves nothing to clean up. Hand the descriptor to a subprocess and the source stays
    locked until that has ended too. Where somebody else holds it: waits for them with `wait`, else
    raises SourceLockedError. What is to be left alone by now (see `leave_alone`) is waited for.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            holder = _written(descriptor)[0] or "?"
            raise SourceLockedError(
                f"{name} is being crawled already (process {holder})"
            ) from error
        time.sleep(_left(descriptor))
        _write(descriptor, str(os.getpid()))
        yield descriptor
    finally:
        os.close(descriptor)


def leave_alone(descriptor: int, seconds: float) -> None:
    """Have whoever holds this lock next begin so many seconds from now, at the earliest."""
    _write(descriptor, f"{os.getpid()} {seconds:.3f}")


def _left(descriptor: int) -> float:
    """Seconds of a rest that are left. It began when it was written; no clock makes it longer."""
    _, _, rest = _written(descriptor)
    if not rest:
        return 0.0
    passed = time.time() - os.fstat(descriptor).st_mtime
    return max(0.0, float(rest) - max(0.0, passed))


def _written(descriptor: int) -> tuple[str, str, str]:
    return os.pread(descriptor, 64, 0).decode("ascii", "replace").strip().partition(" ")


def _write(descriptor: int, said: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, said.encode(), 0)


def is_held(folder: Path, name: str) -> bool:
    """Whether somebody holds a lock right now."""
    try:
        descriptor = os.open(folder / f"{name}.lock", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
