"""A few kills of every stage; NETZLOTSE_TEST_KILLS=200 for all (docs/contributing.md)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = os.environ.get("NETZLOTSE_TEST_KILLS", "5")
ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("database", ["sqlite", pytest.param("pg", marks=pytest.mark.postgres)])
def test_a_kill_loses_nothing_and_doubles_nothing(
    database: str, request: pytest.FixtureRequest
) -> None:
    if database == "pg":
        database = request.getfixturevalue("postgres_url")
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--kills", KILLS, "--database", database],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["stage"] for line in told] == ["publish", "gate", "migrate", "crawl"], done.stderr
    assert [line["faults"] for line in told] == [[], [], [], []]
    assert sum(line["before_the_end"] for line in told) > 0
