"""Workers and schedulers of a cluster: real processes, a real PostgreSQL, real sites."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from aggregator.store.engine import connect
from aggregator.store.schema import migrate
from aggregator.store.tables import JobRow, OrderRow, OrderState, Work
from tests.crawlers.test_crawl import OFFERS, page
from tests.loopback import Server, serve
from tests.schedules.machines import LEASE, Machines, until

pytestmark = pytest.mark.postgres


@pytest.fixture
def machines(tmp_path: Path, postgres_database: str) -> Iterator[Machines]:
    engine = connect(postgres_database)
    migrate(engine)
    made = Machines(tmp_path, postgres_database, engine)
    yield made
    made.end()


@pytest.fixture
def server() -> Iterator[Server]:
    with serve({"/": page(OFFERS)}) as server:
        yield server


def hold_up(server: Server) -> threading.Event:
    """Let the first page of a site come only when the event is set."""
    released = threading.Event()

    def slow(_request: object) -> object:
        released.wait(60)
        return page(OFFERS)

    server.paths["/"] = slow  # type: ignore[assignment]
    return released


def leader(machines: Machines) -> int | None:
    """The backend of the connection that leads."""
    query = text(
        "SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'"
        " AND granted AND application_name = 'netzlotse leader'"
    )
    with machines.engine.connect() as connection:
        return connection.scalar(query)


def test_two_workers_share_six_sources(machines: Machines) -> None:
    names = [f"netz-{number}" for number in range(6)]
    with ExitStack() as sites:
        servers = [sites.enter_context(serve({"/": page(OFFERS)})) for _ in names]
        for name, server in zip(names, servers, strict=True):
            machines.declare(name, f"{server.base_url}/")
        for machine, verb in (
            ("clock-a", ("schedule",)), ("clock-b", ("schedule",)),
            ("one", ("worker", "--jobs", "1")), ("two", ("worker", "--jobs", "1")),
        ):  # fmt: skip
            machines.start(machine, *verb)
        until(lambda: machines.published() == dict.fromkeys(names, 1) and machines.is_idle)
        one, two = machines.crawled_by("one"), machines.crawled_by("two")
        assert one
        assert two
        assert one | two == set(names)
        assert not one & two
        with Session(machines.engine) as session:
            due = [row.next_run_time for row in session.exec(select(JobRow))]
        assert len(due) == 6
        machines.order("netz-3")
        until(lambda: machines.published()["netz-3"] == 2 and machines.is_idle)
        until(lambda: min(next_runs(machines)) > time.time())
        assert machines.published() == {**dict.fromkeys(names, 1), "netz-3": 2}
        assert [server.asked("/") for server in servers] == [1, 1, 1, 2, 1, 1]


def next_runs(machines: Machines) -> list[float]:
    with Session(machines.engine) as session:
        return [row.next_run_time or 0.0 for row in session.exec(select(JobRow))]


def test_the_job_of_a_worker_that_died_is_done_by_another_once(
    machines: Machines, server: Server
) -> None:
    released = hold_up(server)
    machines.declare("netz", f"{server.base_url}/")
    machines.start("clock", "schedule")
    first = machines.start("one", "worker")
    until(lambda: server.asked("/") > 0)
    os.killpg(first.pid, signal.SIGKILL)
    released.set()
    machines.start("two", "worker")
    until(lambda: machines.published() == {"netz": 1} and machines.is_idle)
    machines.start("one", "worker")  # the machine comes back, with a run that broke off
    machines.order("netz")
    until(lambda: machines.published() == {"netz": 2} and machines.is_idle)
    assert machines.jobs() == {}


def test_a_worker_that_is_told_to_end_gives_its_jobs_back(
    machines: Machines, server: Server
) -> None:
    released = hold_up(server)
    machines.declare("netz", f"{server.base_url}/")
    machines.start("clock", "schedule")
    first = machines.start("one", "worker")
    until(lambda: server.asked("/") > 0)
    first.send_signal(signal.SIGTERM)
    assert first.wait(15) == 0, machines.log("one")
    assert machines.jobs() == {"todo": 1}
    assert machines.crawled_by("one") == set(), "a crawl that was broken off says nothing"
    released.set()
    machines.start("two", "worker")
    until(lambda: machines.published() == {"netz": 1} and machines.is_idle)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP])
def test_another_scheduler_leads_when_the_leader_is_gone(
    machines: Machines, server: Server, how: signal.Signals
) -> None:
    machines.declare("netz", f"{server.base_url}/")
    clocks = [machines.start(name, "schedule") for name in ("clock-a",)]
    until(lambda: leader(machines))
    led = leader(machines)
    clocks.append(machines.start("clock-b", "schedule"))
    until(lambda: "waiting to lead" in machines.log("clock-b"))
    clocks[0].send_signal(how)
    until(lambda: leader(machines) not in {led, None}, 20 + 2 * LEASE)
    machines.start("one", "worker")
    machines.order("netz")
    until(lambda: machines.published() and machines.is_idle)
    if how is signal.SIGSTOP:  # it comes back, and finds that it leads no more
        leads = leader(machines)
        clocks[0].send_signal(signal.SIGCONT)
        until(lambda: "somebody else may lead" in machines.log("clock-a"))
        assert leader(machines) == leads
    assert set(machines.published()) == {"netz"}


def test_the_desks_orders_are_done_by_whoever_works(machines: Machines, server: Server) -> None:
    machines.declare("netz", f"{server.base_url}/")
    machines.start("clock", "schedule")
    machines.start("one", "worker")
    with Session(machines.engine) as session:
        now = datetime.now(UTC)
        session.add(OrderRow(work=Work.PROBE, subject=server.base_url, by="anna", at=now))
        session.add(OrderRow(work=Work.CRAWL, subject="gibt-es-nicht", by="anna", at=now))
        session.commit()

    def states() -> list[OrderState]:
        with Session(machines.engine) as session:
            return [row.state for row in session.exec(select(OrderRow).order_by(OrderRow.id))]  # type: ignore[arg-type]

    until(lambda: states() == [OrderState.DONE, OrderState.FAILED])
