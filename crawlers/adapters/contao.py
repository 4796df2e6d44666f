"""Contao: HTML that signs itself; the finder reads it."""

from __future__ import annotations

from collections.abc import Iterable

from crawlers.adapters.base import PageRequest
from crawlers.adapters.html import MarkedHtml, feeds_of
from crawlers.page import Page
from crawlers.source import Source


class Contao(MarkedHtml):
    """Sites made with Contao."""

    name = "contao"
    generator = "contao"
    marks = (
        (
            ("/assets/contao", "/system/modules/", "powered by contao", "/contao/"),
            0.85,
            "paths of Contao",
        ),
        (
            ("ce_text", "mod_article", "ce_accordion", "mod_newslist", "mod_eventlist"),
            0.8,
            "content elements of Contao",
        ),
    )

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """What promises offers, and the feeds of the site."""
        return [*super().links(page, source), *feeds_of(page)] if page.is_html else ()
