"""replay, purge, verify and suppress as an operator types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import Result
from typer.testing import CliRunner

import netzlotse
from tests.schedules.conftest import Site

Run = Callable[..., Result]
YEAR = timedelta(days=365)


@pytest.fixture
def run(site: Site, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("data_dir", "sources"):
        monkeypatch.setenv(f"NETZLOTSE_{name.upper()}", str(getattr(site.settings, name)))

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(netzlotse.app, list(arguments))

    return invoke


def test_replay_tells_a_line_of_json_a_source(run: Run) -> None:
    done = run("replay", "netz", "--jobs", "1", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["source_id"], told["pages"], told["run"]) == ("netz", 1, None)
    assert (told["added"], told["lost"], told["changed"], told["unread"]) == ([], [], [], [])


def test_purge_tells_first_and_verify_tells_purged_from_broken(
    run: Run, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schedules.commands.purge.timedelta", lambda days: -YEAR)
    dry = run("purge", "--dry-run")
    assert "1 WARC files" in dry.stdout
    assert list(site.settings.archive_dir.rglob("*.warc.gz"))
    assert "deleted" in run("purge").stdout
    assert not list(site.settings.archive_dir.rglob("*.warc.gz"))
    report = json.loads((checked := run("verify", "--json")).stdout)
    assert (checked.exit_code, report["purged"], report["faults"]) == (0, 1, [])
    assert run("replay", "--apply", "--jobs", "1").exit_code == 1


def test_verify_fails_where_something_is_broken_and_repairs_the_index(run: Run, site: Site) -> None:
    for file in site.settings.index_dir.iterdir():
        if file.is_file():
            file.unlink()
    assert run("verify").exit_code == 1
    assert run("verify", "--repair").exit_code == 0
    assert run("verify").exit_code == 0
    next(site.settings.archive_dir.rglob("*.warc.gz")).unlink()
    broken = run("verify", "--repair")
    assert broken.exit_code == 1
    assert "broken page" in broken.stdout


def test_suppressing_needs_a_reason(run: Run) -> None:
    assert run("suppress", "030 23125 102").exit_code == 2
    assert "1 listings" in run("suppress", "030 23125 102", "--reason", "Wunsch").stdout
    assert "no longer" in run("suppress", "030 23125 102", "--undo").stdout
