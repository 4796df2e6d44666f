"""Which addresses a crawl may reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy import Request

from crawlers.failure import Failure
from crawlers.guard import GuardMiddleware, PrivateAddress, is_public
from tests.crawlers.crawling import crawl
from tests.crawlers.test_crawl import OFFERS, page
from tests.loopback import serve


@pytest.mark.parametrize("address", ["193.99.144.80", "2a02:2e0:3fe:1001:302::"])
def test_public_addresses_may_be_reached(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # cloud metadata
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",  # 6to4 around 127.0.0.1
        "64:ff9b::7f00:1",  # NAT64 around 127.0.0.1
        "::7f00:1",  # the IPv4-compatible form of RFC 4291, long given up
        "2001:db8::1",
        "kein Rechner",
    ],
)
def test_private_addresses_may_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "10.0.0.1",
    ],
)
def test_an_address_in_disguise_is_refused_before_anything_is_sent(host: str) -> None:
    with pytest.raises(PrivateAddress):
        GuardMiddleware([]).process_request(Request(f"http://{host}/"))


@pytest.mark.parametrize("url", ["ftp://netz.example/", "file:///etc/passwd", "data:text/html,x"])
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(PrivateAddress):
        GuardMiddleware([]).process_request(Request(url))


@pytest.mark.parametrize(("first", "reached"), [("127.0.0.1", True), ("10.0.0.1", False)])
def test_a_name_is_resolved_once_and_that_address_is_connected_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str, reached: bool
) -> None:
    """A name server that answers otherwise every time (DNS rebinding), put into the crawl."""
    (tmp_path / "sitecustomize.py").write_text(
        "import socket\n"
        f"answers = iter(['{first}', '10.9.9.9', '10.9.9.9'])\n"
        "real = socket.gethostbyname\n"
        "def resolve(name):\n"
        "    return next(answers) if name in ('netz.test', 'localtest.me') else real(name)\n"
        "socket.gethostbyname = resolve\n",
        "utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with serve({"/": page(OFFERS), "/angebote": page(OFFERS.replace("<h1>", "<h1>A "))}) as server:
        name = "netz.test" if reached else "localtest.me"
        start = [server.base_url.replace("127.0.0.1", name) + path for path in ("/", "/angebote")]
        done = crawl(tmp_path, start, allowed=("netz.test",))
    assert bool(server.seen) is reached
    wanted = None if reached else Failure.PRIVATE_ADDRESS
    assert {entry.failure for entry in done.pages} == {wanted}
