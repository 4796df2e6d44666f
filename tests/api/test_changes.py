"""Following the index: nothing is missed, nothing told twice, whatever is published meanwhile."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from aggregator.log import ChangeLog
from aggregator.settings import Settings
from aggregator.store.tables import ChangeRow, Subject
from aggregator.store.transaction import publishing
from api.app import create_app

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@pytest.fixture
def client_of(engine: Engine, database_url: str, tmp_path: Path) -> TestClient:
    settings = Settings(data_dir=tmp_path / "data", database_url=database_url)
    return TestClient(create_app(settings))


def write(engine: Engine, at: datetime = NOW) -> None:
    with publishing(engine) as session:
        log = ChangeLog(session, "run", at)
        log.added(Subject.LISTING, "l")
        log.added(Subject.OFFER, "a")
        log.modified(Subject.OFFER, "a", {"cost": None}, {"cost": "free"})
        log.modified(Subject.OFFER, "a", {"status": "active"}, {"status": "defunct"})
        log.modified(Subject.OFFER, "a", {"status": "defunct"}, {"status": "active"})
        log.merged("b", "a")
        log.removed(Subject.OFFER, "a")
        log.added(Subject.NETWORK, "n")


def get(client: TestClient, **asked: Any) -> dict[str, Any]:
    answer = client.get("/api/v1/changes", params=asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_every_kind_is_named(engine: Engine, client_of: TestClient) -> None:
    write(engine)
    items = get(client_of)["items"]
    assert [(item["kind"], item["id"]) for item in items] == [
        ("added", "a"), ("changed", "a"), ("withdrawn", "a"), ("added", "a"), ("merged", "b"),
        ("withdrawn", "a"),
    ]  # fmt: skip
    assert items[1]["fields"] == {"cost": {"before": None, "after": "free"}}
    assert (items[4]["into"], items[4]["fields"]) == ("a", {})
    everything = get(client_of, subject=["offer", "listing", "network"])["items"]
    assert len(everything) == 8


def test_pages_cursors_numbers_and_days_lead_to_the_same(
    engine: Engine, client_of: TestClient
) -> None:
    write(engine)
    write(engine, NOW + timedelta(days=2))
    whole = get(client_of, limit=1000)
    assert whole["next"] is None
    paged, url = [], "/api/v1/changes?limit=5"
    while url:
        page = client_of.get(url).json()
        paged += page["items"]
        url = page["next"]
    assert paged == whole["items"]
    assert get(client_of, cursor=whole["cursor"])["items"] == []
    middle = whole["items"][6]["seq"] - 1
    for since in (middle, "2026-11-21", "2026-11-22T08:30:00Z", "2026-11-22T09:30:00+01:00"):
        assert get(client_of, since=since)["items"] == whole["items"][6:]
    assert get(client_of, since="2027-01-01")["items"] == []
    write(engine)
    assert len(get(client_of, cursor=whole["cursor"])["items"]) == 6


def test_lines_tell_all_there_is(engine: Engine, client_of: TestClient) -> None:
    write(engine)
    answer = client_of.get("/api/v1/changes", headers={"Accept": "application/x-ndjson"})
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert told == get(client_of)["items"]


@pytest.mark.parametrize(
    "asked",
    [{"since": "gestern"}, {"since": "-1"}, {"limit": 0}, {"subject": "page"}, {"seit": "0"},
     {"since": "0001-01-01T00:00:00+14:00"}],
)  # fmt: skip
def test_nonsense_is_refused_with_what_is_meant(
    asked: dict[str, str], client_of: TestClient
) -> None:
    answer = client_of.get("/api/v1/changes", params=asked)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert client_of.get("/api/v1/changes", params={"cursor": "x"}).status_code == 404


def test_a_follower_misses_nothing_while_many_publish(
    engine: Engine, client_of: TestClient
) -> None:
    """Three writers, one reader that resumes: what it saw is the whole log, in order, once."""
    seen: list[int] = []
    stop = threading.Event()

    def publish(name: str) -> None:
        for number in range(12):
            with publishing(engine) as session:
                log = ChangeLog(session, "", NOW)
                for part in range(3):
                    log.added(Subject.OFFER, f"{name}{number}.{part}")

    def follow() -> None:
        cursor = None
        while True:
            last = stop.is_set()
            page = get(client_of, limit=7, **({"cursor": cursor} if cursor else {}))
            seen.extend(item["seq"] for item in page["items"])
            cursor = page["cursor"]
            if last and not page["next"]:
                return

    writers = [threading.Thread(target=publish, args=(name,)) for name in "abc"]
    reader = threading.Thread(target=follow)
    for thread in (reader, *writers):
        thread.start()
    for writer in writers:
        writer.join()
    stop.set()
    reader.join(60)
    with Session(engine) as session:
        everything = list(session.exec(select(ChangeRow.seq).order_by(ChangeRow.seq)))  # type: ignore[arg-type]
    assert len(everything) == 108
    assert seen == everything
