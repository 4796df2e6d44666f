"""`netzlotse crawl`: harvest sources now."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from aggregator.commands.runs import table_of
from aggregator.settings import load_settings
from aggregator.store.lease import LeaseLostError
from aggregator.store.tables import RunRow, Verdict
from crawlers.commands.terminal import console
from crawlers.depot import DepotError
from crawlers.source import Source, pick
from schedules.lock import SourceLockedError
from schedules.plan import due
from schedules.register import load_declared, pasts
from schedules.runner import CutOffError, Runner, open_runner

logger = logging.getLogger(__name__)


def crawl(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of sources.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every declared source.")] = False,
    only_due: Annotated[bool, typer.Option("--due", help="Those whose time has come.")] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Everything of an HSDS source, not what changed alone.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="How many at a time.")] = 4,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a run.")] = False,
) -> None:
    """Crawl sources, judge each run, publish what passes the gate.

    Exit code 0 only when every run asked for was published.

    Examples:
        netzlotse crawl pankow lichtenberg

        netzlotse crawl --all

        netzlotse crawl --due --json

        netzlotse crawl --full berlin
    """
    if sum((bool(ids), everything, only_due)) != 1:
        raise typer.BadParameter("name sources, or say --all or --due")
    settings = load_settings()
    runner = open_runner(settings)
    declared = load_declared(runner.engine, settings)
    wanted = _wanted(runner, declared, ids or [], only_due=only_due)
    if not wanted:
        typer.echo("nothing is due", err=True)
        return
    rows, refused = run_all(runner, wanted, jobs, full=full)
    if as_json:
        for row in rows:
            typer.echo(row.model_dump_json())
    else:
        console().print(table_of(rows))
    for line in refused:
        typer.echo(f"netzlotse: {line}", err=True)
    if refused or any(row.verdict not in {Verdict.ACCEPTED, Verdict.WARNED} for row in rows):
        raise typer.Exit(1)


def run_all(
    runner: Runner, sources: Sequence[Source], jobs: int, *, full: bool = False
) -> tuple[list[RunRow], list[str]]:
    """Run sources side by side; their rows in the order of `sources`, and why others did not run.

    In a terminal a bar a source shows how far it is; elsewhere a line tells of each end.
    """
    rows: dict[str, RunRow] = {}
    refused: list[str] = []
    with _bars() as bars, ThreadPoolExecutor(max_workers=jobs) as pool:
        waiting = {pool.submit(_run, runner, source, bars, full): source for source in sources}
        for future in as_completed(waiting):
            source = waiting[future]
            try:
                rows[source.id] = future.result()
            except KeyboardInterrupt:
                runner.stop()
                raise
            except (CutOffError, DepotError, LeaseLostError, SourceLockedError) as error:
                refused.append(str(error))
            except Exception as error:  # one source must not cost the others their reports
                logger.exception("%s failed", source.id)
                refused.append(f"{source.id}: {error!r}; this is a fault of netzlotse, see the log")
            else:
                _tell(rows[source.id])
    return [rows[source.id] for source in sources if source.id in rows], refused


def _wanted(
    runner: Runner, declared: Sequence[Source], ids: Sequence[str], *, only_due: bool
) -> list[Source]:
    if ids:
        return pick(declared, ids)
    if only_due:
        now = datetime.now(UTC)
        return due(declared, pasts(runner.engine, runner.settings, now), now)
    return [source for source in declared if not source.disabled]


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[records]} records"),
        TimeElapsedColumn(),
        console=console(stderr=True),
        disable=not sys.stderr.isatty(),
    )


def _run(runner: Runner, source: Source, bars: Progress, full: bool) -> RunRow:
    task: TaskID = bars.add_task(source.id, total=None, records=0)

    def show(done: dict[str, float]) -> None:
        pages = done["fetched"] + done["not_modified"] + done["failed"]
        bars.update(task, completed=pages, total=done["asked"], records=done["records"])

    return runner.run(source, show, full=full)


def _tell(row: RunRow) -> None:
    if sys.stderr.isatty():
        return
    names = ("pages", "not_modified", "failed", "records", "added", "changed", "missing")
    logger.info(
        "%s: %s, %s pages (%s not modified, %s failed), %s offers (%s added, %s changed, "
        "%s missing)",
        row.source_id,
        row.verdict,
        *(row.counts.get(name, 0) for name in names),
    )
