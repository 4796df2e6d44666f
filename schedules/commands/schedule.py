"""`netzlotse schedule`: run every source when its time comes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from aggregator.harvest import BERLIN
from aggregator.settings import load_settings
from crawlers.commands.terminal import console
from crawlers.source import load_sources
from schedules.plan import next_run
from schedules.register import last_started
from schedules.runner import open_runner
from schedules.timetable import run_forever


def schedule(
    plan: Annotated[bool, typer.Option("--plan", help="Only print what would run when.")] = False,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="How many crawls at a time.")] = 4,
) -> None:
    """Crawl every source in its declared rhythm, until Ctrl-C or SIGTERM.

    Examples:
        netzlotse schedule

        netzlotse schedule --plan
    """
    settings = load_settings()
    runner = open_runner(settings)
    sources = [source for source in load_sources(settings.sources) if not source.disabled]
    if not plan:
        run_forever(runner, sources, jobs)
        return
    started, now = last_started(runner.engine), datetime.now(UTC)
    table = Table("next run (Europe/Berlin)", "source", "rhythm", "last run")
    times = {source.id: next_run(source, started.get(source.id), now) for source in sources}
    for source in sorted(sources, key=lambda one: (times[one.id], one.id)):
        last = started.get(source.id)
        table.add_row(
            f"{times[source.id].astimezone(BERLIN):%Y-%m-%d %H:%M}",
            source.id,
            source.rhythm,
            f"{last.astimezone(BERLIN):%Y-%m-%d %H:%M}" if last else "never",
        )
    console().print(table)
