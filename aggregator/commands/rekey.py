"""`netzlotse rekey`: listings whose page moved or whose title was corrected."""

from __future__ import annotations

import getpass
import json
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table
from sqlmodel import Session, col, select

from aggregator.aliases import AliasError, split
from aggregator.commands.record import open_record
from aggregator.harvest import BERLIN
from aggregator.index.feed import catch_up
from aggregator.log import ChangeLog
from aggregator.settings import load_settings
from aggregator.store.tables import AliasRow, ListingRow
from aggregator.store.transaction import publishing
from crawlers.commands.terminal import console


def rekey(
    undo: Annotated[str | None, typer.Option(help="Alias to take back.")] = None,
    reason: Annotated[str, typer.Option(help="Why it is none; kept.")] = "",
    by: Annotated[str, typer.Option(help="Who decides; your login name unless given.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List records that were recognised as known listings under a new key, or take one back.

    Taking back gives the known listing what it said before, makes what was read since a listing of
    its own, and is remembered: the two are never joined again.

    Examples:
        netzlotse rekey

        netzlotse rekey --undo 0b8e3f0c-… --reason "zwei Gruppen, ein Text"
    """
    settings = load_settings()
    engine = open_record(settings)
    if undo is not None:
        if not reason.strip():
            raise typer.BadParameter("say why: --reason")
        try:
            with publishing(engine) as session:
                changes = ChangeLog(session, "", datetime.now(UTC))
                new = split(changes, undo, by.strip() or getpass.getuser(), reason.strip()).id
        except AliasError as error:
            typer.echo(f"netzlotse: {error}", err=True)
            raise typer.Exit(1) from error
        catch_up(engine, settings.index_dir, settings.index_engine)
        typer.echo(f"{new} is a listing of its own again")
        return
    with Session(engine) as session:
        query = (
            select(AliasRow, ListingRow.flat)
            .join(ListingRow, col(ListingRow.id) == col(AliasRow.listing_id))
            .order_by(col(AliasRow.at), col(AliasRow.id))
        )
        rows = session.exec(query).all()
    if as_json:
        for row, _ in rows:
            typer.echo(json.dumps(row.model_dump(mode="json"), ensure_ascii=False))
        return
    table = Table("alias", "since", "source", "listing", "title", "new key", "why", "taken back")
    for row, flat in rows:
        table.add_row(
            row.id,
            f"{row.at.astimezone(BERLIN):%Y-%m-%d}",
            row.source_id,
            row.listing_id,
            flat.get("title", ""),
            row.key,
            row.reason,
            f"{row.undone_at.astimezone(BERLIN):%Y-%m-%d}" if row.undone_at else "",
        )
    console().print(table)
