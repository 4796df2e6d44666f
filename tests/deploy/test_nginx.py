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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cluster.machine import wait_for
from tests.conftest import unavailable

CONFIGURATION = Path(__file__).parent.parent.parent / "deploy" / "nginx"
_MAIN = "pid {home}/pid; error_log {home}/error.log; worker_processes 1; events {{}} {user}\n"


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

        with ThreadingHTTPServer(("127.0.0.1", self.port), _Handler) as server:
            self.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, args=(0.05,))
            thread.start()
            yield
            server.shutdown()
            thread.join()


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
    home = Path(tempfile.mkdtemp(prefix="netzlotse-nginx-"))
    home.chmod(0o755)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=portal.example", "-addext", "subjectAltName=DNS:portal.example", "-keyout",
         home / "privkey.pem", "-out", home / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    plain, encrypted = _free(), _free()
    text = (CONFIGURATION / "netzlotse.conf").read_text("utf-8")
    nodes = (CONFIGURATION / "netzlotse-nodes.conf").read_text("utf-8")
    lines = "".join(f"server 127.0.0.1:{p} max_fails=3 fail_timeout=2s;" for p in ports)
    nodes, count = re.subn(r"(?m)^    server 127\.0\.0\.1:8000 .*$", lines, nodes)
    assert count == 1
    for there, here in (
        ("listen [::]:80 default_server;", ""),
        ("listen [::]:443 ssl default_server;", ""),
        ("listen [::]:443 ssl http2;", ""),
        ("listen 80 ", f"listen 127.0.0.1:{plain} "),
        ("listen 443 ", f"listen 127.0.0.1:{encrypted} "),
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
    command = [program, "-p", str(home), "-c", str(home / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], check=False, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        wait_for("nginx listens", lambda: _listens(encrypted), 30)
        yield Door(home, plain, encrypted)
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(home, ignore_errors=True)


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
