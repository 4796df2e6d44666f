"""A machine that only answers keeps an index of its own: real processes over one record."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from aggregator.index import snapshot
from aggregator.index.base import Query
from aggregator.index.directory import open_searcher, read_state
from aggregator.index.feed import catch_up
from aggregator.offer import Offer
from aggregator.settings import Settings
from aggregator.store.tables import ChangeRow, OfferRow, Operation, Subject
from crawlers.depot import Depot
from schedules import follower as following
from schedules.follower import Follower

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_SOON = 60.0


def publish(engine: Engine, *names: str) -> None:
    for name in names:
        with Session(engine) as session:
            flat = Offer(id=name, title=f"Treff {name}").model_dump(mode="json")
            session.merge(OfferRow(id=name, flat=flat, created_at=NOW, changed_at=NOW))
            session.add(
                ChangeRow(at=NOW, operation=Operation.MOD, subject=Subject.OFFER, subject_id=name)
            )
            session.commit()


def found(settings: Settings) -> list[str]:
    hits = open_searcher(settings.index_dir).search(Query(limit=100)).items
    return sorted(hit.id for hit in hits)


def node(home: Path, name: str, url: str, store: str = "") -> Settings:
    return Settings(data_dir=home / name, database_url=url, store=store)


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + _SOON
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)


@contextmanager
def follows(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    told = {
        "NETZLOTSE_DATA_DIR": str(settings.data_dir),
        "NETZLOTSE_DATABASE_URL": str(settings.database_url),
        "NETZLOTSE_STORE": settings.store or "",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "netzlotse", "follow"], env={**os.environ, **told}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_node_follows_dies_and_follows_again(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    publish(engine, "a", "b")
    settings = node(tmp_path, "eins", database_url)
    with follows(settings) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "The index follows, at change 2\n"
        assert found(settings) == ["a", "b"]
        publish(engine, "c")
        wait_for(lambda: found(settings) == ["a", "b", "c"])
        process.kill()
    publish(engine, "d")
    with follows(settings) as process:
        wait_for(lambda: found(settings) == ["a", "b", "c", "d"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(_SOON) == 0


def test_one_writes_the_snapshot_that_a_new_node_begins_with(
    engine: Engine, database_url: str, store: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    publish(engine, "a", "b")
    first, second = (Follower(node(tmp_path, name, database_url, store)) for name in "ab")
    first.begin()
    first.step()
    assert first.write_snapshot()
    assert not first.write_snapshot()  # it is there
    publish(engine, "c")
    second.begin()
    assert "began with the snapshot of change 2" in caplog.text
    assert found(second.settings) == ["a", "b"]
    second.step()
    assert found(second.settings) == ["a", "b", "c"]
    for one in (first, second):
        one.reading.close()


def test_a_snapshot_that_stays_behind_is_written_anew(
    engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = str(tmp_path / "store")
    publish(engine, "a")
    follower = Follower(node(tmp_path, "eins", database_url, store))
    follower.step()
    assert follower.write_snapshot()
    publish(engine, "b")
    follower.step()
    assert not follower.write_snapshot()  # not for every change
    monkeypatch.setattr(following, "_OUTDATED", 0.0)
    assert follower.write_snapshot()
    assert snapshot.saved_seq(Depot(store), "tantivy") == 2
    follower.reading.close()


def test_a_store_that_is_away_keeps_nobody_from_following(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "store").write_bytes(b"no folder")
    publish(engine, "a")
    follower = Follower(node(tmp_path, "eins", database_url, str(tmp_path / "store")))
    follower.begin()
    follower.step()
    assert not follower.write_snapshot()
    assert found(follower.settings) == ["a"]
    (tmp_path / "store").unlink()
    assert follower.write_snapshot()
    follower.reading.close()


@pytest.mark.parametrize("more", [0, 2])
def test_a_snapshot_of_a_future_that_never_came_is_dropped(
    more: int, engine: Engine, database_url: str, tmp_path: Path
) -> None:
    """As after a failover that lost changes: what nobody else knows is not published."""
    store = str(tmp_path / "store")
    publish(engine, "a", "b", "c")
    first = Follower(node(tmp_path, "eins", database_url, store))
    first.step()
    assert first.write_snapshot()
    with Session(engine) as session:
        session.delete(session.get_one(ChangeRow, 3))
        session.delete(session.get_one(OfferRow, "c"))
        for number in range(more):  # the log went on before anybody looked
            session.add(
                ChangeRow(
                    seq=4 + number, at=NOW, operation=Operation.MOD, subject=Subject.OFFER,
                    subject_id="b",
                )
            )  # fmt: skip
        session.commit()
    second = Follower(node(tmp_path, "zwei", database_url, store))
    second.begin()
    for one in (first, second):
        one.step()
        assert found(one.settings) == ["a", "b"]
        one.reading.close()


def test_a_damaged_index_is_built_anew_after_some_tries(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    publish(engine, "a")
    follower = Follower(node(tmp_path, "eins", database_url))
    follower.step()
    for path in follower.settings.index_dir.rglob("*.store"):
        path.write_bytes(b"")
    publish(engine, "a", "b")
    waits = [follower.step() for _ in range(5)]
    assert found(follower.settings) == ["a", "b"]
    assert max(waits) <= 15
    follower.reading.close()


def test_a_disk_that_is_full_for_days_ends_no_follower(
    engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    publish(engine, "a")
    follower = Follower(node(tmp_path, "eins", database_url))
    with monkeypatch.context() as patched:
        patched.setattr(following, "catch_up", full)
        patched.setattr(following, "rebuild", full)
        waits = [follower.step() for _ in range(1_100)]
    assert waits[-1] == max(waits) == 15
    assert follower.step() < 1
    assert found(follower.settings) == ["a"]
    follower.reading.close()


def test_without_a_database_the_old_index_goes_on_answering(
    engine: Engine, database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publish(engine, "a")
    settings = node(tmp_path, "eins", database_url)
    catch_up(engine, settings.index_dir, "tantivy")
    away = settings.model_copy(
        update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:9/x?connect_timeout=2"}
    )
    away.__dict__.pop("database", None)
    follower = Follower(away)
    for _ in range(3):
        follower.step()
    assert caplog.text.count("no database answers") == 1
    state = read_state(settings.index_dir)
    assert state is not None
    assert state.seq == 1
    follower.reading.close()
