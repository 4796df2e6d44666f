"""`netzlotse index`: the read index, which can always be built anew from the record."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from sqlmodel import Session

from aggregator.catalogue.state import record_seq
from aggregator.commands.record import open_record
from aggregator.index.base import Query
from aggregator.index.directory import open_searcher, read_state, size_of
from aggregator.index.feed import rebuild
from aggregator.settings import load_settings
from crawlers.commands.terminal import console

index = typer.Typer(no_args_is_help=True)


@index.callback()
def about() -> None:
    """Look at the search index, or build it anew from the record.

    Examples:
        netzlotse index status

        netzlotse index rebuild
    """


@index.command(name="rebuild")
def rebuild_index() -> None:
    """Build the index anew beside the old one, which answers until the new one is whole.

    Examples:
        netzlotse index rebuild
    """
    settings = load_settings()
    engine = open_record(settings)
    seq = rebuild(engine, settings.index_dir, settings.index_engine)
    offers = open_searcher(settings.index_dir).search(Query(limit=0)).total
    console().print(f"{offers} offers, at change {seq}")


@index.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Tell what the index was built with, how far it is, and what it lacks; 1 if it must be mended.

    Examples:
        netzlotse index status --json
    """
    settings = load_settings()
    engine = open_record(settings)
    with Session(engine) as session:
        newest = record_seq(session)
    state = read_state(settings.index_dir)
    searcher = open_searcher(settings.index_dir)
    told = {
        "engine": state.schema.partition("/")[2] if state else None,
        "layout": state.schema.partition("/")[0] if state else None,
        "analyser": state.analyser if state else None,
        "vocabulary": state.vocabulary[:12] if state else None,
        "offers": searcher.search(Query(limit=0)).total,
        "bytes": size_of(settings.index_dir),
        "seq": state.seq if state else 0,
        "record_seq": newest,
        "lag": newest - (state.seq if state else 0),
        "readable": searcher.readable(),
    }
    if as_json:
        typer.echo(json.dumps(told))
    else:
        for name, value in told.items():
            console().print(f"{name:>11}: {value}")
    if not told["readable"] or told["lag"]:
        raise typer.Exit(1)
