"""The columns of a release and what they mean: data, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


class Kind(StrEnum):
    """What a column holds."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    LIST = "list"
    """Of strings; joined with "; " where a format has none."""


class Missing(StrEnum):
    """Why a field is empty; the meaning of each is in codebook.yml."""

    NOT_STATED = "NOT_STATED"
    NOT_UNDERSTOOD = "NOT_UNDERSTOOD"
    NOT_CRAWLED = "NOT_CRAWLED"
    SUPPRESSED = "SUPPRESSED"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `meaning` in German, `meaning_en` in English."""

    name: str
    kind: Kind
    meaning: str
    meaning_en: str


@dataclass(frozen=True, slots=True)
class Layout:
    """One table."""

    name: str
    title: str
    title_en: str
    columns: tuple[Column, ...]


@cache
def layouts() -> Mapping[str, Layout]:
    """The tables of a release by name."""
    return {
        name: Layout(
            name,
            said["title"]["de"],
            said["title"]["en"],
            tuple(
                Column(key, Kind(one["type"]), one["de"], one["en"])
                for key, one in said["columns"].items()
            ),
        )
        for name, said in _read()["tables"].items()
    }


@cache
def missing_codes() -> Mapping[Missing, tuple[str, str]]:
    """What each code means, German and English."""
    return {Missing(code): (one["de"], one["en"]) for code, one in _read()["missing"].items()}


def codebook() -> list[dict[str, Any]]:
    """One row a column, then one a code: the codebook as a table."""
    rows: list[dict[str, Any]] = [
        {
            "table": layout.name,
            "name": column.name,
            "type": column.kind.value,
            "de": column.meaning,
            "en": column.meaning_en,
        }
        for layout in layouts().values()
        for column in layout.columns
    ]
    for code, (german, english) in missing_codes().items():
        rows.append(
            {"table": "", "name": code.value, "type": "missing", "de": german, "en": english}
        )
    return rows


@cache
def _read() -> dict[str, Any]:
    text = files("aggregator.release").joinpath("codebook.yml").read_text("utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read
