"""sitemap.xml (sitemaps.org 0.9): links only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import unescape

from crawlers.adapters.base import Detection, PageRequest
from crawlers.frontier import worth_following
from crawlers.page import Page
from crawlers.record import Record
from crawlers.source import Source

_START = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b")
_LOC = re.compile(r"<(?:\w+:)?loc>\s*(?:<!\[CDATA\[)?\s*(https?://[^\s<\]]{1,2000})", re.IGNORECASE)
_MAX_URLS = 2000  # of one file; more is no small network's site


class Sitemap:
    """The list of pages that a site gives to robots."""

    name = "sitemap"
    version = 1

    def detect(self, page: Page) -> Detection | None:
        """Claim what begins like a sitemap or an index of them."""
        return (
            Detection(1.0, "a sitemap")
            if _START.search(page.body[:2000]) and not page.is_html
            else None
        )

    def requests(self, source: Source) -> Iterable[PageRequest]:
        """Nothing: pages lead to it."""
        return ()

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """The pages and further sitemaps of the site."""
        if not self.detect(page):
            return []
        found = (unescape(url) for url in _LOC.findall(page.text)[:_MAX_URLS])
        return [
            wanted for url in found if (wanted := worth_following(url, "", source, sitemap=True))
        ]

    def extract(self, page: Page) -> Sequence[Record]:
        """Nothing."""
        return []
