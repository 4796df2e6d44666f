"""`netzlotse bench load`: a real portal under load; what it measures is no test's business."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from api.bench import traffic
from api.bench.client import answered, get
from api.bench.load import seconds_to_recover
from api.bench.traffic import Noted, Traffic
from api.bench.visits import Visits
from tests.loopback import Handler, Reply, serve


def ran(work: Coroutine[Any, Any, Any]) -> Any:
    """Run it in a thread: this one may have an event loop of a browser's."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result(60)


def test_a_portal_is_asked_while_crawls_publish() -> None:
    command = ["bench", "load", "--minutes", "0.1", "--offers", "100", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "netzlotse", *command],
        text=True, capture_output=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    told = json.loads(done.stdout)
    assert done.returncode == bool(told["faults"]), done.stderr
    assert list(told["phases"]) == ["closed", "calm", "wave", "after"]
    for phase in told["phases"].values():
        assert phase["outcomes"].keys() <= {"200", "503", "no answer within 10 s"}
        assert phase["memory"] > 50
    assert told["phases"]["closed"]["per_second"] > 0
    assert told["kinds"].keys() & {"search", "suggest"}
    assert told["runs"].keys() == {"accepted"}
    assert told["changes"] >= 40
    assert not any("follow" in fault or "logged" in fault for fault in told["faults"])


def test_visits_are_the_same_each_time_and_of_many_addresses() -> None:
    first, second = (Visits(1_000, "2026-11-28", ["offers.csv"]) for _ in range(2))
    asked = [first.next(80) for _ in range(3_000)]
    assert asked == [second.next(80) for _ in range(3_000)]
    kinds = Counter(kind for kind, _ in asked)
    assert len(kinds) == 9
    assert kinds["suggest"] > 10 * kinds["download"] > 0
    addresses = {request.split(b"X-Forwarded-For: ")[1].split(b"\r\n")[0] for _, request in asked}
    assert len(addresses) > 2_000
    questions = Counter(request.split(b" ")[1] for kind, request in asked if kind == "search")
    assert 1 < questions.most_common(1)[0][1] < len(questions)


@pytest.fixture
def one_at_a_time() -> Iterator[int]:
    """The port of a server that answers twenty requests a second, whoever asks."""
    turn = threading.Lock()

    def slow(_request: object) -> Reply:
        with turn:
            time.sleep(0.05)
        return Reply(b"done")

    with serve({"/": slow}) as server:
        yield int(server.base_url.rpartition(":")[2])


def test_what_waits_for_a_slow_server_is_told_from_when_it_was_due(one_at_a_time: int) -> None:
    """An open loop that waited for answers would ask less, and report the twentieth of a second."""

    async def ask() -> list[Noted]:
        return await Traffic(one_at_a_time, lambda port: ("any", get("/", port))).open((0.5, 100.0))

    (noted,) = ran(ask())
    took = sorted(noted.latencies["any"])
    assert len(took) > 20
    assert took[-1] > 0.05 * len(took) - 0.5  # the last one waited for all others


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(b"well"), "200"),
        (Reply(status=304), "304"),
        (Reply(b"busy", 503), "503"),
        (Reply(b"wait", 429), "429"),
        (Reply(b"oops", 500), "500"),
        (Reply(b"short", length=50), "connection lost"),
    ],
)
def test_each_answer_is_counted_for_what_it_is(reply: Reply, outcome: str) -> None:
    paths: dict[str, Handler] = {"/": reply}
    with serve(paths) as server:
        port = int(server.base_url.rpartition(":")[2])

        async def ask() -> Noted:
            traffic = Traffic(port, lambda port: ("any", get("/", port)))
            noted = await traffic.closed(0.05, 2)
            traffic.close()
            return noted

        noted = ran(ask())
    assert set(noted.outcomes) == {outcome}
    well = outcome in {"200", "304"}
    assert noted.good == (noted.outcomes.total() if well else 0)
    assert bool(noted.amiss) is not well
    assert set(noted.faults) == (set() if well or outcome == "503" else {(outcome, "any")})
    assert len(noted.refusals) == (noted.outcomes["503"] if outcome == "503" else 0)


@pytest.mark.parametrize(("pause", "outcome"), [(0.1, "200"), (1.5, "no answer within 0.5 s")])
def test_a_download_is_given_up_where_it_stands_still_and_not_where_it_takes_long(
    monkeypatch: pytest.MonkeyPatch, pause: float, outcome: str
) -> None:
    monkeypatch.setattr(traffic, "PATIENCE", 0.5)

    def slow(asked: BaseHTTPRequestHandler) -> Reply:
        asked.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n")
        with suppress(ConnectionError):
            for _ in range(8):
                asked.wfile.write(b"x")
                time.sleep(pause)
        asked.close_connection = True
        return Reply(length=0)

    with serve({"/": slow}) as server:
        port = int(server.base_url.rpartition(":")[2])
        ask = Traffic(port, lambda port: ("download", get("/", port))).open((0.2, 20.0))
        (noted,) = ran(ask)
    assert set(noted.outcomes) == {outcome}


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n123\r\n2;x\r\n45\r\n0\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
    ],
)
def test_an_answer_is_read_to_its_end_and_no_further(raw: bytes) -> None:
    async def read() -> bytes:
        reader = asyncio.StreamReader()
        reader.feed_data(raw + b"HTTP/1.1 200 OK\r\n\r\n")
        reader.feed_eof()
        await answered(reader)
        return await answered(reader)

    assert ran(read()) == b"HTTP/1.1 200 OK\r\n\r\n"


@pytest.mark.parametrize(
    ("amiss", "seconds"),
    [
        ([], 0),
        ([0], 1),
        ([0, 1, 4], 5),
        ([2], 3),
        ([6], 0),
        ([*range(8)], None),
    ],
)
def test_all_is_well_again_after_three_seconds_without_a_fault(
    amiss: list[int], seconds: int | None
) -> None:
    after = Noted(0.0, 8.0, amiss=Counter(amiss))
    assert seconds_to_recover(after) == seconds
