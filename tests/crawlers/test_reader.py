"""The process that reads: what it makes of pages, and what a page that hangs it costs."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from crawlers.failure import Failure
from crawlers.job import Job
from crawlers.message import ToJoin, ToRead, WasRead
from crawlers.page import Page
from crawlers.reader import Reader
from crawlers.reader_pool import ReaderPool
from crawlers.reader_process import ReaderProcess
from crawlers.source import Source
from crawlers.spool import JOB, read_records, write_json
from tests.crawlers.test_crawl import OFFERS, TITLES

T = TypeVar("T")
SOURCE = Source(id="netz", title="Netz", region="11003", start=["https://netz.example/"])


def page(body: str, path: str = "/", status: int = 200) -> Page:
    headers = {"content-type": "text/html; charset=utf-8"}
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return Page(f"https://netz.example{path}", body.encode(), at, status, headers)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    job = Job(run_id="r", source=SOURCE, archive_dir=tmp_path, contact="x", log_level="ERROR")
    write_json(tmp_path / JOB, job.model_dump(mode="json"))
    return tmp_path


def test_a_link_is_told_once_unless_a_page_nearer_to_the_start_has_it(folder: Path) -> None:
    reader = Reader(folder, SOURCE)
    menu = '<title>Netz</title><a href="/angebote">Angebote</a>'

    def told(path: str, depth: int) -> list[str]:
        found = reader.read(ToRead(page(menu, path), depth))
        return [wanted.url for wanted in found.links if wanted.url.endswith("/angebote")]

    assert [len(told(f"/{n}", depth)) for n, depth in enumerate((2, 2, 3, 1, 1))] == [1, 0, 0, 1, 0]


def _finish(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end in a thread of its own: a browser's tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def test_pages_are_answered_in_order_and_joined_at_the_end(folder: Path) -> None:
    async def run() -> tuple[list[WasRead], int]:
        process = ReaderProcess(folder)
        pages = [page(OFFERS), page("", "/weg", 404), page("<title>Leer</title>", "/leer")]
        found = await asyncio.gather(*(process.read(ToRead(one)) for one in pages))
        count = await process.join(keep=True)
        await process.end()
        return found, count

    found, count = _finish(run())
    assert [one.failure for one in found] == [None, Failure.GONE, None]
    assert [one.records for one in found] == [3, 0, 0]
    assert count == 3
    assert sorted(record.title for record in read_records(folder)) == TITLES


def test_what_cannot_be_sent_is_said_and_holds_up_no_other(folder: Path) -> None:
    async def run() -> int:
        process = ReaderProcess(folder)
        broken = page(OFFERS)
        broken.headers["x"] = lambda: ""  # type: ignore[assignment, index]
        with pytest.raises((pickle.PicklingError, AttributeError)):
            await process.read(ToRead(broken))
        found = await asyncio.wait_for(process.read(ToRead(page(OFFERS))), 60)
        await process.join(keep=True)
        await process.end()
        return found.records

    assert _finish(run()) == 3


def test_a_second_reader_helps_where_pages_wait_and_their_records_are_joined(folder: Path) -> None:
    async def run(count: int) -> tuple[list[WasRead], int, int]:
        pool = ReaderPool(folder)
        await pool.start()
        told = (OFFERS.replace("Schuldnerberatung", f"Gruppe {n}") for n in range(count))
        pages = [page(body, f"/{n}") for n, body in enumerate(told)]
        found = await asyncio.gather(*(pool.read(ToRead(one)) for one in pages))
        started = sum(reader.started for reader in pool.readers)
        return found, started, await pool.join(keep=True)

    found, started, _ = _finish(run(8))
    assert (len(found), started) == (8, 1)  # as polite as a crawl is, one keeps up
    found, started, count = _finish(run(40))
    assert {one.failure for one in found} == {None}
    assert [one.records for one in found] == [3] * 40
    assert started == 2
    titles = [record.title for record in read_records(folder)]
    assert len(titles) == count
    assert {f"Gruppe {n}" for n in range(40)} <= set(titles)


def test_a_site_that_does_not_want_it_is_joined_to_nothing(folder: Path) -> None:
    reader = Reader(folder, SOURCE)
    reader.read(ToRead(page(OFFERS)))
    assert reader.join(ToJoin(keep=False)) == 0


@pytest.mark.parametrize("fault", ["hang", "die"])
def test_a_page_that_stops_its_reader_costs_that_page(
    folder: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """The fault is put into the child by a module that Python loads at its start."""
    does = "import time; time.sleep(600)" if fault == "hang" else "import os; os._exit(9)"
    (folder / "sitecustomize.py").write_text(
        "import sys\n"
        "def trace(frame, event, arg):\n"
        "    if frame.f_code.co_name == 'of_page' and b'BOSHAFT' in frame.f_locals['page'].body:\n"
        f"        {does}\n"
        "sys.setprofile(trace)\n",
        "utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(folder))

    async def run() -> tuple[list[WasRead], int]:
        process = ReaderProcess(folder, seconds=8)
        pages = [page(OFFERS), page("BOSHAFT", "/x"), page("<title>Gut</title>", "/y")]
        found = await asyncio.gather(*(process.read(ToRead(one)) for one in pages))
        count = await process.join(keep=True)
        await process.end()
        return found, count

    found, count = _finish(run())
    assert [one.failure for one in found] == [None, Failure.PARSE, None]
    assert ("took longer" if fault == "hang" else "ended") in found[1].reason
    assert count == 3
