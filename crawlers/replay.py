"""Reading archived pages again: what a crawl would read of them today, without any network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from crawlers import spool
from crawlers.archive import Archive, ArchiveError, read_page
from crawlers.failure import Failure
from crawlers.isolation import UnreadableError
from crawlers.page import ArchiveRef, Page
from crawlers.reading import read
from crawlers.record import Record
from crawlers.source import Source
from crawlers.spool import FoundWriter, PageEntry, PageWriter, Summary
from crawlers.substitute import of_page


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A version of a page in the archive, and what is known of it apart from its body."""

    url: str
    archived: ArchiveRef
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Reread:
    """What came of reading a page again; `lost` says why the archive did not give it."""

    url: str
    entry: PageEntry | None = None
    records: tuple[Record, ...] = ()
    matched: int = 0
    lost: str = ""


def reread(
    archive: Archive, source: Source, pages: Sequence[ArchivedPage], at: datetime
) -> list[Reread]:
    """Read pages of a source out of the archive by today's rules, as of `at`.

    A page that still cannot be read is noted as in a crawl and costs only itself.
    """
    return [_reread(archive, source, page, at) for page in pages]


def write_run(
    folder: Path, pages: Iterable[Reread], records: Sequence[Record], summary: Summary
) -> None:
    """Leave a run folder as a crawl would have."""
    folder.mkdir(parents=True)
    entries, found = PageWriter(folder), FoundWriter(folder)
    for page in pages:
        if page.entry is not None:
            entries.write(page.entry)
            found.write(page.records)
    entries.close()
    found.close()
    spool.write_records(folder, records)
    spool.finish(folder, summary)


def _reread(archive: Archive, source: Source, known: ArchivedPage, at: datetime) -> Reread:
    try:
        page = replace(read_page(archive, known.archived), url=known.url, fetched_at=at)
    except ArchiveError as error:
        return Reread(known.url, lost=f"{error}")
    if (failure := of_page(page)) is not None:
        return Reread(known.url, _entry(page, known, failure, f"HTTP {page.status}"))
    try:
        found = read(page, source)
    except UnreadableError as error:
        return Reread(known.url, _entry(page, known, Failure.PARSE, f"{error}"))
    except Exception as error:  # noqa: BLE001 - one bad page costs that page, as in a crawl
        return Reread(known.url, _entry(page, known, Failure.PARSE, f"{error!r:.300}"))
    entry = replace(_entry(page, known), records=found.count)
    return Reread(known.url, entry, found.records, found.matched)


def _entry(
    page: Page, known: ArchivedPage, failure: Failure | None = None, reason: str = ""
) -> PageEntry:
    return PageEntry(
        url=page.url,
        requested_url=page.url,
        fetched_at=page.fetched_at,
        status=page.status,
        not_modified=True,
        failure=failure,
        reason=reason,
        archived=known.archived,
        media_type=page.media_type,
        etag=known.etag,
        last_modified=known.last_modified,
        size=len(page.body),
    )
