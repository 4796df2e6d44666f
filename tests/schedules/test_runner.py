"""The runner: what a crash left is taken up, what was stopped leaves nothing."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from sqlmodel import Session, select

from aggregator.settings import Settings
from aggregator.store.tables import ListingRow, RunRow, TurnRow, Verdict
from crawlers.source import Source, load_sources
from crawlers.spool import JOB, SUMMARY
from schedules.runner import Runner, StoppedError, open_runner
from tests.crawlers.test_crawl import OFFERS, page
from tests.loopback import Reply, Server, serve

DECLARATION = """
id: netz
title: Netz
region: "11003"
start: [{start}]
"""


def offers(request: BaseHTTPRequestHandler) -> Reply:
    if request.headers.get("If-None-Match") == '"1"':
        return Reply(status=304, headers={"ETag": '"1"'})
    return page(OFFERS, ETag='"1"')


@pytest.fixture
def server() -> Iterator[Server]:
    with serve({"/": offers}) as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, server: Server) -> Settings:
    (tmp_path / "sources").mkdir()
    text = DECLARATION.format(start=f"{server.base_url}/")
    (tmp_path / "sources" / "netz.yml").write_text(text, "utf-8")
    return Settings(
        data_dir=tmp_path / "data",
        sources=tmp_path / "sources",
        download_delay=0,
        allowed_private_hosts=("127.0.0.1",),
    )


@pytest.fixture
def runner(settings: Settings) -> Runner:
    return open_runner(settings)


@pytest.fixture
def source(settings: Settings) -> Source:
    (declared,) = load_sources(settings.sources)
    return declared


def runs(runner: Runner) -> list[RunRow]:
    with Session(runner.engine) as session:
        return list(session.exec(select(RunRow).order_by(RunRow.id)))  # type: ignore[arg-type]


def test_a_run_is_published(runner: Runner, source: Source) -> None:
    told: list[dict[str, int]] = []
    run = runner.run(source, told.append)
    assert run.verdict is Verdict.ACCEPTED
    assert run.counts["added"] == 3
    assert told[-1]["fetched"] == 1


def test_a_crawl_that_nobody_took_in_is_taken_in_by_the_next_run(
    runner: Runner, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash between the end of a crawl and its publication loses nothing."""

    def crash(*_: object) -> None:
        raise RuntimeError("the machine went down")

    with monkeypatch.context() as patch:
        patch.setattr("schedules.runner.ingest", crash)
        with pytest.raises(RuntimeError):
            runner.run(source)
    assert runs(runner) == []
    again = runner.run(source)
    first, second = runs(runner)
    assert (first.counts["added"], first.verdict) == (3, Verdict.ACCEPTED)
    assert second.id == again.id
    assert (again.counts["unchanged"], again.counts["not_modified"]) == (3, 1)


def test_a_crawl_that_broke_off_is_noted_and_counts_as_no_absence(
    runner: Runner, source: Source, settings: Settings
) -> None:
    runner.run(source)
    (folder,) = (settings.spool_dir / "netz").iterdir()
    broken = folder.with_name(folder.name.replace(".", ".0", 1))
    broken.mkdir()
    for file in folder.iterdir():
        if file.name != SUMMARY:
            (broken / file.name).write_bytes(file.read_bytes()[:500])
    runner.run(source)
    noted = {run.id: run.verdict for run in runs(runner)}
    assert noted[broken.name] is Verdict.FAILED
    with Session(runner.engine) as session:
        assert {row.presence for row in session.exec(select(ListingRow))} == {"present"}


def test_a_stopped_run_leaves_nothing(
    runner: Runner, source: Source, server: Server, settings: Settings
) -> None:
    asked = threading.Event()

    def slow(_: BaseHTTPRequestHandler) -> Reply:
        asked.set()
        time.sleep(30)
        return page(OFFERS)

    server.paths["/"] = slow
    outcome: list[BaseException] = []

    def run() -> None:
        try:
            runner.run(source)
        except StoppedError as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    assert asked.wait(30)
    begun = time.monotonic()
    runner.stop()
    thread.join(10)
    assert time.monotonic() - begun < 10
    assert [type(error) for error in outcome] == [StoppedError]
    assert runs(runner) == []
    assert list((settings.spool_dir / "netz").iterdir()) == []


def test_sources_of_one_host_are_crawled_one_after_the_other(
    runner: Runner, source: Source, server: Server
) -> None:
    """One request a second and host means: of all sources together."""
    busy = {"now": 0, "most": 0}
    guard = threading.Lock()

    def answer(_: BaseHTTPRequestHandler) -> Reply:
        with guard:
            busy["now"] += 1
            busy["most"] = max(busy["most"], busy["now"])
        time.sleep(0.5)
        with guard:
            busy["now"] -= 1
        return page(OFFERS)

    server.paths["/"] = answer
    text = DECLARATION.replace("netz", "netz-zwei").format(start=f"{server.base_url}/")
    (runner.settings.sources / "zwei.yml").write_text(text, "utf-8")
    both = open_runner(runner.settings)
    threads = [
        threading.Thread(target=both.run, args=(one,))
        for one in load_sources(both.settings.sources)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs(runner)) == 2
    assert busy["most"] == 1


def test_a_crawl_that_dies_by_itself_is_told_apart_from_netzlotse_ending(
    runner: Runner, source: Source, server: Server, settings: Settings
) -> None:
    def die(_: BaseHTTPRequestHandler) -> Reply:
        (pid,) = runner._crawls._running
        os.kill(pid, signal.SIGKILL)
        return page(OFFERS)

    server.paths["/"] = die
    run = runner.run(source)
    assert (run.verdict, run.reasons[0]["failure"]) == (Verdict.FAILED, "crashed")
    with Session(runner.engine) as session:
        assert [row.turn for row in session.exec(select(TurnRow))] == ["broken"]
    server.paths["/"] = page(OFFERS)
    assert runner.run(source).verdict is Verdict.ACCEPTED
    (settings.spool_dir / "netz" / "netz.20260101T000000000000Z").mkdir()
    (last,) = (settings.spool_dir / "netz").glob("*.20260101*")
    (last / JOB).write_text("{}", "utf-8")  # as the machine going down leaves it
    runner.run(source)
    noted = next(run for run in runs(runner) if run.id == last.name)
    assert (noted.verdict, noted.reasons[0]["failure"]) == (Verdict.FAILED, "interrupted")
    with Session(runner.engine) as session:
        turns = [row.turn for row in session.exec(select(TurnRow))]
        assert turns == ["broken", "recovered"]
