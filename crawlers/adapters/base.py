"""What every adapter can do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from crawlers.page import Page
from crawlers.record import Record
from crawlers.source import Source


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A page worth fetching. `depth` counts links from a start URL; `reason` says why, for logs.

    Of two requests the one with the higher `promise` is fetched first. `optional` marks a guess (a
    sitemap, an API): that it is absent or forbidden is no failure of the site.
    """

    url: str
    depth: int = 0
    promise: float = 0.0
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=())
    optional: bool = False
    following: bool = False
    """It continues a list: what stands on it is missed where it cannot be had."""


@dataclass(frozen=True, slots=True)
class Detection:
    """An adapter's claim on a site: 0 < `confidence` <= 1, and what on the page supports it."""

    confidence: float
    reason: str


class Adapter(Protocol):
    """How one platform or format is read.

    All methods are pure: no I/O, no state, the same answer for the same page, so that crawl,
    replay, probe and tests share them. Foreign bytes never raise: what cannot be read yields
    nothing. The one exception is a document that cannot be read as a whole (a scan, a bomb): then
    `extract` may raise `crawlers.isolation.UnreadableError`, whose message is the page's reason.
    """

    name: str
    version: int
    """Rises with what the adapter reads of one and the same page: evidence names it."""

    def detect(self, page: Page) -> Detection | None:
        """Say whether the site that sent `page` runs this platform."""

    def requests(self, source: Source) -> Iterable[PageRequest]:
        """Name what to fetch of a site of this platform beyond its start URLs (APIs, feeds)."""

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """Name what `page` leads to: the next page, detail pages, pages that promise offers."""

    def extract(self, page: Page) -> Sequence[Record]:
        """Read the records of `page`; empty where this adapter has nothing to say about it."""
