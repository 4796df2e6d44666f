"""`netzlotse stats`: figures from outside that comparisons divide by."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aggregator.commands.record import open_record
from aggregator.settings import load_settings
from aggregator.statistics import import_statistics, read_statistics
from aggregator.store.transaction import publishing

stats = typer.Typer(
    help="""Figures from outside: how many single-parent families live in a region.

    Example:
        netzlotse stats import families.csv
    """,
    no_args_is_help=True,
)


@stats.callback()
def _group() -> None:
    """Keep `import` a word of its own."""


@stats.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV with a header: region_key, families, source, date.")
    ],
) -> None:
    """Read figures into the record, all or none; figures of the same day and source are replaced.

    Example:
        netzlotse stats import families.csv
    """
    try:
        rows = read_statistics(file)
    except ValueError as error:
        typer.echo(f"netzlotse: {error}", err=True)
        raise typer.Exit(1) from error
    with publishing(open_record(load_settings())) as session:
        count = import_statistics(session, rows)
    typer.echo(f"{file}: {count} figures")
