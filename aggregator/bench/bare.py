"""Scrapy alone, for comparison: `python -m aggregator.bench.bare BASE COUNT [soup]`.

It fetches the pages of the made site and throws them away, or parses each with BeautifulSoup as
many crawlers do: the text, and the links.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from bs4 import BeautifulSoup
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings

from aggregator.bench.job import bench_job
from aggregator.bench.pages import address
from crawlers.crawl import crawl_settings

_OURS = (
    "CONCURRENT_ITEMS", "DNS_RESOLVER", "DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES_BASE",
    "TWISTED_DNS_RESOLVER",
)  # fmt: skip


class BareSpider(Spider):
    """Fetches every page of the made site."""

    name = "bare"

    def __init__(self, base: str, count: int, soup: bool) -> None:
        super().__init__()
        self.base, self.count, self.soup = base, count, soup

    async def start(self) -> AsyncIterator[Request]:
        """Ask for all pages."""
        for number in range(self.count):
            yield Request(self.base + address(number), dont_filter=True)

    def parse(self, response: Response) -> None:
        """Throw a page away, parsed or not."""
        if self.soup:
            tree = BeautifulSoup(response.body, "lxml")
            tree.get_text(" ")
            tree.select("a[href]")


def main(base: str, count: int, soup: bool) -> None:
    """Run it with the settings of a harvest, but for what is ours."""
    settings = dict(crawl_settings(bench_job(base, count, Path())))
    process = AsyncCrawlerProcess(
        Settings({name: value for name, value in settings.items() if name not in _OURS})
    )
    logging.getLogger("scrapy").setLevel(logging.ERROR)
    process.crawl(BareSpider, base=base, count=count, soup=soup)
    process.start()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), "soup" in sys.argv[3:])
