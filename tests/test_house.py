"""The plan of the house: imports run one way, and the front door names every verb."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

import netzlotse

ROOT = Path(__file__).parent.parent


def test_imports_run_one_way() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stdout


def test_crawlers_start_without_a_database() -> None:
    """The crawl process is handed files; loading it must not load what it may not know."""
    code = (
        "import sys, crawlers.crawl; print([m for m in sys.modules if m in ('sqlmodel','tantivy')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _verbs() -> list[str]:
    return sorted(get_command(netzlotse.app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("verb", _verbs())
def test_every_verb_explains_itself_with_an_example(verb: str) -> None:
    said = CliRunner().invoke(netzlotse.app, [verb, "--help"], prog_name="netzlotse")
    assert said.exit_code == 0
    assert f"netzlotse {verb}" in said.stdout
    assert "Example" in said.stdout


def test_the_front_door_opens() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "netzlotse", "--help"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert all(verb in done.stdout for verb in _verbs())


def test_the_documentation_is_built_with_the_versions_that_run() -> None:
    """`make docs` loads the program: its lock holds the program's, to the version."""
    run, docs = (
        {line for line in (ROOT / "requirements" / name).read_text().splitlines() if "==" in line}
        for name in ("run.txt", "docs.txt")
    )
    assert run - docs == set()
