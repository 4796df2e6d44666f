"""What the processes of a crawl have in common: they end with their starter, and stay small."""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import select
import signal
import sys
import threading
import time

from crawlers.job import Job

PARENT = "NETZLOTSE_CRAWL_PARENT"
"""Environment variable with the process id of who starts a crawl."""
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def confine(job: Job) -> None:
    """Bind this process to its parent and to the limits of the job, and let it log.

    A crawl whose starter is gone would write a folder that nobody waits for, and keep its source
    locked meanwhile.
    """
    _die_with_parent()
    _limit(job)
    logging.basicConfig(
        stream=sys.stderr,
        level=job.log_level,
        format=f"%(asctime)s %(levelname)s {job.source.id} %(name)s: %(message)s",
    )


def end_with_lease(descriptor: int) -> None:
    """End this process and all that it started when its lease is over.

    Whoever started it writes lines into `descriptor`, each the moment of the monotonic clock
    (seconds, the same for all processes of a machine) up to which the crawl may go on. Where the
    record cannot be reached, or whoever is to tell has stopped, no line comes; then another machine
    may be at the site soon, so nothing more is sent. Returns when the first line is there.
    """
    until = _told(descriptor, None)

    def watch() -> None:
        known = until
        while (left := known - time.monotonic()) > 0:
            if select.select([descriptor], [], [], left)[0]:
                known = _told(descriptor, known)
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=watch, name="lease", daemon=True).start()


def _told(descriptor: int, known: float | None) -> float:
    """The last moment that was told; 0 where nobody will tell any more."""
    lines = os.read(descriptor, 4096).split()  # each line was written at once
    if not lines:
        return 0.0
    return max(float(lines[-1]), known or 0.0)


def _die_with_parent() -> None:
    """Ask the kernel to end this process with the one that started it (Linux only)."""
    if sys.platform != "linux":
        return
    # Who starts a crawl says so: it may be dead before this process can ask. Not for its children.
    parent = int(os.environ.pop(PARENT, os.getppid()))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died in between
        sys.exit(1)


def _limit(job: Job) -> None:
    """Let the kernel end what goes out of bounds: memory, size of a file, time on the processor."""
    if sys.platform != "linux":
        return
    limits, memory = job.source.politeness, job.memory * 1024 * 1024
    # What is read from a page, as JSON, can be larger than the page; an archive never is by much.
    file = 4 * limits.total_bytes + 64 * 1024 * 1024
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, file),
        (resource.RLIMIT_CPU, limits.seconds + 60),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
