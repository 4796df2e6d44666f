"""What a hostile site says, in every format that we hand out: feeds, tables, papers, widgets."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pdfplumber
import pytest
from fastapi.testclient import TestClient
from lxml import etree
from pdfminer.pdftypes import PDFStream
from pdfminer.psparser import PSLiteral
from playwright.sync_api import Browser

from aggregator.comparison.figure import Figure
from aggregator.comparison.table import Cell, Head, Line, Table
from aggregator.settings import Settings
from api.app import create_app
from api.comparison.files import csv_of, xlsx_of
from api.comparison.paper import Paper, pdf
from api.comparison.picture import drawing, grid, png, svg
from api.embedding.colours import Colours
from api.embedding.releases import newest
from api.embedding.snippets import Choice, Kind, snippet
from tests.api.attacks.conftest import everything, payloads
from tests.api.attacks.markup import foreign
from tests.api.attacks.test_formulas import runs
from tests.api.conftest import running
from tests.federation.conftest import Installation
from tests.loopback import Handler, Reply, serve

ATOM = "{http://www.w3.org/2005/Atom}"
_SURROGATE = re.compile("[\ud800-\udfff]")


@pytest.fixture(scope="module")
def visitor(attacked: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(attacked)) as client:
        yield client


@pytest.fixture(scope="module")
def ids(visitor: TestClient) -> list[str]:
    return [one["id"] for one in visitor.get("/api/v1/offers?limit=100").json()["items"]]


class Blocks(HTMLParser):
    """Collects the JSON-LD of a page, as a browser delimits it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and dict(attrs).get("type") == "application/ld+json"

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found.append(data)


def addresses(data: object) -> Iterator[str]:
    """Everything in JSON-LD that a reader takes for an address."""
    if isinstance(data, list):
        for one in data:
            yield from addresses(one)
    elif isinstance(data, dict):
        for name, value in data.items():
            if name in {"@id", "url", "serviceUrl", "subjectOf", "contentUrl"}:
                yield from value if isinstance(value, list) else [value]
            else:
                yield from addresses(value)


def test_json_ld_is_data_and_leads_nowhere_else(visitor: TestClient, ids: list[str]) -> None:
    titles = ""
    for identity in ids:
        reader = Blocks()
        reader.feed(visitor.get(f"/angebot/{identity}").text)
        assert reader.found
        for block in reader.found:
            assert not set("<>&") & set(block)
            data = json.loads(block)
            titles += json.dumps(data)
            assert all(urlsplit(one).scheme in {"http", "https"} for one in addresses(data))
    assert "constructor" in titles  # attacks were among them


def test_a_feed_reader_is_given_words(visitor: TestClient) -> None:
    answer = visitor.get("/neues.atom")
    feed = etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False))
    assert len(feed.findall(f"{ATOM}entry")) > 20
    for one in feed.iter():
        assert one.tag.startswith(ATOM)
        assert one.get("type") in {None, "text/html", "application/atom+xml"}
        assert one.get("type") is None or one.tag == f"{ATOM}link"  # text is text, never markup
        if one.tag == f"{ATOM}link":
            assert urlsplit(one.get("href")).netloc == "testserver"
    said = "".join(feed.itertext())
    assert any(attack in said for attack in payloads("scripts") + payloads("formulas"))


def test_calendars_hold_one_line_a_property(visitor: TestClient, ids: list[str]) -> None:
    known = r"(BEGIN|END|VERSION|PRODID|UID|DTSTAMP|DTSTART|DTEND|SUMMARY|DESCRIPTION|LOCATION|URL|"
    known += r"RRULE|EXDATE|RDATE|NAME|SOURCE|REFRESH-INTERVAL|CALSCALE|METHOD|TZ[A-Z]+|GEO|"
    known += r"STATUS|LAST-MODIFIED|CREATED|COLOR|CATEGORIES|TRANSP|CLASS|X-WR-[A-Z]+|"
    known += r"X-PUBLISHED-TTL|COMMENT|X-LIC-LOCATION)[;:]"
    files = ["/termine.ics", *(f"/angebot/{identity}/termine.ics" for identity in ids)]
    answers = [visitor.get(path) for path in files]
    calendars = [one.text for one in answers if one.status_code == 200]
    assert calendars
    for text in calendars:
        for line in re.sub(r"\r\n[ \t]", "", text).splitlines():
            assert re.match(known, line), line
        assert "VALARM" not in text
        assert "ATTACH" not in text


@pytest.mark.parametrize("attack", payloads("scripts") + payloads("redirects"))
def test_oembed_hands_out_one_frame_of_ours(visitor: TestClient, attack: str) -> None:
    for pair in ({"q": attack}, {attack: "x"}, {"lang": attack}, {"accent": attack}):
        url = f"http://testserver/?{urlencode(pair)}"
        answer = visitor.get("/einbetten/oembed", params={"url": url})
        assert answer.status_code == 200
        markup = answer.json()["html"]
        found = re.fullmatch(r'<iframe src="([^"<>]*)" title="[^"<>]*"[^<>]*></iframe>', markup)
        assert found, markup
        assert found[1].startswith("http://testserver/einbetten/rahmen")
    raw = visitor.get("/einbetten/oembed", params={"url": attack})
    assert raw.status_code in {404, 422} or "testserver/einbetten/rahmen" in raw.text


def test_frame_and_fragment_show_words(visitor: TestClient) -> None:
    for path in ("/einbetten/rahmen", "/einbetten/fragment"):
        for word in ("Beratung", "Treffpunkt", "window.hit"):
            answer = visitor.get(path, params={"q": word, "limit": "20"})
            assert foreign(answer.text) == []
        assert "{{constructor" in answer.text


@pytest.mark.browser
def test_the_widget_shows_words_on_a_page_without_a_policy(
    attacked: Settings, chromium: Browser
) -> None:
    with running(attacked) as portal:
        code = snippet(Choice(kind=Kind.PINNED, limit=20, auto=True), Colours(), portal, newest())
        page_of = f"<!doctype html><html lang=de><title>Verein</title><body>{code.html}".encode()
        paths: dict[str, Handler] = {"/": Reply(page_of)}
        with serve(paths) as site:
            context = chromium.new_context()
            page = context.new_page()
            hits: list[str] = []
            page.on("dialog", lambda dialog: hits.append(dialog.message))
            allowed = {urlsplit(portal).netloc, urlsplit(site.base_url).netloc}
            page.on("request", lambda one: hits.append(one.url)
                    if urlsplit(one.url).netloc not in allowed else None)  # fmt: skip
            page.goto(site.base_url)
            widget = page.locator("angebot-suche")
            widget.get_by_role("combobox").fill("window.hit")
            page.keyboard.press("Enter")
            widget.get_by_text("{{constructor").first.wait_for()
            shown = widget.evaluate("host => host.shadowRoot.innerHTML")
            assert not page.evaluate("window.hit || document.cookie")
            context.close()
    assert hits == []
    assert foreign(shown) == []


def table(attacks: list[str]) -> Table:
    """A comparison in which every word of a site is an attack."""
    columns = [Head(f"c{number}", {"de": attack}) for number, attack in enumerate(attacks[:3])]
    lines = [
        Line(
            Head(f"l{number}", {"de": attack}),
            [
                Cell(Figure(value=1.0, numerator=1, denominator=1)),
                Cell(text=attack, quote=attack, page=attack),
                Cell(text=f"{number}", quote=attack, page=f"https://netz.example/{attack}"),
            ],
        )
        for number, attack in enumerate(attacks)
    ]
    return Table("probe", {"de": attacks[0]}, "count", columns, lines, {"de": attacks[-1]})


@pytest.fixture(scope="module")
def hostile() -> Table:
    """All attacks but lone surrogates, which no record can hold."""
    return table([one for one in everything() if not _SURROGATE.search(one)])


def test_a_comparison_as_csv_runs_nothing(hostile: Table) -> None:
    text = csv_of(hostile, "de", "2026-11-28", None)
    for separator in ",;\t":
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        assert [one for row in rows for one in row if runs(one)] == []


def test_a_comparison_as_workbook_runs_nothing(hostile: Table) -> None:
    made = xlsx_of([hostile], "de", [(hostile.title["de"], hostile.note["de"])])
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        names = book.namelist()
        parts = {name: etree.fromstring(book.read(name)) for name in names if name.endswith("l")}
        relations = b"".join(book.read(name) for name in names if name.endswith(".rels"))
    assert not [name for name in names if "external" in name.lower() or "vba" in name.lower()]
    assert b"TargetMode" not in relations  # nothing outside of the file
    for name, part in parts.items():
        for tag in ("f", "hyperlink", "ddeLink", "oleObject", "definedName"):
            assert not list(part.iter(f"{{*}}{tag}")), name
    said = "".join(parts["xl/sharedStrings.xml"].itertext())
    assert "HYPERLINK(" in said


def named(part: object) -> Iterator[str]:
    """The names in an object of a PDF, as keys and as values."""
    if isinstance(part, PDFStream):
        part = part.attrs
    if isinstance(part, dict):
        for name, value in part.items():
            yield name
            yield from named(value)
    elif isinstance(part, list):
        for one in part:
            yield from named(one)
    elif isinstance(part, PSLiteral):
        yield str(part.name)


def test_a_comparison_on_paper_runs_nothing(hostile: Table) -> None:
    picture = drawing(grid(hostile, "de"), Paper.WIDTH, Paper.HEIGHT)
    words = hostile.title["de"]
    made = pdf(Paper(words, [(words, words)], [hostile], [picture], "de", date(2026, 11, 28)))
    with pdfplumber.open(io.BytesIO(made)) as book:
        said = "".join(page.extract_text() for page in book.pages)
        numbers = {number for table in book.doc.xrefs for number in table.get_objids()}
        names = {name for number in numbers for name in named(book.doc.getobj(number))}
    assert {"Catalog", "Page", "Font"} <= names
    active = {"JavaScript", "JS", "Launch", "URI", "EmbeddedFile", "AA", "OpenAction", "GoToR"}
    assert not active & names
    assert "root:x:" not in said
    assert "onerror" in said


def test_a_picture_of_a_comparison_runs_nothing(hostile: Table) -> None:
    picture = grid(hostile, "de")
    tree = etree.fromstring(svg(picture).encode(), etree.XMLParser(resolve_entities=False))
    plain = {"svg", "title", "desc", "rect", "text", "g", "style"}
    assert {etree.QName(one).localname for one in tree.iter()} <= plain
    assert not [
        name for one in tree.iter() for name in one.attrib if "href" in name or name[:2] == "on"
    ]
    assert png(picture).startswith(b"\x89PNG")


def test_a_release_of_formulas_is_words(harvested: Installation) -> None:
    harvested.run("release", "--out", str(harvested.home / "releases"))
    (folder,) = (path for path in (harvested.home / "releases").iterdir() if path.is_dir())
    tables = sorted(folder.glob("*.csv"))
    assert len(tables) > 3
    text = "".join(path.read_text("utf-8-sig") for path in tables)
    assert text.count("HYPERLINK(") > 3
    for separator in ",;\t":
        for path in tables:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = csv.reader(file, delimiter=separator)
                assert [one for row in rows for one in row if runs(one)] == [], path.name
    for path in (*folder.glob("*.json"), *folder.glob("*.jsonld")):
        json.loads(path.read_text("utf-8"))  # whole, whatever is in it
    for path in folder.glob("*.sqlite"):
        with sqlite3.connect(path) as base:
            assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert all(Path(path).parent == folder for path in folder.rglob("*"))
