"""Made sites without a server: what a crawl of them would leave, written as a run folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from crawlers.archive import ArchiveWriter
from crawlers.failure import Failure
from crawlers.page import ArchiveRef
from crawlers.record import Passage, Record, Role, Trust
from crawlers.source import Source
from crawlers.spool import PageEntry, PageWriter, Summary, finish, note_crash, write_records

_EXTRACTOR = "made@1"


@dataclass(frozen=True, slots=True)
class MadeOffer:
    """An offer on a page of its own, at `path`; `ends` is its last day, ISO 8601."""

    path: str
    title: str
    phone: str
    text: str
    ends: str | None = None

    def record(self, origin: str) -> Record:
        """The record that an adapter would read from its page."""
        passages = [
            Passage(Role.TITLE, self.title, "h1"),
            Passage(Role.TEXT, self.text, "p:nth-of-type(1)"),
        ]
        if self.phone:
            passages.append(Passage(Role.PHONE, self.phone, "a"))
        if self.ends:
            passages.append(Passage(Role.ENDS, self.ends, "time"))
            passages.append(Passage(Role.STARTS, self.ends, "time"))
        return Record(self.path, origin + self.path, tuple(passages), _EXTRACTOR, Trust.MARKUP)


@dataclass(frozen=True, slots=True)
class MadeCrawl:
    """What a crawl met: the offers whose pages came, and what became of other pages."""

    offers: tuple[MadeOffer, ...] = ()
    failures: Mapping[str, Failure] = field(default_factory=dict)
    """By path; "/" is the start page, on which all offers are linked."""
    following: frozenset[str] = frozenset()
    """Paths that were asked for as the next page of a list."""
    finish: str = "finished"
    crashed: bool = False
    interrupted: bool = False
    """The machine went down during the crawl."""


def leave(
    home: Path, source: Source, at: datetime, crawl: MadeCrawl, archive: Path | None = None
) -> Path:
    """Write the run folder of a crawl that ended `at`; its name is the run's id.

    With `archive` its pages are archived there, as a crawl would.
    """
    run_id = f"{source.id}.{at:%Y%m%dT%H%M%S%fZ}"
    folder = home / run_id
    folder.mkdir(parents=True)
    origin = source.start[0].rstrip("/")
    writer = PageWriter(folder)
    entries = list(_entries(origin, run_id, at, crawl))
    if archive is not None:
        entries = list(_archived(entries, archive, source.id, run_id))
    for entry in entries:
        writer.write(entry)
    writer.close()
    if crawl.crashed:
        note_crash(folder, 1)
    if crawl.crashed or crawl.interrupted:
        return folder
    records = [offer.record(origin) for offer in crawl.offers]
    failed = sum(entry.failure is not None for entry in entries)
    summary = Summary(
        run_id=run_id,
        source_id=source.id,
        started_at=at - timedelta(minutes=5),
        finished_at=at,
        finish=crawl.finish,
        complete=crawl.finish == "finished",
        pages=len(entries),
        fetched=len(entries) - failed,
        not_modified=0,
        failed=failed,
        records=len(records),
    )
    write_records(folder, records)
    finish(folder, summary)
    return folder


def _entries(origin: str, run_id: str, at: datetime, crawl: MadeCrawl) -> Iterable[PageEntry]:
    bodies = {"/": " ".join(offer.path for offer in crawl.offers)}
    bodies |= {offer.path: repr(offer) for offer in crawl.offers}
    for path in dict.fromkeys(("/", *bodies, *crawl.failures)):
        failure = crawl.failures.get(path)
        said = bodies.get(path, "")
        body = hashlib.sha256(said.encode()).hexdigest()
        yield PageEntry(
            url=origin + path,
            requested_url=origin + path,
            fetched_at=at,
            failure=failure,
            reason=said,
            archived=None if failure else ArchiveRef(f"{run_id}.warc.gz", 0, body),
            following=path in crawl.following,
        )


def _archived(
    entries: Iterable[PageEntry], archive: Path, source_id: str, run_id: str
) -> Iterable[PageEntry]:
    with ArchiveWriter(archive, source_id, run_id, "made") as writer:
        for entry in entries:
            if entry.archived is None:
                yield entry
                continue
            html = [("Content-Type", "text/html; charset=utf-8")]
            archived = writer.write(entry.url, 200, html, entry.reason.encode(), entry.fetched_at)
            yield replace(entry, archived=archived)
