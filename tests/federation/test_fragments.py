"""Whatever markup a site, an API or a feed sends, what is stored of it is plain text."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from aggregator.normalise.context import Context
from aggregator.normalise.offer import read_offer
from aggregator.places.places import load_gazetteer
from crawlers.page import Page
from crawlers.reading import read
from crawlers.record import RecordKind
from crawlers.source import Source

SITE = "https://netz.example"
SOURCE = Source(id="netz", title="Netz", region="11", start=[SITE + "/"])
EVIL = (
    "<p>Montags 9 bis 11 Uhr, Ringstr. 4, 10115 Berlin, Tel. 030 23125 100</p>"
    "<script>alert('eins')</script><img src=x onerror=alert(2)><svg onload=alert(3)></svg>"
    "<a href=\"javascript:alert(4)\">hier</a><iframe srcdoc='<script>alert(5)</script>'></iframe>"
    "<style>p{background:url(javascript:alert(6))}</style><p onclick=alert(7)>Bis bald</p>"
)
NAME = "Elterncafé Süd <img src=x onerror=alert(8)>"


def pages() -> Iterator[tuple[str, Page]]:
    """The same hostile words in every form that carries markup, once plain, once escaped."""
    at = datetime(2026, 11, 20, tzinfo=UTC)
    for how, words, name in (
        ("plain", EVIL, NAME),
        ("escaped", html.escape(EVIL), html.escape(NAME)),
    ):
        event = {"@type": "Event", "name": name, "description": words, "startDate": "2027-01-04"}
        post = {
            "id": 5, "type": "angebot", "link": SITE + "/a/5", "title": {"rendered": name},
            "content": {"rendered": words}, "acf": {"hinweis": words},
        }  # fmt: skip
        tribe = {"id": 7, "url": SITE + "/t/7", "title": name, "description": words}
        tribe |= {"start_date": "2027-01-04 09:00:00"}
        service = {
            "id": "5f0e4a56-0000-4000-8000-000000000001",
            "name": name,
            "description": words,
            "status": "active",
            "phones": [],
        }
        folded = words.replace(",", "\\,")
        calendar = (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20270104T090000\r\n"
            f"SUMMARY:{name}\r\nDESCRIPTION:{folded}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        feed = (
            '<rss version="2.0" xmlns:ev="http://purl.org/rss/1.0/modules/event/"><channel><item>'
            f"<title>{html.escape(name)}</title><link>{SITE}/f/1</link>"
            f"<description>{html.escape(words)}</description>"
            "<ev:startdate>2027-01-04T09:00:00</ev:startdate></item></channel></rss>"
        )
        sheet = f'Angebot;Beschreibung;Telefon\n"{name}";"{words}";030 23125 100\n'
        sheet += "Kurs;Montags;030 23125 101\n"
        for form, url, kind, body in (
            ("html", "/h", "text/html", f"<h1>{name}</h1>{words}"),
            ("json-ld", "/j", "text/html", '<script type="application/ld+json">'
             + json.dumps(event).replace("</", "<\\/") + "</script>"),
            ("wordpress", "/wp-json/wp/v2/angebot", "application/json", json.dumps([post])),
            ("events", "/wp-json/tribe/events/v1/events", "application/json",
             json.dumps({"events": [tribe]})),
            ("hsds", "/services", "application/json", json.dumps({"contents": [service]})),
            ("ical", "/x.ics", "text/calendar", calendar),
            ("feed", "/feed", "application/rss+xml", feed),
            ("sheet", "/x.csv", "text/csv", sheet),
        ):  # fmt: skip
            yield (
                f"{form}, {how}",
                Page(
                    SITE + url,
                    body.encode(),
                    at,
                    headers={"content-type": f"{kind}; charset=utf-8"},
                ),
            )


@pytest.mark.parametrize("page", [pytest.param(page, id=name) for name, page in pages()])
def test_no_markup_is_stored(page: Page) -> None:
    records = [r for r in read(page, SOURCE).records if r.kind is RecordKind.OFFER]
    assert records
    context = Context("netz", "11", date(2026, 11, 20))
    for record in records:
        said = repr(read_offer(record, context, load_gazetteer()).statements)
        for mark in ("alert(", "<script", "<img", "<svg", "<iframe", "javascript:", "onerror"):
            assert mark not in said, said[max(0, said.find(mark) - 200) :][:400]
