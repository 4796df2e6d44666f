"""The hand-over: what is written is read back, and a damaged folder is named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.failure import Failure
from crawlers.page import ArchiveRef
from crawlers.record import Passage, Record, RecordKind, Role, Trust
from crawlers.spool import (
    JOB,
    RECORDS,
    FoundShelf,
    FoundWriter,
    KnownPage,
    PageEntry,
    PageWriter,
    SpoolError,
    Summary,
    begun_under,
    finish,
    read_known,
    read_pages,
    read_records,
    read_summary,
    write_known,
    write_records,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RECORD = Record(
    key="wp:post:1",
    page_url="https://netz.example/1",
    passages=(
        Passage(Role.TITLE, "Frühstück", "h2"),
        Passage(Role.PHONE, "tel:030", "a"),
        Passage(Role.TEXT, "Alles im Haus Nord, Markt 3", "p", shared=True),
    ),
    extractor="wordpress@1",
    trust=Trust.FEED,
    kind=RecordKind.OFFER,
    detail_url="https://netz.example/1",
)
REF = ArchiveRef("netz/r.warc.gz", 17, "0" * 64)
PAGES = [
    PageEntry("https://netz.example/", "https://netz.example", NOW, 200, archived=REF, etag='"1"'),
    PageEntry("https://x.example/", "https://x.example/", NOW, failure=Failure.DNS, reason="no"),
]
SUMMARY = Summary(
    "r", "netz", NOW, NOW, "finished", True, 2, 1, 0, 1, 1, ("wordpress",), {"h": "x"}
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    entries, found = PageWriter(tmp_path), FoundWriter(tmp_path)
    for entry in PAGES:
        entries.write(entry)
    found.write([RECORD])
    entries.close()
    found.close()
    for held in (0, 1_000_000):
        assert list(FoundShelf(tmp_path, held)) == [RECORD]
    assert write_records(tmp_path, [RECORD]) == 1
    finish(tmp_path, SUMMARY)
    assert list(read_pages(tmp_path)) == PAGES
    assert list(read_records(tmp_path)) == [RECORD]
    assert read_summary(tmp_path) == SUMMARY


def test_a_folder_without_a_summary_is_a_crash(tmp_path: Path) -> None:
    PageWriter(tmp_path).close()
    assert read_summary(tmp_path) is None


def test_known_pages_are_found_by_url(tmp_path: Path) -> None:
    assert read_known(tmp_path) == {}
    page = KnownPage("https://netz.example/", REF, '"1"', None)
    write_known(tmp_path, [page])
    assert read_known(tmp_path) == {page.url: page}


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    (tmp_path / RECORDS).write_text('{"key": "a"', "utf-8")
    with pytest.raises(SpoolError, match=r"records\.jsonl:1"):
        list(read_records(tmp_path))


def test_a_job_that_was_half_written_names_no_lease(tmp_path: Path) -> None:
    (tmp_path / JOB).write_text('{"run_id": "netz.1", "token": 7}', "utf-8")
    assert begun_under(tmp_path) == 7
    (tmp_path / JOB).write_text('{"run_id": "netz.1", "tok', "utf-8")
    assert begun_under(tmp_path) is None
