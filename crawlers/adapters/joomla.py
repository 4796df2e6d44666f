"""Joomla: HTML that signs itself, which the finder reads, and its feed (its API wants a token)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from crawlers.adapters.base import PageRequest
from crawlers.adapters.html import MarkedHtml, feeds_of
from crawlers.page import Page
from crawlers.source import Source


class Joomla(MarkedHtml):
    """Sites made with Joomla."""

    name = "joomla"
    generator = "joomla"
    marks = (
        (
            (
                "joomla-script-options",
                "/media/jui/",
                "/media/system/js/",
                "/components/com_",
                "/media/templates/site/",
            ),
            0.85,
            "scripts or paths of Joomla",
        ),
        (
            ("option=com_", 'class="item-page', "blog-featured", "joomla-hidden-mail"),
            0.6,
            "addresses or frames of Joomla",
        ),
    )

    def requests(self, source: Source) -> Iterable[PageRequest]:
        """The feed that Joomla makes of its front page, whether a page names it or not."""
        for root in dict.fromkeys(f"{p.scheme}://{p.netloc}" for p in map(urlsplit, source.start)):
            url = f"{root}/index.php?format=feed&type=rss"
            yield PageRequest(url, promise=0.5, reason="feed of Joomla", optional=True)

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """What promises offers, and the feeds of the site."""
        return [*super().links(page, source), *feeds_of(page)] if page.is_html else ()
