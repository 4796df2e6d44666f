"""Tables: rows below a head are records, their cells keep the head's word.

Where the first column holds the names of fields ("Wann", "Wo", "Kosten"), the columns beside it are
the records, each named by its head. In a plan of the week each cell is one, at the time of its row,
or several, each with an hour of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from selectolax.lexbor import LexborNode

from crawlers.finder.evidence import CONTACT, Sign, signs
from crawlers.finder.flow import Flow, Line, Place
from crawlers.finder.words import is_date, is_label, is_part_of_day

_DAY = re.compile(
    r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)s?", re.IGNORECASE
)
_DITTO = re.compile(r"dit?to\.?|dto\.|s\.\s?o\.|(?:siehe|wie) oben|[\"„“”〃]|''", re.IGNORECASE)
"""A cell that says what the one above it says."""
_DAYS = 2  # columns of a plan of the week
_NAME = 120  # characters of the longest head of a column that names a record
_CELLS = frozenset({"td", "th"})
_LETTERS = re.compile(r"(?!uhr\b|bis\b|von\b|und\b)[^\W\d_]{3}", re.IGNORECASE)
_FIELDS = 2  # rows of fields that make records of columns


class Reader(Protocol):
    """What a table needs of the walk over the page."""

    flow: Flow
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

    A cell that spans rows is told again in each row it spans, because there it is a part of it; so
    is one above "dito".
    """
    rows = _rows(table)
    outer = reader.label, reader.column
    if columns := _columns([_cells(row) for row, _ in rows]):
        _read_columns(reader, columns, place)
        reader.label, reader.column = outer
        return
    head = _head(rows)
    days = head[1:] if _is_plan([_cells(row) for row, _ in rows], head) else []
    spanning: dict[int, tuple[int, LexborNode]] = {}
    above: dict[int, LexborNode] = {}
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
            if days and column == 0:
                time = _word(cell) if signs(_word(cell)) & Sign.CLOCK else ""
                head = ["", *(f"{day}, {time}" if time else day for day in days)]
                column += span
                continue
            began = len(reader.flow.lines)
            told = _told(cell, above.get(column)) if head else cell
            _cell(reader, told, column, head, here._replace(bold=place.bold or heading))
            if days:
                _part(reader, began, column + 1)
            if not alone:
                above[column] = told
            if down > 1 and not alone:
                spanning[column] = (down - 1, cell)
            column += span
        while column in spanning:
            column = _repeat(reader, spanning, column, here)
        reader.close(line)
    reader.label, reader.column = outer


def _told(cell: LexborNode, above: LexborNode | None) -> LexborNode:
    """A cell, or the one above it where it refers to that."""
    return cell if above is None or not _DITTO.fullmatch(_word(cell)) else above


def _repeat(
    reader: Reader, spanning: dict[int, tuple[int, LexborNode]], column: int, place: Place
) -> int:
    left, cell = spanning.pop(column)
    _cell(reader, cell, column, [], place)
    if left > 1:
        spanning[column] = (left - 1, cell)
    return column + 1


def _read_columns(reader: Reader, rows: list[list[LexborNode]], place: Place) -> None:
    """Read a table column by column, each cell below the first with the word of its row."""
    fields = ["", *(_word(cells[0]).rstrip(" :?") for cells in rows[1:])]
    for column in range(1, len(rows[0])):
        reader.flush()
        reader.paragraph += 1
        whole = reader.open("col", (), place.element, column + 1)
        here = place._replace(element=whole, depth=place.depth + 2, link="")
        for number, cells in enumerate(rows):
            # What spans all columns holds for each.
            _cell(reader, cells[min(column, len(cells) - 1)], number, fields, here)
        reader.close(whole)


def _columns(rows: list[list[LexborNode]]) -> list[list[LexborNode]]:
    """The rows of a table whose columns are records, its head first; none of any other."""
    while len(rows) > _FIELDS + 1 and len(rows[0]) == 1:
        rows = rows[1:]  # the table's own title
    if len(rows) <= _FIELDS or len(rows[0]) < 3:
        return []
    names = [_word(cell) for cell in rows[0][1:]]
    if len(set(names)) < len(names) or not all(map(_may_name, names)):
        return []
    fields = [_word(cells[0]) for cells in rows[1:] if cells]
    if len(fields) < len(rows) - 1 or 3 * sum(map(_is_field, fields)) < 2 * len(fields):
        return []
    return rows if all(_fits(cells, len(rows[0])) for cells in rows) else []


def _fits(cells: list[LexborNode], width: int) -> bool:
    """True for a row of a cell a column, or of a field and one cell for all columns."""
    spans = [_number(cell.attributes.get("colspan")) for cell in cells]
    if any(_number(cell.attributes.get("rowspan")) > 1 for cell in cells):
        return False
    return len(cells) == width or (len(cells) == 2 and sum(spans) == width)


def _is_field(text: str) -> bool:
    """True for a word that asks for what stands beside it: "Wann", "Für Kinder ab:"."""
    return is_label(text) or text.endswith((":", "?"))


def _may_name(text: str) -> bool:
    """True for the head of a column that may name a record: no field, no day, no contact."""
    told = signs(text) & (CONTACT | Sign.WEEKDAY | Sign.CLOCK | Sign.DATE)
    return 2 < len(text) <= _NAME and not (told or is_label(text) or is_date(text))


def _word(cell: LexborNode) -> str:
    return " ".join(cell.text().split())


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


def _part(reader: Reader, began: int, nth: int) -> None:
    """Make each entry of a plan's cell, which began at a line, a cell of its own."""
    lines = reader.flow.lines[began:]
    cell = lines[0].element if lines else -1
    while cell >= 0 and reader.flow.elements[cell].tag not in _CELLS:
        cell = reader.flow.elements[cell].parent
    cuts = _cuts(lines) if cell >= 0 else []
    if not cuts:
        return
    elements, whole = reader.flow.elements, reader.flow.elements[cell]
    inside = range(cell + 1, len(elements))
    for start, end in pairwise((*(began + cut for cut in cuts), began + len(lines))):
        part = reader.open(whole.tag, whole.names, whole.parent, nth)
        elements[part].start, elements[part].end = start, end
        for line in reader.flow.lines[start:end]:
            line.element = part if line.element == cell else line.element
        for element in (elements[n] for n in inside):
            if element.parent == cell and start <= element.start < end:
                element.parent = part
    whole.end = began + cuts[0]


def _cuts(lines: Sequence[Line]) -> list[int]:
    """Where the second and each further entry of a plan's cell begins.

    Each names its hour: before its name on one line, on the line below it, or in a paragraph.
    """
    timed = [bool(line.signs & Sign.CLOCK) for line in lines]
    if all(timed) and all(map(_is_whole, lines)):
        return list(range(1, len(lines)))
    if len(lines) % 2 == 0 and timed == [False, True] * (len(lines) // 2):
        return list(range(2, len(lines), 2))
    paragraphs = [
        0,
        *(n for n in range(1, len(lines)) if lines[n].paragraph != lines[n - 1].paragraph),
    ]
    ends = [*paragraphs[1:], len(lines)]
    told = [any(timed[start:end]) for start, end in zip(paragraphs, ends, strict=True)]
    return paragraphs[1:] if all(told) else []


def _is_whole(line: Line) -> bool:
    """True for a line that names something beside its hour."""
    return len(_LETTERS.findall(line.text)) > 0


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
    words = [_word(cell) for cell in cells]
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


def _is_plan(rows: list[list[LexborNode]], head: list[str]) -> bool:
    """True for a week: days above the columns, hours or parts of the day before the rows."""
    days = head[1:]
    if len(days) < _DAYS or _DAY.fullmatch(head[0]) or not all(map(_DAY.fullmatch, days)):
        return False
    times = [_word(cells[0]) for cells in rows[1:] if len(cells) > 1]
    return all(not time or is_part_of_day(time) or is_date(time) for time in times)


def _number(value: str | None) -> int:
    return min(int(value), 50) if value and value.isdigit() and int(value) > 0 else 1
