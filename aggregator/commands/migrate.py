"""`netzlotse migrate`: bring the record to this version's schema."""

from __future__ import annotations

from typing import Annotated

import typer

from aggregator.settings import load_settings
from aggregator.store.engine import connect
from aggregator.store.schema import migrate as migrate_record


def migrate(
    finish: Annotated[
        bool,
        typer.Option(
            "--finish",
            help="Also what older versions do not survive: when none of them runs any more.",
        ),
    ] = False,
) -> None:
    """Bring the database to the schema of this version. Make a backup first.

    May run while everything else does: older versions go on working. What they would not survive
    waits for --finish, and the last line says so. Exit code 1 where this version cannot work
    without that.

    Example:
        netzlotse migrate
    """
    settings = load_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    done = migrate_record(connect(settings.database), spare_older=not finish)
    typer.echo(
        f"schema version {done.before or 'none'} -> {done.after}"
        if done.before != done.after
        else f"schema version {done.after}: nothing to do"
    )
    if not done.waiting:
        return
    left = ", ".join(done.waiting)
    if done.works:
        typer.echo(
            f"{left} can wait: when no older netzlotse runs any more, `netzlotse migrate --finish` "
            "takes away what only they use"
        )
        return
    typer.echo(
        f"netzlotse: {left} is left, and needs a pause: end every netzlotse that uses this "
        "database, then run `netzlotse migrate --finish`",
        err=True,
    )
    raise typer.Exit(1)
