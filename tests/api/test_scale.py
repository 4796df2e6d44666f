"""`netzlotse bench scale` measures two real nodes; what it measures is no test's business."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from netzlotse import app


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="two nodes need two cores")
def test_two_nodes_are_held_against_one() -> None:
    command = [sys.executable, "-m", "netzlotse", "bench", "scale", "--json"]
    command += ["--offers", "100", "--seconds", "0.2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["1"]["nodes"], told["2"]["nodes"]) == (1, 2)
    assert (told["1"]["failed"], told["2"]["failed"]) == (0, 0)
    assert min(told["two_to_one"].values()) > 0


def test_one_core_is_too_few() -> None:
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        done = CliRunner().invoke(app, ["bench", "scale", "--offers", "100"])
    finally:
        os.sched_setaffinity(0, cores)
    assert done.exit_code == 1
    assert "two cores" in done.output
