"""The front door as it is delivered: nginx itself before nodes on loopback, over TLS."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fastapi import FastAPI

from aggregator.settings import Settings
from api.commands.serve import server_config
from tests.cluster.machine import wait_for
from tests.conftest import unavailable

CONFIGURATION = Path(__file__).parent.parent.parent / "deploy" / "nginx"
_MAIN = "pid {home}/pid; error_log {home}/error.log; worker_processes 1; events {{}} {user}\n"


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler], port: int) -> Iterator[int]:
    """Answer on a port, or a free one for 0, which is given."""
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Node:
    """A node that says what it was asked; `status` is what it answers."""

    status: int = 200
    fresh: str = "no-store"
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    @contextmanager
    def answering(self) -> Iterator[None]:
        node = self

        class _Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                self.rfile.read(length)
                told = {name.lower(): value for name, value in self.headers.items()}
                node.seen.append((self.command, self.path, told))
                self.send_response(node.status)
                self.send_header("Cache-Control", node.fresh)
                self.send_header("Content-Length", "2")
                self.send_header("Connection", "close")  # it is gone when it is ended
                self.end_headers()
                self.wfile.write(b"ok")

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        with _serving(_Handler, self.port) as self.port:
            yield


@dataclass
class Door:
    """nginx, running."""

    home: Path
    plain: int
    encrypted: int

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, list[tuple[str, str]]]:
        """Status and headers of an answer, over TLS to the name it is there for."""
        trusted = ssl.create_default_context(cafile=str(self.home / "fullchain.pem"))
        raw = socket.create_connection(("127.0.0.1", self.encrypted), timeout=30)
        with trusted.wrap_socket(raw, server_hostname="portal.example") as secured:
            asked = http.client.HTTPConnection("portal.example")
            asked.sock = secured
            told = {name.replace("_", "-"): value for name, value in headers.items()}
            asked.request(method, path, body, told)
            answer = asked.getresponse()
            answer.read()
            return answer.status, [(n.lower(), v) for n, v in answer.getheaders()]


@dataclass
class Tired:
    """A node that keeps connections as long as `netzlotse serve` does, and then ends them unheard.

    That is what a form meets that is sent at the moment at which an idle connection is ended.
    """

    patience: float
    port: int = 0

    @contextmanager
    def answering(self) -> Iterator[None]:
        patience = self.patience

        class _Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            idle_since = 0.0

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                if self.idle_since and time.monotonic() - self.idle_since > patience:
                    self.close_connection = True
                    return
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                self.idle_since = time.monotonic()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        with _serving(_Handler, 0) as self.port:
            yield


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def door(*ports: int) -> Iterator[Door]:
    """The delivered configuration, with ports, paths and nodes of this test put in."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        unavailable("nginx is not installed (Debian: apt install nginx-light)")
    with tempfile.TemporaryDirectory(prefix="netzlotse-nginx-", ignore_cleanup_errors=True) as made:
        front = Door(Path(made), _free(), _free())
        _configure(front, ports)
        command = [program, "-p", made, "-c", f"{made}/nginx.conf"]
        checked = subprocess.run([*command, "-t"], check=False, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        assert "[warn]" not in checked.stderr
        process = subprocess.Popen([*command, "-g", "daemon off;"])
        try:
            wait_for("nginx listens", lambda: _listens(front.encrypted), 30)
            yield front
        finally:
            process.terminate()
            process.wait(timeout=30)


def _configure(front: Door, ports: Sequence[int]) -> None:
    home = front.home
    home.chmod(0o755)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=portal.example", "-addext", "subjectAltName=DNS:portal.example", "-keyout",
         home / "privkey.pem", "-out", home / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    text = (CONFIGURATION / "netzlotse.conf").read_text("utf-8")
    nodes = (CONFIGURATION / "netzlotse-nodes.conf").read_text("utf-8")
    lines = "".join(f"server 127.0.0.1:{p} max_fails=3 fail_timeout=2s;" for p in ports)
    nodes, count = re.subn(r"(?m)^    server 127\.0\.0\.1:8000 .*$", lines, nodes)
    assert count == 1
    for there, here in (
        ("listen [::]:80 default_server;", ""),
        ("listen [::]:443 ssl default_server;", ""),
        ("listen [::]:443 ssl http2;", ""),
        ("listen 80 ", f"listen 127.0.0.1:{front.plain} "),
        ("listen 443 ", f"listen 127.0.0.1:{front.encrypted} "),
        ("/etc/letsencrypt/live/portal.example", str(home)),
        ("/run/netzlotse-cache", f"{home}/cache"),
        ("/var/log/nginx", str(home)),
    ):
        assert there in text
        text = text.replace(there, here)
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"{kind}_temp_path {home}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (home / "nginx.conf").write_text(
        _MAIN.format(home=home, user=user) + f"http {{ {temporary}\n{nodes}\n{text} }}\n", "utf-8"
    )


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def test_a_node_that_is_down_or_overloaded_is_noticed_by_no_reader() -> None:
    one, other = Node(), Node(status=503)
    with one.answering(), door(one.port, _free()) as front:
        assert {front.ask(f"/?q={number}")[0] for number in range(12)} == {200}
    with one.answering(), other.answering(), door(one.port, other.port) as front:
        assert {front.ask(f"/?q={number}")[0] for number in range(12)} == {200}
        assert other.seen  # it was asked, and nobody was told
        # A form is sent once, whatever comes of it: it may have done something.
        before = len(one.seen) + len(other.seen)
        told = [front.ask("/admin", "POST", b"x=1")[0] for _ in range(2)]
        assert len(one.seen) + len(other.seen) - before <= len(told)


def test_no_form_is_sent_over_a_connection_that_its_node_is_about_to_end(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    kept = server_config(FastAPI(), settings).timeout_keep_alive
    node = Tired(kept - 0.2)
    with node.answering(), door(node.port) as front:
        assert front.ask("/a", "POST", b"x=1")[0] == 200
        time.sleep(kept)
        assert front.ask("/a", "POST", b"x=1")[0] == 200


def test_a_node_that_vanished_while_it_was_asked_costs_a_reader_time_alone() -> None:
    node = Node()
    with (
        socket.create_server(("127.0.0.1", 0)) as vanished,
        node.answering(),
        door(vanished.getsockname()[1], node.port) as front,
        ThreadPoolExecutor(2) as readers,
    ):
        told = list(readers.map(front.ask, ["/?q=a", "/?q=b"]))
    assert [status for status, _ in told] == [200, 200]


def test_what_a_visitor_claims_of_herself_is_believed_by_nobody() -> None:
    node = Node()
    with node.answering(), door(node.port) as front:
        front.ask("/?q=a", X_Forwarded_For="203.0.113.7", Forwarded="for=203.0.113.7",
                  X_Forwarded_Proto="http")  # fmt: skip
        (_, _, told) = node.seen[-1]
        assert told["x-forwarded-for"] == "127.0.0.1"
        assert told["x-forwarded-proto"] == "https"
        assert told["host"] == "portal.example"
        assert "forwarded" not in told
        assert front.ask("/metrics")[0] == 404
        assert front.ask("/api/v1/offers", "POST", b"x" * 70_000)[0] == 413
        assert len(node.seen) == 1


def test_a_storm_on_one_page_is_one_request_and_answers_outlive_their_nodes() -> None:
    node = Node(fresh="public, max-age=2, must-revalidate")
    with door(port := _free()) as front:
        node.port = port
        with node.answering():
            storm = [threading.Thread(target=front.ask, args=("/?q=a",)) for _ in range(10)]
            for one in storm:
                one.start()
            for one in storm:
                one.join()
            assert len(node.seen) < len(storm)
            assert front.ask("/?q=b")[0] == 200
        assert front.ask("/?q=a")[0] == 200  # no node is there any more
        assert front.ask("/?q=never-asked")[0] == 502
        for log in ("error.log", "access.log"):
            text = (front.home / log).read_text() if (front.home / log).exists() else ""
            assert "q=" not in text


def test_other_names_and_plain_requests_are_led_or_left() -> None:
    with door(_free()) as front:
        asked = http.client.HTTPConnection("127.0.0.1", front.plain, timeout=30)
        asked.request("GET", "/suche?q=a", headers={"Host": "evil.example"})
        answer = asked.getresponse()
        assert (answer.status, answer.getheader("location")) == (
            301, "https://portal.example/suche?q=a",
        )  # fmt: skip
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        raw = socket.create_connection(("127.0.0.1", front.encrypted), timeout=30)
        with raw, pytest.raises(ssl.SSLError):
            context.wrap_socket(raw, server_hostname="evil.example")


def test_the_portals_own_headers_come_through_once(tmp_path: Path) -> None:
    told = {
        **os.environ, "NETZLOTSE_DATA_DIR": str(tmp_path), "NETZLOTSE_HOSTS": "portal.example",
    }  # fmt: skip
    portal = subprocess.Popen(
        [sys.executable, "-m", "netzlotse", "serve", "--port", "0"],
        env=told, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert portal.stdout
        address = re.search(r"Portal: http://127\.0\.0\.1:(\d+)/", portal.stdout.readline())
        assert address
        with door(int(address[1])) as front:
            for path in ("/", "/api/v1/offers"):
                status, headers = front.ask(path, Accept_Encoding="gzip")
                names = [name for name, _ in headers]
                assert status == 200
                assert sorted(names) == sorted(set(names))
                assert dict(headers)["strict-transport-security"] == "max-age=31536000"
    finally:
        portal.terminate()
        portal.communicate(timeout=30)
