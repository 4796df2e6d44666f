"""Which addresses a crawl may reach."""

from __future__ import annotations

import pytest

from crawlers.guard import is_public


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
        "kein Rechner",
    ],
)
def test_private_addresses_may_not(address: str) -> None:
    assert not is_public(address)
