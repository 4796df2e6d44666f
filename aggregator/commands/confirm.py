"""`netzlotse confirm`: somebody looked, and an offer is still correct."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table
from sqlmodel import Session

from aggregator.catalogue.offers import unverified
from aggregator.commands.record import open_record
from aggregator.confirming import ConfirmError
from aggregator.confirming import confirm as note
from aggregator.harvest import BERLIN
from aggregator.index.feed import catch_up
from aggregator.log import ChangeLog
from aggregator.settings import load_settings
from aggregator.store.transaction import publishing
from crawlers.commands.terminal import console


def confirm(
    offers: Annotated[list[str] | None, typer.Argument(help="Ids of offers.")] = None,
    reason: Annotated[str, typer.Option(help="How it was checked; kept.")] = "",
    by: Annotated[str, typer.Option(help="Who checked; your login name unless given.")] = "",
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="When; today unless given.")
    ] = None,
) -> None:
    """Note that offers are still correct, or list those that nobody looked at for twelve months.

    Examples:
        netzlotse confirm

        netzlotse confirm 4f1c… --reason "angerufen"
    """
    settings = load_settings()
    engine = open_record(settings)
    now = datetime.now(UTC)
    today = now.astimezone(BERLIN).date()
    if not offers:
        table = Table("offer", "title", "sources", "last looked at")
        with Session(engine) as session:
            for offer, looked in unverified(session, today):
                table.add_row(offer.id, offer.title, ", ".join(offer.sources), f"{looked}")
        console().print(table)
        return
    if not reason.strip():
        raise typer.BadParameter("say how it was checked: --reason")
    day = on.date() if on else today
    if day > today:
        raise typer.BadParameter(f"--on {day} lies ahead")
    try:
        with publishing(engine) as session:
            for offer_id in offers:
                changes = ChangeLog(session, "", now)
                note(changes, offer_id, day, by.strip() or getpass.getuser(), reason.strip())
    except ConfirmError as error:
        typer.echo(f"netzlotse: {error}", err=True)
        raise typer.Exit(1) from error
    catch_up(engine, settings.index_dir, settings.index_engine)
    typer.echo(f"{len(offers)} confirmed on {day}")
