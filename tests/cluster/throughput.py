"""`python -m tests.cluster.throughput`: how many more sources two workers crawl than one.

Real HTTP sites on loopback, each a host of its own, visited with a real delay between two requests:
as in reality, waiting decides and not computing. Each worker is a process with a data folder of its
own, the record a PostgreSQL that is made for it. The clock runs from the first request until the
last run is published. Prints a row a number of workers.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from aggregator.store.engine import connect
from aggregator.store.schema import migrate
from tests.cluster.machine import wait_for
from tests.postgres import Server, ServerError, binaries
from tests.schedules.machines import Machines

_LONGEST = 1800.0  # seconds within which all sources have to be visited
_PAGE = (
    "<!doctype html><html lang=de><title>Netz {site}</title><main><nav>{links}</nav><article>"
    "<h2>Beratung {page} in Haus {site}</h2><p>Beratung für Alleinerziehende, kostenlos.</p>"
    "<p>Telefon: 030 23125 {number:03d}</p><p>Di 14-16 Uhr</p></article></main></html>"
)


@dataclass
class Sites:
    """So many sites of so many pages, a port each, in a thread of their own."""

    count: int
    pages: int
    ports: list[int] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    """When each page was asked for, by the monotonic clock; robots.txt is none."""

    def page(self, site: int, number: int) -> str:
        links = "".join(f'<a href="/{n}.html">Angebot {n}</a> ' for n in range(1, self.pages))
        return _PAGE.format(site=site, page=number, links=links, number=site * 7 + number)

    async def _answer(
        self, site: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                asked = await reader.readuntil(b"\r\n\r\n")
                name = asked.split(b" ", 2)[1].decode("ascii").strip("/").removesuffix(".html")
                known = not name or (name.isdigit() and int(name) < self.pages)
                body = self.page(site, int(name or 0)).encode() if known else b"nichts"
                if known:
                    self.asked.append(time.monotonic())
                writer.write(
                    f"HTTP/1.1 {200 if known else 404} X\r\nContent-Length: {len(body)}\r\n"
                    "Content-Type: text/html; charset=utf-8\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        writer.close()

    async def _serve(self, ready: threading.Event, over: threading.Event) -> None:
        servers = [
            await asyncio.start_server(partial(self._answer, site), "127.0.0.1", 0)
            for site in range(self.count)
        ]
        self.ports = [server.sockets[0].getsockname()[1] for server in servers]
        ready.set()
        while not over.is_set():
            await asyncio.sleep(0.2)
        for server in servers:
            server.close()

    @contextmanager
    def served(self) -> Iterator[None]:
        ready, over = threading.Event(), threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready, over)))
        thread.start()
        try:
            ready.wait()
            yield
        finally:
            over.set()
            thread.join()


def visit_all(  # noqa: PLR0917 - one call
    server: Server, home: Path, sites: Sites, workers: int, jobs: int, delay: float
) -> float:
    """Have so many workers visit all sites once; the seconds that took."""
    name = f"workers_{workers}_{os.getpid()}"
    admin = create_engine(server.url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    url = make_url(server.url).set(database=name).render_as_string(hide_password=False)
    engine = connect(url)
    migrate(engine)
    machines = Machines(home, url, engine, delay=delay, lease=30)
    try:
        for number, port in enumerate(sites.ports):
            machines.declare(f"netz-{number:02d}", f"http://127.0.0.1:{port}/")
        for number in range(workers):
            machines.start(f"worker-{number}", "worker", "--jobs", str(jobs))
        alive = text("SELECT count(*) FROM procrastinate.procrastinate_workers")

        def all_there() -> bool:
            with engine.connect() as connection:
                return connection.scalar(alive) == workers

        wait_for("all workers wait for jobs", all_there, 120)
        sites.asked.clear()
        machines.start("clock", "schedule")
        wait_for(
            "every source is visited",
            lambda: len(machines.published()) == sites.count, _LONGEST, 0.25,
        )  # fmt: skip
        took = time.monotonic() - sites.asked[0]
        if set(machines.published().values()) != {1}:
            raise OSError(f"not once each: {machines.published()}")
        if len(sites.asked) != sites.count * sites.pages:
            raise OSError(f"{len(sites.asked)} pages were asked for")
        return took
    finally:
        machines.end()
        admin.dispose()


def main() -> int:
    """Measure each number of workers, print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster.throughput", description=__doc__)
    parser.add_argument("--sources", type=int, default=40)
    parser.add_argument("--pages", type=int, default=20, help="Pages a site.")
    parser.add_argument("--delay", type=float, default=1.0, help="Seconds between two requests.")
    parser.add_argument("--jobs", type=int, default=4, help="Crawls at a time, a worker.")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    told = parser.parse_args()
    programs = binaries()
    if programs is None:
        raise ServerError("PostgreSQL is not installed (Debian: apt install postgresql)")
    rows: list[tuple[int, float]] = []
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="netzlotse-workers-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        server = Server(programs, folder / "pg")
        server.create()
        server.start()
        stack.callback(server.remove)
        sites = Sites(told.sources, told.pages)
        stack.enter_context(sites.served())
        for workers in told.workers:
            home = folder / f"{workers}"
            home.mkdir()
            rows.append((workers, visit_all(server, home, sites, workers, told.jobs, told.delay)))
            sys.stderr.write(f"{rows[-1]}\n")
    sys.stdout.write(_table(rows, told.sources))
    return 0


def _table(rows: Sequence[tuple[int, float]], sources: int) -> str:
    lines = ["| workers | seconds | sources an hour | times |", "|---|---|---|---|"]
    first = rows[0][1]
    lines += [
        f"| {workers} | {took:.0f} | {sources / took * 3600:.0f} | {first / took:.2f} |"
        for workers, took in rows
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
