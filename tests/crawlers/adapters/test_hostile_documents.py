"""Broken PDFs, workbooks, lists, calendars and services: read, refused by name, never a crash."""

from __future__ import annotations

import json
import resource
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers import brochure, workbook
from crawlers.adapters.feed import Feed
from crawlers.adapters.hsds import Hsds
from crawlers.adapters.ical import ICalendar
from crawlers.adapters.pdf import Pdf
from crawlers.adapters.sheet import Sheet, Table
from crawlers.isolation import MEMORY, UnreadableError, read_apart
from tests.crawlers.adapters.test_documents import SOURCE, drawing, page
from tests.crawlers.adapters.test_hostile import examples

CASES = Path(__file__).parents[2] / "cases"
TEXT = b"BT /F1 12 Tf 40 800 Td (Elterncafe, Mo 9-11 Uhr) Tj 0 -20 Td (Tel. 030 23125 101) Tj ET"
PDFS = [drawing(TEXT), (CASES / "pdf/flyer/page.pdf").read_bytes()]
BOOKS = [(CASES / "sheet" / name).read_bytes() for name in (
    "excel/page.xlsx", "old-excel/page.xls", "opendocument/page.ods",
)]  # fmt: skip
LISTS = [next((CASES / "sheet" / name).glob("page.*")).read_bytes() for name in (
    "semicolons-latin-1", "unicode-text", "no-head",
)]  # fmt: skip
SERVICES = [(CASES / "hsds" / name / "page.json").read_bytes() for name in ("page", "lines")]
CALENDARS = [(CASES / "ical" / name / "page.ics").read_bytes() for name in ("series", "exceptions")]


def mutated(seeds: list[bytes], pieces: list[bytes]) -> st.SearchStrategy[bytes]:
    """A seed with some of its bytes replaced, left out or doubled."""

    @st.composite
    def change(draw: st.DrawFn) -> bytes:
        body = bytearray(draw(st.sampled_from(seeds)))
        for _ in range(draw(st.integers(1, 5))):
            at = draw(st.integers(0, max(0, len(body) - 1)))
            size = draw(st.integers(0, 60))
            body[at : at + size] = draw(st.one_of(st.binary(max_size=12), st.sampled_from(pieces)))
        return bytes(body)

    return change()


@examples(60)
@given(
    mutated(PDFS, [b"/Kids [2 0 R]", b"-1", b"999999999", b"<<", b">>", b"endobj", b"Tf", b"\0"])
)
def test_a_broken_pdf_is_read_or_refused(body: bytes) -> None:
    try:
        sheets = brochure.read(body)
    except UnreadableError:
        return
    Pdf().records(sheets, "https://netz.example/x.pdf")


@examples(60)
@given(st.binary(max_size=300))
def test_a_pdf_may_draw_anything(content: bytes) -> None:
    try:
        Pdf().records(brochure.read(drawing(content)), "https://netz.example/x.pdf")
    except UnreadableError:
        return


@examples(60)
@given(mutated(BOOKS, [b"PK\x03\x04", b"\xff\xff\xff\xff", b"<row", b"\0\0\0\0"]))
def test_a_broken_workbook_is_read_or_refused(body: bytes) -> None:
    """In a process of its own, as in a crawl: its reader aborts where memory is refused to it."""
    try:
        sheets = read_apart("crawlers.workbook", body)
    except UnreadableError:
        return
    Sheet().records([Table(s["name"], s["rows"]) for s in sheets], "https://netz.example/x.xlsx")


def test_a_workbook_that_unfolds_takes_the_memory_of_a_list_at_most() -> None:
    """A cell repeated 4,000 times in a row that is repeated 4,000 times: 16 million of them."""
    row = (
        b'<table:table-row table:number-rows-repeated="4000"><table:table-cell'
        b' table:number-columns-repeated="4000" office:value-type="string"><text:p>x</text:p>'
        b"</table:table-cell></table:table-row>"
    )
    with zipfile.ZipFile(BytesIO(BOOKS[2])) as whole:
        parts = {entry.filename: whole.read(entry) for entry in whole.infolist()}
    head, found, rest = parts["content.xml"].partition(b"<table:table-row")
    assert found
    parts["content.xml"] = head + row + found + rest
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    with pytest.raises(UnreadableError, match=f"{MEMORY['crawlers.workbook'] >> 20} MiB"):
        read_apart("crawlers.workbook", packed.getvalue())


@examples(60)
@given(
    mutated([b'<row r="1"><c r="A1"><v>1</v></c></row>'], [b'r="ZZ99"', b"<c", b"</row>", b"&#0;"])
)
def test_the_cells_of_a_workbook_may_say_anything(sheet: bytes) -> None:
    with zipfile.ZipFile(BytesIO(BOOKS[0])) as whole:
        parts = {entry.filename: whole.read(entry) for entry in whole.infolist()}
    first = "xl/worksheets/sheet1.xml"
    parts[first] = parts[first].replace(b"<sheetData>", b"<sheetData>" + sheet, 1)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    try:
        workbook.read(packed.getvalue())
    except UnreadableError:
        return


@examples(120)
@given(mutated(LISTS, [b'"', b";", b"\t", b"\r\n", b"\0", b"\xff\xfe", b"sep=", b"a" * 5_000]))
def test_a_broken_list_is_read(body: bytes) -> None:
    for media_type in ("text/csv", "text/tab-separated-values"):
        Sheet().extract(page(body, "liste.csv", media_type))


@examples(120)
@given(mutated(SERVICES, [b"null", b"[]", b"{}", b'"', b"true", b"-1", b'{"name":', b"\xff"]))
def test_broken_services_are_read(body: bytes) -> None:
    for url in ("hsds/services?full=true", "services?format=ndjson"):
        one = page(body, url, "application/json")
        Hsds().detect(one)
        Hsds().extract(one)
        list(Hsds().links(one, SOURCE))


@examples(120)
@given(
    mutated(
        CALENDARS,
        [b"\r\n", b"FREQ=DAILY;COUNT=999999999", b"BYMONTHDAY=31", b"00010101T000000",
         b"BEGIN:VEVENT", b"EXDATE:", b"RDATE:20260101/P1000D", b"INTERVAL=0",
         b"TZID=Nirgends/Wo", b"\0"],
    )
)  # fmt: skip
def test_a_broken_calendar_is_read(body: bytes) -> None:
    ICalendar().extract(page(body, "x.ics", "text/calendar"))


def billion_laughs(root: str) -> bytes:
    """An entity that unfolds to three gigabytes (CWE-776)."""
    kinds = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{kinds}]>'
        f"<{root}><channel><item><title>&e9;</title></item></channel></{root}>"
    ).encode()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Feed().extract(page(billion_laughs("rss"), "feed", "application/rss+xml")),
        lambda: Feed().extract(
            page(
                b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
                b"<rss><channel><item><title>&x;</title></item></channel></rss>",
                "feed",
                "application/rss+xml",
            )
        ),
        lambda: ICalendar().extract(
            page(
                b"BEGIN:VCALENDAR\r\n"
                + b"BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:A\r\nDTSTART:20010101T000000\r\n"
                b"RRULE:FREQ=DAILY\r\nEND:VEVENT\r\n" * 3_000 + b"END:VCALENDAR\r\n",
                "x.ics",
                "text/calendar",
            )
        ),
        lambda: ICalendar().extract(
            page(
                b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:A\r\nDTSTART:20261103T180000\r\n"
                b"RRULE:FREQ=WEEKLY;COUNT=6\r\nBEGIN:VEVENT\r\nUID:b\r\nSUMMARY:B\r\n"
                b"DTSTART:20260107T180000\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VEVENT\r\n"
                b"END:VCALENDAR\r\n",
                "x.ics",
                "text/calendar",
            )
        ),
        lambda: Sheet().extract(page(b'"' + b"a;" * 400_000, "x.csv", "text/csv")),
        lambda: Hsds().extract(page(b"[" * 200_000, "services", "application/json")),
        lambda: Hsds().extract(
            page(
                json.dumps(
                    [{"id": str(n), "name": "A", "status": "active"} for n in range(20_000)]
                ).encode(),
                "services",
                "application/json",
            )
        ),
    ],
    ids=[
        "entities",
        "external entity",
        "calendar",
        "event in an event",
        "fields",
        "nesting",
        "services",
    ],
)
def test_a_bomb_takes_seconds_and_little_memory(make: object) -> None:
    begun, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = make()  # type: ignore[operator]
    assert time.process_time() - begun < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # KiB
    assert all("root:" not in p.text for record in found for p in record.passages)
