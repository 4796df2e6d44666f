"""robots.txt: obeyed always (RFC 9309), Crawl-delay included."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawlers.pause import pause_of, prolong
from crawlers.reservation import of_robots

logger = logging.getLogger(__name__)

_MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much must be read
_MAX_DELAY = 60.0  # a Crawl-delay above this is taken as this


class RobotsForbidden(IgnoreRequest):
    """robots.txt of the host forbids this URL, or could not be had, which forbids all."""


class RobotsMiddleware:
    """Asks each host's robots.txt before anything else of it.

    RFC 9309, 2.3.1: a missing file (4xx) allows everything, an unreachable one (5xx, no
    connection) forbids everything. Scrapy's own middleware allows in the latter case and leaves
    Crawl-delay to others.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.agent = crawler.settings["USER_AGENT"].partition("/")[0]
        self._rules: dict[str, asyncio.Future[Protego | Exception]] = {}
        self.states: dict[str, str] = {}
        """Per host: obeyed, absent or unreachable."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Hand the states to the spider, which reports them."""
        middleware = cls(crawler)
        if crawler.spider is not None:
            crawler.spider.robots = middleware.states  # type: ignore[attr-defined]
        return middleware

    async def process_request(self, request: Request) -> None:
        """Stop a request that the host does not want."""
        if request.meta.get("robots"):
            return
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(request.url))
        if origin not in self._rules:
            self._rules[origin] = asyncio.get_running_loop().create_future()
            self._rules[origin].set_result(await self._fetch(origin))
        rules = await asyncio.shield(self._rules[origin])
        if isinstance(rules, Exception):
            raise rules
        if not rules.can_fetch(request.url, self.agent):
            raise RobotsForbidden("forbidden by robots.txt")

    async def _fetch(self, origin: str) -> Protego | Exception:
        """The rules of a host; where they cannot be had, why nothing else may be asked for."""
        request = Request(
            f"{origin}/robots.txt", callback=NO_CALLBACK, priority=1000, meta={"robots": True}
        )
        assert self.crawler.engine is not None  # noqa: S101 - a running crawl has one
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever it was, the file was not had
            logger.warning("%s/robots.txt: %s", origin, error)
            self.states[origin] = "unreachable"
            return error  # a dead host is a dead host, not one that forbids
        if response.status >= 500 or response.status == 429:
            self.states[origin] = "unreachable"
            return RobotsForbidden("robots.txt could not be fetched: nothing may be")
        text = _text(response) if 200 <= response.status < 300 else ""
        self.states[origin] = "obeyed" if text else "absent"
        said = of_robots(text, response.url, datetime.now(UTC))
        self.crawler.spider.rights.hear(said)  # type: ignore[union-attr]
        rules = Protego.parse(text)
        if delay := rules.crawl_delay(self.agent):
            asked = min(float(delay), _MAX_DELAY)
            prolong(self.crawler, request, max(pause_of(self.crawler, request), asked))
        return rules


def _text(response: Response) -> str:
    return response.body[:_MAX_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
