"""One run of a source at a time, whatever becomes of who held the lock."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from schedules.lock import SourceLockedError, hold

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
