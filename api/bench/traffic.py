"""Many clients at once, in a closed loop (each waits for its answer) or an open one (nobody does).

In the open loop a request is due at a moment that does not depend on the server, and its time runs
from then: what waits because the server stalls, or this client does, is part of the latency.
"""

from __future__ import annotations

import asyncio
import random
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from api.bench.client import answered, get

PATIENCE = 10.0
"""Seconds after which a visitor gives up: from when the request was due, then from the last part of
the answer that came. Nobody gives up a download that goes on."""
_MOST = 1_500
"""Connections at once; who finds none free waits for one, as behind a reverse proxy."""
_WELL = frozenset({"200", "304"})
_LOST = (ConnectionError, asyncio.IncompleteReadError)

Asks = Callable[[int], tuple[str, bytes]]
"""Gives the next request to a port: its kind and its bytes."""


def _seconds() -> array[float]:
    return array("d")


@dataclass(slots=True)
class Noted:
    """What came of the requests of a phase; seconds of latency by kind, and apart of refusals."""

    begun: float
    """By `time.perf_counter`."""
    seconds: float
    """For so long requests were sent."""
    latencies: dict[str, array[float]] = field(default_factory=lambda: defaultdict(_seconds))
    refusals: array[float] = field(default_factory=_seconds)
    outcomes: Counter[str] = field(default_factory=Counter)
    """By status, or by what happened instead of an answer."""
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By outcome and kind: neither answered well nor refused in due form (503)."""
    amiss: Counter[int] = field(default_factory=Counter)
    """Requests that were not answered well, by the second of the phase in which they were due."""

    @property
    def good(self) -> int:
        """Requests that were answered well."""
        return sum(map(len, self.latencies.values()))

    def note(self, kind: str, outcome: str, due: float) -> None:
        """One request that is over now, and when it was due (by `time.perf_counter`)."""
        took = time.perf_counter() - due
        self.outcomes[outcome] += 1
        if outcome in _WELL:
            self.latencies[kind].append(took)
            return
        self.amiss[int(due - self.begun)] += 1
        if outcome == "503":
            self.refusals.append(took)
        else:
            self.faults[outcome, kind] += 1


class Traffic:
    """Asks one server; connections are kept from one phase to the next."""

    def __init__(self, port: int, asks: Asks) -> None:
        self._port, self._asks = port, asks
        self._idle: list[_Link] = []
        self._places = asyncio.Semaphore(_MOST)

    async def closed(self, seconds: float, clients: int) -> Noted:
        """Clients that each ask again as soon as they were answered, for so many seconds."""
        noted = Noted(time.perf_counter(), seconds)

        async def client() -> None:
            while (at := time.perf_counter()) < noted.begun + seconds:
                await self._visit(noted, at)

        await asyncio.gather(*(client() for _ in range(clients)))
        return noted

    async def open(self, *steps: tuple[float, float]) -> list[Noted]:
        """Requests of visitors who know nothing of each other (Poisson), a `Noted` a step.

        A step is (seconds, requests a second); the next one begins at its end, whatever still waits
        for an answer.
        """
        draw = random.Random(11)  # noqa: S311 - reproducible, not secret
        phases = []
        async with asyncio.TaskGroup() as group:
            for seconds, rate in steps:
                noted = Noted(time.perf_counter(), seconds)
                phases.append(noted)
                due = noted.begun
                while (due := due + draw.expovariate(rate)) < noted.begun + seconds:
                    await asyncio.sleep(max(0.0, due - time.perf_counter()))
                    group.create_task(self._visit(noted, due))
                await asyncio.sleep(max(0.0, noted.begun + seconds - time.perf_counter()))
        return phases

    async def greedy(self, per_second: float) -> Counter[str]:
        """One client that asks so fast, until it is cancelled; how often it got which status."""
        statuses: Counter[str] = Counter()
        request = get("/api/v1/topics", self._port, "X-Forwarded-For: 192.0.2.66")
        try:
            while True:
                await asyncio.sleep(1 / per_second)
                try:
                    statuses[await self._exchange(request)] += 1
                except _LOST:
                    statuses["connection lost"] += 1
        except asyncio.CancelledError:
            return statuses

    def close(self) -> None:
        """End all connections."""
        while self._idle:
            self._idle.pop().close()

    async def _visit(self, noted: Noted, due: float) -> None:
        kind, request = self._asks(self._port)
        try:
            async with asyncio.timeout(PATIENCE - (time.perf_counter() - due)) as patience:
                now = asyncio.get_running_loop().time
                async with self._places:
                    outcome = await self._exchange(
                        request, lambda: patience.reschedule(now() + PATIENCE)
                    )
        except TimeoutError:
            outcome = f"no answer within {PATIENCE:g} s"
        except _LOST:
            outcome = "connection lost"
        noted.note(kind, outcome, due)

    async def _exchange(self, request: bytes, heard: Callable[[], None] = lambda: None) -> str:
        """Ask over a connection that is idle, or a new one; the status."""
        while self._idle:
            link = self._idle.pop()
            try:
                return await self._over(link, request, heard)
            except _LOST:  # the server ended an idle connection just then (RFC 9112, 9.3.1)
                continue
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        return await self._over(_Link(reader, writer), request, heard)

    async def _over(self, link: _Link, request: bytes, heard: Callable[[], None]) -> str:
        try:
            link.writer.write(request)
            head = await answered(link.reader, heard)
        except BaseException:
            link.close()
            raise
        if b"connection: close" in head.lower():
            link.close()
        else:
            self._idle.append(link)
        return head.split(b" ", 2)[1].decode("ascii", "replace")


@dataclass(frozen=True, slots=True)
class _Link:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def close(self) -> None:
        self.writer.close()
