"""The public pages: what a reader sees, and that harvested text stays text."""

from __future__ import annotations

import html
import json
import re

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import EVIL, PLAIN, uid

PAGES = [
    "/", "/?q=Beratung", "/?q=xyzzyqqq&cost=paid", "/?topic=recht&status=all&source=lichtenberg",
    f"/angebot/{uid('offer-0')}", f"/angebot/{uid('ended')}", f"/angebot/{uid('evil')}",
    "/netzwerke", "/netzwerk/pankow", "/netzwerk/wuppertal", "/quellen", "/quellen?nur=auffaellig",
    "/quelle/pankow", "/quelle/wuppertal", "/lauf/pankow-2", "/lauf/broken-1", "/daten",
]  # fmt: skip


def text(body: str) -> str:
    """What is read: without marks, entities and folded white space."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("url", PAGES)
def test_every_page_keeps_the_rules(client: TestClient, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200
    body = answer.text
    assert len(body.encode()) < 60_000
    assert '<html lang="de">' in body
    assert len(re.findall(r"<h1[ >]", body)) == 1
    assert len(re.findall(r"<main[ >]", body)) == 1
    # No foreign host is loaded from, nothing inline runs or styles.
    links = [link for link in re.findall(r"<link[^>]*>", body) if 'rel="stylesheet"' in link]
    loaded = re.findall(r'<(?:script|img|image|iframe)\b[^>]*\b(?:href|src)="([^"]*)"', body)
    loaded += re.findall(r'href="([^"]*)"', "".join(links))
    assert all(target.startswith(("/static/", "/quelle/")) for target in loaded)
    bare = re.sub(r'="[^"]*"', "=", body)  # names of attributes without their values
    assert not re.search(r"<style|<[a-z]+[^>]*\s(?:style|on[a-z]+)=", bare)
    scripts = re.findall(r"<script([^>]*)>", body)
    assert scripts[0].startswith(' type="module" src="/static/seite.js?v=')
    assert scripts[1:] in ([], [' type="application/ld+json"'])
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; connect-src 'self'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    ids = re.findall(r'\sid="([^"]+)"', body)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "url", ["/?q=Boshaft", f"/angebot/{uid('evil')}", f"/?q={EVIL.replace('#', '')}"]
)
def test_harvested_text_stays_text(client: TestClient, url: str) -> None:
    body = client.get(url).text
    assert "<script>alert" not in body
    assert "<img" not in body
    assert 'href="javascript:' not in body.lower()
    assert "<script>alert(1)</script>" in text(body.replace("&lt;", "‹")).replace("‹", "<")


def test_structured_data_survives_hostile_text(client: TestClient) -> None:
    body = client.get(f"/angebot/{uid('evil')}").text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL)
    assert not set("<>&'") & set(block)
    data = json.loads(block)
    assert data["@type"] == "Service"
    assert data["description"] == f"{EVIL}</script>"
    assert data["availableChannel"]["serviceUrl"] == "https://gut.example/?a=1&b=2"
    assert "subjectOf" not in data  # its only page was a javascript: address


def test_result_tells_what_a_parent_needs(client: TestClient) -> None:
    body = client.get("/", params={"q": "Treff Frühstück"}).text
    said = text(body)
    for wanted in (
        "Offener Treff für Alleinerziehende mit Frühstück", "Familienzentrum Lindenhof",
        "Lindenallee 12, 13187 Berlin (Pankow)", "samstags 10 bis 13 Uhr", "kostenlos",
        "ohne Anmeldung", "mit Kinderbetreuung", "zuletzt gesehen am 20. November 2026",
    ):  # fmt: skip
        assert wanted in said
    assert 'href="tel:+493023125101"' in body


def test_chips_take_one_filter_away(client: TestClient) -> None:
    url = "/?q=Beratung&topic=schulden&cost=free&network="
    body = client.get(url).text
    chips = re.findall(
        r'<a href="([^"]+)"><span class="hide">Filter entfernen: </span>([^<]+)', body
    )
    assert [(html.unescape(href), label) for href, label in chips] == [
        ("/?q=Beratung&cost=free", "Schulden- und Budgetberatung"),
        ("/?q=Beratung&topic=schulden", "kostenlos"),
    ]


def test_a_filter_that_is_none_is_told(client: TestClient) -> None:
    answer = client.get("/?topic=wetter", headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert "schulden" in answer.text
    assert client.get("/?utm_source=mail").status_code == 200


def test_page_after_page_shows_every_offer(client: TestClient) -> None:
    seen: list[str] = []
    url = "/"
    while url:
        body = client.get(url).text
        seen += re.findall(r'<h3 class="h3"><a href="/angebot/([^"]+)"', body)
        following = re.search(r'rel="next" href="([^"]+)"', body)
        url = html.unescape(following[1]) if following else ""
    assert len(seen) == len(set(seen)) == 45


def test_nothing_found_helps_on(client: TestClient) -> None:
    said = text(client.get("/?q=xyzzyqqq&cost=paid").text)
    assert "Nichts gefunden zu „xyzzyqqq“" in said
    assert "ohne Filter suchen" in said


def test_typing_error_is_answered_with_a_guess(client: TestClient) -> None:
    body = client.get("/?q=schuldnerberatnug&cost=free").text
    (href,) = re.findall(r'Meintest du <a href="([^"]+)"', body)
    assert client.get(html.unescape(href)).text.count('<article class="card hit">') == 11


def test_offer_page_says_where_each_fact_comes_from(client: TestClient) -> None:
    body = client.get(f"/angebot/{uid('offer-1')}").text
    said = text(body)
    assert "Telefon" in said
    assert "So steht es da: +493023125102" in said
    assert "steht so auf Netzwerk Alleinerziehende Pankow" in said
    assert "gesehen am 20. November 2026" in said
    assert 'href="https://pankow.example/offer-1"' in body
    assert 'href="tel:+4917139200077"' in body


def test_plain_words_are_shown_as_the_sources_own_where_it_has_some(client: TestClient) -> None:
    body = client.get(f"/angebot/{uid('offer-1')}").text
    assert (
        f"In einfachen Worten {PLAIN} Worte der Quelle: steht so auf "
        "Netzwerk Alleinerziehende Pankow , zuletzt gesehen am 20. November 2026"
    ) in text(body)
    assert 'href="https://pankow.example/leicht/offer-1"' in body
    assert "In einfachen Worten" not in client.get(f"/angebot/{uid('offer-0')}").text
    turkish = client.get(f"/tr/angebot/{uid('offer-1')}").text
    assert f'<p class="text" lang="de" dir="auto">{PLAIN}</p>' in turkish  # never translated


@pytest.mark.parametrize(
    ("name", "status", "label"),
    [
        ("ended", 200, "Beendet."),
        ("missing", 200, "Seit 20. November 2026 nicht mehr gefunden."),
        ("gone", 410, "Dieses Angebot gibt es nicht mehr."),
    ],
)
def test_offers_that_are_over_say_so(
    client: TestClient, name: str, status: int, label: str
) -> None:
    answer = client.get(f"/angebot/{uid(name)}")
    assert answer.status_code == status
    assert label in text(answer.text)
    assert "button primary" not in answer.text  # nobody is sent to call


def test_merged_offer_page_redirects(client: TestClient) -> None:
    answer = client.get(f"/angebot/{uid('merged')}", follow_redirects=False)
    assert answer.status_code == 308
    assert answer.headers["location"].endswith(f"/angebot/{uid('older')}")


def test_network_page(client: TestClient) -> None:
    said = text(client.get("/netzwerk/pankow").text)
    for wanted in (
        "Familienwerk Nord", "August 2017", "Seit August 2017 gibt es uns.", "AG Wohnen",
        "Büro: 030 23125199", "14. Mai 2019: Erste Fachkonferenz", "22 aktuelle Angebote",
    ):  # fmt: skip
        assert wanted in said
    ended = text(client.get("/netzwerk/wuppertal").text)
    assert "Dieses Netzwerk wurde beendet am 31. März 2013." in ended
    assert "Keine aktuellen Angebote." in ended
    assert "beendet am 31. März 2013" in text(client.get("/netzwerke").text)


def test_board_and_report(client: TestClient) -> None:
    board = client.get("/quellen").text
    assert board.index("Stadtportal") < board.index("Netzwerk Lichtenberg") < board.index("Archiv")
    for state in ("gestört", "veraltet", "mit Hinweisen", "noch nicht besucht", "abgeschaltet"):
        assert state in board
    assert "Archiv" not in client.get("/quellen?nur=auffaellig").text
    report = text(client.get("/lauf/pankow-2").text)
    for wanted in (
        "47 ", "unverändert (304)", "ist das die Geschäftsstelle?", "https://pankow.example/alt",
        "Die Seite gibt es nicht mehr", "jeden zweiten Dienstag", "Zeiten nicht verstanden",
    ):  # fmt: skip
        assert wanted in report
    assert "Nicht veröffentlicht." in text(client.get("/lauf/lichtenberg-2").text)


def test_page_comes_from_the_clients_cache_until_something_changes(client: TestClient) -> None:
    for url in ("/?q=Treff", "/netzwerke", f"/angebot/{uid('offer-0')}"):
        tag = client.get(url).headers["etag"]
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
        assert client.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


def test_ended_network_does_not_claim_offers_that_others_still_make(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = {"networks": {"wuppertal": 1}}
    monkeypatch.setattr("api.pages.published_counts", lambda *_: counts)
    said = text(client.get("/netzwerk/wuppertal").text)
    assert "1 Angebot, das andere Quellen weiter nennen" in said
    assert "aktuelles Angebot" not in said
