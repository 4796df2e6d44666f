"""A workbook (xlsx, xls, ods) as rows of text, sheet by sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from crawlers.isolation import UnreadableError

MAX_ROWS = 10_000
MAX_COLUMNS = 100
MAX_CELL = 4_000  # characters
_MAX_SHEETS = 40
_UNPACKED = 120_000_000  # bytes of XML
_CELLS = 2_000_000  # of one sheet, empty ones counted: its reader keeps them all
_FAR = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d+)"')


def read(body: bytes) -> list[dict[str, Any]]:
    """The visible sheets that hold anything: {"name": …, "rows": [[text]]}, bounded.

    Dates are ISO 8601, whole numbers have no decimals, merged cells repeat what they say. Raises
    UnreadableError for what is no workbook, is encrypted, or unfolds to more than a list is.
    """
    try:
        if body.startswith(b"PK"):
            _weigh(body)
        book = CalamineWorkbook.from_filelike(BytesIO(body))
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible is SheetVisibleEnum.Visible
        ]
        found = []
        for name in shown[:_MAX_SHEETS]:
            rows = _rows(book.get_sheet_by_name(name))
            if any(any(row) for row in rows):
                found.append({"name": name, "rows": rows})
    except UnreadableError:
        raise
    except Exception as error:  # both readers raise many kinds on broken files
        raise UnreadableError(f"no workbook that can be read ({type(error).__name__})") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # Rust's; no subclass of Exception
            raise UnreadableError("no workbook that can be read") from error
        raise
    return found


def _weigh(body: bytes) -> None:
    """Unpack everything once, counting, so that no bomb reaches a reader that trusts its size."""
    left = _UNPACKED
    with ZipFile(BytesIO(body)) as packed:
        for entry in packed.infolist():
            if entry.file_size > left:
                raise UnreadableError("unfolds to more than a list holds")
            with packed.open(entry) as file:
                content = file.read(left + 1)
            left -= len(content)
            if left < 0:
                raise UnreadableError("unfolds to more than a list holds")
            if entry.filename.endswith(".xml"):
                _measure(content)


def _measure(xml: bytes) -> None:
    """Refuse a sheet whose cells lie so far apart that the gap between them is a bomb."""
    width, height = 0, 0
    for column, row in _FAR.findall(xml):
        number = 0
        for letter in column:
            number = number * 26 + letter - 64
        width, height = max(width, number), max(height, int(row))
    if width * height > _CELLS:
        raise UnreadableError(f"has a sheet of {width} columns and {height} rows")
    if sum(min(int(number), _CELLS) for number in _REPEATED.findall(xml)) > 4 * _CELLS:
        raise UnreadableError("repeats its cells more often than a list does")


def _rows(sheet: CalamineSheet) -> list[list[str]]:
    if sheet.total_height * sheet.total_width > _CELLS:
        raise UnreadableError(f"has a sheet of {sheet.total_width} x {sheet.total_height} cells")
    grid = [
        [_text(cell) for cell in row[:MAX_COLUMNS]]
        for row in sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS)
    ]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if right - left > MAX_COLUMNS or top >= len(grid) or left >= len(grid[top]):
            continue
        # Only downwards: a title merged across the columns is said once.
        for row in range(top + 1, min(bottom, len(grid) - 1) + 1):
            if left < len(grid[row]) and right == left:
                grid[row][left] = grid[top][left]
    return grid


def _text(cell: object) -> str:
    match cell:
        case bool():
            return "ja" if cell else "nein"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case time():
            return cell.isoformat("minutes")
    said = "" if cell is None or isinstance(cell, timedelta) else str(cell)[:MAX_CELL]
    return "\n".join(_lines(said))


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if folded := " ".join(line.split()):
            yield folded
