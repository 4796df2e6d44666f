"""How long a host is left alone: from its answer on, whatever came between us and it."""

from __future__ import annotations

from time import monotonic

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response


class PausingDownloadHandler(HTTP11DownloadHandler):
    """Fetches as Scrapy does, and lets the pause before the next request begin with the answer.

    Scrapy counts it from the moment at which it decides to ask. A name is looked up after that, a
    connection is made, the host takes its time: then the next request comes sooner after this one
    than the delay says, on a slow host at once. When the host heard us is not known; that it did so
    before it answered, is.
    """

    async def download_request(self, request: Request) -> Response:
        """Fetch; what fails, by a time limit too, is followed by a pause as well."""
        try:
            return await super().download_request(request)
        finally:
            engine = self.crawler.engine
            if engine and (slot := engine.downloader.slots.get(request.meta["download_slot"])):
                slot.lastseen = monotonic()


def pause_of(crawler: Crawler, request: Request) -> float:
    """Seconds for which the host of a request is left alone after each answer, by now."""
    downloader = _downloader(crawler)
    return _learnt(downloader).get(downloader.get_slot_key(request), _least(crawler))


def prolong(crawler: Crawler, request: Request, seconds: float) -> None:
    """Leave the host of a request alone for so long after each answer, until the crawl ends.

    One request at a time, then. What was learnt stays where Scrapy looks when it makes a slot: it
    drops those that are idle for a minute, which a host that asks for two can see.
    """
    downloader = _downloader(crawler)
    key = downloader.get_slot_key(request)
    downloader.per_slot_settings[key] = {"delay": seconds, "concurrency": 1}
    if slot := downloader.slots.get(key):
        slot.delay, slot.concurrency = seconds, 1


def longest_pause(crawler: Crawler) -> float:
    """Seconds between two requests, as the slowest host asked for by now."""
    learnt = _learnt(crawler.engine.downloader) if crawler.engine else {}
    return max([_least(crawler), *learnt.values()])


def _downloader(crawler: Crawler) -> Downloader:
    assert crawler.engine is not None  # noqa: S101 - a running crawl has one
    return crawler.engine.downloader


def _learnt(downloader: Downloader) -> dict[str, float]:
    return {key: slot["delay"] for key, slot in downloader.per_slot_settings.items()}


def _least(crawler: Crawler) -> float:
    return crawler.settings.getfloat("DOWNLOAD_DELAY")
