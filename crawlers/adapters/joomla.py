"""Joomla: HTML that signs itself; the finder reads it."""

from __future__ import annotations

from crawlers.adapters.html import MarkedHtml


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
