"""The front door: `netzlotse VERB`. Each verb is a module in the `commands` of its package."""

from __future__ import annotations

import sys

import typer
from sqlalchemy.exc import OperationalError

from aggregator import logs
from aggregator.commands.backup import backup, restore
from aggregator.commands.bench import bench
from aggregator.commands.check import check
from aggregator.commands.confirm import confirm
from aggregator.commands.diagnose import diagnose
from aggregator.commands.explain import explain
from aggregator.commands.export import export
from aggregator.commands.history import history
from aggregator.commands.index import index
from aggregator.commands.migrate import migrate
from aggregator.commands.patch import patch
from aggregator.commands.places import places
from aggregator.commands.rekey import rekey
from aggregator.commands.release import release
from aggregator.commands.resolve import resolve
from aggregator.commands.runs import runs
from aggregator.commands.search import search
from aggregator.commands.settings import settings
from aggregator.commands.stats import stats
from aggregator.commands.suppress import suppress
from aggregator.commands.topics import topics
from aggregator.commands.verify import verify
from aggregator.settings import SettingsError, log_choice
from aggregator.store.schema import SchemaError
from aggregator.suppression import SuppressionError
from api.commands.bench import api as bench_api
from api.commands.bench import pages as bench_pages
from api.commands.bench import scale as bench_scale
from api.commands.load import load as bench_load
from api.commands.openapi import openapi
from api.commands.serve import serve
from crawlers.commands.sources import sources
from crawlers.depot import DepotError
from crawlers.source import SourceError
from schedules.commands.accept import accept
from schedules.commands.add import add
from schedules.commands.crawl import crawl
from schedules.commands.demo import demo
from schedules.commands.follow import follow
from schedules.commands.notify import notify
from schedules.commands.probe import probe
from schedules.commands.purge import purge
from schedules.commands.replay import replay
from schedules.commands.schedule import schedule
from schedules.commands.worker import worker

app = typer.Typer(
    help="Pilot through the networks: harvests what help there is for single parents, and where.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
for verb in (
    sources,
    probe,
    add,
    crawl,
    runs,
    diagnose,
    check,
    accept,
    confirm,
    rekey,
    history,
    search,
    export,
    release,
    patch,
    serve,
    follow,
    openapi,
    schedule,
    worker,
    notify,
    demo,
    migrate,
    settings,
    explain,
    topics,
    replay,
    purge,
    resolve,
    suppress,
    verify,
    backup,
    restore,
):
    app.command()(verb)
bench.command("api")(bench_api)
bench.command("pages")(bench_pages)
bench.command("scale")(bench_scale)
bench.command("load")(bench_load)
app.add_typer(bench, name="bench")
app.add_typer(index, name="index")
app.add_typer(places, name="places")
app.add_typer(stats, name="stats")


def main() -> None:
    """Run a verb. What a user can put right ends with one clear line and exit code 1."""
    logs.begin(*log_choice())
    try:
        app()
    except (SourceError, SettingsError, SchemaError, SuppressionError, DepotError) as error:
        for line in str(error).splitlines():
            sys.stderr.write(f"netzlotse: {line}\n")
        sys.exit(1)
    except OperationalError as error:
        sys.stderr.write(
            f"netzlotse: the database: {error.orig}; nothing of this was written: see to the disk "
            "or the server, then run it again\n"
        )
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"netzlotse: {where}{error.strerror or error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
