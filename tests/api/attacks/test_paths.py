"""Path traversal: nothing beside the served files is ever answered, however it is written."""

from __future__ import annotations

import pytest

from tests.api.attacks.conftest import payloads
from tests.api.test_hostile import Connection


@pytest.mark.parametrize("path", payloads("paths"))
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_nothing_lies_outside(portal: str, path: str, method: str) -> None:
    request = f"{method} {path} HTTP/1.1\r\nHost: portal\r\nConnection: close\r\n\r\n"
    status, _, body = Connection(portal).ask(request.encode())
    assert status in {301, 307, 404, 405, 410}, body[:200]
    assert not any(word in body for word in (b"root:x:", b"[project]", b"from fastapi", b"SQLite"))
