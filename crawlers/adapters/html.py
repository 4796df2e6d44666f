"""Plain HTML of any make, and what the platforms' own readers share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crawlers.adapters.base import Detection, PageRequest
from crawlers.finder.house import find_house
from crawlers.finder.naming import headline
from crawlers.finder.offers import Reader, find_offers
from crawlers.finder.story import find_network
from crawlers.finder.walk import read_flow
from crawlers.frontier import links
from crawlers.keys import absolute, site_of
from crawlers.page import Page
from crawlers.record import Record
from crawlers.source import Source

_FEEDS = (
    "link[rel~=alternate][type='application/rss+xml'][href],"
    "link[rel~=alternate][type='application/atom+xml'][href]"
)
_MAX_FEEDS = 5
_NAMED = 0.95  # how sure a generator's own name makes


class Html:
    """Sites without a platform that we know: the finder alone."""

    name = "html"
    version = 6

    @property
    def extractor(self) -> str:
        """The name under which its records go."""
        return f"{self.name}@{self.version}"

    def detect(self, page: Page) -> Detection | None:
        """Claim any HTML, weakly."""
        return Detection(0.1, "HTML") if page.is_html else None

    def requests(self, source: Source) -> Iterable[PageRequest]:
        """Nothing beyond the start URLs: the pages themselves lead on."""
        return ()

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """Follow what promises offers."""
        return links(page, source) if page.is_html else ()

    def extract(self, page: Page) -> Sequence[Record]:
        """Find the offers, and the network where the page tells of one."""
        if not page.is_html:
            return []
        flow = read_flow(page.tree, page.base)
        title = headline(page.tree, flow)
        records = find_offers(flow, page.url, Reader(self.extractor, title))
        network = find_network(flow, page.url, title, self.extractor)
        house = find_house(flow, records, page.url, title, self.extractor)
        return [*records, *(one for one in (network, house) if one is not None)]


def feeds_of(page: Page) -> list[PageRequest]:
    """The feeds that a page names: of a site without an API they tell what is new."""
    if b"application/rss+xml" not in page.opening and b"application/atom+xml" not in page.opening:
        return []
    found = dict.fromkeys(
        url
        for node in page.tree.css(_FEEDS)[:_MAX_FEEDS]
        if (url := absolute(page.base, node.attributes.get("href") or ""))
        and site_of(url) == site_of(page.url)
        and "comment" not in url.lower()
    )
    return [PageRequest(url, promise=0.5, reason="feed", optional=True) for url in found]


class MarkedHtml(Html):
    """HTML of a platform that signs its pages."""

    generator = ""
    """What the platform calls itself in <meta name=generator>, lower case."""
    marks: Sequence[tuple[tuple[str, ...], float, str]] = ()
    """Words of its markup, lower case, how sure any of them makes, and what they are."""

    @property
    def ceiling(self) -> float:
        """The most confidence that `detect` may have."""
        return max(_NAMED * bool(self.generator), *(confidence for _, confidence, _ in self.marks))

    def detect(self, page: Page) -> Detection | None:
        """The surest mark found."""
        if not page.is_html:
            return None
        if self.generator and any(self.generator in named for named in page.generators):
            return Detection(_NAMED, f"generator names {self.generator}")
        for words, confidence, reason in self.marks:
            opening = page.opening
            for word in words:
                if word.encode() in opening:
                    return Detection(confidence, reason)
        return None
