"""`netzlotse schedule`: run every source when its time comes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from aggregator.harvest import BERLIN
from aggregator.settings import load_settings
from crawlers.commands.terminal import console
from schedules.notice.post import deliver
from schedules.plan import NEW, days_between, plan
from schedules.register import load_declared, pasts
from schedules.runner import Runner, open_runner
from schedules.timetable import run_forever


def schedule(
    only_plan: Annotated[
        bool, typer.Option("--plan", help="Only print what would run when, and why.")
    ] = False,
    jobs: Annotated[
        int, typer.Option(min=1, max=64, help="How many crawls at a time (SQLite).")
    ] = 4,
    as_json: Annotated[bool, typer.Option("--json", help="With --plan: one JSON list.")] = False,
) -> None:
    """Crawl every source in its declared rhythm, until Ctrl-C or SIGTERM.

    Declarations are followed while it runs. A site that never changes is visited less often, one
    with a date ahead once more before it, one that failed again within hours.

    With PostgreSQL it visits nothing itself: it orders the visits, and `netzlotse worker` makes
    them. Of several schedules one leads; another does within seconds of its end.

    Examples:
        netzlotse schedule

        netzlotse schedule --plan --json
    """
    settings = load_settings()
    clustered = not settings.database.startswith("sqlite")
    runner = open_runner(settings, indexing=not clustered)
    if not only_plan and clustered:
        from schedules.leader import lead_forever  # noqa: PLC0415 - only where there is a queue

        lead_forever(runner)
        return
    if not only_plan:
        run_forever(runner, jobs, [("notices", 60, lambda: _tell(runner))])
        return
    now = datetime.now(UTC)
    known = pasts(runner.engine, settings, now)
    sources = [source for source in load_declared(runner.engine, settings) if not source.disabled]
    visits = {source.id: plan(source, known.get(source.id, NEW), now) for source in sources}
    sources.sort(key=lambda one: (visits[one.id].at, one.id))
    rows = [(source, visits[source.id], known.get(source.id, NEW)) for source in sources]
    if as_json:
        told = [
            {
                "source": source.id,
                "at": visit.at.isoformat(),
                "reason": visit.reason,
                "every_days": days_between(source, past.steady),
                "last_started": past.last_started and past.last_started.isoformat(),
                "failures": past.failures,
            }
            for source, visit, past in rows
        ]
        typer.echo(json.dumps(told, indent=1))
        return
    table = Table("next run (Europe/Berlin)", "source", "why", "rhythm", "last run")
    for source, visit, past in rows:
        last = past.last_started
        table.add_row(
            f"{visit.at.astimezone(BERLIN):%Y-%m-%d %H:%M}" if visit.at > now else "now",
            source.id,
            visit.reason,
            source.rhythm,
            f"{last.astimezone(BERLIN):%Y-%m-%d %H:%M}" if last else "never",
        )
    console().print(table)


def _tell(runner: Runner) -> None:
    deliver(runner.engine, runner.settings, datetime.now(UTC))
