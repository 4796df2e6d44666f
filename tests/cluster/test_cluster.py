"""A cluster of real processes is broken and recovers (all faults: `tests.cluster.faults`)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import postgres_programs

_FAULTS = ("kill -9 an API node's server", "kill -9 a worker in a crawl, with all it started")
_LONGEST = 900  # seconds; a minute where nothing else keeps the machine busy


@pytest.mark.postgres
def test_a_cluster_does_without_whatever_dies() -> None:
    """No run is lost or doubled, no reader left without an answer, and all nodes answer alike."""
    postgres_programs()
    only = [word for fault in _FAULTS for word in ("--only", fault)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.cluster.faults", *only,
         "--sites", "3", "--queries", "100", "--json"],
        capture_output=True, text=True, check=False, timeout=_LONGEST,
        cwd=Path(__file__).parent.parent.parent,
    )  # fmt: skip
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["fault"] for row in rows] == [*_FAULTS, "at the end"], done.stderr
    assert {row["fault"]: row["wrong"] for row in rows if row["wrong"]} == {}
    assert all(row["requests"] for row in rows[:-1])
    assert done.returncode == 0, done.stderr
