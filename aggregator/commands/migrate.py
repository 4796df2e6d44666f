"""`netzlotse migrate`: bring the record to this version's schema."""

from __future__ import annotations

import typer

from aggregator.settings import load_settings
from aggregator.store.engine import connect
from aggregator.store.schema import migrate as migrate_record


def migrate() -> None:
    """Bring the database to the schema of this version. Make a backup first.

    Example:
        netzlotse migrate
    """
    settings = load_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    before, after = migrate_record(connect(settings.database))
    typer.echo(
        f"schema version {before or 'none'} -> {after}"
        if before != after
        else f"schema version {after}: nothing to do"
    )
