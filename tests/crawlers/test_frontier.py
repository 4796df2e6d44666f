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
        "/suche?thema=wohnen&ort=nord", "/search/label/treff", "/angebote/suche/wohnen/nord",
        "/kalender/2026-11-03/", "/kalender/11-2026/", "/feed/",
        "/termine/?tribe-bar-date=2027-01-01", "/user/login",
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
        "/kurs/B27-2014/",
        "/?page_id=7",
        "/angebote/suche",
        "/angebote/suche/seite/2",
        "/angebote/suche?page=3",
    ],
)
def test_content_is_followed(path: str):
    assert worth_following(SITE + path, "", SOURCE) is not None


@pytest.mark.parametrize(
    "name", ["Faltblatt-Familien", "heft_2027", "Ferien-und-mehr", "Broschuere"]
)
def test_brochures_are_read_and_paperwork_is_not(name: str):
    assert worth_following(f"{SITE}/files/{name}.pdf", "PDF", SOURCE) is not None
    assert worth_following(f"{SITE}/files/Satzung-{name}.pdf", "PDF", SOURCE) is None


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


def test_frames_of_the_same_site_are_followed_and_the_links_for_browsers_without_them():
    body = """<html><frameset cols="20%,*"><frame src="leiste.html"><frame src="mitte.html">
    <frame src="https://werbung.example/banner.html">
    <noframes><body><a href="treffs.html">Treffs</a></body></noframes></frameset></html>"""
    inline = """<body><iframe src="/plan.html"></iframe><iframe src="about:blank"></iframe>"""
    found = []
    for html in (body, inline):
        page = Page(
            SITE + "/haus.html",
            html.encode(),
            datetime(2026, 11, 1, tzinfo=UTC),
            headers={"content-type": "text/html"},
        )
        found.append({wanted.url.removeprefix(SITE) for wanted in links(page, SOURCE)})
    assert found == [{"/leiste.html", "/mitte.html", "/treffs.html"}, {"/plan.html"}]
