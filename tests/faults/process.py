"""Work in a process of its own, that can be killed from outside at any moment."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any


def run(work: Callable[[], Any]) -> Any:
    """Do some work in a forked child; what it returns, as JSON. Raises where it failed.

    The caller must have no threads: it only forks, so that every child begins clean.
    """
    reading, writing = os.pipe()
    child = _fork(lambda: os.write(writing, b"=" + _told(work)), reading)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if status or not said:
        raise RuntimeError(f"the child ended with status {status}")
    return json.loads(said[1:])


def seconds(work: Callable[[], Any]) -> float:
    """How long some work takes in a child that nobody disturbs."""
    start = time.monotonic()
    run(work)
    return time.monotonic() - start


def kill(work: Callable[[], Any], after: float, aim: Callable[[int], int] | None = None) -> bool:
    """Do some work in a child and kill it so many seconds later; False where it was done before.

    `aim` is told the child's pid and says whom to kill instead; then the child lives on.
    """
    child = _fork(work, None, quiet=True)  # what it says after its crawl was killed is no news
    descriptor = os.pidfd_open(child)
    try:
        ended, _, _ = select.select([descriptor], [], [], after)
        if not ended:
            victim = aim(child) if aim else child
            try:
                if victim == child:
                    os.killpg(child, signal.SIGKILL)
                else:
                    os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                pass
        os.waitpid(child, 0)
    finally:
        os.close(descriptor)
    return not ended


def youngest(pid: int) -> int:
    """A process that this one started, else the process itself."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return int(children[-1]) if children else pid


def _fork(work: Callable[[], Any], close: int | None, *, quiet: bool = False) -> int:
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.setsid()
        if close is not None:
            os.close(close)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it is, the parent must be told
        if not quiet:
            traceback.print_exc()
    finally:
        os._exit(code)


def _told(work: Callable[[], Any]) -> bytes:
    return json.dumps(work(), default=str).encode()
