"""RSS and Atom: hints where something new is, and events where entries state their time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crawlers.adapters.base import Detection, PageRequest
from crawlers.adapters.jsontext import Object
from crawlers.finder.lines import clean_lines
from crawlers.keys import page_key, site_of, slug, url_key
from crawlers.page import Page
from crawlers.record import Passage, Record, Role, Trust
from crawlers.source import Source

_START = re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)
_BEGINS = ("ev_startdate", "xcal_dtstart", "startdate", "event_startdate", "xcal_start")
_ENDS = ("ev_enddate", "xcal_dtend", "enddate", "event_enddate", "xcal_end")
_PLACES = ("ev_location", "xcal_location", "location", "where")


class Feed:
    """Feeds. An entry is a link to a page; only with a time of its own it is an event."""

    name = "feed"
    version = 1

    def detect(self, page: Page) -> Detection | None:
        """Claim what begins like RSS, Atom or RDF."""
        return (
            Detection(1.0, "an RSS or Atom feed")
            if not page.is_html and _START.search(page.body[:1000])
            else None
        )

    def requests(self, source: Source) -> Iterable[PageRequest]:
        """Nothing beyond the start URLs."""
        return ()

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """The pages of the site's own entries."""
        sites = {site_of(start) for start in source.start}
        return [
            PageRequest(link, promise=0.6, reason="entry of the feed")
            for entry in self._entries(page)
            if (link := str(entry.get("link") or ""))
            and site_of(link) in sites
            and page_key(link, source)
        ]

    def extract(self, page: Page) -> Sequence[Record]:
        """The entries that are events."""
        found = []
        for number, entry in enumerate(self._entries(page)):
            begins, where = _first(entry, _BEGINS), f"/entry/{number}"
            title = " ".join(clean_lines(str(entry.get("title") or "")))
            if not begins or not title:
                continue
            passages = [Passage(Role.TITLE, title, where), Passage(Role.STARTS, begins, where)]
            for names, role in ((_ENDS, Role.ENDS), (_PLACES, Role.ADDRESS)):
                if value := _first(entry, names):
                    passages.append(Passage(role, value, where))
            passages += [
                Passage(Role.TEXT, line, where)
                for line in clean_lines(str(entry.get("summary") or ""))
            ]
            link = str(entry.get("link") or "")
            key = str(entry.get("id") or "") or f"{page.url.partition('#')[0]}#{slug(title)}"
            found.append(
                Record(
                    key,
                    page.url,
                    tuple(passages),
                    f"{self.name}@{self.version}",
                    Trust.FEED,
                    detail_url=link if url_key(link) else None,
                )
            )
        return found

    def _entries(self, page: Page) -> list[Object]:
        if not self.detect(page):
            return []
        import feedparser  # noqa: PLC0415 - few sites need what takes long to load

        try:
            return list(
                feedparser.parse(
                    page.body, response_headers={"content-type": "application/xml"}
                ).entries
            )[:1000]
        except Exception:  # noqa: BLE001 - half a feed must not cost the run
            return []


def _first(entry: Object, names: Iterable[str]) -> str:
    return next((" ".join(str(value).split()) for name in names if (value := entry.get(name))), "")
