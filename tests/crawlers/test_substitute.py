"""Pages that came and are not the page, told from pages that only sound like it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.failure import Failure
from crawlers.page import Page
from crawlers.substitute import of_page


def titled(title: str) -> Failure | None:
    return of_html(f"<title>{title}</title><p>Text</p>")


def of_html(html: str) -> Failure | None:
    body = f"<!doctype html>{html}".encode()
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


LOGIN = (
    "<form><label>Name <input name=u></label><label>Kennwort <input type=password></label></form>"
)


@pytest.mark.parametrize(
    "html",
    [
        "<title>netz</title><p>Diese Domain steht zum Verkauf. Jetzt Angebot anfordern!</p>",
        "<title>netz</title><script src=//img.sedoparking.com/x.js></script><p>Beratung</p>",
        "<title>Hinweis</title><h1>Diese Internetpräsenz wurde vorübergehend gesperrt</h1>",
        "<title>Netz</title><p>This account has been suspended.</p>",
        "<title>Netz</title><h1>Hier entsteht in Kürze eine neue Internetseite.</h1>",
        f"<title>Netz</title>{LOGIN}",
    ],
    ids=["sale", "parked", "locked", "suspended", "soon", "login"],
)
def test_stand_ins_whose_title_says_nothing(html: str) -> None:
    assert of_html(html) is Failure.SOFT_404


@pytest.mark.parametrize(
    "html",
    [
        "<title>Treff</title><p>Der Treff am Mittwoch, 15 Uhr, Telefon 030 23125 101. " * 20
        + LOGIN,
        "<title>Treff</title><p>Seite an Seite: gesperrt ist hier niemand. " + "Wir helfen. " * 90,
        "<title>Netz</title>" + "<a href=/a>Angebot</a> " * 12 + LOGIN,
    ],
    ids=["offers", "words", "menu"],
)
def test_pages_that_have_a_login_or_such_words(html: str) -> None:
    assert of_html(html) is None


def test_every_failure_has_advice_in_two_languages() -> None:
    for failure in Failure:
        assert failure.advice.endswith(".")
        assert failure.advice_en.endswith(".")
        assert failure.advice != failure.advice_en
