"""What to do when a host says "not so fast" (429) or "not now" (503)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.pause import pause_of, prolong

_MAX_WAIT = 120.0  # seconds; a host that asks for more is left alone until the next run
_SLOWER = 2.0
_MIN_DELAY = 2.0


class ThrottleMiddleware:
    """Waits as long as Retry-After asks (RFC 9110, 10.2.3), once a page, and goes slower after.

    A host that asks for more than two minutes is not asked again in this run.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it as Scrapy asks."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Pass on what is no refusal; wait and ask again where waiting was asked for."""
        if response.status not in {429, 503} or request.meta.get("throttled"):
            return response
        wait = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        slower = pause_of(self.crawler, request) * _SLOWER
        prolong(self.crawler, request, max(slower, min(_MIN_DELAY, wait or 0.0)))
        if wait is None or wait > _MAX_WAIT:
            return response
        await asyncio.sleep(wait)
        return request.replace(dont_filter=True, meta={**request.meta, "throttled": True})


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (delta or HTTP date); None where it is absent."""
    if not value:
        return None
    text = value.decode("ascii", "replace").strip()
    if text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, ((until if until.tzinfo else until.replace(tzinfo=UTC)) - now).total_seconds())
