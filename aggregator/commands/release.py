"""`netzlotse release`: a dated, immutable edition of the published data."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from aggregator.commands.record import open_record
from aggregator.harvest import BERLIN
from aggregator.release.edition import ReleaseError, make_release
from aggregator.release.metadata import Maker
from aggregator.settings import load_settings
from aggregator.sharing import share_releases
from aggregator.takedown import correct_past


def release(
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            file_okay=False,
            show_default="releases in the data folder",
            help="Where releases stand, a folder each; the portal shows those of the data folder.",
        ),
    ] = None,
) -> None:
    """Write what is published today as files that are never changed again.

    Offers, the evidence of each value, sources and the frame of known networks as CSV, Parquet,
    JSON lines and SQLite, with codebook, hashes, Data Package, DCAT-AP.de, schema.org and
    CITATION.cff, and the delta to the release before. Nothing is written where the last one of
    today says the same. Past releases that still hold what was suppressed are rebuilt first.

    Examples:
        netzlotse release

        netzlotse release --out /srv/releases
    """  # fmt: skip
    settings = load_settings()
    engine = open_record(settings)
    home = out or settings.release_dir
    now = datetime.now(BERLIN)
    today = now.date()
    try:
        share_releases(settings)
        for one in correct_past(engine, settings, now):
            typer.echo(f"release {one} rebuilt: something was suppressed since")
        made = make_release(engine, home, today, Maker.of(settings))
        share_releases(settings)
    except ReleaseError as error:
        typer.echo(f"netzlotse: {error}", err=True)
        raise typer.Exit(1) from error
    rows = ", ".join(f"{count} {name}" for name, count in made.counts.items())
    typer.echo(f"{made.folder}: {rows}{'' if made.new else ' (nothing changed since)'}")
