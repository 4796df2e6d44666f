"""What `make audit` makes of each end of pip-audit: found, nothing found, not asked, broken."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

AUDIT = Path(__file__).parent.parent / ".ci" / "audit"
REPORT = 'while [ "$1" != --output ]; do shift; done; echo "{}" > "$2"; '


@pytest.mark.parametrize(
    ("ends", "status", "said"),
    [
        (f"{REPORT}exit 0", 0, "nothing is known"),
        (f"{REPORT}echo Found 1 known vulnerability >&2; exit 1", 1, "Found 1 known"),
        ("echo 'ERROR:pip_audit._cli:Could not connect to the feed' >&2; exit 1", 0, "NOTHING WAS"),
        ("echo 'requests.exceptions.ConnectionError: refused' >&2; exit 1", 0, "NOTHING WAS"),
        ("echo 'requests.exceptions.ReadTimeout: Read timed out.' >&2; exit 1", 0, "NOTHING WAS"),
        ("echo 'ERROR: no such file' >&2; exit 1", 1, "no such file"),
    ],
)
def test_a_weakness_fails_and_what_was_not_asked_is_told(
    tmp_path: Path, ends: str, status: int, said: str
) -> None:
    program = tmp_path / "pip-audit"
    program.write_text(f"#!/bin/sh\n{ends}\n", "utf-8")
    program.chmod(0o755)
    done = subprocess.run(
        [AUDIT, "requirements/run.txt"], env={**os.environ, "PIP_AUDIT": str(program)},
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert done.returncode == status, done.stderr
    assert said in done.stdout + done.stderr
