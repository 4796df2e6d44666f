"""Tables: rows below a head are records, their cells keep the head's word."""

from __future__ import annotations

from typing import Protocol

from selectolax.lexbor import LexborNode

from crawlers.finder.flow import Place
from crawlers.finder.words import is_label


class Reader(Protocol):
    """What a table needs of the walk over the page."""

    label: str
    column: int
    paragraph: int

    def walk(self, node: LexborNode, place: Place) -> None:
        """Read the children of a node."""

    def open(self, tag: str, names: tuple[str, ...], parent: int, nth: int) -> int:
        """Start an element."""

    def close(self, index: int) -> None:
        """End an element."""

    def flush(self) -> None:
        """End a line."""


def read(reader: Reader, table: LexborNode, place: Place) -> None:
    """Read a table row by row, each cell a block of its own.

    A cell that spans rows is told again in each row it spans, because there it is a part of it.
    """
    rows = _rows(table)
    head = _head(rows)
    outer = reader.label, reader.column
    spanning: dict[int, tuple[int, LexborNode]] = {}
    for number, (row, nth) in enumerate(rows):
        if head and number == 0:
            continue
        names = tuple((row.attributes.get("class") or "").split())
        reader.flush()
        reader.paragraph += 1
        line = reader.open("tr", names, place.element, nth)
        here = place._replace(element=line, depth=place.depth + 2, link="")
        cells = _cells(row)
        column = 0
        for cell in cells:
            while column in spanning:
                column = _repeat(reader, spanning, column, here)
            span = _number(cell.attributes.get("colspan"))
            down = _number(cell.attributes.get("rowspan"))
            alone = len(cells) == 1
            heading = alone and len(rows) > 1 and span > 1
            _cell(reader, cell, column, head, here._replace(bold=place.bold or heading))
            if down > 1 and not alone:
                spanning[column] = (down - 1, cell)
            column += span
        while column in spanning:
            column = _repeat(reader, spanning, column, here)
        reader.close(line)
    reader.label, reader.column = outer


def _repeat(
    reader: Reader, spanning: dict[int, tuple[int, LexborNode]], column: int, place: Place
) -> int:
    left, cell = spanning.pop(column)
    _cell(reader, cell, column, [], place)
    if left > 1:
        spanning[column] = (left - 1, cell)
    return column + 1


def _cell(reader: Reader, cell: LexborNode, column: int, head: list[str], place: Place) -> None:
    reader.flush()
    reader.label = head[column] if column < len(head) else ""
    reader.column = column
    tag = cell.tag or "td"
    box = reader.open(
        tag, tuple((cell.attributes.get("class") or "").split()), place.element, column + 1
    )
    reader.walk(cell, place._replace(element=box))
    reader.flush()
    reader.close(box)
    reader.label, reader.column = "", -1


def _rows(table: LexborNode) -> list[tuple[LexborNode, int]]:
    rows: list[tuple[LexborNode, int]] = []
    for part in table.iter():
        if part.tag == "tr":
            rows.append((part, len(rows) + 1))
        elif part.tag in {"thead", "tbody", "tfoot"}:
            rows += [(row, n) for n, row in enumerate((r for r in part.iter() if r.tag == "tr"), 1)]
    return rows


def _cells(row: LexborNode) -> list[LexborNode]:
    return [cell for cell in row.iter() if cell.tag in {"td", "th"}]


def _head(rows: list[tuple[LexborNode, int]]) -> list[str]:
    """The words above the columns; empty where the first row is no head."""
    if len(rows) < 2:
        return []
    cells = _cells(rows[0][0])
    words = [" ".join(cell.text().split()) for cell in cells]
    if len(cells) < 2 or not all(len(word) < 60 for word in words):
        return []
    heads = sum(cell.tag == "th" or cell.css_first("b, strong") is not None for cell in cells)
    named = sum(is_label(word) for word in words)
    if heads < len(cells) and named < max(2, len(cells) - 1):
        return []
    labels: list[str] = []
    for cell, word in zip(cells, words, strict=True):
        labels += [word.rstrip(" :")] * _number(cell.attributes.get("colspan"))
    return labels


def _number(value: str | None) -> int:
    return min(int(value), 50) if value and value.isdigit() and int(value) > 0 else 1
