"""How long a host is left alone: from its answer on, whatever came between us and it."""

from __future__ import annotations

from time import monotonic

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
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
