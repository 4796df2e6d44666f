"""`netzlotse runs`: what came of the crawls."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from sqlmodel import Session, col, select

from aggregator.commands.record import open_record
from aggregator.harvest import BERLIN
from aggregator.settings import load_settings
from aggregator.store.tables import RunRow
from crawlers.commands.terminal import console


def runs(
    source: Annotated[list[str] | None, typer.Argument(help="Ids of sources; all if none.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, latest first.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List runs: verdict, pages, offers, and what the gate said.

    Examples:
        netzlotse runs

        netzlotse runs pankow --limit 3 --json
    """
    engine = open_record(load_settings())
    query = select(RunRow).order_by(col(RunRow.finished_at).desc()).limit(limit)
    if source:
        query = query.where(col(RunRow.source_id).in_(source))
    with Session(engine) as session:
        rows = list(session.exec(query))
    if as_json:
        for row in rows:
            typer.echo(row.model_dump_json())
        return
    out = console()
    if not rows:
        out.print("no runs yet: `netzlotse crawl --all` makes some")
        return
    out.print(table_of(rows))


def table_of(rows: list[RunRow]) -> Table:
    """Runs as a table for people: + added, ~ changed, - missing."""
    table = Table(
        "source", "finished", "verdict", "pages", "304", "failed", "offers", "+", "~", "-",
        "what the gate said",
    )  # fmt: skip
    names = (
        "pages", "not_modified", "failed", "records", "added", "changed", "missing",
    )  # fmt: skip
    for row in rows:
        table.add_row(
            row.source_id,
            f"{row.finished_at.astimezone(BERLIN):%d.%m. %H:%M}",
            row.verdict,
            *(str(row.counts.get(name, "–")) for name in names),
            "; ".join(str(reason["message"]) for reason in row.reasons),
        )
    return table
