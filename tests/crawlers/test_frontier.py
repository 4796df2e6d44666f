from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.frontier import links, worth_following
from crawlers.page import Page
from crawlers.source import Source

SITE = "https://netz.example"
SOURCE = Source(id="netz", title="Netz", region="11", start=[SITE + "/"])


@pytest.mark.parametrize(
    "path",
    [
        "/impressum", "/datenschutz/", "/wp-login.php", "/suche?q=x", "/?s=treff",
        "/angebote?print=1",
        "/bild.jpg", "/flyer.pdf", "/kalender/2031/07", "/termine?month=2031-07", "/a/b/a/b/a/b",
        "/kalender/2026-11-03/", "/feed/", "/termine/?tribe-bar-date=2027-01-01", "/user/login",
    ],
)  # fmt: skip
def test_traps_and_dead_ends_are_left_out(path: str):
    assert worth_following(SITE + path, "mehr", SOURCE) is None


@pytest.mark.parametrize(
    "path",
    [
        "/angebote",
        "/index.php?id=12",
        "/2026/09/neues-angebot",
        "/termine/elternabend-2027",
        "/?page_id=7",
    ],
)
def test_content_is_followed(path: str):
    assert worth_following(SITE + path, "", SOURCE) is not None


def test_other_hosts_are_never_followed():
    assert worth_following("https://traeger.example/angebote", "Angebote", SOURCE) is None


def test_links_that_promise_offers_come_first():
    body = """<a href="/irgendwas">Irgendwas</a><a href="/x?seite=2" rel="next">2</a>
    <a href="/beratung">Beratung</a><a href="/netzwerk">Netzwerk</a><a href="#oben">oben</a>
    <a href="mailto:a@netz.example">Mail</a><a href="/beratung#kontakt">noch einmal</a>"""
    page = Page(
        SITE + "/start",
        body.encode(),
        datetime(2026, 11, 1, tzinfo=UTC),
        headers={"content-type": "text/html"},
    )
    found = [wanted.url.removeprefix(SITE) for wanted in links(page, SOURCE)]
    assert found == ["/x?seite=2", "/beratung", "/netzwerk", "/irgendwas"]
