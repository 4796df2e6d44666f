"""PDF brochures and flyers: their layout becomes plain HTML, which the finder reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from crawlers.adapters.base import Detection, PageRequest
from crawlers.finder.naming import headline
from crawlers.finder.offers import Reader, find_offers
from crawlers.finder.walk import read_flow
from crawlers.isolation import UnreadableError, read_apart
from crawlers.page import Page
from crawlers.record import Passage, Record, Trust
from crawlers.source import Source

_MARK = b"%PDF-"
_FLYER = 2  # pages; what is longer is no single offer


class Pdf:
    """Brochures of many offers, and flyers of one.

    A list of offers is found by headings and evidence as on a web page; columns are read one after
    the other, running heads and page numbers are left out. A passage's locator is "page 3".
    """

    name = "pdf"
    version = 1

    def detect(self, page: Page) -> Detection | None:
        """Claim what begins like a PDF (ISO 32000-1, 7.5.2 and its implementation note).

        The mark may stand within the first kilobyte; on a web page that is a word like any other.
        """
        marked = page.body.startswith(_MARK) if page.is_html else _MARK in page.body[:1024]
        return Detection(1.0, "a PDF") if marked else None

    def requests(self, source: Source) -> Iterable[PageRequest]:
        """Nothing beyond the start URLs."""
        return ()

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """Nothing: what a brochure links is other people's."""
        return ()

    def extract(self, page: Page) -> Sequence[Record]:
        """Its offers. Raises UnreadableError where it has no text or is more than a brochure."""
        if not self.detect(page):
            return []
        sheets = read_apart("crawlers.brochure", page.body)
        if not any(sheets):
            raise UnreadableError("holds pictures only, no text: is it a scan?")
        return self.records(sheets, page.url)

    def records(self, sheets: Sequence[Sequence[dict[str, Any]]], url: str) -> list[Record]:
        """The offers in the layout of a PDF, as `crawlers.brochure` reads it."""
        html, pages = _html(sheets)
        tree = LexborHTMLParser(html)
        flow = read_flow(tree, url)
        reader = Reader(f"{self.name}@{self.version}", headline(tree, flow))
        return [
            replace(record, passages=tuple(_paged(p, pages) for p in record.passages))
            for record in find_offers(flow, url, reader)
            if record.trust is not Trust.PAGE or len(sheets) <= _FLYER
        ]


def _html(sheets: Sequence[Sequence[dict[str, Any]]]) -> tuple[str, dict[str, int]]:
    """The blocks as HTML, and the page on which each element of the body stands, by path."""
    parts: list[str] = []
    pages: dict[str, int] = {}
    counts: dict[str, int] = {}
    for number, blocks in enumerate(sheets, 1):
        for block in blocks:
            tag, html = _element(block)
            counts[tag] = counts.get(tag, 0) + 1
            pages[f"{tag}:nth-of-type({counts[tag]})"] = number
            parts.append(html)
    return f"<body>{''.join(parts)}</body>", pages


def _element(block: dict[str, Any]) -> tuple[str, str]:
    if "rows" in block:
        return "table", f"<table>{''.join(_rows(block['rows']))}</table>"
    rank = block["rank"]
    tag = f"h{rank}" if rank else "p"
    return tag, f"<{tag}>{'<br>'.join(map(escape, block['lines']))}</{tag}>"


def _rows(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        cell = "td" if number else "th"
        yield f"<tr>{''.join(f'<{cell}>{escape(text)}</{cell}>' for text in row)}</tr>"


def _paged(passage: Passage, pages: dict[str, int]) -> Passage:
    body, _, rest = passage.locator.partition(" > ")
    number = pages.get(rest.split(" > ")[0]) if body.startswith("body") else None
    return replace(passage, locator=f"page {number}" if number else "")
