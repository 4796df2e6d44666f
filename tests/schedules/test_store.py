"""Machines that share a store: what one archived the others read, and what waits is not lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from sqlmodel import Session, select

from aggregator.backup import backup, restore
from aggregator.purge import outdated, purge
from aggregator.settings import Settings
from aggregator.store.tables import PageRow, RunRow, Verdict
from aggregator.verify import verify
from crawlers.depot import Depot, DepotError
from crawlers.source import Source, load_sources
from schedules.replay import Replayer
from schedules.runner import Runner, open_runner
from tests.crawlers.test_crawl import OFFERS, page
from tests.loopback import Reply, Server, serve

NOW = datetime.now(UTC)


def answer(request: BaseHTTPRequestHandler) -> Reply:
    if request.headers.get("If-None-Match") == '"1"':
        return Reply(status=304, headers={"ETag": '"1"'})
    return page(OFFERS, ETag='"1"')


@pytest.fixture
def server() -> Iterator[Server]:
    with serve({"/": answer}) as server:
        yield server


def machine(home: Path, server: Server, store: str, name: str) -> tuple[Runner, Source]:
    """One of several machines: a data folder of its own, record and store of all."""
    (home / "sources").mkdir(exist_ok=True)
    declared = f'id: netz\ntitle: Netz\nregion: "11"\nstart: ["{server.base_url}/"]\n'
    (home / "sources" / "netz.yml").write_text(declared, "utf-8")
    settings = Settings(
        data_dir=home / name, sources=home / "sources", download_delay=0, store=store,
        database_url=f"sqlite:///{home}/record.db", allowed_private_hosts=("127.0.0.1",),
    )  # fmt: skip
    (source,) = load_sources(settings.sources)
    return open_runner(settings), source


def shared(store: str) -> list[str]:
    return [entry.name for entry in Depot(store).entries("archive")]


def test_what_one_machine_archived_all_others_read(
    store: str, server: Server, tmp_path: Path
) -> None:
    first, source = machine(tmp_path, server, store, "eins")
    run = first.run(source)
    assert (run.verdict, run.counts["added"]) == (Verdict.ACCEPTED, 3)
    assert shared(store) == [f"archive/netz/{run.id}.warc.gz"]
    assert not list(first.settings.archive_dir.rglob("*.gz"))
    shutil.rmtree(first.settings.data_dir)  # the machine is gone, with all it had
    second, _ = machine(tmp_path, server, store, "zwei")
    report = verify(second.engine, second.settings.archive, second.settings.index_dir)
    assert (report.pages, report.faults) == (1, [])
    replay = Replayer(second.settings, second.engine, map).replay(source, apply=True)
    assert replay is not None
    assert (replay.unread, bool(replay.difference)) == ([], False)
    again = second.run(source)
    assert (again.counts["not_modified"], again.counts["unchanged"]) == (1, 3)


def test_a_run_waits_for_its_store_and_its_site_is_left_alone(
    server: Server, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    runner, source = machine(tmp_path, server, str(store), "eins")
    store.write_bytes(b"no folder: the share is not mounted")
    with pytest.raises(DepotError, match="store"):
        runner.run(source)
    visits = server.asked("/")
    with pytest.raises(DepotError):
        runner.run(source)
    assert server.asked("/") == visits
    with Session(runner.engine) as session:
        assert session.exec(select(RunRow)).all() == []
    store.unlink()
    run = runner.run(source, resume=True)
    assert (run.verdict, run.counts["added"]) == (Verdict.ACCEPTED, 3)
    assert server.asked("/") == visits
    assert shared(str(store)) == [f"archive/netz/{run.id}.warc.gz"]


def test_an_archive_from_before_there_was_a_store_goes_there(
    store: str, server: Server, tmp_path: Path
) -> None:
    runner, source = machine(tmp_path, server, "", "eins")
    first = runner.run(source)
    runner, _ = machine(tmp_path, server, store, "eins")
    second = runner.run(source)
    assert second.counts["not_modified"] == 1
    assert shared(store) == [f"archive/netz/{run.id}.warc.gz" for run in (first, second)]


def test_pages_are_purged_in_the_store(store: str, server: Server, tmp_path: Path) -> None:
    runner, source = machine(tmp_path, server, store, "eins")
    runner.run(source)
    settings = machine(tmp_path, server, store, "zwei")[0].settings
    for before, gone in ((NOW - timedelta(days=1), 0), (NOW + timedelta(hours=1), 1)):
        found = outdated(runner.engine, settings.archive, settings.spool_dir, "netz", before)
        assert (len(found.files), found.pages, found.size > 0) == (gone, gone, gone > 0)
        purge(runner.engine, settings.archive, "netz", found, NOW)
    assert shared(store) == []
    with Session(runner.engine) as session:
        assert [row.purged_at for row in session.exec(select(PageRow))] == [NOW]


def test_a_backup_holds_what_is_in_the_store(store: str, server: Server, tmp_path: Path) -> None:
    runner, source = machine(tmp_path, server, store, "eins")
    run = runner.run(source)
    saved = backup(runner.engine, runner.settings, tmp_path / "saved", NOW, archive=True)
    assert (saved.files, saved.lost) == (1, ())
    Depot(store).remove(f"archive/netz/{run.id}.warc.gz")
    assert backup(runner.engine, runner.settings, tmp_path / "less", NOW, archive=True).lost
    runner.engine.dispose()
    assert restore(runner.settings, tmp_path / "saved", force=True).lost == ()
    assert shared(store) == [f"archive/netz/{run.id}.warc.gz"]
