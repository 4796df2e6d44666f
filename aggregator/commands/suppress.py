"""`netzlotse suppress`: never publish this again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from aggregator.commands.record import open_record
from aggregator.erasure import allow
from aggregator.settings import load_settings
from aggregator.sharing import key_of
from aggregator.store.transaction import publishing
from aggregator.suppression import Kind
from aggregator.suppression_file import read_list, write_list
from aggregator.takedown import take_down, take_over


def suppress(
    what: Annotated[
        str, typer.Argument(help="A telephone number, mail address or listing id.")
    ] = "",
    reason: Annotated[str, typer.Option(help="Why; must not name the person.")] = "",
    by: Annotated[str, typer.Option(help="Who decided.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take it off the list again.")] = False,
    export: Annotated[
        Path | None, typer.Option("--export", help="Write the list, to be kept beside backups.")
    ] = None,
    import_: Annotated[
        Path | None,
        typer.Option("--import", help="Add such a list, then take all on it out again."),
    ] = None,
) -> None:
    """Take a number, an address or a listing out of what is published, for good.

    Past releases that hold it are rebuilt, each with an erratum and new hashes.

    The list holds hashes only, under the key in `suppression.key` of the data folder, which
    belongs into every backup. Every later crawl obeys it. Raw pages keep the value until they are
    purged; nobody is shown those. What was suppressed comes back after --undo with the next crawl
    or `netzlotse replay --apply`.

    A backup knows nothing of what was suppressed after it was made: --export keeps the list apart,
    and --import after putting a backup back takes all that out again.

    Examples:
        netzlotse suppress "030 23125 000" --reason "Wunsch der Person" --by redaktion

        netzlotse suppress kontakt@verein.example --undo

        netzlotse suppress --export /backup/suppressed.jsonl
    """
    settings = load_settings()
    if bool(what) + bool(export) + bool(import_) != 1:
        raise typer.BadParameter("name what to suppress, or --export, or --import")
    engine = open_record(settings)
    now = datetime.now(UTC)
    if export:
        with Session(engine) as session:
            count = write_list(session, key_of(settings), export)
        typer.echo(f"{count} entries written to {export}")
        return
    if import_:
        entries = read_list(import_, key_of(settings))
        changed, releases = take_over(engine, settings, entries, now)
        typer.echo(f"{len(entries)} entries; {changed} listings changed")
        _tell(releases)
        return
    if undo:
        with publishing(engine) as session:
            listed = allow(session, key_of(settings), what)
        typer.echo("no longer suppressed" if listed else "was not suppressed")
        return
    if not reason:
        raise typer.BadParameter("a reason is needed", param_hint="--reason")
    done = take_down(engine, settings, what, reason, by, now)
    erased = done.erased
    found = f"{erased.listings} listings and {erased.networks} networks changed"
    if erased.kind is Kind.LISTING:
        found = "withdrawn" if erased.listings else "no such listing now"
    typer.echo(f"{erased.kind} suppressed; {found}")
    _tell(done.releases)


def _tell(releases: Iterable[str]) -> None:
    for one in releases:
        typer.echo(f"release {one} rebuilt, with an erratum and new hashes")
