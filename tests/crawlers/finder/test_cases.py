"""Every case below tests/cases: a page or a small site, and what a person reads on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from crawlers.assembly import assemble
from crawlers.keys import page_key
from crawlers.page import Page
from crawlers.reading import read
from crawlers.record import FRAME, Record, RecordKind, Role
from crawlers.source import Source

CASES = Path(__file__).parents[2] / "cases"
AROUND = FRAME | {Role.SECTION}
SOURCE = Source(id="netz", title="Netz", region="11", start=["https://www.netz.example/"])


def _pages(folder: Path) -> list[Page]:
    """The page of a case, or those that its meta.json lists."""
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    at = datetime.fromisoformat(meta["fetched_at"])
    named = meta.get("pages") or [{**meta, "file": next(folder.glob("page.*")).name}]
    return [
        Page(one["url"], (folder / one["file"]).read_bytes(), at, headers=one["headers"])
        for one in named
    ]


def _records(pages: list[Page]) -> Sequence[Record]:
    """What a page yields; of several, what is left once they are joined."""
    found = [record for page in pages for record in read(page, SOURCE).records]
    return found if len(pages) == 1 else assemble(found, SOURCE)


def _cases() -> list[Path]:
    return sorted(
        file.parent
        for file in CASES.rglob("expected.json")
        if (file.parent / "meta.json").is_file() and next(file.parent.glob("page*.*"), None)
    )


def _text(record: Record) -> str:
    return "\n".join(p.text for p in record.passages if p.role not in AROUND)


def test_there_are_cases_of_ten_platforms():
    assert len(_cases()) >= 40
    assert len({folder.parent.name for folder in _cases()}) >= 10


@pytest.mark.parametrize("folder", _cases(), ids=lambda f: f"{f.parent.name}/{f.name}")
def test_a_page_yields_what_a_person_reads_on_it(folder: Path):
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    pages = _pages(folder)
    found = _records(pages)
    for kind, wanted in ((RecordKind.OFFER, "offers"), (RecordKind.NETWORK, "networks")):
        records = [record for record in found if record.kind is kind]
        assert sorted(r.title for r in records) == sorted(e["title"] for e in expected[wanted])
        for entry in expected[wanted]:
            record = next(r for r in records if r.title == entry["title"])
            text = _text(record)
            for line in entry["must_contain"]:
                assert line in text, f"{line!r} is missing in:\n{text}"
            for line in entry.get("must_not_contain", ()):
                assert line not in text, f"{line!r} belongs to another record:\n{text}"
            if "page_url" in entry:
                assert page_key(record.page_url, SOURCE) == entry["page_url"]
            if "section" in entry:
                assert entry["section"] in record.texts(Role.SECTION)
        assert len({record.key for record in records}) == len(records)
    if "links" in expected:
        links = [wanted for page in pages for wanted in read(page, SOURCE).links]
        keys = {page_key(wanted.url, SOURCE) for wanted in links}
        assert keys >= set(expected["links"])
        assert "/impressum" not in keys
