"""Every case below tests/cases: a page, and what a person reads on it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from crawlers.keys import page_key
from crawlers.page import Page
from crawlers.reading import read
from crawlers.record import Record, RecordKind, Role
from crawlers.source import Source

CASES = Path(__file__).parents[2] / "cases"
SOURCE = Source(id="netz", title="Netz", region="11", start=["https://www.netz.example/"])


def _page(folder: Path) -> Page:
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    body = next(folder.glob("page.*")).read_bytes()
    return Page(
        meta["url"], body, datetime.fromisoformat(meta["fetched_at"]), headers=meta["headers"]
    )


def _cases() -> list[Path]:
    return sorted(
        file.parent
        for file in CASES.rglob("expected.json")
        if (file.parent / "meta.json").is_file() and next(file.parent.glob("page.*"), None)
    )


def _text(record: Record) -> str:
    return "\n".join(p.text for p in record.passages if p.role is not Role.SECTION)


def test_there_are_cases_of_ten_platforms():
    assert len(_cases()) >= 30
    assert len({folder.parent.name for folder in _cases()}) >= 10


@pytest.mark.parametrize("folder", _cases(), ids=lambda f: f"{f.parent.name}/{f.name}")
def test_a_page_yields_what_a_person_reads_on_it(folder: Path):
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    reading = read(_page(folder), SOURCE)
    for kind, wanted in ((RecordKind.OFFER, "offers"), (RecordKind.NETWORK, "networks")):
        records = [record for record in reading.records if record.kind is kind]
        assert sorted(r.title for r in records) == sorted(e["title"] for e in expected[wanted])
        for entry in expected[wanted]:
            record = next(r for r in records if r.title == entry["title"])
            text = _text(record)
            for line in entry["must_contain"]:
                assert line in text, f"{line!r} is missing in:\n{text}"
            for line in entry.get("must_not_contain", ()):
                assert line not in text, f"{line!r} belongs to another record:\n{text}"
            if "section" in entry:
                assert entry["section"] in record.texts(Role.SECTION)
        assert len({record.key for record in records}) == len(records)
    if "links" in expected:
        keys = {page_key(wanted.url, SOURCE) for wanted in reading.links}
        assert keys >= set(expected["links"])
        assert "/impressum" not in keys
