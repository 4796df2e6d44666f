"""`netzlotse settings`: what is set, and what could be."""

from __future__ import annotations

import json
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.table import Table

from aggregator.concealing import concealed
from aggregator.settings import PREFIX, Settings, load_settings
from crawlers.commands.terminal import console


def settings(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """List every setting: its environment variable, its value now, what it does.

    Example:
        NETZLOTSE_DATA_DIR=/srv/netzlotse netzlotse settings
    """
    current = load_settings()
    rows = {
        PREFIX + name.upper(): (_shown(name, getattr(current, name)), field.description or "")
        for name, field in Settings.model_fields.items()
    }
    if as_json:
        typer.echo(json.dumps({name: value for name, (value, _) in rows.items()}, indent=1))
        return
    table = Table("setting", "value", "meaning")
    for name, (value, meaning) in rows.items():
        table.add_row(name, value, meaning)
    console().print(table)


def _shown(name: str, value: object) -> str:
    """A value as text; what is secret in it hidden."""
    if name == "webhook_url" and value:  # of many services the path is the secret
        parts = urlsplit(str(value))
        return f"{parts.scheme}://{parts.hostname}/***"
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value is None else concealed(str(value))
