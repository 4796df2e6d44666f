"""Deleting raw pages when their time is over: they may name persons who never asked to be kept.

What stays of a page is its address, its hash, and the statements with their quotes, from which
names of private persons were taken before they were stored.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, func, update
from sqlmodel import Session, col, select

from aggregator.store.tables import PageRow, RunRow
from aggregator.store.transaction import publishing
from crawlers.archive import WARC, Archive
from crawlers.depot import Entry


@dataclass(frozen=True, slots=True)
class Outdated:
    """What is older than raw pages may be: WARC files, and run folders with what was read."""

    files: tuple[str, ...] = ()
    """Names in the archive."""
    folders: tuple[Path, ...] = ()
    pages: int = 0
    """Page versions that the files hold."""
    size: int = 0
    """Bytes of the files."""

    def __bool__(self) -> bool:
        return bool(self.files or self.folders)


def outdated(
    engine: Engine, archive: Archive, spool_dir: Path, source_id: str, before: datetime
) -> Outdated:
    """What a source has of runs that ended before a time: of files also what the store has.

    Raises DepotError where the store does not answer.
    """
    with Session(engine) as session:
        ended = dict(
            session.exec(
                select(RunRow.id, RunRow.finished_at).where(RunRow.source_id == source_id)
            ).all()
        )
        held = dict(
            session.exec(
                select(PageRow.archive, func.count())
                .where(PageRow.source_id == source_id, col(PageRow.purged_at).is_(None))
                .group_by(col(PageRow.archive))
            ).all()
        )
    files = [one for one in archive.entries(source_id) if _ended(ended, one) < before]
    folders = tuple(
        path
        for path in sorted((spool_dir / source_id).glob("*"))
        # A folder that no run is noted for waits to be taken in.
        if path.name in ended and ended[path.name] < before
    )
    return Outdated(
        tuple(one.name for one in files),
        folders,
        sum(held.get(one.name, 0) for one in files),
        sum(one.size for one in files),
    )


def purge(engine: Engine, archive: Archive, source_id: str, found: Outdated, now: datetime) -> None:
    """Delete what `outdated` found. No crawl of the source may run meanwhile.

    The record is told first: a file that is purged and still there is deleted by the next purge, a
    file that is gone and not purged would be a broken archive. Raises DepotError as `outdated`.
    """
    with publishing(engine) as session:
        for name in found.files:
            session.execute(
                update(PageRow)
                .where(col(PageRow.archive) == name, col(PageRow.source_id) == source_id)
                .values(purged_at=now)
            )
    for name in found.files:
        archive.remove(name)
    for folder in found.folders:
        shutil.rmtree(folder, ignore_errors=True)


def _ended(noted: Mapping[str, datetime], file: Entry) -> datetime:
    """When the run of a file ended; of one that nobody noted, when its file was last written."""
    run_id = file.name.rpartition("/")[2].removesuffix(WARC)
    return noted.get(run_id, file.modified)
