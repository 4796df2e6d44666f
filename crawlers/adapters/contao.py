"""Contao: HTML that signs itself; the finder reads it."""

from __future__ import annotations

from crawlers.adapters.html import MarkedHtml


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
