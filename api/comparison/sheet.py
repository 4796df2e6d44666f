"""A table as a page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.comparison.table import Table
from api.comparison.asked import Asked
from api.comparison.writing import Written, greatest, unit_of, words, written


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line: where its head leads, and its cells."""

    key: str
    name: str
    href: str
    cells: Sequence[Written]
    total: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its words; `empty` are the reasons that occur in it."""

    key: str
    title: str
    note: str
    columns: Sequence[str]
    lines: Sequence[SheetLine]
    empty: Sequence[str]
    downloads: str
    """The query that its files take."""


def sheet(asked: Asked, table: Table, heads: str = "") -> Sheet:
    """A table in the language of the page; `heads` is the path that heads of networks lead to."""
    most = greatest(table)
    lines, empty = [], set()
    networks = asked.book.stock.networks
    for line in table.lines:
        cells = [
            written(
                cell, unit_of(table, line.head, column), asked.language, asked.edition,
                most.get(column.key, 0),
            )
            for column, cell in zip(table.columns, line.cells, strict=True)
        ]  # fmt: skip
        empty |= {cell.empty for cell in cells if cell.empty}
        href = f"{heads}{line.head.key}{asked.query()}" if line.head.key in networks else ""
        name = words(line.head.words, asked.language)
        lines.append(
            SheetLine(line.head.key, name, href if heads else "", cells, line.head.key == "alle")
        )
    return Sheet(
        table.key, words(table.title, asked.language), words(table.note, asked.language),
        [words(column.words, asked.language) for column in table.columns], lines, sorted(empty),
        asked.query(),
    )  # fmt: skip
