"""The front door: `netzlotse VERB`. Each verb is a module in the `commands` of its package."""

from __future__ import annotations

import logging
import os
import sys

import typer

from aggregator.commands.export import export
from aggregator.commands.migrate import migrate
from aggregator.commands.runs import runs
from aggregator.commands.search import search
from aggregator.commands.settings import settings
from aggregator.settings import SettingsError
from aggregator.store.schema import SchemaError
from api.commands.serve import serve
from crawlers.commands.sources import sources
from crawlers.source import SourceError
from schedules.commands.crawl import crawl
from schedules.commands.demo import demo
from schedules.commands.schedule import schedule

app = typer.Typer(
    help="Pilot through the networks: harvests what help there is for single parents, and where.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
for verb in (sources, crawl, runs, search, export, serve, schedule, demo, migrate, settings):
    app.command()(verb)


def main() -> None:
    """Run a verb. What a user can put right ends with one clear line and exit code 1."""
    logging.basicConfig(
        level=os.environ.get("NETZLOTSE_LOG_LEVEL", "INFO").upper(),
        format="%(asctime)s %(levelname)s %(message)s",
        stream=sys.stderr,
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        app()
    except (SourceError, SettingsError, SchemaError) as error:
        for line in str(error).splitlines():
            sys.stderr.write(f"netzlotse: {line}\n")
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"netzlotse: {where}{error.strerror or error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
