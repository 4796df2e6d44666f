"""A test case of a site: one page as it came, when, and what is read on it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from crawlers.page import Page
from crawlers.reading import read
from crawlers.record import Record, RecordKind, Role
from crawlers.source import Source, SourceError, read_declarations
from schedules.probe import Probed
from schedules.proposal import folder_of, with_alternative

_HEADERS = ("content-type", "content-language", "link", "x-wp-totalpages")
"""Headers that reading a page may depend on; no cookie is ever kept."""
_SUFFIXES = (("html", ".html"), ("json", ".json"), ("calendar", ".ics"), ("xml", ".xml"))


def refuse_known(source_id: str, folder: Path) -> None:
    """Raise SourceError where `folder` declares a source of this id already."""
    known = read_declarations(folder, Source) if folder.is_dir() else []
    if any(source.id == source_id for source in known):
        raise SourceError(
            f"{folder}: die Quelle {source_id!r} ist schon deklariert; --id wählt einen anderen "
            "Namen, --force überschreibt sie"
        )


def write_declaration(probed: Probed, folder: Path, *, force: bool = False) -> list[Path]:
    """Write a declaration below `folder` and its case beside it; the files, the declaration first.

    Raises SourceError where the source is declared already and `force` is not given.
    """
    source = probed.source
    if not force:
        refuse_known(source.id, folder)
    usual = folder / folder_of(source.region) / f"{source.id}.yml"
    declaration = next(iter(sorted(folder.rglob(usual.name))), usual)
    case = declaration.with_suffix(".case")
    if case.exists():
        shutil.rmtree(case)
    case.mkdir(parents=True)
    page = probed.richest()
    files = _write_case(page, source, case) if page else []
    declaration.write_text(with_alternative(source, probed.pattern), "utf-8")
    return [declaration, *files]


def _write_case(page: Page, source: Source, case: Path) -> list[Path]:
    suffix = next((s for word, s in _SUFFIXES if word in page.media_type), ".bin")
    body, meta, expected = case / f"page{suffix}", case / "meta.json", case / "expected.json"
    body.write_bytes(page.body)
    headers = {name: page.headers[name] for name in _HEADERS if name in page.headers}
    stated = {"url": page.url, "headers": headers, "fetched_at": page.fetched_at.isoformat()}
    _write_json(meta, stated)
    _write_json(expected, expectation(page, source))
    return [body, meta, expected]


def expectation(page: Page, source: Source) -> dict[str, Any]:
    """What is read on a page, in the form that a person reviews and a test replays."""
    records = read(page, source).records
    return {
        name: [_told(record) for record in records if record.kind is kind]
        for name, kind in (("offers", RecordKind.OFFER), ("networks", RecordKind.NETWORK))
    }


def _told(record: Record) -> dict[str, Any]:
    told: dict[str, Any] = {
        "title": record.title,
        "must_contain": [
            p.text for p in record.passages if p.role not in {Role.TITLE, Role.SECTION}
        ],
    }
    sections = record.texts(Role.SECTION)
    return {**told, "section": sections[-1]} if sections else told


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
