"""One run of a source at a time, whatever becomes of who held the lock."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from schedules.lock import SourceLockedError, hold, leave_alone

HOLDER = """
import sys, time
from pathlib import Path
from schedules.lock import hold
with hold(Path(sys.argv[1]), "netz"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_holder_is_told_who_holds(tmp_path: Path) -> None:
    with hold(tmp_path, "netz"), pytest.raises(SourceLockedError, match=r"netz .*process \d+"):
        hold(tmp_path, "netz").__enter__()
    with hold(tmp_path, "netz"):
        pass


def test_other_sources_are_free(tmp_path: Path) -> None:
    with hold(tmp_path, "netz"), hold(tmp_path, "portal"):
        pass


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(SourceLockedError, match=str(process.pid)):
            hold(tmp_path, "netz").__enter__()
        process.kill()
        process.wait()
    with hold(tmp_path, "netz"):
        pass


def test_what_is_to_be_left_alone_is_waited_for(tmp_path: Path) -> None:
    for _ in range(2):
        with hold(tmp_path, "host netz.example") as descriptor:
            leave_alone(descriptor, 0.5)
        since = time.monotonic()
        with hold(tmp_path, "host netz.example"):
            assert 0.4 < time.monotonic() - since < 5
        with hold(tmp_path, "host netz.example"):
            assert time.monotonic() - since < 5.5, "it is waited for once"


def test_no_clock_that_is_set_back_makes_a_rest_longer(tmp_path: Path) -> None:
    with hold(tmp_path, "netz") as descriptor:
        leave_alone(descriptor, 0.3)
    day = time.time() + 86_400
    os.utime(tmp_path / "netz.lock", (day, day))
    since = time.monotonic()
    with hold(tmp_path, "netz"):
        assert time.monotonic() - since < 5
