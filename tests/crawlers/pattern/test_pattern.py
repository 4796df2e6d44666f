"""Declared patterns: what they pick, and what they make of hostile pages."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from crawlers.adapters.pattern import Declared
from crawlers.page import Page
from crawlers.pattern import Pattern
from crawlers.reading import read
from crawlers.record import Record, RecordKind, Role, Trust
from crawlers.source import Source, SourceError, load_source

HERE = Path(__file__).parent
AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
CARDS: dict[str, Any] = {
    "records": "section.karte",
    "fields": {
        "title": ".name",
        "provider": ".traeger",
        "phone": "a.tel",
        "email": "a.post@href",
    },
    "key": "@data-nr",
    "detail": "a.mehr",
    "next": "a.weiter",
}
ENTRIES: dict[str, Any] = {
    "format": "json",
    "records": "/daten/eintraege",
    "fields": {
        "title": "titel",
        "text": "text",
        "phone": "kontakt/telefon",
        "postcode": "ort/plz",
        "city": "/ort/name",
        "audience": "a~1b",
    },
    "key": "nr",
    "detail": "link",
    "next": "/weiter",
}


def html(body: bytes | None = None, url: str = "https://netz.example/wegweiser") -> Page:
    body = (HERE / "list.html").read_bytes() if body is None else body
    return Page(url, body, AT, headers={"content-type": "text/html; charset=utf-8"})


def json_page(body: bytes | None = None) -> Page:
    body = (HERE / "list.json").read_bytes() if body is None else body
    url = "https://netz.example/api"
    return Page(url, body, AT, headers={"content-type": "application/json"})


def source(pattern: dict[str, Any]) -> Source:
    return Source(
        id="netz",
        title="Netz",
        region="11",
        start=["https://netz.example/"],
        pattern=Pattern.model_validate(pattern),
    )


def told(record: Record, *roles: Role) -> list[str]:
    return record.texts(*roles)


def test_css_picks_records_with_their_parts_and_keeps_their_other_lines():
    first, second = Declared(Pattern.model_validate(CARDS)).extract(html())
    assert (first.title, first.key) == ("Schuldnerberatung", "pattern:a1")
    assert first.trust is Trust.PATTERN
    assert told(first, Role.PROVIDER) == ["Verein Nordlicht"]
    assert told(first, Role.PHONE) == ["+493023125101"]
    assert told(first, Role.EMAIL) == ["beratung@nordlicht.example"]
    assert told(first, Role.SECTION) == ["Beratung"]
    assert "Di 14–16 Uhr, kostenlos" in told(first, Role.TEXT)
    assert "Verein Nordlicht" not in told(first, Role.TEXT)
    assert first.detail_url == "https://netz.example/wegweiser/schulden"
    assert told(second, Role.TEXT) == ["So 10–12 Uhr", "Beispielstr. 5, 13187 Berlin"]
    assert told(second, Role.SECTION) == ["Treffen"]


def test_every_locator_leads_back_to_its_words():
    page = html()
    for record in Declared(Pattern.model_validate(CARDS)).extract(page):
        for passage in record.passages:
            node = page.tree.css_first(passage.locator)
            assert node is not None, passage
            if passage.role not in {Role.PHONE, Role.EMAIL}:
                assert passage.text in " ".join(node.text().split())


def test_rows_of_a_table_are_records():
    rows = "".join(f"<tr><td>Angebot {n}</td><td>030 23125 10{n}</td></tr>" for n in range(3))
    page = html(f"<main><table><tbody>{rows}</tbody></table></main>".encode())
    pattern = Pattern.model_validate({"records": "tr", "fields": {"title": "td:first-child"}})
    records = Declared(pattern).extract(page)
    assert [record.title for record in records] == ["Angebot 0", "Angebot 1", "Angebot 2"]
    assert [told(record, Role.TEXT) for record in records] == [
        [f"030 23125 10{n}"] for n in range(3)
    ]
    for record in records:
        for passage in record.passages:
            assert passage.text in page.tree.css_first(passage.locator).text()


def test_json_pointers_pick_records_and_lists_stand_for_their_elements():
    first, second = Declared(Pattern.model_validate(ENTRIES)).extract(json_page())
    assert (first.title, first.key) == ("Schuldnerberatung", "pattern:7")
    assert told(first, Role.TEXT) == ["Di 14–16 Uhr", "kostenlos"]
    assert told(first, Role.PHONE) == ["030 23125 101", "030 23125 102"]
    assert told(first, Role.POSTCODE, Role.CITY) == ["13187", "Berlin"]
    assert told(first, Role.AUDIENCE) == ["ja"]
    locators = {p.text: p.locator for p in first.passages}
    assert locators["030 23125 102"] == "/daten/eintraege/0/kontakt/1/telefon"
    assert first.detail_url == "https://netz.example/schulden"
    assert (second.title, second.key) == ("Frühstück", "pattern:9")
    links = Declared(Pattern.model_validate(ENTRIES)).links(json_page(), source(ENTRIES))
    assert [link.url for link in links] == [
        "https://netz.example/api?seite=2",
        "https://netz.example/schulden",
    ]


def test_what_a_pattern_picks_is_all_there_is_on_its_page():
    more = """<article><h2>Umgangscafé</h2><p>Sa 14-17 Uhr, 030 23125 103</p></article></main>
        <script type="application/ld+json">
        {"@type": "Event", "name": "Anderes", "startDate": "2026-12-01"}</script>"""
    body = (HERE / "list.html").read_bytes().replace(b"</main>", more.encode())
    reading = read(html(body), source(CARDS))
    offers = [r.title for r in reading.records if r.kind is RecordKind.OFFER]
    assert offers == ["Schuldnerberatung", "Frühstück am Sonntag"]
    assert reading.matched == 2
    urls = [link.url for link in reading.links]
    assert urls[:2] == [
        "https://netz.example/wegweiser?seite=2",
        "https://netz.example/wegweiser/schulden",
    ]


def test_other_pages_are_read_as_ever():
    elsewhere = {**CARDS, "pages": "/adressen/*"}
    reading = read(html(), source(elsewhere))
    assert reading.matched == 0
    assert Declared(Pattern.model_validate(elsewhere)).extract(html()) == []
    inside = html(url="https://netz.example/adressen/1?x=1")
    assert len(Declared(Pattern.model_validate(elsewhere)).extract(inside)) == 2


def test_a_record_that_holds_the_headline_is_its_page():
    page = html(b"<article><h1>Umgang</h1><p>Sa 14 Uhr</p></article><article><h2>B</h2></article>")
    records = Declared(Pattern.model_validate({"records": "article"})).extract(page)
    assert [record.key for record in records] == [
        "https://netz.example/wegweiser",
        "https://netz.example/wegweiser#b",
    ]


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ({"records": "div["}, "records"),
        ({"records": "@id"}, "records"),
        ({"records": ""}, "records"),
        ({"records": "p", "fields": {"title": "h2>>>"}}, "fields.title"),
        ({"records": "p", "fields": {"titel": "h2"}}, "titel"),
        ({"records": "p", "pages": "angebote"}, "pages"),
        ({"records": "p", "recrods": "q"}, "recrods"),
        ({"records": "/", "format": "json"}, "fields.title"),
        ({"records": "p", "next": "a["}, "next"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused_by_name(pattern, key):
    with pytest.raises(ValidationError, match=key):
        Pattern.model_validate(pattern)


def test_a_declaration_names_file_and_key_of_a_broken_pattern(tmp_path):
    file = tmp_path / "netz.yml"
    file.write_text(
        "id: netz\ntitle: Netz\nregion: '11'\nstart: [https://netz.example/]\n"
        "pattern:\n  records: 'div['\n"
    )
    with pytest.raises(SourceError, match=r"netz\.yml: pattern: records: 'div\['"):
        load_source(file)


def test_a_page_of_very_many_and_very_deep_elements_is_quick():
    flat = "<main>" + "<p class=k>Angebot <b>Nr</b></p>" * 3_000 + "</main>"
    deep = "<div>" * 20_000 + "<p class=k>Angebot</p>"
    nested = "<div class=k><b>x</b>" * 3_000
    pattern = Pattern.model_validate(
        {"records": ".k", "fields": {"title": "b", "text": "b", "cost": "b"}}
    )
    started = time.process_time()
    assert len(Declared(pattern).extract(html(flat.encode()))) == 2_000
    Declared(pattern).extract(html(deep.encode()))
    Declared(pattern).extract(html(nested.encode()))
    assert time.process_time() - started < 15


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.binary(max_size=1_500), st.integers(0, 1_000), st.integers(0, 60))
def test_foreign_bytes_never_raise(noise, at, cut):
    for make, name, pattern in ((html, "list.html", CARDS), (json_page, "list.json", ENTRIES)):
        whole = (HERE / name).read_bytes()
        for body in (noise, whole[:at] + noise + whole[at + cut :]):
            read(make(body), source(pattern))
