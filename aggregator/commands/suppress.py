"""`netzlotse suppress`: never publish this again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from aggregator.commands.record import open_record
from aggregator.erasure import allow
from aggregator.settings import load_settings
from aggregator.store.transaction import publishing
from aggregator.suppression import Kind
from aggregator.takedown import take_down


def suppress(
    what: Annotated[str, typer.Argument(help="A telephone number, mail address or listing id.")],
    reason: Annotated[str, typer.Option(help="Why; must not name the person.")] = "",
    by: Annotated[str, typer.Option(help="Who decided.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take it off the list again.")] = False,
) -> None:
    """Take a number, an address or a listing out of what is published, for good.

    Past releases that hold it are rebuilt, each with an erratum and new hashes.

    The list holds hashes only, under the key in `suppression.key` of the data folder, which
    belongs into every backup. Every later crawl obeys it. Raw pages keep the value until they are
    purged; nobody is shown those. What was suppressed comes back after --undo with the next crawl
    or `netzlotse replay --apply`.

    Examples:
        netzlotse suppress "030 23125 000" --reason "Wunsch der Person" --by redaktion

        netzlotse suppress kontakt@verein.example --undo
    """
    settings = load_settings()
    engine = open_record(settings)
    now = datetime.now(UTC)
    if undo:
        with publishing(engine) as session:
            listed = allow(session, settings.suppression_key, what)
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
    for one in done.releases:
        typer.echo(f"release {one} rebuilt, with an erratum and new hashes")
