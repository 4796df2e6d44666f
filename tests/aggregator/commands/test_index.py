"""`netzlotse index`: what the index was built with, and building it anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from netzlotse import app


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETZLOTSE_DATA_DIR", str(tmp_path))


def status() -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(app, ["index", "status", "--json"])
    return done.exit_code, json.loads(done.stdout)


@pytest.mark.parametrize("engine", ["tantivy", "fts5"])
def test_status_and_rebuild(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETZLOTSE_INDEX_ENGINE", engine)
    code, told = status()
    assert (code, told["readable"], told["engine"]) == (1, False, None)
    assert CliRunner().invoke(app, ["index", "rebuild"]).exit_code == 0
    code, told = status()
    assert (code, told["readable"], told["offers"], told["lag"]) == (0, True, 0, 0)
    assert told["engine"].startswith(engine)
