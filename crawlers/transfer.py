"""Where responses enter: each is archived before it is read; for a 304 the archive answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawlers.archive import Archive, ArchiveError, ArchiveWriter, read_page
from crawlers.keys import site_of
from crawlers.page import ArchiveRef
from crawlers.spool import KnownPage

ORIGIN = "origin"
"""Key of request.meta: where the response just archived stands, and its body as it was served."""
NOT_MODIFIED = "not_modified"
"""Key of request.meta: the KnownPage whose archived body stands in for a 304."""


class TransferMiddleware:
    """Asks conditionally for what is known (RFC 9110, 13.1), and archives every answer.

    It stands next to the downloader, so that redirects, robots.txt and error pages pass here too,
    in the encoding in which they were served.
    """

    def __init__(
        self, writer: ArchiveWriter, archive: Archive, known: Mapping[str, KnownPage]
    ) -> None:
        self.writer = writer
        self.archive = archive
        self.known = known

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take archive and known pages from the spider, which owns them."""
        spider = crawler.spider
        return cls(spider.archive, spider.job.archive, spider.known)  # type: ignore[union-attr]

    def process_request(self, request: Request) -> None:
        """Add what the server called the version that we hold, and whose pause is to be kept."""
        # With and without www. it is one host; a redirect brings along whose pause was kept before.
        request.meta["download_slot"] = site_of(request.url)
        request.headers.pop("If-None-Match", None)
        request.headers.pop("If-Modified-Since", None)
        page = self.known.get(request.url)
        if page is None or request.meta.get("unconditional"):
            return
        if page.etag:
            request.headers["If-None-Match"] = page.etag
        if page.last_modified:
            request.headers["If-Modified-Since"] = page.last_modified

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Archive; let the archived page stand in for "not modified"."""
        at = datetime.now(UTC)
        request.meta.pop(NOT_MODIFIED, None)
        if response.status == 304:
            return self._from_archive(request, at)
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ]
        served = response.body
        request.meta[ORIGIN] = (
            self.writer.write(response.url, response.status, headers, served, at),
            served,
        )
        return response

    def _from_archive(self, request: Request, at: datetime) -> Request | Response:
        page = self.known.get(request.url)
        try:
            archived = read_page(self.archive, page.archived) if page else None
        except ArchiveError:
            archived = None
        if page is None or archived is None:
            # The archive lost what it promised: ask again, for the whole page.
            return request.replace(dont_filter=True, meta={**request.meta, "unconditional": True})
        self.writer.write_revisit(archived, at)
        request.meta[NOT_MODIFIED] = page
        headers = Headers(archived.headers)
        kind = responsetypes.from_args(headers=headers, url=request.url, body=archived.body)
        return kind(url=request.url, status=200, headers=headers, body=archived.body)


def archived_as(request: Request, body: bytes) -> ArchiveRef:
    """The reference to the response that `request` got, `body` being that without its encoding."""
    page: KnownPage | None = request.meta.get(NOT_MODIFIED)
    if page is not None:
        return page.archived
    origin: tuple[ArchiveRef, bytes] = request.meta[ORIGIN]
    ref, served = origin
    return ref if body is served else replace(ref, sha256=hashlib.sha256(body).hexdigest())
