"""`netzlotse accept`: publish a run that the gate held back."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from aggregator.acceptance import AcceptError
from aggregator.commands.runs import table_of
from aggregator.settings import load_settings
from aggregator.store.lease import LeaseLostError
from crawlers.commands.terminal import console
from crawlers.source import pick
from schedules.lock import SourceLockedError
from schedules.register import load_declared
from schedules.runner import open_runner


def accept(
    run: Annotated[str, typer.Argument(help="Id of a run that was held back.")],
    reason: Annotated[str, typer.Option(help="Why it is right; kept with the run.")],
    by: Annotated[str, typer.Option(help="Who decides; your login name unless given.")] = "",
) -> None:
    """Publish what a quarantined run found: a person looked, and the site is as it says.

    Who, when and why is kept, and the run is what the next ones are compared with.

    Example:
        netzlotse accept pankow.20261128T030000000000Z --reason "Relaunch, 12 Angebote gestrichen"
    """
    if not reason.strip():
        raise typer.BadParameter("say why: --reason")
    settings = load_settings()
    runner = open_runner(settings)
    (source,) = pick(load_declared(runner.engine, settings), [run.partition(".")[0]])
    try:
        row = runner.accept(source, run, by.strip() or getpass.getuser(), reason.strip())
    except (AcceptError, LeaseLostError, SourceLockedError) as error:
        typer.echo(f"netzlotse: {error}", err=True)
        raise typer.Exit(1) from error
    console().print(table_of([row]))
