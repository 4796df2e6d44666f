"""Purging raw pages: gone from the disk, told as purged, fetched whole by the next crawl."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from aggregator.purge import outdated, purge
from aggregator.store.tables import ChangeRow, PageRow, StatementRow
from aggregator.verify import Report, verify
from schedules.replay import Replayer
from tests.schedules.conftest import Site

NOW = datetime.now(UTC)


def purge_before(site: Site, before: datetime) -> int:
    settings, engine = site.settings, site.runner.engine
    found = outdated(engine, settings.archive, settings.spool_dir, "netz", before)
    purge(engine, settings.archive, "netz", found, NOW)
    return len(found.files)


def checked(site: Site) -> Report:
    return verify(site.runner.engine, site.settings.archive, site.settings.index_dir)


def test_what_is_young_stays(site: Site) -> None:
    assert purge_before(site, NOW - timedelta(days=1)) == 0
    assert list(site.settings.archive_dir.rglob("*.warc.gz"))
    report = checked(site)
    assert (report.pages, report.purged, report.faults) == (1, 0, [])


def test_a_purged_page_is_no_fault(site: Site) -> None:
    quotes = sorted(row.quote for row in site.rows(StatementRow))
    assert purge_before(site, NOW + timedelta(hours=1)) == 1
    assert not list(site.settings.archive_dir.rglob("*.warc.gz"))
    assert not list(site.settings.spool_dir.rglob("*.jsonl"))
    report = checked(site)
    assert (report.pages, report.purged, report.faults) == (1, 1, [])
    assert sorted(row.quote for row in site.rows(StatementRow)) == quotes
    done = Replayer(site.settings, site.runner.engine, map).replay(site.source, apply=True)
    assert done is not None
    assert [page.state for page in done.unread] == ["purged"]
    assert done.run is None


def test_a_purged_page_is_asked_for_whole(site: Site) -> None:
    assert len(list(site.runner._known_pages(site.source))) == 1
    purge_before(site, NOW + timedelta(hours=1))
    assert list(site.runner._known_pages(site.source)) == []


def test_a_folder_that_waits_to_be_taken_in_stays(site: Site) -> None:
    waiting = site.settings.spool_dir / "netz" / "netz.20200101T000000000000Z"
    waiting.mkdir()
    purge_before(site, NOW + timedelta(hours=1))
    assert waiting.exists()


def test_a_lost_file_is_a_fault(site: Site) -> None:
    (warc,) = site.settings.archive_dir.rglob("*.warc.gz")
    warc.unlink()
    assert [fault.part for fault in checked(site).faults] == ["page"]


def test_a_statement_without_its_page_is_a_fault(site: Site) -> None:
    with Session(site.runner.engine) as session:
        statement = session.exec(select(StatementRow)).first()
        assert statement is not None
        statement.page_id = 4711
        session.commit()
    (fault,) = checked(site).faults
    assert fault.part == "statement"


def test_an_index_that_is_behind_is_a_fault(site: Site) -> None:
    with Session(site.runner.engine) as session:
        last = session.exec(select(ChangeRow)).all()[-1]
        session.add(ChangeRow(**{**last.model_dump(), "seq": None}))
        session.commit()
    report = checked(site)
    assert [fault.part for fault in report.faults] == ["index"]
    assert not report.index_fits


def test_pages_are_known_by_their_hash_after_all(site: Site) -> None:
    (before,) = site.rows(PageRow)
    purge_before(site, NOW + timedelta(hours=1))
    (after,) = site.rows(PageRow)
    assert (after.sha256, after.purged_at) == (before.sha256, NOW)
