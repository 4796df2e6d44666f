"""Reading from a streaming replica: two real PostgreSQL servers, one of which lags and dies."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, text

from aggregator.commands.record import make_readable
from aggregator.settings import Settings, SettingsError
from aggregator.store.engine import connect
from aggregator.store.reading import Reading
from aggregator.store.schema import migrate
from api.app import create_app
from tests.api.conftest import NOW, Record, fill, uid
from tests.conftest import postgres_programs, unavailable
from tests.postgres import Server, ServerError

pytestmark = pytest.mark.postgres
_SOON = 20.0


@dataclass
class Pair:
    """A primary with a streaming replica, and an application that reads the replica."""

    primary: Server
    replica: Server
    settings: Settings
    record: Record

    def far(self, engine: Engine) -> int:
        with engine.connect() as connection:
            return connection.scalar(text("SELECT coalesce(max(seq), 0) FROM change")) or 0

    def pause(self, what: str) -> None:
        engine = create_engine(self.replica.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"SELECT pg_wal_replay_{what}()"))
        engine.dispose()

    def level(self) -> None:
        """Wait until the replica has all that the primary has."""
        engine, until = create_engine(self.replica.url), time.monotonic() + _SOON
        while self.far(engine) < self.far(self.record.engine):
            assert time.monotonic() < until
            time.sleep(0.05)
        engine.dispose()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    programs = postgres_programs()
    home = Path(tempfile.mkdtemp(prefix="netzlotse-pair-"))
    home.chmod(0o755)
    net = f"127.{random.randint(1, 254)}.{random.randint(1, 254)}"
    options = ("fsync=off", "hot_standby_feedback=on")
    primary = Server(programs, home / "one", f"{net}.1", options=options)
    replica = Server(programs, home / "two", f"{net}.2", options=options)
    try:
        primary.create()
        primary.start()
        settings = Settings(
            data_dir=tmp_path, database_url=primary.url, read_database_url=replica.url
        )
        engine = connect(settings.database)
        migrate(engine)
        record = Record(engine, settings.index_dir)
        fill(record)
        record.publish()
        replica.copy(primary)
        replica.start()
    except ServerError as error:
        unavailable(f"PostgreSQL does not start: {error}")
    found = Pair(primary, replica, settings, record)
    found.level()
    yield found
    engine.dispose()
    replica.remove()
    primary.remove()
    home.rmdir()


def in_recovery(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.scalar(text("SELECT pg_is_in_recovery()")))


def test_the_replica_is_read_while_it_answers_and_is_far_enough(pair: Pair) -> None:
    reached = [0]
    engines = connect(pair.settings.database), connect(str(pair.settings.read_database))
    reading = Reading(*engines, lambda: reached[0])
    reached[0] = pair.far(pair.record.engine)
    assert in_recovery(reading.engine())
    reached[0] += 1  # the index has a change that the replica has not
    assert not in_recovery(reading.engine())
    pair.record.offer("neu", "pankow", title="Neu")
    pair.level()
    assert in_recovery(reading.engine())
    pair.replica.stop()
    assert not in_recovery(reading.engine())
    pair.replica.start()
    reading._again = 0.0
    assert in_recovery(reading.engine())
    reading.close()


def test_what_the_index_has_is_never_denied(pair: Pair) -> None:
    with TestClient(create_app(pair.settings), raise_server_exceptions=False) as client:
        assert client.get("/healthz").json()["replica_lag_seconds"] == 0
        pair.pause("pause")
        new = pair.record.offer("neu", "pankow", title="Nagelneue Beratung", status="active")
        pair.record.publish()
        found = client.get("/api/v1/offers", params={"q": "nagelneue"}).json()
        assert [one["id"] for one in found["items"]] == [new]
        for path in (f"/api/v1/offers/{new}", f"/angebot/{new}", f"/hsds/services/{new}", "/"):
            assert client.get(path).status_code == 200, path
        health = client.get("/healthz").json()
        assert (health["lag"], health["replica_lag_seconds"]) == (0, None)  # the primary is read
        pair.pause("resume")
        pair.level()
        assert client.get("/healthz").json()["replica_lag_seconds"] is not None


def test_who_wrote_something_sees_it_though_the_replica_lags(pair: Pair) -> None:
    with TestClient(create_app(pair.settings), raise_server_exceptions=False) as client:
        pair.pause("pause")
        proposed = {"text": "Die Nummer ist neu."}
        sent = client.post(f"/api/v1/offers/{uid('offer-1')}/corrections", json=proposed)
        assert sent.status_code == 202, sent.text
        assert client.get(sent.headers["location"]).status_code == 200
        pair.pause("resume")


def test_readers_are_answered_without_the_primary_and_without_the_replica(pair: Pair) -> None:
    paths = ("/api/v1/offers?q=Beratung", f"/api/v1/offers/{uid('offer-1')}", "/", "/quellen")
    with TestClient(create_app(pair.settings), raise_server_exceptions=False) as client:
        pair.primary.stop()
        for path in (*paths, "/healthz", "/api/v1/changes?since=0"):
            assert client.get(path).status_code == 200, path
        make_readable(pair.settings)  # a server can be started meanwhile
        denied = client.post(f"/api/v1/offers/{uid('offer-1')}/corrections", json={"text": "Neu"})
        assert denied.status_code == 503
        pair.primary.start()
        pair.replica.stop()
        for path in (*paths, "/healthz"):
            assert client.get(path).status_code == 200, path
        pair.primary.stop()
        assert client.get("/healthz").status_code == 503
        assert client.get(f"/api/v1/offers/{uid('offer-1')}").status_code == 503
        assert client.get("/api/v1/offers?q=Beratung").status_code == 200  # the index has it all
        with pytest.raises(SettingsError, match="NETZLOTSE_DATABASE_URL"):
            make_readable(pair.settings)
        pair.replica.start()


def test_lag_is_told_in_changes_and_seconds(pair: Pair) -> None:
    local = TestClient(create_app(pair.settings), client=("127.0.0.1", 50_000))
    before = local.get("/healthz").json()
    pair.record.offer("neu", "pankow", title="Neu")
    pair.level()
    after = local.get("/healthz").json()
    assert (before["lag"], before["lag_seconds"]) == (0, 0)
    assert after["lag"] == 1
    age = (datetime.now(UTC) - NOW).total_seconds()
    assert abs(after["lag_seconds"] - age) < 60
    told = local.get("/metrics").text
    assert "netzlotse_index_lag 1.0" in told
    assert "netzlotse_index_lag_seconds" in told
    assert "netzlotse_replica_lag_seconds" in told


def test_no_replica_is_sqlite() -> None:
    with pytest.raises(ValueError, match="postgresql:"):
        Settings(read_database_url="sqlite:///x.db")
