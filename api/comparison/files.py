"""Tables as files: CSV for programs, a line a cell; XLSX for people, as they see it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

import xlsxwriter

from aggregator.comparison.table import Table
from aggregator.spreadsheet import cell as safe
from api.comparison.writing import unit_of, words, written

COLUMNS = (
    "table", "as_of", "release", "line", "line_title", "column", "column_title", "unit", "value",
    "numerator", "denominator", "unknown", "base", "empty", "text", "quote", "page",
)  # fmt: skip
_FORMATS = {"share": "0%", "rate": "0.00", "hours": "0.0000"}
_SHEET = 31  # characters that Excel allows in a sheet's name


def csv_of(table: Table, language: str, as_of: str, release: str | None) -> str:
    """RFC 4180, one record a cell: what a figure is made of, or why it is empty."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in table.lines:
        for column, one in zip(table.columns, line.cells, strict=True):
            figure = one.figure
            told: Sequence[object] = (
                table.key, as_of, release, line.head.key, words(line.head.words, language),
                column.key, words(column.words, language), unit_of(table, line.head, column),
                figure and figure.value, figure and figure.numerator,
                figure and figure.denominator, figure and figure.unknown, figure and figure.base,
                figure and figure.empty, one.text, one.quote, one.page,
            )  # fmt: skip
            writer.writerow([safe(value) for value in told])
    return out.getvalue()


def xlsx_of(tables: Iterable[Table], language: str, about: Sequence[tuple[str, str]]) -> bytes:
    """A workbook: first what it is, then a sheet a table. Nothing in it is a formula."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        soft = book.add_format({"font_color": "#655c54", "valign": "top"})
        formats = {unit: book.add_format({"num_format": f, "valign": "top"})
                   for unit, f in _FORMATS.items()}  # fmt: skip
        first = book.add_worksheet("Bericht" if language == "de" else "Report")
        first.set_column(0, 0, 24)
        first.set_column(1, 1, 100)
        for row, (name, told) in enumerate(about):
            first.write_string(row, 0, name, bold)
            first.write_string(row, 1, told, wrap)
        taken: set[str] = {first.get_name().casefold()}
        for table in tables:
            sheet = book.add_worksheet(_name(words(table.title, language), taken))
            sheet.freeze_panes(1, 1)
            sheet.set_column(0, 0, 36)
            sheet.set_column(1, len(table.columns), 16)
            sheet.write_string(0, 0, words(table.title, language), bold)
            for at, column in enumerate(table.columns, 1):
                sheet.write_string(0, at, words(column.words, language), bold)
            for row, line in enumerate(table.lines, 1):
                sheet.write_string(row, 0, words(line.head.words, language), bold)
                for at, (column, cell) in enumerate(zip(table.columns, line.cells, strict=True), 1):
                    unit = unit_of(table, line.head, column)
                    shown = written(cell, unit, language)
                    value = cell.figure.value if cell.figure and not cell.text else None
                    if value is not None:
                        sheet.write_number(row, at, value, formats.get(unit))
                        if shown.detail:
                            sheet.write_comment(row, at, shown.detail)
                    elif shown.empty:
                        sheet.write_string(row, at, shown.detail, soft)
                    else:
                        sheet.write_string(row, at, shown.text, wrap)
                        if shown.quote or shown.page:
                            sheet.write_comment(row, at, f"{shown.quote}\n{shown.page}"[:32_000])
    return out.getvalue()


def _name(title: str, taken: set[str]) -> str:
    """A name for a sheet: without what Excel forbids, short, and no other's."""
    plain = "".join(c if c not in "[]:*?/\\'" else " " for c in title)[:_SHEET].strip() or "Tabelle"
    name, number = plain, 2
    while name.casefold() in taken:
        name, number = f"{plain[: _SHEET - 3]} {number}", number + 1
    taken.add(name.casefold())
    return name
