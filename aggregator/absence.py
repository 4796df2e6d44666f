"""What it means that a crawl did not find a listing: that depends on what became of its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from crawlers.failure import Failure
from crawlers.keys import page_key
from crawlers.source import Source
from crawlers.spool import PageEntry


class Sign(StrEnum):
    """What a crawl says of a listing that it did not find."""

    ABSENT = "absent"
    """Its page came without it, or nothing leads to it any more."""
    GONE = "gone"
    """Its own page answered 404 or 410."""
    UNKNOWN = "unknown"
    """Its page, or one that may have led to it, could not be read this time."""


class Visit:
    """The pages of one crawl, asked what became of one of them.

    `readable_until` tells of every page that failed in this crawl when it could last be read, by
    the address it was asked for; one that never could led nowhere.
    """

    def __init__(
        self,
        pages: Iterable[PageEntry],
        source: Source,
        readable_until: Mapping[str, datetime],
    ) -> None:
        self._source = source
        self._read: set[str] = set()
        self._gone: set[str] = set()
        self._failed: set[str] = set()
        for entry in pages:
            keys = {page_key(entry.url, source), page_key(entry.requested_url, source)}
            if entry.failure is None:
                self._read |= keys
            elif entry.failure is Failure.GONE:
                self._gone |= keys
            else:
                self._failed |= keys
        self._lost = max(readable_until.values(), default=None)

    def failed(self, page_url: str) -> bool:
        """Whether this page was asked for and could not be read, for a time."""
        return page_key(page_url, self._source) in self._failed - self._read

    def sign(self, page_url: str, last_seen: datetime) -> Sign:
        """What this crawl says of a listing of this page, last seen then, that it did not find."""
        key = page_key(page_url, self._source)
        if key in self._read:
            return Sign.ABSENT
        if key in self._gone:
            return Sign.GONE
        if key in self._failed:
            return Sign.UNKNOWN
        # Nobody asked for its page: either nothing leads there, or what did could not be read.
        return Sign.UNKNOWN if self._lost and self._lost >= last_seen else Sign.ABSENT


def failed_addresses(pages: Iterable[PageEntry]) -> set[str]:
    """The addresses of pages that failed for a time: what stood on them is not known now."""
    return {
        address
        for entry in pages
        if entry.failure is not None and entry.failure is not Failure.GONE
        for address in (entry.url, entry.requested_url)
    }
