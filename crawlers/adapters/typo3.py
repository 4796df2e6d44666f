"""TYPO3: HTML that signs itself; the finder reads it."""

from __future__ import annotations

from collections.abc import Iterable

from crawlers.adapters.base import PageRequest
from crawlers.adapters.html import MarkedHtml, feeds_of
from crawlers.page import Page
from crawlers.source import Source


class Typo3(MarkedHtml):
    """Sites made with TYPO3."""

    name = "typo3"
    generator = "typo3"
    marks = (
        (
            (
                "/typo3temp/",
                "/typo3conf/",
                "/_assets/vendor",
                "powered by typo3",
                "typo3search_begin",
            ),
            0.85,
            "paths of TYPO3",
        ),
        (
            ("frame-type-", "csc-default", "ce-bodytext", "/fileadmin/"),
            0.7,
            "content frames of TYPO3",
        ),
    )

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """What promises offers, and the feeds of the site."""
        return [*super().links(page, source), *feeds_of(page)] if page.is_html else ()
