"""What is held by one process alone: files on one machine, leases in a cluster."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.lease import is_taken, source_lease, take
from aggregator.store.schema import migrate
from schedules.hold import hold, is_held
from schedules.lock import SourceLockedError

NETZ, HOST = source_lease("netz"), "host netz.example"
FENCED = """
import sys, time
from crawlers.process import end_with_lease
print("ready", flush=True)
end_with_lease(sys.stdin.fileno())
print("begun", flush=True)
time.sleep(60)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, lease_seconds=3)


@pytest.fixture
def cluster(postgres_database: str) -> Iterator[Engine]:
    engine = connect(postgres_database)
    migrate(engine)
    yield engine
    engine.dispose()


def test_what_is_held_is_held_once(engine: Engine, settings: Settings) -> None:
    with hold(engine, settings, NETZ, waiting_for=[HOST]):
        assert is_held(engine, settings, NETZ)
        assert is_held(engine, settings, HOST)
        with pytest.raises(SourceLockedError, match=r"netz .*process \d+"):
            hold(engine, settings, NETZ).__enter__()
        with hold(engine, settings, source_lease("portal")):
            pass
    assert not is_held(engine, settings, NETZ)
    with hold(engine, settings, NETZ, HOST):
        pass


def test_a_host_is_waited_for_by_who_says_so(engine: Engine, settings: Settings) -> None:
    done: list[str] = []

    def second() -> None:
        with hold(engine, settings, source_lease("portal"), waiting_for=[HOST]):
            done.append("second")

    with hold(engine, settings, NETZ, waiting_for=[HOST]):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        with pytest.raises(SourceLockedError, match=r"netz\.example"):
            hold(engine, settings, HOST).__enter__()
        done.append("first")
    thread.join(10)
    assert done == ["first", "second"]


def test_a_host_rests_before_the_next_and_a_source_does_not(
    engine: Engine, settings: Settings
) -> None:
    with hold(engine, settings, NETZ, HOST) as held:
        held.rest = 0.6
    since = time.monotonic()
    with hold(engine, settings, NETZ):
        assert time.monotonic() - since < 0.5
    with hold(engine, settings, source_lease("portal"), waiting_for=[HOST]):
        assert time.monotonic() - since > 0.5


@pytest.mark.postgres
def test_a_lease_is_kept_for_longer_than_its_life(cluster: Engine, settings: Settings) -> None:
    told: list[float] = []
    with hold(cluster, settings, NETZ) as held, held.following(told.append):
        time.sleep(4)
        assert is_taken(cluster, NETZ)
        assert not held.over
    assert len(told) >= 3
    assert told == sorted(told)


@pytest.mark.postgres
def test_who_was_overtaken_is_told_to_end_at_once(cluster: Engine, settings: Settings) -> None:
    told: list[float] = []
    with hold(cluster, settings, NETZ) as held, held.following(told.append):
        with cluster.begin() as connection:
            connection.execute(text("UPDATE lease SET until = now() - interval '1 s'"))
        (other,) = take(cluster, [NETZ], "another", 60)
        time.sleep(1.5)
        assert told[-1] == 0
        assert held.over
    assert is_taken(cluster, NETZ), "the other's lease is left alone"
    assert held.leases[0].token == other.token - 1


@pytest.mark.postgres
def test_a_record_that_does_not_answer_is_borne_for_two_thirds(
    cluster: Engine, settings: Settings
) -> None:
    with hold(cluster, settings, NETZ) as held, held.following(lambda _: None):
        with cluster.begin() as connection:
            connection.execute(text("ALTER TABLE lease RENAME TO lost"))
        time.sleep(1)
        assert not held.over
        time.sleep(1.5)
        assert held.over
        with cluster.begin() as connection:
            connection.execute(text("ALTER TABLE lost RENAME TO lease"))


def fenced() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", FENCED], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip


@pytest.mark.parametrize("told", [True, False])
def test_a_crawl_goes_on_for_as_long_as_it_is_told(told: bool) -> None:
    with fenced() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.stdin.write(f"{time.monotonic() + 3}\n".encode())
        process.stdin.flush()
        assert process.stdout.readline() == b"begun\n"
        if told:
            process.stdin.write(f"{time.monotonic() + 60}\n".encode())
            process.stdin.flush()
            time.sleep(3.5)
            assert process.poll() is None
            process.stdin.close()
        assert process.wait(20) == -9
