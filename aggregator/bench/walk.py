"""A site read as a crawl reads it, in one thread and without waiting between requests."""

from __future__ import annotations

import heapq
import time
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import Request, urlopen

from protego import Protego
from w3lib.url import safe_url_string

from crawlers.adapters.base import PageRequest
from crawlers.assembly import assemble
from crawlers.isolation import UnreadableError
from crawlers.keys import page_key, site_of
from crawlers.page import Page
from crawlers.reading import detect, read, read_imprint
from crawlers.record import Record
from crawlers.reservation import imprint_of
from crawlers.rights import Rights
from crawlers.source import Source

_AGENT = "netzlotse"
_TIMEOUT = 30  # seconds an answer may take


@dataclass(slots=True)
class Walk:
    """What a walk through a site found; `seconds` is the time spent reading, not fetching."""

    records: list[Record] = field(default_factory=list)
    pages: int = 0
    seconds: float = 0.0


def walk(source: Source) -> Walk:
    """Follow what `crawlers.reading.read` names, best first, and join the records."""
    done = Walk()
    found: list[Record] = []
    site = _Site(source)
    waiting: list[tuple[float, int, PageRequest, int]] = []
    asked: set[str] = set()
    read_keys: set[str] = set()
    platforms: set[str] = set()

    def ask(wanted: Iterable[PageRequest], depth: int) -> None:
        for request in wanted:
            key = page_key(request.url, source)
            too_deep = max(depth, request.depth) > source.politeness.depth
            if key in asked or too_deep or len(asked) >= source.politeness.pages:
                continue
            asked.add(key)
            heapq.heappush(waiting, (-request.promise, len(asked), request, depth))

    ask([PageRequest(url, promise=10.0) for url in source.start], 0)
    while waiting:
        _, _, request, depth = heapq.heappop(waiting)
        page = site.fetch(request)
        if page is None:
            continue
        key = page_key(page.url, source)
        if key in read_keys:
            continue
        read_keys.add(key)
        started = time.perf_counter()
        try:
            reading = read(page, source)
        except UnreadableError:  # costs that page, as in a crawl
            continue
        done.seconds += time.perf_counter() - started
        done.pages += 1
        found += reading.records
        for adapter, _ in detect(page) if depth == 0 else ():
            if adapter.name not in platforms:
                platforms.add(adapter.name)
                ask(adapter.requests(source), 0)
        ask(reading.links, depth + 1)
        found += site.imprint(page, asked)
    started = time.perf_counter()
    done.records = assemble(found, source)
    done.seconds += time.perf_counter() - started
    return done


class _Site:
    """What a site lets us fetch."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._own = {site_of(url) for url in source.start}
        self._robots = Protego.parse(_robots(source.start[0]))
        self._rights = Rights(source)

    def fetch(self, wanted: PageRequest) -> Page | None:
        """A page of the site; None where there is none, or not for us."""
        page = _fetch(wanted) if self._robots.can_fetch(wanted.url, _AGENT) else None
        return page if page is not None and site_of(page.url) in self._own else None

    def imprint(self, page: Page, asked: Container[str]) -> tuple[Record, ...]:
        """What the imprint says that a page links, the first time; keys of pages are `asked`."""
        linked = None if self._rights.has_imprint(page.url) else imprint_of(page)
        url = self._rights.imprint_to_read(linked)
        if url is None or page_key(url, self.source) in asked:
            return ()
        imprint = self.fetch(PageRequest(url))
        return read_imprint(imprint, self.source) if imprint and imprint.is_html else ()


def _robots(start: str) -> str:
    page = _fetch(PageRequest(urljoin(start, "/robots.txt")))
    return page.text if page is not None else ""


def _fetch(wanted: PageRequest) -> Page | None:
    """The page behind a request, redirects followed; None where there is none."""
    if not wanted.url.startswith(("http://", "https://")):
        return None
    address = safe_url_string(wanted.url)
    request = Request(address, headers=dict(wanted.headers))  # noqa: S310 - checked above
    try:
        with urlopen(request, timeout=_TIMEOUT) as response:  # noqa: S310 - checked above
            headers = {name.lower(): value for name, value in response.headers.items()}
            body, url, status = response.read(), response.geturl(), response.status
    except HTTPError as error:
        error.close()
        return None
    except (OSError, HTTPException, ValueError):
        return None
    return Page(url, body, datetime.now(UTC), status, headers) if status == HTTPStatus.OK else None
