"""Drupal: HTML that signs itself; the finder reads it."""

from __future__ import annotations

from crawlers.adapters.html import MarkedHtml


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
