"""Sites that lead astray: without end, behind our own doors, to another host, with a bad lock."""

from __future__ import annotations

import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawlers.failure import Failure
from tests.crawlers.crawling import crawl
from tests.crawlers.test_crawl import OFFERS, TITLES, page
from tests.loopback import Handler, Reply, serve


def test_a_calendar_without_end_costs_no_page(tmp_path: Path) -> None:
    """Each month links the next, by path and by parameter; offers are found all the same."""

    def month(request: BaseHTTPRequestHandler) -> Reply:
        number = int("".join(filter(str.isdigit, request.path)) or 0) + 1
        year, nth = 2026 + number // 12, number % 12 + 1
        return page(
            f"<a href='/kalender/{year}/{nth:02}/'>vor</a><a href='?month={number}'>vor</a>"
            f"<a href='/termine?date={year}-{nth:02}-01'>Termine</a>"
        )

    class Paths(dict[str, Handler]):
        def get(self, path: str, default: Any = None) -> Handler:
            calendar = path.startswith(("/kalender", "/termine", "/?month"))
            return month if calendar else super().get(path, default)

    with serve({}) as server:
        start = f'<title>Netz</title><a href="/kalender/">Kalender</a>{OFFERS}'
        server.paths = Paths({"/": page(start)})
        done = crawl(tmp_path, f"{server.base_url}/", pages=60)
        asked = [path for path, _ in server.seen if path.startswith(("/kalender", "/termine"))]
    assert done.summary is not None
    assert done.summary.finish == "finished"  # no limit had to end it
    assert len(asked) <= 3
    assert sorted(record.title for record in done.records) == TITLES


def test_a_new_session_in_every_link_makes_no_new_page(tmp_path: Path) -> None:
    numbers = count(1)

    def fresh(body: str) -> Handler:
        def answer(_: BaseHTTPRequestHandler) -> Reply:
            links = "".join(
                f"<a href='/{name}?PHPSESSID={next(numbers):032x}'>{name}</a>"
                f"<a href='/{name};jsessionid={next(numbers):X}'>{name}</a>"
                for name in ("angebote", "treff")
            )
            return page(f"<title>Netz</title>{links}{body}")

        return answer

    class Paths(dict[str, Handler]):
        def get(self, path: str, default: Any = None) -> Handler:
            return super().get(urlsplit(path).path.partition(";")[0], default)

    with serve({}) as server:
        server.paths = Paths({"/": fresh(""), "/angebote": fresh(OFFERS), "/treff": fresh("")})
        done = crawl(tmp_path, f"{server.base_url}/", pages=40)
        asked = [path for path, _ in server.seen if path.startswith(("/angebote", "/treff"))]
    assert done.summary is not None
    assert done.summary.finish == "finished"
    assert len(asked) == 2
    assert sorted(record.key.partition("#")[0] for record in done.records) == ["/angebote"] * 3


def test_a_redirect_behind_our_doors_is_not_followed(tmp_path: Path) -> None:
    with serve({"/geheim": Reply(b"<title>Geheim</title>")}) as inside:
        port = inside.base_url.rpartition(":")[2]
        private = f"http://localhost:{port}/geheim"  # allowed is 127.0.0.1 alone
        away = Reply(status=302, headers={"Location": private})
        start = page('<title>Netz</title><a href="/angebote">Angebote</a>')
        with serve({"/": start, "/angebote": away}) as server:
            done = crawl(tmp_path, f"{server.base_url}/")
        assert inside.seen == []
    (failed,) = [entry for entry in done.pages if entry.failure]
    assert failed.failure is Failure.PRIVATE_ADDRESS
    assert failed.failure.advice


def test_a_page_that_leads_to_another_host_is_named_and_not_read(tmp_path: Path) -> None:
    with serve({"/": page(OFFERS)}) as other:
        there = f"http://localhost:{other.base_url.rpartition(':')[2]}/"
        with serve({"/": Reply(status=301, headers={"Location": there})}) as server:
            done = crawl(tmp_path, f"{server.base_url}/", allowed=("127.0.0.1", "localhost"))
    (entry,) = done.pages
    assert (entry.failure, done.records) == (Failure.MOVED_HOST, [])
    assert "localhost" in entry.reason
    assert Failure.MOVED_HOST.advice


def test_a_host_that_nobody_knows_is_named(tmp_path: Path) -> None:
    done = crawl(tmp_path, "http://gibt-es-nicht.invalid/")
    assert {entry.failure for entry in done.pages} == {Failure.DNS}
    assert Failure.DNS.advice


def test_a_certificate_that_nobody_signed_is_named(tmp_path: Path) -> None:
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_signed_by_itself(tmp_path / "own.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        done = crawl(tmp_path, f"https://127.0.0.1:{server.server_port}/")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert {entry.failure for entry in done.pages} == {Failure.TLS}
    assert Failure.TLS.advice


def _signed_by_itself(file: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(pem))
    return file
