"""`netzlotse add`: declare a site, with a test case of it for review."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from aggregator.places.places import load_gazetteer
from aggregator.settings import load_settings
from schedules.case import refuse_known, write_declaration
from schedules.commands.probe import AsJson, Pages, Region
from schedules.findings import findings
from schedules.probe import Wish, probe
from schedules.proposal import first_source


def add(
    url: Annotated[str, typer.Argument(help="Where the site starts.")],
    source_id: Annotated[
        str | None, typer.Option("--id", help="Id of the source; else made from the host.")
    ] = None,
    into: Annotated[
        Path | None, typer.Option(help="Folder of declarations; else NETZLOTSE_SOURCES.")
    ] = None,
    pages: Pages = 40,
    region: Region = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the declaration of this id.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Probe a site and write its declaration and a test case, both for review.

    Beside `<land>/<id>.yml` stands `<id>.case/` with the richest page, when it came, and what was
    read on it. Nothing is overwritten without --force.

    Examples:
        netzlotse add https://netz.example/

        netzlotse add https://netz.example/ --id netz --into my-sources --json
    """
    settings = load_settings()
    folder = into or settings.sources
    source = first_source(url, source_id, region, pages=pages)
    if not force:
        refuse_known(source.id, folder)
    with tempfile.TemporaryDirectory(prefix="netzlotse-add-") as home:
        places = load_gazetteer(settings.places_dir)
        probed = probe(Wish(url, pages, region, source_id), settings, places, Path(home))
        files = write_declaration(probed, folder, force=force)
    if as_json:
        written = [str(file) for file in files]
        typer.echo(
            json.dumps({**findings(probed), "files": written}, ensure_ascii=False, default=str)
        )
        return
    for warned in probed.warnings:
        typer.echo(f"Achtung: {warned.message} {warned.url}".rstrip())
    typer.echo(f"Geschrieben ({len(probed.harvest.offers)} Angebote gefunden):")
    for file in files:
        typer.echo(f"  {file}")
    typer.echo(
        "Bitte prüfen: in der .yml Titel, Region und Erwartung (expect); in expected.json jedes "
        "Angebot gegen die Seite.\nStimmt alles, in der .yml den Tag unter verified eintragen."
    )
