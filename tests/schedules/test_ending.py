"""Being told to end: by whichever signal, in whichever thread, and once more by who cannot wait."""

import ctypes
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PROGRAM = """
import sys, threading, time
from schedules.ending import Ending

threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
ending = Ending(lambda: print("at once", flush=True))
assert not ending.wait(0.01)
print("waits", flush=True)
ending.wait(60)
print("ends", ending.is_set(), flush=True)
if sys.argv[1] == "lingers":
    time.sleep(60)
"""


@contextmanager
def waiting(how: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, how], stdout=subprocess.PIPE, text=True
    ) as process:
        last = threading.Timer(20, process.kill)
        last.start()
        try:
            assert line(process) == "waits"
            yield process
        finally:
            last.cancel()
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_is_heard_whichever_thread_is_given_it(number: signal.Signals) -> None:
    with waiting("quickly") as process:
        tasks = [int(task.name) for task in Path(f"/proc/{process.pid}/task").iterdir()]
        other = next(task for task in tasks if task != process.pid)
        assert ctypes.CDLL(None).tgkill(process.pid, other, number) == 0
        assert [line(process), line(process)] == ["at once", "ends True"]
        assert process.wait(20) == 0


def test_a_second_signal_does_not_wait() -> None:
    with waiting("lingers") as process:
        process.send_signal(signal.SIGTERM)
        assert [line(process), line(process)] == ["at once", "ends True"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 128 + signal.SIGTERM
