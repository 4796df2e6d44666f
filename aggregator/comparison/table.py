"""A table of figures: what pages, files, pictures and reports are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aggregator.comparison.figure import Figure

Words = Mapping[str, str]
"""Text by language: "de", "en"."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column or a line; `key` is stable, `words` are for people."""

    key: str
    words: Words


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: a figure, or text in German; `pick` finds the offers behind it."""

    figure: Figure | None = None
    text: str = ""
    pick: Mapping[str, str] | None = None
    quote: str = ""
    """The words that `text` rests on."""
    page: str = ""
    """Where they stand."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table."""

    head: Head
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """Lines and columns; every line has a cell a column.

    `unit` says how figures are written: count, share, rate, hours or text; `note` what to know.
    """

    key: str
    title: Words
    unit: str
    columns: Sequence[Head]
    lines: Sequence[Line]
    note: Words = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    """The unit of columns that have another one."""

    def unit_of(self, column: Head) -> str:
        """How the figures of a column are written."""
        return self.units.get(column.key, self.unit)

    def only(self, keys: Sequence[str]) -> Table:
        """The same with these lines alone, in this order."""
        known = {line.head.key: line for line in self.lines}
        return replace(self, lines=[known[key] for key in keys if key in known])

    def turned(self) -> Table:
        """Columns as lines: for few lines beside each other. Units stay with what they measure."""
        lines = [
            Line(column, [line.cells[at] for line in self.lines])
            for at, column in enumerate(self.columns)
        ]
        return replace(self, columns=[line.head for line in self.lines], lines=lines)
