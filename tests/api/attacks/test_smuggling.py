"""Request smuggling: whoever stands before us and we see the same end of each request."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from tests.api.attacks.conftest import PAYLOADS

CASES: list[dict[str, Any]] = yaml.safe_load((PAYLOADS / "smuggling.yml").read_text("utf-8"))
POST = "POST /api/v1/citations HTTP/1.1\r\nHost: portal\r\nContent-Type: application/json\r\n"
BEHIND = "GET /healthz HTTP/1.1\r\nHost: portal\r\nConnection: close\r\n\r\n"
_LONG = 20.0
"""Seconds after which a test gives up on the server."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_request_ends_where_everybody_sees_it_end(portal: str, case: dict[str, Any]) -> None:
    received = b""
    with socket.create_connection(("127.0.0.1", urlsplit(portal).port or 0), _LONG) as client:
        client.sendall((POST + case["sent"] + BEHIND).encode())
        with suppress(ConnectionResetError):  # it does not read what stands behind
            while part := client.recv(65_536):
                received += part
    statuses = re.findall(rb"HTTP/1\.1 (\d+) ", received)
    if case["is"] == "refused":
        assert statuses == [b"400"], received[:200]
    else:
        assert len(statuses) == 2, received[:400]
        assert statuses[1] == b"200"
        assert b'"status":"ok"' in received
