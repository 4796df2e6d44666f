"""The one spider: it serves every source and knows none."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from crawlers import outcome, spool
from crawlers.adapters.base import PageRequest
from crawlers.archive import ArchiveWriter
from crawlers.failure import Failure
from crawlers.frontier import is_document
from crawlers.job import Job
from crawlers.keys import page_key, site_of
from crawlers.message import ToRead, WasRead
from crawlers.page import Page
from crawlers.pause import longest_pause
from crawlers.reader_pool import ReaderPool
from crawlers.reservation import WELL_KNOWN
from crawlers.rights import Rights
from crawlers.spool import PageEntry, PageWriter, Summary, read_known
from crawlers.transfer import NOT_MODIFIED, archived_as

_GIVE_UP = 10  # failures in a row; a site that is down or shuts us out is not asked on
_SHUT = frozenset(
    {
        Failure.DNS, Failure.REFUSED, Failure.TIMEOUT, Failure.TLS, Failure.CONNECTION,
        Failure.BLOCKED, Failure.BOT_CHALLENGE, Failure.SERVER_ERROR,
    }
)  # fmt: skip
_RIGHTS_BYTES = 500_000  # of a tdmrep.json; more is no file of rules


class NetworkSpider(Spider):
    """Harvests one source: fetch, archive, read, follow; then join and hand over.

    1. The start URLs are asked for; every answer is archived before it is read. Whether the site
       reserves text and data mining is read before its offers are: a site that does is left alone.
    2. Each adapter that recognises the site may ask for more (an API, a feed).
    3. Links that promise offers are followed, best first, within the source's limits.
    4. At the end the records of all pages are joined and the run folder is made whole.
    """

    name = "netzlotse"

    def __init__(self, job: Job, folder: Path) -> None:
        super().__init__()
        self.job = job
        self.source = job.source
        self.folder = folder
        self.known = read_known(folder)
        self.archive = ArchiveWriter(job.archive_dir, job.source.id, job.run_id, job.user_agent)
        self.robots: dict[str, str] = {}
        self.rights = Rights(job.source)
        self.readers = ReaderPool(folder)
        self._entries = PageWriter(folder)
        self._started = datetime.now(UTC)
        self._asked: set[str] = set()
        self._read: set[str] = set()
        self._sites = {site_of(url) for url in job.source.start}
        self._platforms: dict[str, float] = {}
        self._bytes = 0
        self._documents = 0
        self._limit = ""
        self._in_a_row = 0
        self._matched = 0
        self._counts = {"fetched": 0, "not_modified": 0, "failed": 0, "records": 0}

    @classmethod
    def from_crawler(cls, crawler: Crawler, job: Job, folder: Path) -> Self:
        """Listen for the end of the crawl, however it comes."""
        spider = super().from_crawler(crawler, job=job, folder=folder)
        crawler.signals.connect(spider.hand_over, signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the rights file of each host, then for the start URLs."""
        await self.readers.start()
        for origin in sorted({urljoin(url, "/") for url in self.source.start}):
            yield self._aside(urljoin(origin, WELL_KNOWN), self._read_rights)
        for url in self.job.starts:
            for request in self._ask([PageRequest(url, promise=10.0, reason="start")]):
                yield request

    async def parse(self, response: Response) -> AsyncIterator[Request]:
        """Have one answer read: note what it is, follow its links."""
        request = response.request
        assert request is not None  # noqa: S101 - Scrapy sets it before a callback
        page = _page(response)
        self._bytes += len(page.body)
        if site_of(page.url) not in self._sites:
            self._note(page, request, failure=Failure.MOVED_HOST)
            return
        key = page_key(page.url, self.source)
        if key in self._read:  # two addresses led to one page
            return
        self._read.add(key)
        depth: int = request.meta["depth_from_start"]
        rules = self.rights.rules(page.url)
        imprint = not self.rights.has_imprint(page.url)
        found = await self.readers.read(ToRead(page, depth, rules, imprint))
        if found.failure is not None:
            self._read.discard(key)
            if not _is_guess(request, found.failure):
                self._note(page, request, failure=found.failure, reason=found.reason)
            return
        if said := self.rights.refused(found.said, start=depth == 0):
            self._note(page, request, failure=Failure.RESERVED, reason=said.quote)
        self._leave_if_closed()
        if said:
            return
        if url := self.rights.imprint_to_read(found.imprint):
            yield self._aside(url, self._read_imprint)
        for wanted in self._followed(page, request, found):
            yield wanted

    def _followed(self, page: Page, request: Request, found: WasRead) -> Iterator[Request]:
        self._matched += found.matched
        self._counts["records"] += found.records
        self._note(page, request, records=found.records)
        for name, confidence, wanted in found.claims:
            if name not in self._platforms:
                self._platforms[name] = confidence
                yield from self._ask(wanted)
        yield from self._ask(found.links, request.meta["depth_from_start"] + 1)

    def failed(self, failure: TwistedFailure) -> None:
        """Note a page that never came."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value or Exception("unknown")
        kind = outcome.of_exception(error)
        if _is_guess(request, kind):
            return
        if kind is Failure.CONNECTION:  # the name for what has no name: leave a trace of it
            self.logger.warning("%s: %r", request.url, error)
        self._counts["failed"] += 1
        self._entries.write(
            PageEntry(
                url=request.url,
                requested_url=request.meta["requested_url"],
                fetched_at=datetime.now(UTC),
                failure=kind,
                reason=f"{error}"[:300],
                following=request.meta["following"],
            )
        )
        self._progress()
        self._leave_if_shut_out(kind)

    async def hand_over(self, reason: str) -> None:
        """Close the archive, have the records joined, and make the run folder whole."""
        self.archive.close()
        self._entries.close()
        end = self._limit or ("time_limit" if reason == "closespider_timeout" else reason)
        if self.rights.closed:
            end = Failure.RESERVED.value
        records = await self.readers.join(keep=not self.rights.closed)
        counts = self._counts
        spool.finish(
            self.folder,
            Summary(
                run_id=self.job.run_id,
                source_id=self.source.id,
                started_at=self._started,
                finished_at=datetime.now(UTC),
                finish=end,
                complete=end == "finished",
                pages=counts["fetched"] + counts["not_modified"] + counts["failed"],
                fetched=counts["fetched"],
                not_modified=counts["not_modified"],
                failed=counts["failed"],
                records=records,
                platforms=tuple(sorted(self._platforms, key=lambda n: -self._platforms[n])),
                robots=dict(self.robots),
                reservation=self.rights.said(self._started),
                matched=self._matched if self.source.pattern else None,
                since=self.job.since,
            ),
        )

    def _ask(self, wanted: Iterable[PageRequest], depth: int = 0) -> Iterator[Request]:
        """Turn what is worth fetching into requests, within the limits of the source."""
        limits = self.source.politeness
        for page in wanted:
            key = page_key(page.url, self.source)
            if key in self._asked or max(depth, page.depth) > limits.depth:
                continue
            document = is_document(page.url)
            if document and self._documents >= limits.documents:
                continue
            if len(self._asked) >= limits.pages:
                self._limit = "page_limit"
                return
            if self._bytes >= limits.total_bytes:
                self._limit = "byte_limit"
                raise CloseSpider("byte_limit")
            self._asked.add(key)
            self._documents += document
            yield Request(
                page.url,
                callback=self.parse,
                errback=self.failed,
                priority=round(page.promise * 10),
                headers=dict(page.headers),
                dont_filter=True,
                meta={
                    "depth_from_start": depth,
                    "requested_url": page.url,
                    "optional": page.optional,
                    "following": page.following,
                    **({"download_maxsize": limits.document_bytes} if document else {}),
                },
            )

    def _aside(
        self, url: str, callback: Callable[[Response], Coroutine[None, None, None] | None]
    ) -> Request:
        """A page that is asked for the site's rights, before any other: it is archived."""
        return Request(
            url,
            callback=callback,
            errback=_never_mind,
            priority=1_000,
            dont_filter=True,
            meta={"requested_url": url, "following": False},
        )

    def _read_rights(self, response: Response) -> None:
        if response.status == 200 and len(response.body) <= _RIGHTS_BYTES:
            self.rights.read_file(response.body, response.url, datetime.now(UTC))
        self._leave_if_closed()

    async def _read_imprint(self, response: Response) -> None:
        """Hear what an imprint reserves, and have it read for whose site it is.

        It counts as a page where it says so, for then a replay reads it, too.
        """
        page = _page(response)
        if page.is_html and site_of(page.url) in self._sites and outcome.of_page(page) is None:
            self.rights.read_imprint(page)
            self._leave_if_closed()
            key = page_key(page.url, self.source)
            if key in self._asked or key in self._read:  # a page of the site as any other
                return
            self._read.add(key)
            rules = self.rights.rules(page.url)
            fresh = _page(response)  # as a reader is sent it: not parsed yet
            told = await self.readers.read(ToRead(fresh, rules=rules, imprint=False, aside=True))
            if told.records:
                assert response.request is not None  # noqa: S101 - Scrapy sets it before a callback
                self._note(page, response.request)

    def _leave_if_closed(self) -> None:
        if self.rights.closed:
            raise CloseSpider(Failure.RESERVED.value)

    def _note(
        self,
        page: Page,
        request: Request,
        *,
        failure: Failure | None = None,
        reason: str = "",
        records: int = 0,
    ) -> None:
        not_modified = NOT_MODIFIED in request.meta
        outcome_name = "failed" if failure else "not_modified" if not_modified else "fetched"
        self._counts[outcome_name] += 1
        if failure is Failure.MOVED_HOST:
            reason = f"leads to {urlsplit(page.url).netloc}"
        self._entries.write(
            PageEntry(
                url=page.url,
                requested_url=request.meta["requested_url"],
                fetched_at=page.fetched_at,
                status=page.status,
                not_modified=not_modified,
                failure=failure,
                reason=reason,
                archived=page.archived,
                media_type=page.media_type,
                etag=page.headers.get("etag"),
                last_modified=page.headers.get("last-modified"),
                size=len(page.body),
                records=records,
                following=request.meta["following"],
            )
        )
        self._progress()
        self._leave_if_shut_out(failure)

    def _leave_if_shut_out(self, failure: Failure | None) -> None:
        """End a crawl whose every request fails for the same site: no storm of retries."""
        self._in_a_row = self._in_a_row + 1 if failure in _SHUT else 0
        if failure is not None and self._in_a_row >= _GIVE_UP:
            raise CloseSpider(failure.value)

    def _progress(self) -> None:
        """Tell whoever started this process how far it is: one JSON line on standard output."""
        done = {**self._counts, "asked": len(self._asked), "delay": longest_pause(self.crawler)}
        sys.stdout.write(json.dumps(done) + "\n")
        sys.stdout.flush()


def _page(response: Response) -> Page:
    assert response.request is not None  # noqa: S101 - Scrapy sets it before a callback
    return Page(
        url=response.url,
        body=response.body,
        fetched_at=datetime.now(UTC),
        status=response.status,
        headers={
            name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
            for name, values in response.headers.items()
        },
        archived=archived_as(response.request, response.body),
    )


def _is_guess(request: Request, failure: Failure) -> bool:
    """True where a page that was only guessed at turned out not to be there, or not for us."""
    # A security plugin answers 401 or 403 for an API while the pages are open to everyone.
    closed = {Failure.GONE, Failure.ROBOTS, Failure.BLOCKED}
    return bool(request.meta.get("optional")) and failure in closed


def _never_mind(failure: TwistedFailure) -> None:
    """A site without a rights file or with a broken imprint has said nothing."""
