"""The same rows in every format, byte for byte the same whenever they are the same."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from aggregator.release.codebook import Column, Kind, Layout, Missing, codebook, layouts
from aggregator.release.tables import Row
from aggregator.spreadsheet import cell

SUMS = "SHA256SUMS"
_SQLITE = {Kind.NUMBER: "REAL", Kind.BOOLEAN: "INTEGER"}
_DUCKDB = {
    Kind.STRING: "VARCHAR", Kind.NUMBER: "DOUBLE", Kind.BOOLEAN: "BOOLEAN", Kind.DATE: "DATE",
    Kind.LIST: "VARCHAR[]",
}  # fmt: skip


def write_tables(rows: Mapping[str, Sequence[Row]], folder: Path) -> None:
    """Write every table as CSV and Parquet, the offers also as JSON lines, all into one SQLite."""
    for layout in layouts().values():
        _write_csv(layout, rows[layout.name], folder / f"{layout.name}.csv")
        _write_parquet(layout, rows[layout.name], folder)
    write_lines(rows["offers"], folder / "offers.jsonl.gz")
    _write_sqlite(rows, folder / "netzlotse.sqlite")
    with (folder / "codebook.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("table", "name", "type", "de", "en"), lineterminator="\n")
        writer.writeheader()
        writer.writerows(codebook())


def write_lines(rows: Iterable[Mapping[str, Any]], path: Path) -> None:
    """One JSON object a line, gzipped without a time or a name."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def read_lines(path: Path) -> list[Row]:
    """What `write_lines` wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def write_sums(folder: Path) -> None:
    """The hash of every file, as `sha256sum --check` reads it."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(folder.iterdir())
        if path.name != SUMS
    ]
    (folder / SUMS).write_text("".join(lines), "utf-8")


def _write_csv(layout: Layout, rows: Iterable[Row], path: Path) -> None:
    """RFC 4180, UTF-8; an empty field holds the code that says why it is."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(column.name for column in layout.columns)
        for row in rows:
            why = dict(one.rpartition(":")[::2] for one in row["missing"])
            writer.writerow(_csv_cell(column, row, why) for column in layout.columns)


def _csv_cell(column: Column, row: Row, why: Mapping[str, str]) -> str:
    value = row[column.name]
    if column.name == "missing":
        return cell(value)
    if value is None or value == []:
        return why.get(column.name, Missing.NOT_STATED)
    return cell(value)


def _write_parquet(layout: Layout, rows: Iterable[Row], folder: Path) -> None:
    lines = folder / f"{layout.name}.part"
    with lines.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    columns = ", ".join(f"'{c.name}': '{_DUCKDB[c.kind]}'" for c in layout.columns)
    with closing(duckdb.connect(config={"threads": 1})) as database:
        table = database.sql(
            f"SELECT * FROM read_json('{_quoted(lines)}', columns = {{{columns}}}, "  # noqa: S608 - our own names
            "format = 'newline_delimited')"
        )
        table.write_parquet(str(folder / f"{layout.name}.parquet"), compression="zstd")
    lines.unlink()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _write_sqlite(rows: Mapping[str, Sequence[Row]], path: Path) -> None:
    """Every table with its types; lists are JSON arrays, as SQLite's json_each reads them."""
    with closing(sqlite3.connect(path)) as database, database:
        for layout in layouts().values():
            columns = ", ".join(f'"{c.name}" {_SQLITE.get(c.kind, "TEXT")}' for c in layout.columns)
            database.execute(f'CREATE TABLE "{layout.name}" ({columns}, PRIMARY KEY ("id"))')
            marks = ", ".join("?" for _ in layout.columns)
            database.executemany(
                f'INSERT INTO "{layout.name}" VALUES ({marks})',  # noqa: S608 - our own names
                ([_sqlite_value(row[c.name]) for c in layout.columns] for row in rows[layout.name]),
            )


def _sqlite_value(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
