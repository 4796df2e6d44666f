"""Drupal: HTML that signs itself; the finder reads it."""

from __future__ import annotations

from collections.abc import Iterable

from crawlers.adapters.base import PageRequest
from crawlers.adapters.html import MarkedHtml, feeds_of
from crawlers.page import Page
from crawlers.source import Source


class Drupal(MarkedHtml):
    """Sites made with Drupal."""

    name = "drupal"
    generator = "drupal"
    marks = (
        (
            (
                "data-drupal-",
                "drupalsettings",
                "drupal.settings",
                "/sites/default/files/",
                "/sites/all/",
            ),
            0.85,
            "scripts or paths of Drupal",
        ),
        (
            ("views-row", "field--name-", "node--type-", "field-name-"),
            0.7,
            "fields or views of Drupal",
        ),
    )

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """What promises offers, and the feeds of the site."""
        return [*super().links(page, source), *feeds_of(page)] if page.is_html else ()
