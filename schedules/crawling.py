"""Crawls in processes of their own, watched from here: time, lease, how far they are."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from crawlers.process import PARENT
from schedules.hold import Hold

LOG = "crawl.log"
Progress = Callable[[dict[str, float]], None]
"""Is told {fetched, not_modified, failed, records, asked, delay} now and then."""

_GRACE = 60  # seconds a crawl may take to join and write after its own time limit


@dataclass(frozen=True, slots=True)
class Ended:
    """How a crawl ended: its exit code, and whether that was because its time was over."""

    code: int
    late: bool = False


class Crawls:
    """Runs crawls, each in a process of its own. Threads may share it."""

    def __init__(self) -> None:
        self._running: set[int] = set()

    def run(
        self, folder: Path, held: Hold, seconds: float, progress: Progress | None = None
    ) -> Ended:
        """Run the crawl of a run folder to its end, or end it when its time is over.

        `seconds` is the time limit that it keeps by itself; `held` what it works on. Where that is
        lost it ends itself; how long its hosts are to be left alone afterwards is noted there.
        """
        command = [sys.executable, "-m", "crawlers.crawl", str(folder.absolute())]
        late = threading.Event()
        with (
            (folder / LOG).open("wb") as log,
            subprocess.Popen(  # noqa: S603 - our own module, no shell
                command,
                stdout=subprocess.PIPE,
                stderr=log,
                stdin=subprocess.PIPE,
                pass_fds=held.descriptors,
                env={**os.environ, PARENT: str(os.getpid())},
                start_new_session=True,
            ) as process,
            held.following(partial(_tell, process)),
        ):
            alarm = threading.Timer(seconds + _GRACE, _end_late, (process.pid, late))
            alarm.daemon = True
            alarm.start()
            self._running.add(process.pid)
            try:
                assert process.stdout is not None  # noqa: S101 - it was asked for
                for line in process.stdout:
                    if line.startswith(b"{"):
                        done = json.loads(line)
                        held.rest = max(held.rest, done["delay"])
                        if progress is not None:
                            progress(done)
                process.wait()
            except BaseException:  # Ctrl-C: no crawl survives who started it
                _kill(process.pid)
                raise
            finally:
                alarm.cancel()
                self._running.discard(process.pid)
        return Ended(process.returncode, late.is_set())

    def stop(self) -> None:
        """End all that run now."""
        for pid in tuple(self._running):
            _kill(pid)


def _tell(process: subprocess.Popen[bytes], until: float) -> None:
    """Tell a crawl up to when it may go on."""
    assert process.stdin is not None  # noqa: S101 - it was asked for
    try:
        process.stdin.write(f"{until:.3f}\n".encode())
        process.stdin.flush()
    except (BrokenPipeError, ValueError):  # it has ended
        return


def _end_late(pid: int, late: threading.Event) -> None:
    late.set()
    _kill(pid)


def _kill(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
