"""Profiles of networks: yes with its words, no only where it is said, else nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine
from sqlmodel import Session

from aggregator.comparison.book import Book
from aggregator.comparison.profile import Answer, Fact, Found, items, profile
from aggregator.comparison.reading import of_release, present
from aggregator.comparison.stock import Row
from aggregator.release.edition import Release
from aggregator.release.files import write_lines
from tests.aggregator.comparison.conftest import NOW, TODAY, Comparison

_PAGE = "https://netz.example/ueber-uns"


def fact(field: str, quote: str) -> Fact:
    return Fact(field, quote, _PAGE, "netz")


def offer(topic: str, **more: Any) -> Row:
    mention = {"page_url": "https://netz.example/x", "source": "netz"}
    row = {"topics": [topic], "title": "Hilfe", "mentions": [mention]}
    return {**row, "status": "active", **more}


def asked(item: str, facts: list[Fact], offers: list[Row] | None = None) -> Found:
    return profile(facts, offers or [], crawled=True)[item]


@pytest.mark.parametrize(
    ("item", "field", "quote", "answer"),
    [
        ("handbuch-partner", "partners", "Mit dabei: Jobcenter, Jugendamt", Answer.YES),
        ("handbuch-ketten", "founded",
         "Seit 2016 bündeln wir Angebote zu umfassenden Dienstleistungsketten.", Answer.YES),
        ("handbuch-bedarf", "milestones", "2012: Befragung aller Alleinerziehenden", Answer.YES),
        ("handbuch-steuerung", "founded", "Eine Steuerungsgruppe gibt es nicht.", Answer.NO),
        ("handbuch-steuerung", "milestones",
         "Die Steuerungsgruppe, welche sich im August 2017 konstituiert hat", Answer.YES),
        ("handbuch-dauer", "ended", "Das Projekt endet am 31.03.2013.", Answer.NO),
        ("handbuch-dauer", "milestones", "Die Verstetigung wurde 2019 beschlossen", Answer.YES),
        ("aufgaben-arbeit", "fields_of_action", "Arbeit, Ausbildung und Praktika", Answer.YES),
        ("aufgaben-betreuung", "fields_of_action", "(Ergänzende) Kinderbetreuung", Answer.YES),
        ("aufgaben-behoerden", "fields_of_action", "Unterstützung bei Behördenfragen", Answer.YES),
        ("aufgaben-anlaufstelle", "founded", "2016 entstand eine Anlaufstelle", Answer.YES),
        # Work in a group is no work that somebody finds.
        ("aufgaben-arbeit", "working_groups", "AG Zusammenarbeit", Answer.NOT_STATED),
        ("handbuch-bekannt", "founded", "Gegründet 2016.", Answer.NOT_STATED),
    ],
)  # fmt: skip
def test_what_a_quote_says(item: str, field: str, quote: str, answer: Answer) -> None:
    found = asked(item, [fact(field, quote)])
    assert found.answer is answer
    assert found.quote == (quote if answer in {Answer.YES, Answer.NO} else "")
    assert (found.page == _PAGE) is (answer in {Answer.YES, Answer.NO})


def test_an_offer_is_a_yes_and_a_yes_outweighs_a_no() -> None:
    assert asked("aufgaben-arbeit", [], [offer("arbeit")]) == Found(
        Answer.YES, "Hilfe", "https://netz.example/x", "netz"
    )
    assert asked("aufgaben-arbeit", [], [offer("arbeit", status="defunct")]).answer is (
        Answer.NOT_STATED
    )
    both = [
        fact("founded", "Eine Steuerungsgruppe gibt es nicht."),
        fact("coordinating_body", "Koordiniert vom Bezirksamt"),
    ]
    assert asked("handbuch-steuerung", both).answer is Answer.YES


def test_silence_is_no_no() -> None:
    assert {found.answer for found in profile([], [], crawled=True).values()} == {Answer.NOT_STATED}
    assert {found.answer for found in profile([], [], crawled=False).values()} == {
        Answer.NOT_CRAWLED
    }
    assert sum(item.group == "aufgaben" for item in items()) == 5
    assert sum(item.group == "handbuch" for item in items()) == 8


def test_table_and_release_quote_only_what_may_be_passed_on(compared: Comparison) -> None:
    released = {row["id"]: row for row in compared.stock.rows["profile"]}
    assert len(released) == 5 * len(items())
    allowed = released["pankow:handbuch-partner"]
    assert (allowed["answer"], allowed["quote"]) == ("yes", "Mit dabei: Jobcenter, Jugendamt")
    held = released["lichtenberg:handbuch-ketten"]
    assert (held["answer"], held["quote"]) == ("yes", None)
    assert held["missing"] == ["quote:SUPPRESSED"]
    assert held["page"] == "https://lichtenberg.example/ueber-uns"
    assert released["still:handbuch-partner"]["answer"] == "not_crawled"
    with time_machine.travel(NOW, tick=False), Session(compared.record.engine) as session:
        live = present(session, "https://portal.example", compared.gazetteer, TODAY)
    table = Book(live).table("profile")
    line = {one.head.key: one for one in table.lines}["lichtenberg"]
    cell = dict(zip([c.key for c in table.columns], line.cells, strict=True))["handbuch-ketten"]
    assert cell.text == "ja"
    assert cell.quote.startswith("Seit 2016 verknüpfen wir")


def test_standing_and_funding(compared: Comparison) -> None:
    table = Book(compared.stock).table("funding")
    lines = {line.head.key: line.cells for line in table.lines}
    keys = [column.key for column in table.columns]
    pankow = dict(zip(keys, lines["pankow"], strict=True))
    assert pankow["days_left"].figure is not None
    assert pankow["days_left"].figure.value == 72  # from 20 November to 31 January
    assert pankow["partners"].figure is not None
    assert pankow["partners"].figure.value == 2
    still = dict(zip(keys, lines["still"], strict=True))
    assert still["coverage"].text == "noch nicht besucht"


def test_present_and_release_agree_and_older_releases_are_read(
    compared: Comparison, tmp_path: Any
) -> None:
    with time_machine.travel(NOW, tick=False), Session(compared.record.engine) as session:
        live = present(session, "https://portal.example", compared.gazetteer, TODAY)
    for key in ("listed-hours", "indicators-served", "development", "gaps-akute-not"):
        assert Book(live).table(key) == Book(compared.stock).table(key)
    folder = tmp_path / "2026-01-01"
    folder.mkdir()
    (folder / "release.json").write_text(json.dumps({"issued": "2026-01-01"}), "utf-8")
    write_lines([], folder / "offers.jsonl.gz")
    row = {"id": "alt", "name": "Alt", "region_key": "11003", "coverage": "no_site"}
    write_lines([row], folder / "frame.jsonl.gz")
    old = of_release(Release("2026-01-01", folder, {}), compared.gazetteer)
    book = Book(old)
    assert book.table("funding").lines[0].cells[0].text == "keine Seite bekannt"
    assert not old.counted
    assert [line.head.key for line in book.table("profile").lines] == ["alt"]
