"""Who was cut off publishes nothing, and loses nothing: real crawls, a real PostgreSQL."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from aggregator.settings import Settings
from aggregator.store.lease import LeaseLostError, release, source_lease, take, taken_in
from aggregator.store.tables import ListingRow, RunRow, Verdict
from crawlers.source import Source, load_sources
from crawlers.spool import SUMMARY
from schedules import runner as running
from schedules.replay import Replayer
from schedules.runner import CutOffError, Runner, open_runner
from tests.crawlers.test_crawl import OFFERS, page
from tests.loopback import Server, serve

pytestmark = pytest.mark.postgres
NETZ = source_lease("netz")


@pytest.fixture
def server() -> Iterator[Server]:
    with serve({"/": page(OFFERS)}) as server:
        yield server


def worker(
    home: Path, url: str, server: Server, name: str, **more: object
) -> tuple[Runner, Source]:
    """A machine of a cluster: a data folder of its own, the record of all."""
    (home / "sources").mkdir(exist_ok=True)
    declared = f'id: netz\ntitle: Netz\nregion: "11"\nstart: ["{server.base_url}/"]\n'
    (home / "sources" / "netz.yml").write_text(declared, "utf-8")
    settings = Settings(
        data_dir=home / name, sources=home / "sources", download_delay=0, database_url=url,
        allowed_private_hosts=("127.0.0.1",), lease_seconds=3,
    )  # fmt: skip
    (source,) = load_sources(settings.sources)
    return open_runner(settings.model_copy(update=more), indexing=False), source


def runs(runner: Runner) -> list[RunRow]:
    with Session(runner.engine) as session:
        return list(session.exec(select(RunRow).order_by(RunRow.id)))  # type: ignore[arg-type]


def folders(runner: Runner) -> list[Path]:
    return sorted((runner.settings.spool_dir / "netz").glob("*"))


def once(monkeypatch: pytest.MonkeyPatch, first: Callable[[], None]) -> None:
    """Have something happen between the end of the next crawl and its publishing."""
    ingest = running.ingest

    def late(*arguments: object) -> RunRow:
        monkeypatch.setattr(running, "ingest", ingest)
        first()
        return ingest(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "ingest", late)


def expire(runner: Runner) -> None:
    with runner.engine.begin() as connection:
        connection.execute(text("UPDATE lease SET until = now() - interval '1 s'"))


def test_a_run_whose_source_was_taken_over_waits_and_is_dropped_when_overtaken(
    tmp_path: Path, postgres_database: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, source = worker(tmp_path, postgres_database, server, "one")
    two, _ = worker(tmp_path, postgres_database, server, "two")

    def taken_over() -> None:
        expire(one)
        assert two.run(source).verdict is Verdict.ACCEPTED

    once(monkeypatch, taken_over)
    with pytest.raises(LeaseLostError):
        one.run(source)
    assert [run.verdict for run in runs(one)] == [Verdict.ACCEPTED], "published once"
    (left,) = folders(one)
    assert (left / SUMMARY).exists(), "nothing is thrown away before it is clear"
    assert one.run(source).verdict is Verdict.ACCEPTED
    assert left not in folders(one)
    assert [run.id for run in runs(one)] == sorted(run.id for run in runs(one))
    assert len(runs(one)) == 2
    assert left.name not in {run.id for run in runs(one)}


def test_a_run_that_nobody_overtook_is_not_lost(
    tmp_path: Path, postgres_database: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another took the source over and died before it had anything: what was finished goes in."""
    one, source = worker(tmp_path, postgres_database, server, "one")

    def taken_over() -> None:
        expire(one)
        take(one.engine, [NETZ], "another that dies", 60)

    once(monkeypatch, taken_over)
    with pytest.raises(LeaseLostError):
        one.run(source)
    assert runs(one) == []
    expire(one)
    (left,) = folders(one)
    before = server.asked("/")
    assert one.run(source, resume=True).id == left.name
    assert server.asked("/") == before, "the site is not visited again"
    assert taken_in(one.engine, NETZ) == 1


def test_a_crawl_ends_when_its_lease_does(
    tmp_path: Path, postgres_database: str, server: Server
) -> None:
    over = threading.Event()

    def slow(_request: object) -> object:
        over.wait(20)
        return page(OFFERS)

    server.paths["/"] = slow  # type: ignore[assignment]
    one, source = worker(tmp_path, postgres_database, server, "one")

    def cut_off() -> None:
        while not server.asked("/"):
            time.sleep(0.05)
        with one.engine.begin() as connection:  # whatever is asked of it fails from now on
            connection.execute(text("ALTER TABLE lease RENAME TO lost"))

    thread = threading.Thread(target=cut_off)
    thread.start()
    with pytest.raises(CutOffError):
        one.run(source)
    thread.join()
    over.set()
    asked = len(server.seen)
    with one.engine.begin() as connection:
        connection.execute(text("ALTER TABLE lost RENAME TO lease"))
    assert runs(one) == []
    assert folders(one) == [], "a crawl that was broken off says nothing of the site"
    assert len(server.seen) == asked
    server.paths["/"] = page(OFFERS)
    expire(one)
    assert one.run(source).verdict is Verdict.ACCEPTED


def test_a_run_is_published_once_whoever_tries(
    tmp_path: Path, postgres_database: str, server: Server
) -> None:
    one, source = worker(tmp_path, postgres_database, server, "one")
    run = one.run(source)
    with one._hold(source) as held:
        again = one._take_in(folders(one)[0], source, held)
        assert again == run
    two, _ = worker(tmp_path, postgres_database, server, "two")
    shutil.copytree(one.settings.spool_dir, two.settings.spool_dir)
    assert two.run(source, resume=True).id != run.id, "the run is known: nothing to take up"
    with Session(one.engine) as session:
        assert len(session.exec(select(ListingRow)).all()) == 3


def test_a_replay_needs_the_lease_and_overtakes_nobody(
    tmp_path: Path, postgres_database: str, server: Server
) -> None:
    one, source = worker(tmp_path, postgres_database, server, "one")
    one.run(source)
    (lease,) = take(one.engine, [NETZ], "another", 60)
    with pytest.raises(Exception, match="another"):
        Replayer(one.settings, one.engine, map, indexing=False).replay(source, apply=True)
    release(one.engine, [lease])
    done = Replayer(one.settings, one.engine, map, indexing=False).replay(source, apply=True)
    assert done is not None
    assert done.run is not None
    assert taken_in(one.engine, NETZ) == 1
