"""`netzlotse sources`: what is declared."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from crawlers.commands.terminal import console
from crawlers.source import PACKAGED, load_sources


def sources(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List the declared sources, and check every declaration.

    The folder is that of NETZLOTSE_SOURCES, else the packaged one.

    Examples:
        netzlotse sources

        NETZLOTSE_SOURCES=my-sources netzlotse sources --json
    """
    folder = Path(os.environ.get("NETZLOTSE_SOURCES", PACKAGED))
    declared = load_sources(folder)
    if as_json:
        for source in declared:
            sys.stdout.write(
                json.dumps(source.model_dump(mode="json", exclude_none=True), ensure_ascii=False)
                + "\n"
            )
        return
    table = Table("id", "title", "region", "network", "rhythm", "start")
    for source in declared:
        table.add_row(
            source.id,
            source.title,
            source.region,
            source.network or "–",
            "disabled" if source.disabled else source.rhythm,
            source.start[0],
        )
    out = console()
    out.print(table)
    out.print(f"{len(declared)} sources declared in {folder}")
