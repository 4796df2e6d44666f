"""What Retry-After asks for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.throttle import retry_after

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"120", 120),
        (b" 0 ", 0),
        (b"Mon, 23 Nov 2026 12:01:30 GMT", 90),
        (b"Mon, 23 Nov 2026 11:00:00 GMT", 0),
        (b"soon", None),
        (b"", None),
        (None, None),
        (b"9" * 5000, 999_999_999),
    ],
)
def test_seconds(header: bytes | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds
