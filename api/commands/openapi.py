"""`netzlotse openapi`: the descriptions of both APIs, as they are published."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from aggregator.settings import Settings
from api.app import create_app


def openapi(
    folder: Annotated[Path, typer.Argument(help="Where the two files go.")] = Path("docs"),
) -> None:
    """Write openapi.json (API v1) and hsds.openapi.json; a test compares those in docs/.

    Example: netzlotse openapi docs
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, description in descriptions().items():
        (folder / name).write_text(written(description), "utf-8")
        typer.echo(folder / name)


def descriptions() -> dict[str, dict[str, Any]]:
    """Both descriptions by their file's name."""
    with TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder)))
        hsds = app.state.hsds
        hsds_too = hsds.openapi() | {"servers": [{"url": "/hsds"}]}
        return {"openapi.json": app.openapi(), "hsds.openapi.json": hsds_too}


def written(description: dict[str, Any]) -> str:
    """A description as text: a change shows as the lines that changed."""
    return json.dumps(description, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
