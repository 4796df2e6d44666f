"""One run of a source at a time."""

from __future__ import annotations

import fcntl
import os
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
    raises SourceLockedError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "?"
            raise SourceLockedError(
                f"{name} is being crawled already (process {holder})"
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


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
