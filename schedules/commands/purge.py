"""`netzlotse purge`: delete raw pages whose time is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from sqlmodel import Session, col, select

from aggregator.commands.record import open_record
from aggregator.purge import outdated
from aggregator.purge import purge as delete
from aggregator.settings import load_settings
from aggregator.store.lease import source_lease
from aggregator.store.tables import SourceRow
from crawlers.commands.terminal import console
from schedules.hold import hold
from schedules.lock import SourceLockedError


def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Delete archived pages and run folders older than NETZLOTSE_KEEP_PAGES_DAYS.

    Raw pages may name persons. Addresses, hashes, statements and their quotes stay, and
    `netzlotse verify` reports such pages as purged. Exit code 1 where a source was being crawled.

    Examples:
        netzlotse purge --dry-run

        NETZLOTSE_KEEP_PAGES_DAYS=90 netzlotse purge
    """
    settings = load_settings()
    engine = open_record(settings)
    now = datetime.now(UTC)
    before = now - timedelta(days=settings.keep_pages_days)
    with Session(engine) as session:
        sources = session.exec(select(SourceRow.id).order_by(col(SourceRow.id))).all()
    out, busy, gone = console(), False, 0
    for source_id in sources:
        try:
            with hold(engine, settings, source_lease(source_id)):
                found = outdated(engine, settings.archive, settings.spool_dir, source_id, before)
                if found and not dry_run:
                    delete(engine, settings.archive, source_id, found, now)
        except SourceLockedError as error:
            typer.echo(f"netzlotse: {error}", err=True)
            busy = True
            continue
        if found:
            gone += len(found.files)
            out.print(
                f"{source_id}: {len(found.files)} WARC files ({found.size:,} bytes, "
                f"{found.pages} pages), {len(found.folders)} run folders"
            )
    verb = "would be deleted" if dry_run else "deleted"
    out.print(f"{gone} WARC files from before {before:%Y-%m-%d} {verb}")
    if busy:
        raise typer.Exit(1)
