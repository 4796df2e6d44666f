"""Denominators: how many single-parent families live where, as a statistical office counted."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from sqlmodel import Session

from aggregator.store.tables import StatisticRow

COLUMNS = ("region_key", "families", "source", "date")
_KEY_LENGTHS = frozenset({2, 5, 8})  # Land; Kreis or Bezirk; Gemeinde


def read_statistics(file: Path) -> list[StatisticRow]:
    """The rows of a CSV with the columns of `COLUMNS`, in any order.

    `region_key` is an official key of 2, 5 or 8 digits, or "DE"; `date` is ISO 8601. Raises
    ValueError that names the line of the first fault: half a table would compare unfairly.
    """
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        start = lines.readline()
        delimiter = ";" if start.count(";") > start.count(",") else ","
        names = [name.strip().lower() for name in start.rstrip("\r\n").split(delimiter)]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            raise ValueError(f"{file}: line 1 names no column {', '.join(missing)}")
        rows = []
        try:
            for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), 2):
                if any(cell.strip() for cell in cells):
                    told = dict(zip(names, (cell.strip() for cell in cells), strict=False))
                    rows.append(_row(told, f"{file}: line {number}"))
        except csv.Error as error:
            raise ValueError(f"{file}: damaged ({error})") from error
    if not rows:
        raise ValueError(f"{file}: holds no row")
    return rows


def import_statistics(session: Session, rows: Iterable[StatisticRow]) -> int:
    """Write figures to the record; one of the same region, day and source is replaced."""
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - it is the result
        session.merge(row)
    return count


def _row(told: dict[str, str], where: str) -> StatisticRow:
    key, source = told.get("region_key", ""), told.get("source", "")
    if key != "DE" and not (key.isascii() and key.isdigit() and len(key) in _KEY_LENGTHS):
        raise ValueError(f"{where}: {key!r} is no region key (2, 5 or 8 digits, or DE)")
    number = told.get("families", "").strip()
    if not (number.isascii() and number.isdigit()):
        raise ValueError(f"{where}: families must be a whole number, not {number!r}")
    families = int(number)
    try:
        as_of = date.fromisoformat(told.get("date", ""))
    except ValueError as error:
        raise ValueError(f"{where}: date must be written like 2024-12-31 ({error})") from error
    if not source:
        raise ValueError(f"{where}: source must be named")
    return StatisticRow(region_key=key, as_of=as_of, source=source, families=families)
