"""`netzlotse backup` and `netzlotse restore`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from aggregator.backup import BackupError, Saved
from aggregator.backup import backup as save
from aggregator.backup import restore as put_back
from aggregator.commands.record import open_record
from aggregator.index.feed import rebuild
from aggregator.settings import load_settings
from aggregator.verify import verify


def backup(
    target: Annotated[Path, typer.Argument(help="A new folder, or a file .tar, .tar.gz, .tgz.")],
    archive: Annotated[
        bool, typer.Option(help="Copy the archived pages too, or only name their files.")
    ] = True,
) -> None:
    """Save one state of record and archive while everything runs.

    The index is left out: it is built anew. The file holds the key of the suppression list and is
    readable by its owner only.

    Examples:
        netzlotse backup /backup/netzlotse-2026-11-28.tar.gz

        netzlotse backup --no-archive /backup/netzlotse-2026-11-28
    """
    settings = load_settings()
    try:
        saved = save(open_record(settings), settings, target, datetime.now(UTC), archive=archive)
    except BackupError as error:
        raise _ended(error) from error
    _tell(saved, "saved to" if archive else "saved without archived pages to")


def restore(
    saved: Annotated[Path, typer.Argument(help="What `netzlotse backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Put a backup back: record, archive, key; then build the index and check everything.

    End `netzlotse serve` and `netzlotse schedule` first. The database may be another than the
    backup was made of. Exit code 1 where something does not fit.

    Example:
        netzlotse restore /backup/netzlotse-2026-11-28.tar.gz
    """
    settings = load_settings()
    try:
        done = put_back(settings, saved, force=force)
    except BackupError as error:
        raise _ended(error) from error
    engine = open_record(settings)
    rebuild(engine, settings.index_dir, settings.index_engine)
    _tell(done, "restored from")
    report = verify(engine, settings.archive, settings.index_dir)
    for fault in report.faults:
        typer.echo(f"broken {fault.part}: {fault.subject}: {fault.message}")
    if report.faults:
        raise typer.Exit(1)


def _tell(saved: Saved, verb: str) -> None:
    typer.echo(
        f"{saved.offers} offers, {saved.files} archive files, {saved.size:,} bytes "
        f"{verb} {saved.path}"
    )
    for name in saved.lost:
        typer.echo(f"netzlotse: archive file {name} is not there", err=True)


def _ended(error: BackupError) -> typer.Exit:
    typer.echo(f"netzlotse: {error}", err=True)
    return typer.Exit(1)
