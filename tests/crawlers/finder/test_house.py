"""What pages say once of the house: the way in, in the frame or beside the offers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.adapters.html import Html
from crawlers.assembly import assemble
from crawlers.page import Page
from crawlers.record import Record, RecordKind, Role
from crawlers.source import Source

OFFER = "<h1>Elterncafé</h1><p>Montags 9-11 Uhr, Tel. 0381 555012</p>"
SOURCE = Source(id="haus", title="Haus Nord", region="13", start=["https://haus.example/"])


def found(body: str, url: str = "https://haus.example/cafe/") -> list[Record]:
    page = Page(
        url,
        body.encode(),
        datetime(2026, 11, 2, tzinfo=UTC),
        200,
        {"content-type": "text/html; charset=utf-8"},
    )
    return list(Html().extract(page))


def told(records: list[Record]) -> list[str]:
    return [t for r in records if r.kind is RecordKind.HOUSE for t in r.texts(Role.TEXT)]


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ("<footer><p>Das ganze Haus ist rollstuhlgerecht.</p></footer>", True),
        ("<aside><p>Unsere Räume sind ebenerdig.</p></aside>", True),
        ("<footer><a href='/bf'>Erklärung zur Barrierefreiheit</a></footer>", False),
        ("<footer><p>Ringstraße 4, 18055 Rostock</p></footer>", False),
        ("<footer><p>Ringstraße 4<br>18055 Rostock<br>(Fahrstuhl vorhanden)</p></footer>", True),
        ("<footer><p>Kirche und Gemeindehaus sind stufenlos.</p></footer>", True),
        ("<footer>Ring 4, 18055 Rostock<p>Barrierefreie Version</p></footer>", False),
    ],
)
def test_the_frame_says_how_the_house_is_entered(frame: str, said: bool) -> None:
    records = found(f"<body><main>{OFFER}</main>{frame}")
    assert [r.title for r in records if r.kind is RecordKind.OFFER] == ["Elterncafé"]
    assert bool(told(records)) is said


def test_a_start_page_says_it_beside_its_offers() -> None:
    page = "<main><h1>Willkommen</h1><p>Unser Haus hat einen Aufzug bis in den 3. Stock.</p></main>"
    assert told(found(page, "https://haus.example/")) == [
        "Unser Haus hat einen Aufzug bis in den 3. Stock."
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Unsere Beratung ist kostenlos und vertraulich.", True),
        ("Zu allen Treffs können Sie ohne Anmeldung kommen.", True),
        ("Die Broschüre ist kostenlos.", False),
        ("Unsere Beratung ist vertraulich.", False),
    ],
)
def test_the_terms_of_all_offers_are_kept_from_the_frame_and_the_start_page(
    line: str, said: bool
) -> None:
    frame = f"<body><main>{OFFER}</main><footer>Ring 4, 18055 Rostock<p>{line}</p></footer>"
    start = f"<main><h1>Willkommen</h1><p>{line}</p></main>"
    for records in (found(frame), found(start, "https://haus.example/")):
        assert told(records) == ([line] if said else [])


def test_what_an_offer_says_of_itself_is_not_said_of_the_house() -> None:
    assert not told(found(f"<main>{OFFER}<p>Das Haus ist rollstuhlgerecht.</p></main>"))


def test_what_all_pages_frame_is_said_once() -> None:
    frame = "<footer><p>Das ganze Haus ist rollstuhlgerecht.</p></footer>"
    pages = [
        found(f"<main><h1>Kurs {n}</h1><p>Montags 9-1{n} Uhr, Tel. 0381 55501{n}</p></main>{frame}",
              f"https://haus.example/kurs/{n}/")
        for n in range(4)
    ]  # fmt: skip
    joined = assemble([record for page in pages for record in page], SOURCE)
    assert len(told(joined)) == 1
    assert sum(r.kind is RecordKind.OFFER for r in joined) == 4
