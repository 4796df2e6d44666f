"""Readers: a balancer with health checks before the API nodes, and questions without a pause.

What a reader sees is recorded: an answer of whichever node, or that nobody answered in time.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

_DELIVERED = (Path(__file__).parents[2] / "deploy" / "nginx" / "netzlotse.conf").read_text("utf-8")


def _told(directive: str) -> float:
    """What the delivered balancer is told: this one waits as long and tries as often."""
    (value,) = re.findall(rf"(?m)^\s+{directive} (\d+)s?;", _DELIVERED)
    return float(value)


_CHECKED = 0.5  # seconds between two health checks
_HEALTHY = 2.0  # seconds until one has failed
_TO_CONNECT, _TO_ANSWER = _told("proxy_connect_timeout"), _told("proxy_read_timeout")
"""Seconds until another node is asked."""
_TIMES = int(_told("proxy_next_upstream_tries"))
"""Nodes that are asked before a reader is told that nobody answers."""
_FAR = 502
_PASSED_ON = frozenset({502, 503})
"""What makes the balancer ask another node: a reading request may be repeated."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader got: when it asked (monotonic), how long that took, the status, of what."""

    at: float
    took: float
    status: int
    kind: str
    passed_on: int
    why: tuple[str, ...] = ()
    """What became of each try that was none."""


@dataclass
class Seen:
    """What readers saw in some time."""

    answers: Sequence[Answer]
    until: float

    @property
    def failed(self) -> int:
        """Answers that were none: 5xx, or nobody answered."""
        return sum(one.status >= 500 for one in self.answers)

    @property
    def statuses(self) -> dict[int, int]:
        return dict(Counter(one.status for one in self.answers if one.status >= 500))

    @property
    def passed_on(self) -> int:
        """Requests that another node answered than was asked first."""
        return sum(one.passed_on > 0 for one in self.answers)

    @property
    def gap(self) -> float:
        """The longest time, in seconds, in which no request was answered well."""
        ends = sorted(one.at + one.took for one in self.answers if one.status < 500)
        ends.append(self.until)
        return max((b - a for a, b in pairwise(ends)), default=0.0)

    @property
    def slowest(self) -> float:
        return max((one.took for one in self.answers), default=0.0)


@dataclass
class Load:
    """Asks so many questions a second through the balancer, in a thread, until it is closed."""

    nodes: Sequence[tuple[str, int]]
    queries: Sequence[str]
    per_second: float = 20.0
    answers: list[Answer] = field(default_factory=list)
    up: dict[tuple[str, int], bool] = field(default_factory=dict)
    changes: list[tuple[int, str]] = field(default_factory=list)
    """What a reader of the change log was told: number and subject, in its order."""

    def __post_init__(self) -> None:
        self._offers: list[str] = []
        self._over = threading.Event()
        self._chance = random.Random(5)
        self._turn = 0
        self._cursor = "since=0"
        self.reached = 0  # how far the reader of the change log is
        self.up = dict.fromkeys(self.nodes, True)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def seen(self, since: float) -> Seen:
        """What readers saw since a moment of the monotonic clock."""
        return Seen([one for one in self.answers if one.at >= since], time.monotonic())

    async def _run(self) -> None:
        asked: set[asyncio.Task[None]] = set()
        watching = [asyncio.create_task(self._watch(node)) for node in self.nodes]
        watching.append(asyncio.create_task(self._follow()))
        at = time.monotonic()
        while not self._over.is_set():
            task = asyncio.create_task(self._ask(*self._question()))
            asked.add(task)
            task.add_done_callback(asked.discard)
            at += 1 / self.per_second
            await asyncio.sleep(max(0.0, at - time.monotonic()))
        await asyncio.gather(*asked)
        for task in watching:
            task.cancel()

    def _question(self) -> tuple[str, str]:
        draw, said = self._chance.random(), quote(self._chance.choice(self.queries))
        if draw < 0.45:
            return "search", f"/api/v1/offers?q={said}"
        if draw < 0.6:
            return "facets", f"/api/v1/offers?q={said}&facets=topics,region"
        if draw < 0.75:
            return "suggest", f"/api/v1/suggest?q={said[:12].rpartition('%')[0] or said[:3]}"
        if draw < 0.85 and self._offers:
            return "offer", f"/api/v1/offers/{self._chance.choice(self._offers)}"
        if draw < 0.95:
            return "page", f"/?q={said}"
        return "sources", "/api/v1/sources"

    async def _ask(self, kind: str, path: str) -> bytes:
        """Ask one node, and another one where that does not answer."""
        begun = time.monotonic()
        status, body, tries, why = _FAR, b"", 0, list[str]()
        for node in self._order()[:_TIMES]:
            tries += 1
            try:
                status, body = await get(*node, path)
            except (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError) as error:
                status, self.up[node] = _FAR, False
                why.append(f"{node[0]} {type(error).__name__}")
                continue
            if status not in _PASSED_ON:
                break
            why.append(f"{node[0]} {status}")
        took = time.monotonic() - begun
        self.answers.append(Answer(begun, took, status, kind, tries - 1, tuple(why)))
        if kind == "search" and status == 200:
            with suppress(ValueError):
                self._offers = [one["id"] for one in json.loads(body)["items"]] or self._offers
        return body if status < 400 else b""

    def _order(self) -> list[tuple[str, int]]:
        """The nodes in turn, those that are well before the others."""
        self._turn += 1
        shift = self._turn % len(self.nodes)
        turned = [*self.nodes[shift:], *self.nodes[:shift]]
        return sorted(turned, key=lambda node: not self.up[node])

    async def _watch(self, node: tuple[str, int]) -> None:
        while True:
            try:
                status, _ = await asyncio.wait_for(get(*node, "/healthz"), _HEALTHY)
                self.up[node] = status == 200
            except (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError):
                self.up[node] = False
            await asyncio.sleep(_CHECKED)

    async def _follow(self) -> None:
        """Read the change log on and on, as an aggregator does that has ours as a source."""
        while True:
            query = "&".join(f"subject={one}" for one in ("offer", "listing", "network"))
            body = await self._ask("changes", f"/api/v1/changes?{self._cursor}&{query}&limit=500")
            if body:
                told = json.loads(body)
                self.changes += [(one["seq"], one["id"]) for one in told["items"]]
                self.reached = self.reached if told["next"] else max(self.reached, told["seq"])
                self._cursor = f"cursor={quote(told['cursor'])}"
            await asyncio.sleep(0.5)


async def get(address: str, port: int, path: str) -> tuple[int, bytes]:
    """Status and body of one request, as long as the delivered balancer waits for them.

    Raises OSError, TimeoutError, ValueError and IncompleteReadError.
    """
    connecting = asyncio.open_connection(address, port)
    reader, writer = await asyncio.wait_for(connecting, _TO_CONNECT)
    try:
        head = f"GET {path} HTTP/1.1\r\nHost: {address}:{port}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        told = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _TO_ANSWER)
        length = next(
            (
                int(line.partition(b":")[2])
                for line in told.splitlines()
                if line.lower().startswith(b"content-length:")
            ),
            None,
        )
        rest = reader.read() if length is None else reader.readexactly(length)
        body = await asyncio.wait_for(rest, _TO_ANSWER)
        return int(told.split(b" ", 2)[1]), body
    finally:
        writer.close()


async def ask_all(address: str, port: int, paths: Iterable[str]) -> list[bytes]:
    """The bodies of many requests, one after the other. Raises OSError where one fails."""
    told = []
    for path in paths:
        status, body = await asyncio.wait_for(get(address, port, path), 20)
        if status != 200:
            raise OSError(f"{address}: {path} answers {status}")
        told.append(body)
    return told
