"""The cluster: PostgreSQL with a replica, API nodes, workers, a scheduler pair, sites, a store."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from aggregator.health import PUBLISHED
from aggregator.orders import place
from aggregator.store.engine import connect
from aggregator.store.tables import ListingRow, OrderRow, Presence, RunRow, Work
from tests.cluster import sites
from tests.cluster.machine import Machine, Network, Process, wait_for
from tests.postgres import Server, ServerError, binaries

API, SITES = 8000, 8100
LEASE = 6
"""Seconds that a lease lasts: so short that a test need not wait, so long that all can renew it."""
DELAY = 0.3
"""Seconds between two requests to a host."""
_DATABASE = "netz"
_AGAIN = 1.0  # seconds after which what has died is started again, as systemd's RestartSec
_NETZLOTSE = (sys.executable, "-m", "netzlotse")
_LIBPQ = (
    "connect_timeout=2&keepalives_idle=2&keepalives_interval=1&keepalives_count=3"
    "&tcp_user_timeout=4000"
)
"""How soon a connection gives up a server that has vanished (libpq, "Parameter Key Words")."""


@dataclass
class Round:
    """One visit of every source: each is due once, and what it has to come to."""

    edition: int
    before: dict[str, int]
    """Published runs of each source when it was ordered."""
    ordered_at: float


@dataclass
class Cluster:
    """Everything, started by entering it. `count` sites, one of which shares another one's host."""

    home: Path
    count: int = 6
    node_names: Sequence[str] = ("node-a", "node-b")
    worker_names: Sequence[str] = ("worker-a", "worker-b")
    clock_names: Sequence[str] = ("clock-a", "clock-b")
    small: Mapping[str, int] = field(default_factory=dict)
    """Machines whose data folder is a file system of its own, of so many megabytes."""
    editions: dict[str, int] = field(default_factory=dict)
    deaths: list[tuple[float, str, int]] = field(default_factory=list)
    """What ended without being told to: when (monotonic), which, its exit code."""

    def __enter__(self) -> Self:
        self.network = Network(self.home)
        self.over = threading.Event()
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.over.set()
        self.network.close()
        for server in getattr(self, "servers", {}).values():
            server.stop()
        if hasattr(self, "engine"):
            self.engine.dispose()

    # What is there.

    @property
    def sources(self) -> list[str]:
        return sites.site_ids(self.count)

    @property
    def nodes(self) -> list[Machine]:
        return [self.network.machines[name] for name in self.node_names]

    @property
    def workers(self) -> list[Machine]:
        return [self.network.machines[name] for name in self.worker_names]

    def process(self, name: str) -> Process:
        """A process by "machine/name"."""
        machine, _, own = name.partition("/")
        return self.network.machines[machine].processes[own]

    def url(self, *, reading: bool = False) -> str:
        """The record's URL, as every machine is told it: both servers, whichever takes writes."""
        hosts = [f"host={s.address}:{s.port}" for s in self.servers.values()]
        wanted = "prefer-standby" if reading else "read-write"
        return (
            f"postgresql+psycopg://postgres@/{_DATABASE}?{'&'.join(hosts)}"
            f"&target_session_attrs={wanted}&{_LIBPQ}"
        )

    def environment(self, machine: Machine, **more: str) -> dict[str, str]:
        """What a process on a machine is told."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("NETZLOTSE_")}
        told = {
            "DATA_DIR": str(machine.data),
            "DATABASE_URL": self.url(),
            "STORE": str(self.home / "store"),
            "SOURCES": str(self.home / "sources"),
            "DOWNLOAD_DELAY": str(DELAY),
            "ALLOWED_PRIVATE_HOSTS": self.site.address,
            "LEASE_SECONDS": str(LEASE),
            "RATE_LIMIT": "0",
            **more,
        }
        return kept | {f"NETZLOTSE_{name}": value for name, value in told.items()}

    # Starting.

    def _start(self) -> None:
        programs = binaries()
        if programs is None:
            raise ServerError("PostgreSQL is not installed (Debian: apt install postgresql)")
        self.servers: dict[str, Server] = {}
        for name in ("db-1", "db-2"):
            machine = self.network.machine(name)
            self.servers[name] = Server(
                programs, machine.home / "pg", machine.address, inside=machine.inside,
                options=("max_connections=300", "hot_standby_feedback=on", "wal_keep_size=128MB"),
            )  # fmt: skip
        self.primary = "db-1"
        first, second = self.servers.values()
        first.create()
        first.start()
        admin = create_engine(first.url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{_DATABASE}"'))
        admin.dispose()
        self._follow(second, first)
        (self.home / "store").mkdir()
        self._start_sites()
        self.engine: Engine = connect(self.url())
        threading.Thread(target=self._supervise, daemon=True).start()
        for name in (*self.node_names, *self.worker_names, *self.clock_names):
            machine = self.network.machine(name)
            if name in self.small and self.network.isolated:
                self.network.small_disk(machine.data, self.small[name])
        self.run_once(self.network.machines[self.node_names[0]], "migrate")
        self.start_clocks(self.clock_names)
        self.start_workers(self.worker_names)
        self.start_nodes(self.node_names)

    def _follow(self, replica: Server, primary: Server) -> None:
        """Make a replica. The primary waits for it: what a client knows to be there is on both."""
        replica.copy(primary)
        replica.start()
        admin = create_engine(primary.url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("ALTER SYSTEM SET synchronous_standby_names = '*'"))
            connection.execute(text("SELECT pg_reload_conf()"))
            wait_for(
                "the replica streams",
                lambda: connection.scalar(
                    text("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
                ),
                30,
            )
        admin.dispose()

    def _start_sites(self) -> None:
        self.site = self.network.machine("sites")
        self.editions = dict.fromkeys(self.sources, 0)
        self._publish_editions()
        sites.declare(self.home / "sources", self.site.address, SITES, self.count)
        arguments = (str(self.home), self.site.address, str(SITES), str(self.count))
        command = (sys.executable, "-m", "tests.cluster.sites", *arguments)
        self.site.run("sites", command, dict(os.environ))

    def start_nodes(self, names: Iterable[str]) -> None:
        for name in names:
            node = self.network.machines[name]
            environment = self.environment(node, READ_DATABASE_URL=self.url(reading=True))
            node.run("follow", (*_NETZLOTSE, "follow"), environment)
            serve = ("serve", "--host", node.address, "--port", str(API))
            node.run("serve", (*_NETZLOTSE, *serve), environment)

    def start_workers(self, names: Iterable[str]) -> None:
        for name in names:
            worker = self.network.machines[name]
            worker.run("worker", (*_NETZLOTSE, "worker"), self.environment(worker))

    def start_clocks(self, names: Iterable[str]) -> None:
        for name in names:
            clock = self.network.machines[name]
            clock.run("schedule", (*_NETZLOTSE, "schedule"), self.environment(clock))

    def run_once(self, machine: Machine, *arguments: str, **more: str) -> None:
        """Run a verb on a machine to its end. Raises OSError with what it said where it fails."""
        told, log = self.environment(machine, **more), machine.home / f"{arguments[0]}.log"
        process = Process(arguments[0], (*_NETZLOTSE, *arguments), told, told, log, machine)
        machine.home.mkdir(parents=True, exist_ok=True)
        process.start()
        assert process.popen is not None
        if process.popen.wait(120):
            raise OSError(f"{arguments}: {process.log.read_text()[-800:]}")

    def _supervise(self) -> None:
        """Start what has died again, after a second, as systemd does."""
        dead: dict[str, float] = {}
        while not self.over.wait(0.1):
            for machine in list(self.network.machines.values()):
                for process in list(machine.processes.values()):
                    name = f"{machine.name}/{process.name}"
                    if process.alive or not process.wanted or process.popen is None:
                        continue
                    if name not in dead:
                        dead[name] = time.monotonic()
                        self.deaths.append((dead[name], name, process.popen.returncode))
                    elif time.monotonic() - dead[name] >= _AGAIN:
                        del dead[name]
                        process.start()

    # The database's own fate.

    def promote(self) -> None:
        """Let the replica take writes from now on (the primary is dead)."""
        (other,) = (name for name in self.servers if name != self.primary)
        self.servers[other].promote()
        self.primary = other

    def renew_replica(self) -> None:
        """Make the dead former primary the replica of the new one, from a new base backup."""
        (other,) = (name for name in self.servers if name != self.primary)
        replica = self.servers[other]
        replica.remove()
        self._follow(replica, self.servers[self.primary])

    # What is to be done, and what came of it.

    def _publish_editions(self) -> None:
        file = self.home / "edition.json"
        file.with_suffix(".new").write_text(json.dumps(self.editions))
        file.with_suffix(".new").replace(file)

    def order(self, edition: int) -> Round:
        """All sites say something new, and each source is to be visited once, as from the desk."""
        before = {name: len(runs) for name, runs in self.runs().items()}
        self.editions = dict.fromkeys(self.sources, edition)
        self._publish_editions()
        with Session(self.engine) as session:
            for name in self.sources:
                place(session, self._wanted(name, edition))
            session.commit()
        return Round(edition, before, time.monotonic())

    def order_again(self, round_: Round) -> list[str]:
        """Order once more, as the next visit of a round, what it has not come to; the sources.

        A run of it broke off, or was published without pages that could not be kept.
        """
        runs, behind = self.runs(), self.behind(round_.edition)
        with Session(self.engine) as session:
            for name in behind:
                if len(runs[name]) <= round_.before.get(name, 0) + 1:
                    round_.before[name] = len(runs[name])
                    place(session, self._wanted(name, round_.edition))
            session.commit()
        return behind

    def _wanted(self, name: str, edition: int) -> OrderRow:
        return OrderRow(
            work=Work.CRAWL, subject=name, by="test", at=datetime.now(UTC),
            wish={"edition": edition},
        )  # fmt: skip

    def runs(self) -> dict[str, list[RunRow]]:
        """The published runs of each source, in the order in which they began."""
        told: dict[str, list[RunRow]] = {name: [] for name in self.sources}
        with Session(self.engine, expire_on_commit=False) as session:
            query = select(RunRow).where(col(RunRow.verdict).in_(PUBLISHED)).order_by(RunRow.id)
            for run in session.exec(query):
                told.setdefault(run.source_id, []).append(run)
        return told

    def visited(self, round_: Round) -> bool:
        """Whether every source has a published run since a round began, and says its edition."""
        with suppress(DBAPIError):
            runs = self.runs()
            ahead = all(len(runs[n]) > round_.before.get(n, 0) for n in self.sources)
            return ahead and not self.behind(round_.edition)
        return False

    def behind(self, edition: int) -> list[str]:
        """Sources of which a listing is not what its site says in an edition, or is not there."""
        told: dict[str, dict[str, str]] = {name: {} for name in self.sources}
        with Session(self.engine) as session:
            for row in session.exec(
                select(ListingRow).where(ListingRow.presence == Presence.PRESENT)
            ):
                told.setdefault(row.source_id, {})[row.flat["title"]] = str(row.flat["description"])
        return [
            name
            for number, name in enumerate(self.sources)
            if set(told[name]) != sites.titles(number, self.count)
            or not all(sites.said(edition) in text for text in told[name].values())
        ]

    def health(self, node: Machine) -> dict[str, Any]:
        """What `/healthz` of a node says; empty where it does not answer 200."""
        try:
            with urlopen(f"http://{node.address}:{API}/healthz", timeout=2) as answer:
                told: dict[str, Any] = json.loads(answer.read())
                return told
        except (URLError, OSError, ValueError):
            return {}

    def newest(self) -> int:
        """The number of the last change in the record."""
        with self.engine.connect() as connection:
            return connection.scalar(text("SELECT coalesce(max(seq), 0) FROM change")) or 0

    def built_anew(self) -> Machine:
        """A node whose index is built from the record alone, without any snapshot."""
        anew = self.network.machine("anew")
        self.run_once(anew, "index", "rebuild", STORE="")
        serve = (*_NETZLOTSE, "serve", "--host", anew.address, "--port", str(API))
        anew.run("serve", serve, self.environment(anew, STORE=""))
        wait_for("the new node answers", lambda: bool(self.health(anew)), 60)
        return anew

    def is_level(self, nodes: Sequence[Machine] = ()) -> bool:
        """Whether nodes have seen every change that the record has."""
        with suppress(DBAPIError):
            newest = self.newest()
            return all(self.health(node).get("index_seq") == newest for node in nodes or self.nodes)
        return False

    def jobs(self) -> int:
        """How many visits are under way or to come."""
        query = text(
            "SELECT count(*) FROM procrastinate.procrastinate_jobs"
            " WHERE task_name = 'visit' AND status IN ('todo', 'doing')"
        )
        with self.engine.connect() as connection:
            return connection.scalar(query) or 0

    def crawling(self, worker: Machine) -> list[int]:
        """The processes that crawl on a worker right now."""
        process = worker.processes["worker"]
        return process.children if process.alive else []
