"""Pages that came and are not the page, told from pages that only sound like it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.failure import Failure
from crawlers.page import Page
from crawlers.substitute import of_page


def titled(title: str) -> Failure | None:
    body = f"<!doctype html><title>{title}</title><p>Text</p>".encode()
    headers = {"content-type": "text/html"}
    return of_page(
        Page("https://netz.example/", body, datetime(2026, 11, 23, tzinfo=UTC), 200, headers)
    )


@pytest.mark.parametrize(
    "title",
    ["Account Suspended", "Seite nicht gefunden – Netz", "404", "Anmelden | Netz", "Login"],
)
def test_stand_ins(title: str) -> None:
    assert titled(title) is Failure.SOFT_404


@pytest.mark.parametrize(
    "title",
    [
        "Offener Treff – keine Anmeldung erforderlich",
        "Anmelden zum Babykurs",
        "Angebote",
        "Tel. 030 23125 404",
    ],
)
def test_pages(title: str) -> None:
    assert titled(title) is None
