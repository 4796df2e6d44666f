"""Machines of a cluster for tests: real processes that share a PostgreSQL and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from aggregator import orders
from aggregator.health import PUBLISHED
from aggregator.store.tables import OrderRow, RunRow, Work

_ROOT = Path(__file__).parent.parent.parent
LEASE = 6
"""Seconds that a lease lasts, and until a worker without a sign of life is gone."""


def until(true: Callable[[], object], seconds: float = 90) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


@dataclass
class Machines:
    """`start` starts a verb on a machine with a data folder of its own; `end` ends all."""

    home: Path
    url: str
    engine: Engine
    delay: float = 0.0
    lease: int = LEASE
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def declare(self, name: str, start: str) -> None:
        """Declare a source that is visited weekly."""
        (self.home / "sources").mkdir(exist_ok=True)
        declared = f'id: {name}\ntitle: {name}\nregion: "11"\nstart: ["{start}"]\n'
        (self.home / "sources" / f"{name}.yml").write_text(declared, "utf-8")

    def start(self, machine: str, *verb: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "NETZLOTSE_DATA_DIR": str(self.home / machine),
            "NETZLOTSE_DATABASE_URL": self.url,
            "NETZLOTSE_SOURCES": str(self.home / "sources"),
            "NETZLOTSE_DOWNLOAD_DELAY": str(self.delay),
            "NETZLOTSE_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
            "NETZLOTSE_LEASE_SECONDS": str(self.lease),
        }
        with (self.home / f"{machine}.log").open("ab") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", "netzlotse", *verb], env=environment, cwd=_ROOT,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.running[machine] = started
        return started

    def end(self) -> None:
        """End all that still run, with all that they started."""
        for process in self.running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()
        self.engine.dispose()

    def log(self, machine: str) -> str:
        return (self.home / f"{machine}.log").read_text("utf-8")

    def order(self, *names: str) -> None:
        """Order a visit, as the desk does."""
        with Session(self.engine) as session:
            for name in names:
                wanted = OrderRow(work=Work.CRAWL, subject=name, by="anna", at=datetime.now(UTC))
                orders.place(session, wanted)
            session.commit()

    def published(self) -> dict[str, int]:
        """How many runs of each source are published."""
        counts: dict[str, int] = {}
        with Session(self.engine) as session:
            query = select(RunRow.source_id).where(col(RunRow.verdict).in_(PUBLISHED))
            for name in session.exec(query):
                counts[name] = counts.get(name, 0) + 1
        return counts

    def crawled_by(self, machine: str) -> set[str]:
        """The sources that a machine has run folders of."""
        return {path.parent.name for path in (self.home / machine / "spool").glob("*/*")}

    def jobs(self) -> dict[str, int]:
        """Jobs of the queue to visit a source, by status."""
        query = text(
            "SELECT status, count(*) FROM procrastinate.procrastinate_jobs"
            " WHERE task_name = 'visit' GROUP BY status"
        )
        with self.engine.connect() as connection:
            return {row.status: row.count for row in connection.execute(query)}

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nobody works."""
        return not self.jobs().keys() & {"todo", "doing"}
