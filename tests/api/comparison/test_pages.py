"""The comparison as pages, files and reports: what people and programs read in them."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pdfplumber
import pytest
from fastapi.testclient import TestClient
from lxml import etree
from PIL import Image
from python_calamine import CalamineWorkbook
from sqlmodel import Session, delete

from aggregator.comparison.book import TABLES, Book, behind
from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.tables import StatisticRow
from api.app import create_app
from tests.aggregator.comparison.conftest import Comparison
from tests.api.conftest import Record

EDITION = "2026-11-20"
PARTS = ("", "/kennzahlen", "/ketten", "/entfernung", "/profile", "/entwicklung", "/nebeneinander",
         "/methode")  # fmt: skip


def text(body: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def rows(body: str) -> dict[str, list[str]]:
    """The lines of the first table of a page: head -> cells as they are read aloud."""
    found = {}
    for line in re.findall(
        r"<tr[^>]*>\s*<th scope=\"row\".*?</tr>", body.split("</table>", maxsplit=1)[0], re.DOTALL
    ):
        head, *cells = re.split(r"<td", line)
        found[text(head)] = [text(f"<td{cell}") for cell in cells]
    return found


def test_figures_of_the_page_are_those_of_the_book(
    comparing: TestClient, compared: Comparison
) -> None:
    body = comparing.get(f"/vergleich?ausgabe={EDITION}").text
    table = Book(compared.stock).table("listed-count")
    shown = rows(body)
    assert len(shown) == len(table.lines)
    for line in table.lines:
        for cell, said in zip(line.cells, shown[line.head.words["de"]], strict=True):
            assert cell.figure is not None
            if cell.figure.value is None:
                assert said in {"0 keins gefunden, alles gelesen", "× nicht vollständig abgerufen",
                                "? nicht angegeben"}  # fmt: skip
            else:
                assert said == f"{cell.figure.value:g}"
    assert "Netzwerk Still" in shown
    assert set(shown["Netzwerk Still"]) == {"× nicht vollständig abgerufen"}
    assert "0 keins gefunden, alles gelesen" in shown["Netzwerk Solo"]


def test_a_cell_leads_to_its_offers(comparing: TestClient, compared: Comparison) -> None:
    body = comparing.get(f"/vergleich?ausgabe={EDITION}&sicht=served").text
    links = [html.unescape(one) for one in re.findall(r'href="(/vergleich/angebote\?[^"]+)"', body)]
    assert len(links) > 40
    for link in links[::7]:
        pick = {name: one[0] for name, one in parse_qs(urlsplit(link).query).items()}
        assert pick.pop("ausgabe") == EDITION
        offers = behind(compared.stock, pick)
        page = comparing.get(link).text
        assert f"{len(offers)} Angebot" in text(page)
        assert set(re.findall(r'href="/angebot/([^"]+)"', page)) == {o["id"] for o in offers}
    nothing = comparing.get("/vergleich/angebote?sicht=listed&zeile=<script>&thema=recht")
    assert "0 Angebote" in text(nothing.text)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_part_is_there_in_both_languages(comparing: TestClient, prefix: str) -> None:
    for part in PARTS:
        answer = comparing.get(f"{prefix}/vergleich{part}")
        assert answer.status_code == 200, part
        assert f'<html lang="{prefix[1:] or "de"}">' in answer.text
        assert 'hreflang="tr"' not in answer.text
        assert f'hreflang="{"de" if prefix else "en"}"' in answer.text
    assert comparing.get("/tr/vergleich", follow_redirects=False).status_code == 404
    english = text(comparing.get("/en/vergleich").text)
    assert "Compare networks" in english
    assert "not read completely" in english


def test_families_and_what_is_unknown_are_told(comparing: TestClient) -> None:
    said = text(comparing.get("/vergleich?mass=rate").text)
    assert "Familien nach: Mikrozensus (gemacht) (31. Dezember 2023)" in said
    shown = rows(comparing.get("/vergleich?mass=hours").text)
    assert re.search(r"Stunden je Woche, 17\.500 Familien", " ".join(shown["Netzwerk Pankow"]))
    assert re.search(r"\d+ ohne Angabe \(\d+%\)", " ".join(shown["Netzwerk Pankow"]))
    profile = text(comparing.get("/vergleich/netzwerk/pankow").text)
    assert "17.500 Ein-Eltern-Familien in der Region (Mikrozensus (gemacht)" in profile
    assert "Mit dabei: Jobcenter, Jugendamt" in profile
    assert "Lücke" in profile


def test_side_by_side_wants_two_to_five(comparing: TestClient) -> None:
    def chosen(*keys: str) -> str:
        query = "&".join(f"netzwerk={key}" for key in keys)
        return text(comparing.get(f"/vergleich/nebeneinander?{query}").text)

    assert "Bitte mindestens zwei" in chosen("pankow")
    assert "Bitte mindestens zwei" in chosen("pankow", "nirgends")
    both = chosen("pankow", "lichtenberg")
    assert "Trägermischung" in both
    assert "Von der Trennung bis zur Arbeit" in both
    assert "Trägermischung" in chosen("pankow", "lichtenberg", "wuppertal", "still", "solo")


def test_every_table_is_a_csv_that_no_spreadsheet_runs(
    comparing: TestClient, compared: Comparison
) -> None:
    for key in TABLES:
        answer = comparing.get(f"/vergleich/tabelle/{key}.csv?ausgabe={EDITION}")
        assert answer.status_code == 200, key
        told = list(csv.DictReader(io.StringIO(answer.text)))
        table = Book(compared.stock).table(key)
        assert len(told) == len(table.lines) * len(table.columns), key
        assert {one["release"] for one in told} <= {EDITION}
    told = list(
        csv.DictReader(io.StringIO(comparing.get("/vergleich/tabelle/indicators-listed.csv").text))
    )
    (one,) = (r for r in told if (r["line"], r["column"]) == ("pankow", "childcare"))
    assert float(one["value"]) == float(one["numerator"]) / float(one["denominator"])
    (none,) = (r for r in told if (r["line"], r["column"]) == ("still", "childcare"))
    assert (none["value"], none["empty"]) == ("", "not_crawled")
    assert comparing.get("/vergleich/tabelle/nichts.csv").status_code == 404


def test_workbooks_are_read_back(comparing: TestClient, tmp_path: Path) -> None:
    answer = comparing.get(f"/vergleich/ausgabe/{EDITION}/land/11/bericht.xlsx")
    (tmp_path / "x.xlsx").write_bytes(answer.content)
    book = CalamineWorkbook.from_path(str(tmp_path / "x.xlsx"))
    about = {row[0]: row[1] for row in book.get_sheet_by_index(0).to_python()}
    assert about["Bericht über"] == "Berlin"
    assert str(about["Ausgabe"]).startswith(EDITION)
    sheet = {row[0]: row[1:] for row in book.get_sheet_by_index(1).to_python()}
    head = sheet["Angebote je Netzwerk und Thema"]
    shown = rows(comparing.get(f"/vergleich?land=11&ausgabe={EDITION}").text)
    for name, cells in shown.items():
        for at, said in enumerate(cells):
            if said.isdigit():
                assert sheet[name][at] == int(said), (name, head[at])


def test_pictures_are_svg_and_png(comparing: TestClient) -> None:
    for key in TABLES:
        drawn = etree.fromstring(comparing.get(f"/vergleich/bild/{key}.svg").content)
        assert drawn.find("{http://www.w3.org/2000/svg}title").text, key
    answer = comparing.get("/vergleich/bild/indicators-listed.png?zeile=pankow")
    assert answer.headers["content-type"] == "image/png"
    image = Image.open(io.BytesIO(answer.content))
    assert image.width > 800
    assert len(image.getcolors(1 << 24)) > 3
    assert comparing.get("/vergleich/bild/indicators-listed.svg?zeile=x").status_code == 404


@pytest.mark.parametrize(("subject", "key", "name"), [
    ("netzwerk", "pankow", "Netzwerk Pankow"), ("land", "11", "Berlin"),
])  # fmt: skip
def test_reports_are_tied_to_a_release(
    comparing: TestClient, compared: Comparison, subject: str, key: str, name: str
) -> None:
    latest = comparing.get(f"/vergleich/bericht/{subject}/{key}", follow_redirects=False)
    assert latest.headers["location"] == f"/vergleich/ausgabe/{EDITION}/{subject}/{key}"
    page = text(comparing.get(latest.headers["location"]).text)
    assert f"Ausgabe {EDITION}" in page
    assert "Mikrozensus (gemacht)" in page
    first = comparing.get(f"{latest.headers['location']}/bericht.pdf")
    again = comparing.get(f"{latest.headers['location']}/bericht.pdf")
    assert first.content == again.content
    with pdfplumber.open(io.BytesIO(first.content)) as paper:
        pages = [page.extract_text() or "" for page in paper.pages]
    whole = " ".join(" ".join(pages).split())
    assert name in pages[0]
    assert EDITION in pages[0]
    assert all(EDITION in page for page in pages)
    assert "Trägermischung" in whole
    if subject == "netzwerk":
        assert "Jobcenter; Jugendamt" in pages[0]
        assert "Jobcenter; Jugendamt" in page
        figure = dict(
            zip(
                [c.key for c in Book(compared.stock).table("indicators-listed").columns],
                Book(compared.stock).table("indicators-listed").only([key]).lines[0].cells,
                strict=True,
            )
        )["childcare"].figure
        assert figure is not None
        assert f"{figure.numerator:g} von {figure.denominator:g}" in whole


def test_unknown_reports_and_releases(comparing: TestClient) -> None:
    for path in (
        f"/vergleich/ausgabe/{EDITION}/netzwerk/nirgends", f"/vergleich/ausgabe/{EDITION}/land/99",
        "/vergleich/ausgabe/2001-01-01/land/11", "/vergleich?ausgabe=2001-01-01",
        "/vergleich?land=99", "/vergleich/entfernung?km=7", "/vergleich/netzwerk/nirgends",
        "/vergleich/bericht/dorf/11/bericht.pdf",
    ):  # fmt: skip
        assert comparing.get(path).status_code == 404, path
    for path in ("/vergleich?sicht=x", "/vergleich?ausgabe=../..", "/vergleich/entfernung?km=x"):
        assert comparing.get(path).status_code == 422, path


def test_json(comparing: TestClient, compared: Comparison) -> None:
    answer = comparing.get("/api/v1/comparison", params={"table": "served-rate", "land": "11"})
    told = answer.json()
    assert told["tables"] == list(TABLES)
    assert {line["key"][:2] for line in told["lines"]} == {"11", "al"}
    (line,) = (one for one in told["lines"] if one["key"] == "11003")
    (cell,) = (one for one in line["cells"] if one["column"] == "alle")
    assert cell["denominator"] == 17_500
    assert cell["value"] == pytest.approx(cell["numerator"] * 1000 / 17_500)
    assert comparing.get(cell["offers"].replace("http://testserver", "")).status_code == 200
    fixed = comparing.get("/api/v1/comparison", params={"table": "profile", "release": EDITION})
    assert fixed.json()["release"] == EDITION
    tag = {"If-None-Match": answer.headers["etag"]}
    again = comparing.get(
        "/api/v1/comparison", params={"table": "served-rate", "land": "11"}, headers=tag
    )
    assert again.status_code == 304
    problem = comparing.get("/api/v1/comparison", params={"table": "nichts"})
    assert problem.status_code == 404
    assert problem.json()["type"] == "urn:netzlotse:problem:not-found"


def test_without_statistics_the_page_says_what_to_import_and_notices_when_it_is_there(
    sqlite_record: Record, tmp_path: Path
) -> None:
    with TestClient(create_app(Settings(data_dir=tmp_path))) as client:
        said = text(client.get("/vergleich?mass=rate").text)
        assert "netzlotse stats import DATEI.csv" in said
        assert "region_key (amtlicher Schlüssel), families, source (Quelle), date" in said
        assert "keine Familienzahl importiert" in said
        assert client.get("/vergleich/bericht/land/11").status_code == 404
        counted = StatisticRow(region_key="11003", as_of=date(2024, 12, 31), source="Amt",
                               families=17_000)  # fmt: skip
        sqlite_record.add(counted)
        said = text(client.get("/vergleich?mass=rate").text)
        assert "Familien nach: Amt" in said
        with Session(sqlite_record.engine) as session:
            session.exec(delete(StatisticRow))
            session.commit()
        # What is new is counted as soon as it is published.
        before = client.get("/api/v1/comparison").json()
        sqlite_record.offer("new", "pankow", "pankow", title="Neu", topics=["recht"])
        after = client.get("/api/v1/comparison").json()
        assert _all(after) == _all(before) + 1


def _all(told: dict[str, Any]) -> int:
    (line,) = (one for one in told["lines"] if one["key"] == "pankow")
    return int(line["cells"][-1]["value"])


def test_an_empty_record(tmp_path: Path) -> None:
    engine = connect(Settings(data_dir=tmp_path).database)
    Record(engine, Settings(data_dir=tmp_path).index_dir)
    with TestClient(create_app(Settings(data_dir=tmp_path))) as client:
        for part in PARTS:
            assert client.get(f"/vergleich{part}").status_code == 200, part
        for key in TABLES:
            for kind in ("svg", "png"):
                assert client.get(f"/vergleich/bild/{key}.{kind}").status_code == 200
            assert client.get(f"/vergleich/tabelle/{key}.xlsx").status_code == 200
        assert "Noch ist kein Netzwerk verzeichnet" in text(client.get("/vergleich").text)
    engine.dispose()
