"""The queue of a cluster in a real PostgreSQL: its tables, what is enqueued, what is counted."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from procrastinate import App, SyncPsycopgConnector
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from aggregator.settings import Settings
from aggregator.store import queue as tables
from aggregator.store.engine import connect
from aggregator.store.lease import host_lease, is_taken, source_lease, take, taken_in
from aggregator.store.schema import SchemaError, check, migrate
from aggregator.store.tables import OrderRow, OrderState, Work
from api.app import create_app
from crawlers.source import Source
from schedules.desk import Desk
from schedules.hold import hold
from schedules.lock import SourceLockedError
from schedules.queue import enqueue_notices, enqueue_visit, open_visits
from schedules.runner import Runner, open_runner
from schedules.worker import _visit
from tests.api.test_metrics import values
from tests.crawlers.test_crawl import OFFERS, page
from tests.loopback import Handler, Reply, serve

pytestmark = pytest.mark.postgres
SHAPE = text(
    "SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns"
    " WHERE table_schema = 'procrastinate' UNION SELECT p.oid::regprocedure::text FROM pg_proc p"
    " WHERE pronamespace = 'procrastinate'::regnamespace UNION SELECT indexname FROM pg_indexes"
    " WHERE schemaname = 'procrastinate' ORDER BY 1"
)
"""Columns, functions and indexes of the queue."""


@pytest.fixture
def record(postgres_database: str) -> Iterator[Engine]:
    engine = connect(postgres_database)
    migrate(engine)
    yield engine
    engine.dispose()


@contextmanager
def enqueuing(record: Engine) -> Iterator[tuple[App, Connection]]:
    with record.begin() as connection:
        connection.execute(text("SET LOCAL search_path TO public, procrastinate"))
        yield App(connector=SyncPsycopgConnector()), connection


def source(name: str, start: str = "https://netz.example/") -> Source:
    return Source.model_validate({"id": name, "title": name, "region": "11", "start": [start]})


def test_the_scripts_of_all_versions_come_to_what_a_new_record_has(record: Engine) -> None:
    with record.connect() as connection:
        new = connection.scalars(SHAPE).all()
    with record.begin() as connection:
        connection.execute(text("DROP SCHEMA procrastinate CASCADE"))
        connection.execute(text("CREATE SCHEMA procrastinate"))
        connection.execute(text("COMMENT ON SCHEMA procrastinate IS '0.0.0_0'"))
    with pytest.raises(SchemaError, match=r"00\.00\.00_01_initial.sql.*netzlotse migrate"):
        check(record)
    migrate(record)
    check(record)
    with record.connect() as connection:
        upgraded = connection.scalars(SHAPE).all()
    assert set(new) <= set(upgraded)
    with record.connect() as connection:
        assert tables.pending(connection) == []


def test_a_later_version_is_applied_once_and_goes_on_where_it_broke_off(
    record: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(record)
    for name, does in (
        ("99.00.00_01_pre_more.sql", "ALTER TABLE procrastinate_jobs ADD COLUMN more int;"),
        ("99.00.00_50_post_more.sql", "SELECT 1 / 0;"),
    ):
        (tmp_path / name).write_text(does)
    monkeypatch.setattr(SchemaManager, "get_migrations_path", lambda: str(tmp_path))
    with pytest.raises(SchemaError, match="01_pre_more"):
        check(record)
    done = migrate(record, spare_older=True)
    assert (done.waiting, done.works) == (("99.00.00_50_post_more.sql",), True)
    check(record)
    with pytest.raises(Exception, match="division by zero"):
        migrate(record)
    (tmp_path / "99.00.00_50_post_more.sql").write_text("SELECT 1;")
    assert migrate(record).waiting == ()
    assert migrate(record).waiting == ()
    check(record)


def test_the_same_visit_is_ordered_once_and_a_later_one_again(record: Engine) -> None:
    for after in (0, 0, 4):
        with enqueuing(record) as (queue, connection):
            enqueue_visit(queue, connection, source("netz"), after)
            enqueue_notices(queue, connection)
    with record.connect() as connection:
        assert open_visits(connection) == {"netz"}
        told = connection.execute(
            text("SELECT task_name, lock, args FROM procrastinate.procrastinate_jobs ORDER BY id")
        ).all()
    assert [(row.task_name, row.args.get("after")) for row in told] == [
        ("visit", 0), ("notices", None), ("visit", 4),
    ]  # fmt: skip
    assert told[0].lock == "host netz.example"


def test_what_was_enqueued_by_who_leads_no_more_is_not_there(record: Engine) -> None:
    with enqueuing(record) as (queue, connection):
        enqueue_visit(queue, connection, source("netz"), 0)
        assert open_visits(connection) == {"netz"}
        connection.get_transaction().rollback()  # type: ignore[union-attr]
    with record.connect() as connection:
        assert open_visits(connection) == set()


@pytest.fixture
def runner(tmp_path: Path, postgres_database: str) -> Runner:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "x.yml").write_text(
        "id: x\ntitle: x\nregion: '11'\nstart: ['https://x.example/']\n"
    )
    settings = Settings(
        data_dir=tmp_path / "data", database_url=postgres_database, download_delay=0,
        sources=tmp_path / "sources", allowed_private_hosts=("127.0.0.1",), lease_seconds=3,
    )  # fmt: skip
    return open_runner(settings, indexing=False)


def test_a_job_that_is_begun_twice_visits_the_site_once(runner: Runner, tmp_path: Path) -> None:
    """As after a crash between publishing a run and saying so."""
    with serve({"/": page(OFFERS)}) as server:
        netz = source("netz", f"{server.base_url}/")
        (tmp_path / "sources" / "netz.yml").write_text(netz.model_dump_json(exclude_defaults=True))
        open_runner(runner.settings, indexing=False)
        _visit(runner, netz, after=0)
        _visit(runner, netz, after=0)
        assert server.asked("/") == 1
        _visit(runner, netz, after=taken_in(runner.engine, source_lease("netz")))
        assert server.asked("/") == 2


def test_a_host_is_left_alone_for_its_delay_after_whoever_had_it(
    record: Engine, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, lease_seconds=3)
    host = host_lease("netz.example")
    with hold(record, settings, source_lease("one"), host) as held:
        held.rest = 2.0
    ended = time.monotonic()
    with pytest.raises(SourceLockedError):
        hold(record, settings, source_lease("two"), host).__enter__()
    assert not is_taken(record, source_lease("one")), "the source itself is free"
    with hold(record, settings, source_lease("two"), waiting_for=[host]):
        assert time.monotonic() - ended >= 1.9


def _now() -> datetime:
    return datetime.now(UTC)


def ordered(engine: Engine) -> list[OrderRow]:
    with Session(engine, expire_on_commit=False) as session:
        return list(session.exec(select(OrderRow).order_by(col(OrderRow.id))))


def test_a_run_is_accepted_where_it_was_made(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For ten minutes it is waited for that machine, by no clock that could be wrong."""
    now = datetime.now(UTC)
    with Session(runner.engine) as session:
        for at in (now, now - timedelta(days=1), now + timedelta(days=1)):
            session.add(
                OrderRow(work=Work.ACCEPT, subject="x.1", by="anna", at=at, wish={"reason": "so"})
            )
        session.add(OrderRow(work=Work.CRAWL, subject="x", by="anna", at=now))
        session.commit()
    desk = Desk(runner, None)
    desk.work_off()
    assert {order.state for order in ordered(runner.engine)} == {OrderState.WAITING}
    later = time.monotonic() + 600
    monkeypatch.setattr("schedules.desk.monotonic", lambda: later)
    desk.work_off()
    failed, waiting = [OrderState.FAILED], [OrderState.WAITING]
    assert [order.state for order in ordered(runner.engine)] == failed * 3 + waiting


def test_an_order_of_a_desk_that_was_cut_off_is_anothers(runner: Runner) -> None:
    """Nothing that the first one comes back with is told."""
    first, second = Desk(runner, None), Desk(runner, None)
    asked, done = threading.Event(), threading.Event()

    def answer(_: BaseHTTPRequestHandler) -> Reply:
        if asked.is_set():
            return page(OFFERS)
        asked.set()
        done.wait()
        return page("<title>Netz</title>")

    with serve({"/": answer}) as server:
        with Session(runner.engine) as session:
            session.add(OrderRow(work=Work.PROBE, subject=server.base_url, by="anna", at=_now()))
            session.commit()
        thread = threading.Thread(target=first.work_off)
        thread.start()
        asked.wait()
        with runner.engine.begin() as connection:  # its leases were somebody's, who is gone
            connection.execute(
                text("UPDATE lease SET until = clock_timestamp(), token = token + 1")
            )
        second.work_off()
        done.set()
        thread.join()
    (order,) = ordered(runner.engine)
    assert (order.state, order.attempts) == (OrderState.DONE, 2)
    assert len(order.outcome["offers"]) == 3


def test_a_probe_ends_when_others_may_visit_the_host(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record is out of reach for longer than the lease; the site is not."""

    def lost(*_: object) -> bool:
        raise OperationalError("", {}, Exception("no route to host"))

    def slowly(_: BaseHTTPRequestHandler) -> Reply:
        time.sleep(0.5)
        return page(OFFERS)

    monkeypatch.setattr("schedules.hold.renew", lost)
    links = "".join(f'<a href="/angebot-{n}">Angebot {n}</a>' for n in range(60))
    paths: dict[str, Handler] = {f"/angebot-{n}": slowly for n in range(60)}
    with serve({**paths, "/": page(f"<title>Netz</title><main>{links}</main>")}) as server:
        with Session(runner.engine) as session:
            session.add(OrderRow(work=Work.PROBE, subject=server.base_url, by="anna", at=_now()))
            session.commit()
        Desk(runner, None).work_off()
        asked = len(server.seen)
    (order,) = ordered(runner.engine)
    assert (order.state, order.attempts) == (OrderState.WAITING, 0)
    assert asked < 40


def test_monitoring_reads_how_the_work_is_spread(runner: Runner) -> None:
    app = create_app(runner.settings)
    local = TestClient(app, client=("127.0.0.1", 50_000))
    assert values(local.get("/metrics").text)["netzlotse_queue_waiting"] == 0
    for name in ("one", "two"):
        with enqueuing(runner.engine) as (queue, connection):
            enqueue_visit(queue, connection, source(name), 0)
    take(runner.engine, [source_lease("three")], "somebody", 60)
    with runner.engine.begin() as connection:
        connection.execute(text("SET LOCAL search_path TO procrastinate"))
        worker = connection.scalar(text("SELECT procrastinate_register_worker_v1()"))
        fetch = text("SELECT procrastinate_fetch_job_v2(NULL, :worker)")
        connection.execute(fetch, {"worker": worker})
        connection.execute(text("UPDATE procrastinate_events SET at = at - interval '1 minute'"))
    found = values(local.get("/metrics").text)
    assert found["netzlotse_queue_waiting"] == found["netzlotse_queue_running"] == 1
    assert 60 <= found["netzlotse_queue_oldest_seconds"] < 120
    assert found["netzlotse_leases"] == found["netzlotse_workers"] == 1
    with runner.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE procrastinate.procrastinate_workers"
                " SET last_heartbeat = last_heartbeat - '4 s'::interval"
            )
        )
    assert values(local.get("/metrics").text)["netzlotse_workers"] == 0
