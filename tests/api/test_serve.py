"""`netzlotse serve` where it cannot listen."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import typer

from api.commands.serve import serve


def test_port_in_use_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NETZLOTSE_DATA_DIR", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(typer.Exit) as end:
            serve(port=port, host="127.0.0.1")
    assert end.value.exit_code == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        f"Port {port} is in use: stop the other program or choose one with --port."
    ]
