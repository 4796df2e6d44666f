"""Archived versions of pages: kept, seen again, purged and fetched anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from aggregator.pages import keep_pages, known_versions, pages_of
from aggregator.store.tables import PageRow, SourceRow
from crawlers.archive import Archive, ArchiveWriter
from crawlers.failure import Failure
from crawlers.page import ArchiveRef
from crawlers.replay import ArchivedPage, reread
from crawlers.source import Source
from crawlers.spool import PageEntry
from tests.crawlers.test_crawl import OFFERS

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
NEXT = MONDAY + timedelta(days=7)
URL = "https://netz.example/"
ENTRY = PageEntry(URL, URL, MONDAY, 200, archived=ArchiveRef("netz/r1.warc.gz", 100, "aa"))


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        session.add(SourceRow(id="netz", title="Netz", region="11"))
        session.flush()
        yield session


def test_what_a_published_crawl_saw_is_what_is_replayed(session: Session) -> None:
    moved = replace(ENTRY, archived=ArchiveRef("netz/r2.warc.gz", 100, "bb"))
    keep_pages(session, "netz", [ENTRY], MONDAY, "r1")
    keep_pages(session, "netz", [moved], NEXT, None)  # quarantined
    session.expire_all()
    assert [row.sha256 for row in pages_of(session, "r1")] == ["aa"]
    keep_pages(session, "netz", [moved], NEXT, "r3")
    session.expire_all()
    assert [row.sha256 for row in pages_of(session, "r3")] == ["bb"]


def test_a_page_that_could_not_be_read_is_kept_and_one_that_never_came_is_not(
    session: Session,
) -> None:
    entries = [replace(ENTRY, failure=Failure.PARSE), replace(ENTRY, url=f"{URL}x", archived=None)]
    entries.append(replace(ENTRY, url=f"{URL}404", failure=Failure.GONE))
    assert list(keep_pages(session, "netz", entries, MONDAY, "r1")) == [URL]
    session.expire_all()
    assert [row.url for row in pages_of(session, "r1")] == [URL]


def test_a_purged_page_that_comes_again_stands_where_it_stands_now(session: Session) -> None:
    (page_id,) = keep_pages(session, "netz", [ENTRY], MONDAY, "r1").values()
    session.get_one(PageRow, page_id).purged_at = MONDAY
    again = replace(ENTRY, archived=ArchiveRef("netz/r2.warc.gz", 7, "aa"))
    assert known_versions(session, "netz", [again]) == {URL: page_id}
    assert keep_pages(session, "netz", [again], NEXT, "r2") == {URL: page_id}
    session.expire_all()
    row = session.get_one(PageRow, page_id)
    assert (row.archive, row.offset, row.purged_at) == ("netz/r2.warc.gz", 7, None)
    assert (row.first_seen, row.last_seen) == (MONDAY, NEXT)


def test_reading_again_mends_what_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = OFFERS.encode()
    with ArchiveWriter(tmp_path, "netz", "r1", "test") as archive:
        there = archive.write(URL, 200, [("Content-Type", "text/html")], body, MONDAY)
    other = replace(there, sha256="4f" * 32)
    source = Source.model_validate({"id": "netz", "title": "N", "region": "11", "start": [URL]})
    (lost,) = reread(Archive(tmp_path), source, [ArchivedPage(URL, other)], NEXT)
    assert "sha256" in lost.lost

    assert there.sha256 == hashlib.sha256(body).hexdigest()
    known = ArchivedPage(URL, there, '"1"')
    with monkeypatch.context() as patch:
        patch.setattr("crawlers.replay.read", lambda *_: 1 / 0)
        (failed,) = reread(Archive(tmp_path), source, [known], NEXT)
    assert failed.entry is not None
    assert failed.entry.failure is Failure.PARSE
    (read,) = reread(Archive(tmp_path), source, [known], NEXT)
    assert read.entry is not None
    assert (read.entry.failure, read.entry.records, read.entry.etag) == (None, 3, '"1"')
