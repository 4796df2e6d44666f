"""The clock over a real record and real sites: jobs that are kept, runs that end, recovery."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from aggregator.harvest import BERLIN
from aggregator.settings import Settings
from aggregator.store.tables import JobRow, RunRow, Verdict
from crawlers.spool import JOB
from schedules.runner import Runner, open_runner
from schedules.timetable import Timetable
from tests.crawlers.test_crawl import OFFERS, page
from tests.loopback import Server, serve

_ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def server() -> Iterator[Server]:
    with serve({"/": page(OFFERS)}) as server:
        yield server


def declare(home: Path, name: str, start: str, **more: str) -> None:
    (home / "sources").mkdir(exist_ok=True)
    lines = {"id": name, "title": name, "region": '"11"', "start": f"[{start}]", **more}
    text = "\n".join(f"{key}: {value}" for key, value in lines.items())
    (home / "sources" / f"{name}.yml").write_text(text, "utf-8")


def settings_of(home: Path) -> Settings:
    return Settings(
        data_dir=home / "data", sources=home / "sources", download_delay=0,
        allowed_private_hosts=("127.0.0.1",),
    )  # fmt: skip


def runs(runner: Runner) -> list[RunRow]:
    with Session(runner.engine) as session:
        return list(session.exec(select(RunRow).order_by(RunRow.started_at)))  # type: ignore[arg-type]


def until(true: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


def test_sources_are_run_once_and_planned_anew(tmp_path: Path, server: Server) -> None:
    """Two sources of one host, both new: one after the other, each once, then at night."""
    declare(tmp_path, "eins", f"{server.base_url}/")
    declare(tmp_path, "zwei", f"{server.base_url}/", rhythm="daily")
    runner = open_runner(settings_of(tmp_path))
    timetable = Timetable(runner, jobs=2)
    timetable.start()
    try:
        until(lambda: len(runs(runner)) >= 2)
        until(lambda: all(at > datetime.now(UTC) + timedelta(hours=1) for at in kept(runner)))
    finally:
        assert timetable.stop()
    first, second = runs(runner)
    assert {first.source_id, second.source_id} == {"eins", "zwei"}
    assert first.finished_at <= second.started_at  # never both at one host
    days = sorted((at.astimezone(BERLIN).date() - datetime.now(BERLIN).date()).days
                  for at in kept(runner))  # fmt: skip
    assert days in ([1, 7], [2, 7])  # late in the evening the coming night is too near


def kept(runner: Runner) -> list[datetime]:
    with Session(runner.engine) as session:
        rows = session.exec(select(JobRow)).all()
        return [datetime.fromtimestamp(row.next_run_time or 0, UTC) for row in rows]


def test_declarations_are_followed_while_nobody_ran_and_while_it_runs(
    tmp_path: Path, server: Server
) -> None:
    for name in ("alt", "bleibt"):
        declare(tmp_path, name, f"{server.base_url}/")
    runner = open_runner(settings_of(tmp_path))
    at = datetime.now(UTC)
    with Session(runner.engine) as session, session.begin():
        for name in ("alt", "bleibt"):
            session.add(RunRow(id=f"{name}.1", source_id=name, started_at=at, finished_at=at,
                               verdict=Verdict.ACCEPTED))  # fmt: skip
    first = Timetable(runner, jobs=1)
    first.start()
    first.stop()
    assert names(runner) == {"alt", "bleibt"}
    (tmp_path / "sources" / "alt.yml").unlink()
    declare(tmp_path, "bleibt", f"{server.base_url}/", rhythm="daily")
    declare(tmp_path, "neu", f"{server.base_url}/", disabled="true")
    second = Timetable(open_runner(settings_of(tmp_path)), jobs=1)
    second.start()
    assert names(runner) == {"bleibt"}
    assert min(kept(runner)) - at < timedelta(days=2)
    (tmp_path / "sources" / "kaputt.yml").write_text("id: [", "utf-8")
    second.follow()  # told in the log; what was declared before goes on
    assert names(runner) == {"bleibt"}
    second.stop()


def names(runner: Runner) -> set[str]:
    with Session(runner.engine) as session:
        return set(session.exec(select(JobRow.id)))


def started(home: Path) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ, "NETZLOTSE_DATA_DIR": str(home / "data"),
        "NETZLOTSE_SOURCES": str(home / "sources"), "NETZLOTSE_DOWNLOAD_DELAY": "0",
        "NETZLOTSE_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
    }  # fmt: skip
    with (home / "log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "netzlotse", "schedule"], env=environment, cwd=_ROOT, stderr=log
        )


def begun(home: Path) -> list[Path]:
    return [path for path in (home / "data" / "spool").glob("*/*") if (path / JOB).exists()]


@pytest.mark.skipif(
    os.environ.get("NETZLOTSE_TEST_RECORD") == "postgresql",
    reason="with PostgreSQL workers crawl: see test_worker.py",
)
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_was_under_way_is_taken_up(
    tmp_path: Path, server: Server, how: signal.Signals
) -> None:
    """Ended in the middle of a crawl, politely or not, within ten seconds; then started again."""
    release = threading.Event()

    def slow(_request: object) -> object:
        release.wait(60)
        return page(OFFERS)

    server.paths["/"] = slow  # type: ignore[assignment]
    declare(tmp_path, "netz", f"{server.base_url}/")
    process = started(tmp_path)
    until(lambda: server.asked("/") > 0)
    assert len(begun(tmp_path)) == 1
    before = time.monotonic()
    process.send_signal(how)
    code = process.wait(90)
    assert time.monotonic() - before < 10, (tmp_path / "log").read_text("utf-8")
    assert code == (0 if how is signal.SIGTERM else -9)
    release.set()
    server.paths["/"] = page(OFFERS)
    again = started(tmp_path)
    runner = open_runner(settings_of(tmp_path))
    try:
        until(lambda: any(run.verdict is Verdict.ACCEPTED for run in runs(runner)))
    finally:
        again.send_signal(signal.SIGTERM)
        again.wait(90)
    published = [run for run in runs(runner) if run.verdict is Verdict.ACCEPTED]
    assert [run.counts["added"] for run in published] == [3]


def test_it_ends_whichever_of_its_threads_is_given_the_signal(
    tmp_path: Path, server: Server
) -> None:
    """The kernel chooses the thread; mostly, but not always, it is the one that waits."""
    declare(tmp_path, "netz", f"{server.base_url}/")
    process = started(tmp_path)
    until(lambda: "accepted" in (tmp_path / "log").read_text("utf-8"))
    others = [int(task.name) for task in Path(f"/proc/{process.pid}/task").iterdir()]
    others.remove(process.pid)
    try:
        assert ctypes.CDLL(None).tgkill(process.pid, min(others), signal.SIGTERM) == 0
        assert process.wait(20) == 0
    finally:
        process.kill()
