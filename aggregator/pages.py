"""Which archived versions of pages the record knows, and which crawl they answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from aggregator.store.binding import bindable
from aggregator.store.tables import PageRow
from crawlers.failure import Failure
from crawlers.spool import PageEntry


def keep_pages(
    session: Session,
    source_id: str,
    entries: Iterable[PageEntry],
    seen_at: datetime,
    accepted_run_id: str | None,
) -> dict[str, int]:
    """Note the archived versions of a crawl; their ids by every URL that led to them.

    A page that came and could not be read is kept too: a better reader may. `accepted_run_id` is
    the crawl's id where it is published: its pages are then what a replay reads.
    """
    versions = _versions(session, source_id)
    by_url: dict[str, PageRow] = {}
    for entry in _archived(entries):
        assert entry.archived is not None  # noqa: S101 - as chosen
        row = versions.get((entry.url, entry.archived.sha256))
        if row is None:
            row = _row(source_id, entry)
            versions[entry.url, row.sha256] = row
            session.add(row)
        else:
            _bring_up(row, entry)
        by_url[entry.url] = by_url[entry.requested_url] = row
    session.flush()
    seen = sorted({row.id for row in by_url.values() if row.id is not None})
    values: dict[str, object] = {"last_seen": seen_at}
    if accepted_run_id:
        values["accepted_run_id"] = accepted_run_id
    for part in bindable(seen):
        session.execute(
            update(PageRow)
            .where(col(PageRow.id).in_(part))
            .values(**values)
            .execution_options(synchronize_session=False)
        )
    return {url: row.id for url, row in by_url.items() if row.id is not None}


def known_versions(
    session: Session, source_id: str, entries: Iterable[PageEntry]
) -> dict[str, int]:
    """The ids of the versions that a replay read, by URL."""
    versions = _versions(session, source_id)
    rows = {
        entry.url: versions[entry.url, entry.archived.sha256]
        for entry in _archived(entries)
        if entry.archived and (entry.url, entry.archived.sha256) in versions
    }
    return {url: row.id for url, row in rows.items() if row.id is not None}


def pages_of(session: Session, run_id: str) -> list[PageRow]:
    """The versions that a published crawl was answered with, and no later one: what to replay."""
    query = select(PageRow).where(PageRow.accepted_run_id == run_id)
    return list(session.exec(query.order_by(col(PageRow.url), col(PageRow.id))))


def _versions(session: Session, source_id: str) -> dict[tuple[str, str], PageRow]:
    query = select(PageRow).where(PageRow.source_id == source_id)
    return {(row.url, row.sha256): row for row in session.exec(query)}


def _archived(entries: Iterable[PageEntry]) -> list[PageEntry]:
    return [
        entry
        for entry in entries
        if entry.archived is not None and entry.failure in {None, Failure.PARSE}
    ]


def _row(source_id: str, entry: PageEntry) -> PageRow:
    assert entry.archived is not None  # noqa: S101 - the caller chose such entries
    return PageRow(
        source_id=source_id,
        url=entry.url,
        sha256=entry.archived.sha256,
        archive=entry.archived.file,
        offset=entry.archived.offset,
        media_type=entry.media_type,
        etag=entry.etag,
        last_modified=entry.last_modified,
        first_seen=entry.fetched_at,
        last_seen=entry.fetched_at,
    )


def _bring_up(row: PageRow, entry: PageEntry) -> None:
    """Note what the server calls a known version today, and where it stands if it was purged."""
    if (row.etag, row.last_modified) != (entry.etag, entry.last_modified):
        row.etag, row.last_modified = entry.etag, entry.last_modified
    if row.purged_at is not None and entry.archived is not None:
        row.archive, row.offset = entry.archived.file, entry.archived.offset
        row.purged_at = None
