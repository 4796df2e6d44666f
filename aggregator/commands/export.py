"""`netzlotse export`: every listing as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from aggregator.commands.record import open_record
from aggregator.export import ExportFormat, write_listings
from aggregator.published import listings
from aggregator.settings import load_settings


def export(
    folder: Annotated[Path, typer.Argument(help="Where to write; made if missing.")],
    form: Annotated[ExportFormat, typer.Option("--format", help="File format.")] = (
        ExportFormat.JSONL
    ),
) -> None:
    """Write all published listings: listings.jsonl (one a line) or listings.csv.

    Examples:
        netzlotse export out

        netzlotse export --format csv out
    """
    engine = open_record(load_settings())
    with Session(engine) as session:
        path, count = write_listings(listings(session), form, folder)
    typer.echo(f"{path}: {count} listings")
