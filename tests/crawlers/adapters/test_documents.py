"""PDFs and lists: what they say, what they may cost, and which of them are fetched at all."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from crawlers.adapters.pdf import Pdf
from crawlers.adapters.sheet import Sheet, read_csv
from crawlers.failure import Failure
from crawlers.frontier import links
from crawlers.isolation import UnreadableError, read_apart
from crawlers.page import Page
from crawlers.record import Role
from crawlers.source import Source
from tests.crawlers.crawling import crawl
from tests.loopback import Reply, serve

CASES = Path(__file__).parents[2] / "cases"
SOURCE = Source(id="netz", title="Netz", region="11", start=["https://netz.example/"])


def page(body: bytes, name: str, media_type: str = "application/octet-stream") -> Page:
    return Page(
        f"https://netz.example/{name}",
        body,
        datetime(2026, 11, 1, tzinfo=UTC),
        headers={"content-type": media_type},
    )


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1, with a right table of where they stand."""
    body, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    at = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, at)
    return bytes(body)


def drawing(content: bytes) -> bytes:
    """A PDF of one page whose content stream is `content`, deflated."""
    packed = zlib.compress(content, 9)
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


def many_pages() -> bytes:
    kids = range(3, 303)
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count 300 >>" % b" ".join(b"%d 0 R" % n for n in kids),
        *(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>" for _ in kids),
    )


def workbook(sheet: bytes) -> bytes:
    """An xlsx with one sheet of this XML."""
    kinds = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{kinds}/relationships"><Relationship Id="a" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{kinds}/relationships"><Relationship'
        f' Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
        file.writestr(
            "xl/worksheets/sheet1.xml",
            b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (main.encode(), sheet),
        )
    return packed.getvalue()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            lambda: drawing(b"BT /F1 9 Tf 9 9 Td " + b"(Treff) Tj " * 200_000 + b"ET"),
            "text|seconds",
        ),
        (lambda: drawing(b"0 0 m 9 9 l S " * 30_000_000), "memory|seconds"),
        (many_pages, "200 pages"),
        (lambda: b"%PDF-1.7\n" + b"<<" * 300_000, "no PDF|seconds|memory"),
        (lambda: (CASES / "pdf/flyer/page.pdf").read_bytes()[:900], "no PDF"),
    ],
    ids=["text", "drawing", "pages", "nested", "cut"],
)
def test_a_pdf_bomb_costs_its_page_and_little_else(body: Callable[[], bytes], why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        read_apart("crawlers.brochure", body(), seconds=2)


def test_a_scan_is_called_one() -> None:
    with pytest.raises(UnreadableError, match="scan"):
        Pdf().extract(page(drawing(b"q Q"), "wegweiser.pdf", "application/pdf"))


@pytest.mark.parametrize(
    ("sheet", "why"),
    [
        (b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>2</v></c></row>', "rows"),
        (b'<row r="1"><c r="A1"><v>1</v></c></row>' + b" " * 150_000_000, "unfolds"),
    ],
    ids=["far apart", "zip bomb"],
)
def test_a_workbook_bomb_costs_its_page_and_little_else(sheet: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        Sheet().extract(page(workbook(sheet), "liste.xlsx"))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a;b\n1;2,5\n3;4,5\n", [["a", "b"], ["1", "2,5"], ["3", "4,5"]]),
        ("sep=|\na|b;c\n", [["a", "b;c"]]),
        ('a\tb\n"zwei\nZeilen"\t2\n', [["a", "b"], ["zwei\nZeilen", "2"]]),
        ('a,b\nein "Wort",2\n', [["a", "b"], ['ein "Wort"', "2"]]),
        ("", []),
    ],
)
def test_the_delimiter_is_found(text: str, rows: list[list[str]]) -> None:
    assert read_csv(text) == rows


def test_locators_name_row_and_column_as_a_spreadsheet_does() -> None:
    folder = CASES / "sheet" / "semicolons-latin-1"
    records = Sheet().extract(page((folder / "page.csv").read_bytes(), "liste.csv", "text/csv"))
    (phone,) = [p for p in records[0].passages if p.role is Role.PHONE]
    assert (phone.text, phone.locator) == ("0335 565410", "row 5/Telefon")
    flyer = Pdf().extract(page((CASES / "pdf/running-heads/page.pdf").read_bytes(), "b.pdf"))
    assert {p.locator for p in flyer[-1].passages} == {"page 3"}


def test_links_to_documents_are_followed_where_they_promise_offers() -> None:
    names = {
        "/wp-content/uploads/2026/wegweiser-alleinerziehende.pdf": "Wegweiser (PDF, 3 MB)",
        "/fileadmin/kurse.xlsx": "Kursübersicht",
        "/export/adressen.csv": "Adressen zum Herunterladen",
        "/fileadmin/satzung.pdf": "Satzung des Vereins",
        "/fileadmin/antrag-beratung.pdf": "Antrag auf Beratung",
        "/fileadmin/x7.pdf": "PDF",
    }
    html = "".join(f'<a href="{href}">{text}</a>' for href, text in names.items())
    found = {w.url for w in links(page(html.encode(), "", "text/html"), SOURCE)}
    assert {name for name in names if f"https://netz.example{name}" in found} == set(
        list(names)[:3]
    )


def test_a_crawl_reads_the_documents_a_site_links_within_its_limits(tmp_path: Path) -> None:
    brochure = Reply(
        (CASES / "pdf/running-heads/page.pdf").read_bytes(),
        headers={"Content-Type": "application/pdf"},
    )
    listed = Reply(
        (CASES / "sheet/excel/page.xlsx").read_bytes(),
        headers={"Content-Type": "application/octet-stream"},
    )
    scan = Reply(drawing(b"q Q"), headers={"Content-Type": "application/pdf"})
    paths = {"/wegweiser.pdf": brochure, "/liste.xlsx": listed, "/programm-scan.pdf": scan}
    start = Reply(
        b'<title>Netz</title><main><a href="/wegweiser.pdf">Wegweiser</a> '
        b'<a href="/liste.xlsx">Liste der Angebote</a> <a href="/programm-scan.pdf">Programm</a>'
    )
    with serve({"/": start, **paths}) as server:
        done = crawl(tmp_path, f"{server.base_url}/")
        small = crawl(tmp_path, f"{server.base_url}/", documents=1, document_bytes=5_000)
    assert done.code == 0, done.errors
    titles = {record.title for record in done.records}
    assert {"Babycafé", "Unterhaltsvorschussstelle", "Schuldnerberatung"} <= titles
    assert len(titles) == 14
    assert done.page("/programm-scan.pdf").failure is Failure.PARSE
    assert "scan" in done.page("/programm-scan.pdf").reason
    fetched = {e.requested_url.removeprefix(server.base_url): e.failure for e in small.pages}
    assert len(set(fetched) & set(paths)) == 1
    assert Failure.TOO_LARGE in fetched.values() or "/programm-scan.pdf" in fetched


def test_a_web_page_that_speaks_of_the_mark_of_a_pdf_is_none() -> None:
    html = b"<!doctype html><title>Dateien</title><p>Ein PDF beginnt mit %PDF-1.7"
    assert Pdf().detect(page(html, "dateien", "text/html")) is None
    assert Pdf().detect(page(b"%PDF-1.7", "wegweiser", "text/html")) is not None
