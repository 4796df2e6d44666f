"""The pages in five languages: nothing untranslated, offers stay in their own language."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from io import BytesIO
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from api.languages import CATALOGUES, GERMAN, LANGUAGES
from api.messages import expected, updated
from api.wording import wording
from tests.api.conftest import uid

OTHERS = [code for code in LANGUAGES if code != GERMAN]
_FIELD = re.compile(r"%\((\w+)\)s")


def text(body: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("code", OTHERS)
def test_no_key_is_missing_fuzzy_or_of_no_use(code: str) -> None:
    """`python -m api.messages` brings the catalogues up to date."""
    raw = (CATALOGUES / f"{code}.po").read_bytes()
    catalogue = read_po(BytesIO(raw), locale=code)
    entries = [entry for entry in catalogue if entry.id]
    assert {entry.id for entry in entries} == set(expected(code))
    assert not catalogue.obsolete
    for entry in entries:
        said = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        assert all(said), entry.id
        assert not entry.fuzzy, entry.id
        if isinstance(entry.id, tuple):
            assert len(said) == catalogue.num_plurals, entry.id
        wanted = entry.id[-1] if isinstance(entry.id, tuple) else entry.id
        for words in said:
            assert sorted(_FIELD.findall(words)) == sorted(_FIELD.findall(wanted)), entry.id
            assert "%" not in _FIELD.sub("", words), entry.id
            assert not [name for _, name, _, _ in Formatter().parse(words) if name], entry.id
    assert updated(code) == raw


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("en", ["Find the help that already exists near you", "Debt and budget advice",
                "free of charge", "last seen on 20 November 2026", "45 offers"]),
        ("tr", ["Ne arıyorsun?", "Borç ve bütçe danışmanlığı", "ücretsiz", "20 Kasım 2026"]),
        ("ar", ["عمّ تبحث؟", "استشارة الديون والميزانية", "مجاني", "20 نوفمبر 2026"]),
        ("uk", ["Що ви шукаєте?", "Консультації щодо боргів і бюджету", "безкоштовно",
                "20 листопада 2026"]),
    ],
)  # fmt: skip
def test_search_page(client: TestClient, code: str, wanted: list[str]) -> None:
    answer = client.get(f"/{code}/")
    assert answer.status_code == 200
    said = text(answer.text)
    for words in wanted:
        assert words in said
    direction = ' dir="rtl"' if code == "ar" else ""
    assert f'<html lang="{code}"{direction}>' in answer.text
    # The offers keep their words, and say so.
    assert re.search(rf'<a href="/{code}/angebot/[^"]+" lang="de" dir="auto">', answer.text)
    assert f'action="/{code}/"' in answer.text
    assert 'href="/angebot/' not in answer.text


def test_offer_page_in_another_language(client: TestClient) -> None:
    body = client.get(f"/uk/angebot/{uid('offer-1')}").text
    said = text(body)
    assert "так написано на Netzwerk Alleinerziehende Pankow" in said
    assert 'lang="de" dir="auto">Vertrauliche Beratung bei Schulden' in body
    assert "підтверджено організацією: ще ні" in said
    spoken = text(client.get(f"/uk/angebot/{uid('offer-0')}").text)
    assert "німецька" in spoken
    assert "українська" in spoken
    # Machines find one address of an offer, whatever the language.
    assert f'"@id":"http://testserver/angebot/{uid("offer-1")}"' in body


def test_every_translated_page_exists_in_every_language(client: TestClient) -> None:
    for code in OTHERS:
        for path in (
            "/?q=Beratung&cost=free", "/netzwerke", "/netzwerk/pankow", "/regionen",
            "/region/pankow", "/merkliste", "/notfall", "/barrierefreiheit", "/datenschutz",
            "/impressum", f"/angebot/{uid('offer-0')}", f"/angebot/{uid('offer-0')}/korrektur",
        ):  # fmt: skip
            answer = client.get(f"/{code}{path}")
            assert answer.status_code == 200, (code, path)
            assert f'hreflang="{GERMAN}" href="http://testserver{path.split("?")[0]}' in answer.text


_LATIN, _OWN = re.compile(r"[A-Za-zÄÖÜäöüß]{3,}"), re.compile(r"[\u0400-\u04ff\u0600-\u06ff]")
_NAMES = re.compile(
    r"netzlotse|Pankow|Lichtenberg|Spandau|Berlin|Wuppertal|Netzwerk|Alleinerziehende|Archiv|"
    r"(?:https://)?\S+\.example\S*"
)
_SPOKEN = ("aria-label", "placeholder", "title", "alt", "data-off", "data-on", "data-fault",
           "data-copied", "data-told", "data-remove")  # fmt: skip


def _ours(body: str) -> Iterator[str]:
    """What a page says that is not marked as words of another language: texts and attributes."""
    tree = LexborHTMLParser(body)
    for node in tree.css(
        "title, script, svg.sprite, code, body [lang=de], body [lang=en], .tongues ul"
    ):
        node.decompose()
    yield from (one.text_content or "" for one in tree.root.traverse(include_text=True)
                if one.tag == "-text")  # fmt: skip
    for name in _SPOKEN:
        yield from (one.attributes[name] or "" for one in tree.css(f"[{name}]"))


@pytest.mark.parametrize("code", ["ar", "uk"])
def test_no_word_of_ours_is_left_in_german(client: TestClient, code: str) -> None:
    """Told by the script: what is in Latin letters only was not translated, or not marked."""
    left = [
        (path, said)
        for path in (
            "/", "/?q=Beratung&near=10439&cost=free", "/?q=xyzzyqqq&cost=paid", "/?topic=krise",
            "/?q=Schulden&near=Xyzdorf", "/netzwerke", "/netzwerk/pankow", "/netzwerk/wuppertal",
            "/regionen", "/region/pankow", "/region/spandau", "/merkliste", "/notfall",
            f"/angebot/{uid('offer-0')}", f"/angebot/{uid('offer-1')}", f"/angebot/{uid('ended')}",
            f"/angebot/{uid('missing')}", f"/angebot/{uid('gone')}",
            f"/angebot/{uid('offer-0')}/korrektur", f"/angebot/{uid('nobody')}", "/impressum",
        )
        for said in _ours(client.get(f"/{code}{path}", headers={"accept": "text/html"}).text)
        if _LATIN.search(_NAMES.sub("", said)) and not _OWN.search(said)
    ]  # fmt: skip
    assert not left, "\n".join(sorted({f"{path}: {said.strip()}" for path, said in left}))


def test_only_pages_for_parents_have_a_prefix(client: TestClient) -> None:
    for path in ("/en/api/v1/offers", "/en/static/site.css", "/en/quellen", "/en/admin", "/xx/"):
        assert client.get(path, follow_redirects=False).status_code == 404, path
    redirect = client.get("/en", follow_redirects=False)
    assert (redirect.status_code, redirect.headers["location"]) == (308, "/en/")


def test_what_a_browser_prefers_is_offered_not_imposed(client: TestClient) -> None:
    german = client.get("/netzwerke", headers={"Accept-Language": "de-DE,de;q=0.9,en;q=0.8"})
    assert 'class="hinted"' not in german.text
    assert german.headers["vary"].startswith("Accept-Language")
    turkish = client.get("/netzwerke", headers={"Accept-Language": "fr;q=1, tr-TR;q=0.9, de;q=0.2"})
    assert '<html lang="de"' in turkish.text
    assert '<a href="/tr/netzwerke" hreflang="tr">Bu sayfa Türkçe</a>' in turkish.text
    assert turkish.headers["etag"] != german.headers["etag"]
    assert "set-cookie" not in turkish.headers
    odd = client.get("/netzwerke", headers={"Accept-Language": "*;q=x, ;;, en;q=abc," + "x," * 99})
    assert odd.status_code == 200


def test_search_in_another_language_is_not_served_from_the_other(client: TestClient) -> None:
    first = client.get("/", headers={"Accept-Language": "de"})
    again = client.get(
        "/", headers={"Accept-Language": "uk", "If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 200
    assert "Ця сторінка українською" in again.text


def test_chips_and_pages_stay_in_the_language(client: TestClient) -> None:
    body = client.get("/en/?q=Beratung&cost=free&topic=schulden").text
    chips = re.findall(r'<a href="([^"]+)"><span class="hide">Remove filter: </span>([^<]+)', body)
    assert [(html.unescape(href), label) for href, label in chips] == [
        ("/en/?q=Beratung&cost=free", "Debt and budget advice"),
        ("/en/?q=Beratung&topic=schulden", "free of charge"),
    ]
    following = re.search(r'rel="next" href="([^"]+)"', client.get("/ar/").text)
    assert following is not None
    assert "/ar/?cursor=" in following[1]
    assert client.get(html.unescape(following[1])).status_code == 200


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("de", ["2 Angebote", "1 Angebot", "1. April 2011", "August 2017", "2019", "1.234",
                "ca. 1,2 km", "Kinder ab 6 Jahren", "Ukrainisch"]),
        ("en", ["2 offers", "1 offer", "1 April 2011", "August 2017", "2019", "1,234",
                "about 1.2 km", "Children from 6 years", "Ukrainian"]),
        ("uk", ["2 пропозиції", "1 пропозиція", "1 квітня 2011\u202fр.", "серпень 2017\u202fр.",
                "2019", "1\u00a0234", "близько 1,2 км", "Діти від 6 років", "українська"]),
    ],
)  # fmt: skip
def test_numbers_and_days(code: str, said: list[str]) -> None:
    say = wording(code)
    assert [
        say.counted(2, "Angebot", "Angebote"), say.counted(1, "Angebot", "Angebote"),
        say.day("2011-04-01"), say.day("2017-08"), say.day("2019"), say.number(1234),
        say.kilometres(1.2, approximate=True), say.value("audience", "age:6-"),
        say.value("languages", "uk"),
    ] == said  # fmt: skip


def test_arabic_has_its_six_plurals() -> None:
    say = wording("ar")
    forms = [say.counted(n, "Angebot", "Angebote").split(" ", 1)[1] for n in (0, 1, 2, 3, 11, 100)]
    assert len(set(forms)) >= 4
    assert say.day("irgendwann") == "irgendwann"
    assert say.counted(2, "Minute", "Minuten") == "2 Minuten"  # no key: German rather than nothing


def test_correction_leads_back_into_the_language(client: TestClient) -> None:
    offer = uid("offer-0")
    body = client.get(f"/tr/angebot/{offer}/korrektur").text
    assert f'action="/tr/angebot/{offer}/korrektur"' in body
    assert "Düzeltme öner" in body
    answer = client.post(
        f"/tr/angebot/{offer}/korrektur", data={"website": "robot"}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/tr/angebot/{offer}")
