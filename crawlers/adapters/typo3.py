"""TYPO3: HTML that signs itself; the finder reads it."""

from __future__ import annotations

from crawlers.adapters.html import MarkedHtml


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
