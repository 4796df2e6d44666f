"""Measures the API beside a route of FastAPI that does nothing, both over loopback."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from aggregator.bench.hostile import LONG, strings
from aggregator.bench.made_offers import Maker
from aggregator.index.directory import EngineName
from aggregator.settings import PREFIX, Settings
from api.bench import record
from api.bench.client import Rate, drive, get, once

_OFFERS = "/api/v1/offers"
_ASKED_AGAIN = 50  # different questions of the cached measurement
_QUESTIONS = 60_000
_WARM = 1.0  # seconds before each measurement


def run(  # noqa: PLR0913, PLR0917 - what is made, and how it is asked
    home: Path, count: int, engine: EngineName, seconds: float, connections: int, hostile: int
) -> dict[str, Rate]:
    """Make a record of so many offers in an empty folder, serve it, and measure.

    Rounds go through all of them, so that other load on the machine meets each alike; the rate of
    the middle round counts. At the end so many `hostile` strings are asked one after the other.
    """
    if not (home / "index").is_dir():
        record.make(Settings(data_dir=home, index_engine=engine), count)
    with served("noop", home) as noop, served("api", home) as api:
        return asyncio.run(_measure(noop, api, seconds, connections, hostile))


async def _measure(
    doing_nothing: Served, serving: Served, seconds: float, connections: int, hostile: int
) -> dict[str, Rate]:
    noop, api = doing_nothing.port, serving.port
    clocks = {noop: doing_nothing.processor, api: serving.processor}
    maker = Maker()
    asked = [quote(said) for said in dict.fromkeys(map(maker.question, range(_QUESTIONS)))]
    few = asked[:_ASKED_AGAIN]
    tags = [await _tag(api, f"{_OFFERS}?q={said}") for said in few]
    number = 0

    def fresh(facets: str) -> bytes:
        nonlocal number
        number += 1  # never asked before, in any round
        return get(f"{_OFFERS}?q={asked[number % len(asked)]}{facets}", api)

    kinds = {
        "no-op": (noop, lambda _n: get("/noop", noop), b" 200 "),
        "search": (api, lambda _n: fresh(""), b" 200 "),
        "search with facets": (api, lambda _n: fresh("&facets=topics,region"), b" 200 "),
        "cached": (api, lambda n: get(f"{_OFFERS}?q={few[n % len(few)]}", api), b" 200 "),
        "not modified": (
            api,
            lambda n: get(
                f"{_OFFERS}?q={few[n % len(few)]}", api, f"If-None-Match: {tags[n % len(few)]}"
            ),
            b" 304 ",
        ),
    }
    rounds: dict[str, list[Rate]] = {name: [] for name in kinds}
    for _ in range(3):
        for name, (port, request, wanted) in kinds.items():
            await drive(port, request, min(_WARM, seconds), connections, wanted)
            rate = await drive(port, request, seconds, connections, wanted, clocks[port])
            rounds[name].append(rate)
    asked_ill = [
        get(f"{_OFFERS}?q={quote(text, safe='')}", api) for text in (*LONG, *strings(hostile))
    ]
    middle = {
        name: sorted(rates, key=lambda rate: rate.per_second)[1] for name, rates in rounds.items()
    }
    return middle | {"hostile": await once(api, asked_ill, clocks[api])}


async def _tag(port: int, path: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(get(path, port, "Connection: close"))
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    (tag,) = (
        line.partition(b":")[2] for line in head.splitlines() if line.lower().startswith(b"etag:")
    )
    return tag.decode().strip()


@dataclass(frozen=True, slots=True)
class Served:
    """A server in a process of its own."""

    port: int
    pid: int

    def processor(self) -> float:
        """Seconds of processor time that it has taken so far (clock_getcpuclockid(3), Linux)."""
        return time.clock_gettime((~self.pid << 3) | 2)


@contextmanager
def served(what: str, home: Path, core: int | None = None) -> Iterator[Served]:
    """Serve in a process of its own, on one core alone where one is named (see `serving`)."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
    told = {"DATA_DIR": str(home), "RATE_LIMIT": "0", "LOG_LEVEL": "ERROR"}
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "api.bench.serving", what],
        env=kept | {f"{PREFIX}{name}": value for name, value in told.items()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        try:
            port = int(process.stdout.readline())
            if core is not None:  # all its threads
                for task in Path(f"/proc/{process.pid}/task").iterdir():
                    os.sched_setaffinity(int(task.name), {core})
            yield Served(port, process.pid)
        finally:
            process.stdin.close()
            process.wait(20)
