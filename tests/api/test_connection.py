"""Slow clients and too many of them: over real sockets, with a server whose patience is short."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from http.client import HTTPResponse
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from aggregator.index.base import Hits, Query
from aggregator.index.directory import LiveSearcher
from api import connection
from api.connection import BoundedConnection

_PATIENCE = 0.3
_LONG = 10.0
"""Seconds after which a test gives up on the server."""


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedConnection, "to_ask", _PATIENCE)
    monkeypatch.setattr(BoundedConnection, "to_read", _PATIENCE)


def dial(portal: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(portal).port or 0), timeout=_LONG)


def rest(client: socket.socket) -> bytes:
    """All that still comes until the server closes."""
    found = b""
    try:
        while part := client.recv(65_536):
            found += part
    except ConnectionResetError:
        pass
    return found


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HT",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\r\n",
        b"POST /api/v1/offers/x/corrections HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{",
    ],
)
def test_an_unfinished_request_is_given_up(portal: str, sent: bytes) -> None:
    with dial(portal) as client:
        client.sendall(sent)
        answer = rest(client)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in answer.lower()


def test_drops_of_a_request_do_not_stop_the_clock(portal: str) -> None:
    with dial(portal) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
        stop = threading.Event()

        def drip() -> None:
            while not stop.wait(_PATIENCE / 6):
                try:
                    client.sendall(b"X-A: b\r\n")
                except OSError:
                    return

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        answer = rest(client)
        stop.set()
    assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - began < _LONG


def test_who_does_not_read_the_answer_is_cut_off(portal: str) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(_LONG)
        client.connect(("127.0.0.1", urlsplit(portal).port or 0))
        ask = b"GET /api/v1/offers?limit=100&facets=topics HTTP/1.1\r\nHost: a\r\n\r\n"
        with pytest.raises(ConnectionError):
            overflow(client, ask)


def overflow(client: socket.socket, ask: bytes) -> None:
    """Ask and ask without reading an answer."""
    while True:
        client.sendall(ask * 50)


def test_a_patient_client_keeps_its_connection(
    portal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedConnection, "to_ask", 1.5)
    ask = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    with dial(portal) as client:
        for pause in (0.1, 2.0, 0.0):  # within a request, and longer than that between two
            client.sendall(ask[:10])
            time.sleep(0.1)
            client.sendall(ask[10:])
            with HTTPResponse(client) as answer:
                answer.begin()
                assert (answer.status, answer.read()[:14]) == (200, b'{"status":"ok"')
            time.sleep(pause)


def test_beyond_the_most_connections_a_new_one_is_closed(
    portal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedConnection, "to_ask", _LONG)
    monkeypatch.setattr(connection, "_MOST", 3)
    held = [dial(portal) for _ in range(3)]
    time.sleep(0.05)
    with dial(portal) as one_more:
        assert rest(one_more) == b""
    held.pop().close()
    time.sleep(0.05)
    assert httpx2.get(f"{portal}/healthz").status_code == 200
    for client in held:
        client.close()


def test_more_connections_are_held_than_the_shell_grants_files(tmp_path: Path) -> None:
    limited = f'ulimit -S -n 128; exec "{sys.executable}" -m netzlotse serve --port 0'
    with subprocess.Popen(
        ["bash", "-c", limited], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "NETZLOTSE_DATA_DIR": str(tmp_path), "NETZLOTSE_LOG_LEVEL": "ERROR"},
    ) as server:  # fmt: skip
        try:
            assert server.stdout
            portal = server.stdout.readline().split()[1].rstrip("/")
            assert httpx2.get(f"{portal}/healthz", timeout=60).status_code == 200
            held = [dial(portal) for _ in range(200)]
            assert httpx2.get(f"{portal}/healthz", timeout=_LONG).status_code == 200
            for client in held:
                client.close()
        finally:
            server.terminate()


def check_refused(answers: list[httpx2.Response]) -> None:
    assert {one.status_code for one in answers} == {503}
    assert {one.headers["retry-after"] for one in answers} == {"2"}
    assert {one.json()["type"] for one in answers} == {"urn:netzlotse:problem:overloaded"}


def test_what_cannot_be_computed_soon_is_refused_and_answered_again_later(
    portal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = LiveSearcher.search

    def slow(self: LiveSearcher, query: Query) -> Hits:
        time.sleep(0.1)  # this route computes one search after the other
        return search(self, query)

    urls = [f"{portal}/api/v1/offers?q=wort{number}" for number in range(80)]
    with monkeypatch.context() as patched, ThreadPoolExecutor(80) as pool:
        patched.setattr(LiveSearcher, "search", slow)
        answers = list(pool.map(lambda url: httpx2.get(url, timeout=60), urls))
    served = [one for one in answers if one.status_code == 200]
    assert 0 < len(served) < 75  # those that came in time
    check_refused([one for one in answers if one.status_code != 200])
    assert httpx2.get(f"{portal}/api/v1/offers?q=danach").status_code == 200


def test_what_waits_for_a_thread_is_bounded(portal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    release, search = threading.Event(), LiveSearcher.search

    def held(self: LiveSearcher, query: Query) -> Hits:
        release.wait(_LONG)
        return search(self, query)

    with monkeypatch.context() as patched, ThreadPoolExecutor(80) as pool:
        patched.setattr(LiveSearcher, "search", held)
        asked = {pool.submit(httpx2.get, f"{portal}/?q=wort{n}", timeout=60) for n in range(80)}
        refused = [one.result() for one in islice(as_completed(asked), 16)]  # of 80, 64 may wait
        assert httpx2.get(f"{portal}/healthz").status_code == 200
        release.set()
    check_refused(refused)
    assert Counter(one.result().status_code for one in asked) == {200: 64, 503: 16}
