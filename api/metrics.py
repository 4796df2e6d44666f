"""`/metrics`: how the server and the record fare, in Prometheus' text format.

Only counts and durations: no address, no question, no referrer is in any of them. Requests are
counted by resource (`/api/v1/offers`), never by path, so that there are few series; a page counts
as one in whatever language it is read.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.catalogue.operation import Queue, operation, queue
from aggregator.catalogue.state import replica_delay, seconds_behind
from aggregator.index.directory import LiveSearcher, size_of
from aggregator.store.reading import Reading
from api.access import watching
from api.languages import without_prefix

router = APIRouter(include_in_schema=False)

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds
_DEEPEST = 3
"""Segments of a resource's path: /api/v1/offers."""


class Metrics:
    """What one process counts, and what it reads of the record when it is asked."""

    def __init__(
        self, reading: Reading, searcher: LiveSearcher, index: Path, lease_seconds: int
    ) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "netzlotse_requests", "Requests answered.", ["resource", "status"],
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "netzlotse_request_seconds", "Seconds until the answer began.", ["resource"],
            buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self.registry.register(_Record(reading, searcher, index, lease_seconds))


class _Record:
    """Gauges of record and index, read at each scrape."""

    def __init__(
        self, reading: Reading, searcher: LiveSearcher, index: Path, lease_seconds: int
    ) -> None:
        self._reading, self._searcher, self._index = reading, searcher, index
        self._alive = lease_seconds

    def collect(self) -> Iterable[Metric]:
        """Read them; without the database those of the index remain, and `up` says so."""
        index_seq = self._searcher.seq()
        yield _gauge("index_seq", "Last change that the index has.", index_seq)
        yield _gauge("index_bytes", "Size of the index on disk.", size_of(self._index))
        try:
            with self._reading.session() as session:
                now = datetime.now(UTC)
                found = operation(session, now)
                spread = queue(session, self._alive)
                behind = seconds_behind(session, index_seq, now)
                replica = replica_delay(session)
        except DBAPIError:
            yield _gauge("record_up", "Whether the database answers.", 0)
            return
        yield _gauge("record_up", "Whether the database answers.", 1)
        yield _gauge("record_seq", "Last change of the record.", found.record_seq)
        lag = max(0, found.record_seq - index_seq)
        yield _gauge("index_lag", "Changes that the index has not seen yet.", lag)
        yield _gauge(
            "index_lag_seconds", "Age of the first of them; 0 where there is none.", behind
        )
        if replica is not None:
            yield _gauge(
                "replica_lag_seconds", "Seconds that the replica read from is behind.", replica
            )
        yield _gauge("sources", "Sources harvested.", found.sources)
        yield _gauge(
            "failing_sources", "Sources whose last run was not published.", found.failing_sources
        )
        if found.last_publication:
            yield _gauge(
                "last_publication_seconds",
                "When a run was last published (Unix time).",
                found.last_publication.timestamp(),
            )
        yield _gauge("open_corrections", "Corrections nobody decided.", found.open_corrections)
        yield _gauge("waiting_notices", "Messages to be sent.", found.waiting_notices)
        runs = GaugeMetricFamily(
            "netzlotse_recent_runs", "Runs that finished within 24 hours.", labels=["verdict"]
        )
        for verdict, count in sorted(found.recent_runs.items()):
            runs.add_metric([verdict], count)
        yield runs
        if spread is not None:
            yield from _queue(spread)


def _queue(spread: Queue) -> Iterable[Metric]:
    """Gauges of a cluster's queue."""
    yield _gauge("queue_waiting", "Jobs that nobody is at yet.", spread.waiting)
    yield _gauge("queue_running", "Jobs that a worker is at.", spread.running)
    yield _gauge("queue_failed", "Jobs of the last week that ended in a fault.", spread.failed)
    yield _gauge(
        "queue_oldest_seconds", "How long the longest waiting job has waited.", spread.oldest
    )
    yield _gauge("leases", "Sources, hosts and desks that somebody is at work on.", spread.leases)
    yield _gauge("workers", "Workers that gave a sign of life.", spread.workers)


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"netzlotse_{name}", meaning, value)


class Counting:
    """Counts every request by resource and status, and how long its answer took to begin."""

    def __init__(self, app: ASGIApp, metrics: Metrics, resources: frozenset[str]) -> None:
        self._app, self._metrics, self._resources = app, metrics, resources
        # By resource, and by resource and status: finding one takes long.
        self._seconds: dict[str, Histogram] = {}
        self._requests: dict[tuple[str, str], Counter] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; count when the answer begins, or 499 where the client left before."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        named, began, status = resource(scope["path"], self._resources), time.perf_counter(), "499"

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
                self._timer(named).observe(time.perf_counter() - began)
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            self._counter(named, status).inc()

    def _timer(self, named: str) -> Histogram:
        found = self._seconds.get(named)
        if found is None:
            found = self._seconds[named] = self._metrics.seconds.labels(named)
        return found

    def _counter(self, named: str, status: str) -> Counter:
        found = self._requests.get((named, status))
        if found is None:
            found = self._metrics.requests.labels(named, status)
            self._requests[named, status] = found
        return found


def resource(path: str, known: frozenset[str]) -> str:
    """The resource of a path, which tells nothing of what was asked; "other" where none is."""
    if path in known:  # most
        return path
    parts = without_prefix(path).split("/", _DEEPEST + 1)[1 : _DEEPEST + 1]
    for depth in range(len(parts), 0, -1):
        if (named := "/" + "/".join(parts[:depth])) in known:
            return named
    return "other"


def resources(routes: Sequence[BaseRoute], base: str = "") -> frozenset[str]:
    """The beginnings of all routes, up to their first parameter and three segments deep."""
    found: set[str] = set()
    for route in routes:
        if included := getattr(route, "original_router", None):  # FastAPI keeps routers whole
            found |= resources(included.routes, base)
            continue
        path = base + getattr(route, "path", "")
        fixed = path.partition("{")[0].rstrip("/").split("/", _DEEPEST + 1)[: _DEEPEST + 1]
        found.add("/".join(fixed) or "/")
        inner = getattr(route, "app", None)
        if isinstance(inner, FastAPI):
            found |= resources(inner.routes, path)
    return frozenset(found)


@router.get("/metrics")
async def get_metrics(request: Request) -> Response:
    """The metrics, for the networks that the settings name; for all others there is nothing."""
    state = request.app.state
    if not _among(request.client.host if request.client else "", state.settings.metrics_clients):
        raise HTTPException(404)
    return Response(
        await watching(generate_latest, state.metrics.registry),
        media_type=CONTENT_TYPE_PLAIN_0_0_4,
        headers={"Cache-Control": "no-store"},
    )


def _among(address: str, networks: Iterable[str]) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in ipaddress.ip_network(network) for network in networks)
