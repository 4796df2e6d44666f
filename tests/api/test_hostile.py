"""Whatever is asked, the server answers or refuses, and says why: over real HTTP."""

from __future__ import annotations

import json
import socket
from urllib.parse import quote, quote_from_bytes, urlsplit

import pytest

from aggregator.bench.hostile import KNOWN, strings
from api.bench.client import get


class Connection:
    """One kept-alive connection; sends bytes as they are."""

    def __init__(self, portal: str) -> None:
        self.port = urlsplit(portal).port or 0
        self._connect()

    def _connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        self.file = self.socket.makefile("rb")

    def ask(self, raw: bytes) -> tuple[int, dict[str, str], bytes]:
        self.socket.sendall(raw)
        status = int(self.file.readline().split()[1])
        headers = {}
        while (line := self.file.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            headers[name.decode().lower()] = value.decode().strip()
        body = self.file.read(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            self._connect()
        return status, headers, body

    def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        return self.ask(get(path, self.port))


@pytest.fixture
def connection(portal: str) -> Connection:
    return Connection(portal)


PATHS = (
    "/api/v1/offers?q={}", "/api/v1/suggest?q={}", "/hsds/services?search={}",
    "/hsds/organizations?search={}", "/hsds/taxonomy_terms?search={}", "/api/v1/offers?near={}",
    "/api/v1/offers?network={}", "/api/v1/offers?cursor={}", "/api/v1/offers?facets={}",
    "/hsds/services?modified_after={}", "/hsds/services/{}", "/api/v1/offers/{}",
    "/hsds/service_at_locations?postcode={}", "/api/v1/runs?cursor={}", "/?q={}",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_hostile_words_are_answered_or_refused(connection: Connection, path: str) -> None:
    for text in KNOWN:
        status, headers, body = connection.get(path.format(quote(text, safe="")))
        assert status in {200, 400, 404, 414, 422}, (text, body[:300])
        if status >= 400 and not path.startswith("/?"):
            assert headers["content-type"] == "application/problem+json", text
            assert json.loads(body)["status"] == status


def test_random_words_are_answered(connection: Connection) -> None:
    for text in strings(600):
        status, _, body = connection.get(f"/api/v1/offers?limit=1&q={quote(text, safe='')}")
        assert status == 200, (text, body[:300])


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"\xff\xfe\xed\xa0\x80", 200),  # no UTF-8: read with replacement marks
        (b"a" * 20_000, 414),
        (b"a" * 100_000, 414),
        (b"%" * 300, 200),
        (b"\x80" * 300, 200),
    ],
)
def test_bytes_that_are_no_text(connection: Connection, raw: bytes, status: int) -> None:
    found, headers, body = connection.get(f"/api/v1/offers?q={quote_from_bytes(raw, safe='%')}")
    assert found == status
    if status != 200:
        assert headers["content-type"] == "application/problem+json"
        assert json.loads(body)["type"].endswith("url-too-long")


def test_very_many_parameters(connection: Connection) -> None:
    for query in ("&".join(f"topic=t{n}" for n in range(1000)), "q=a&" * 2000, "&" * 10_000):
        status, _, body = connection.get(f"/api/v1/offers?{query}")
        assert status in {200, 422}, body[:200]


def test_the_server_lives_on(connection: Connection) -> None:
    connection.get(f"/api/v1/offers?q={'a' * 400_000}")  # beyond what is read of a request
    status, _, body = Connection(f"http://127.0.0.1:{connection.port}").get(
        "/api/v1/offers?q=Treff"
    )
    assert status == 200
    assert json.loads(body)["total"] > 0
