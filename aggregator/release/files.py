"""The same rows in every format, byte for byte the same whenever they are the same."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import shutil
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb

from aggregator.release.codebook import Column, Kind, Layout, Missing, codebook, layouts
from aggregator.release.tables import Row
from aggregator.spreadsheet import cell
from aggregator.store.binding import bindable

SUMS = "SHA256SUMS"
SQLITE = "netzlotse.sqlite"
_LEVEL = 6
_MEMORY = "512MB"
_SQLITE = {Kind.NUMBER: "REAL", Kind.BOOLEAN: "INTEGER"}
_DUCKDB = {
    Kind.STRING: "VARCHAR", Kind.NUMBER: "DOUBLE", Kind.BOOLEAN: "BOOLEAN", Kind.DATE: "DATE",
    Kind.LIST: "VARCHAR[]",
}  # fmt: skip


def write_tables(folder: Path) -> None:
    """Write every table of a folder, there as `lines_of`, as CSV and Parquet, all into one SQLite.

    Rows are read again for each format: what is in memory does not grow with their number.
    """
    for layout in layouts().values():
        _write_csv(layout, folder)
        _write_parquet(layout, folder)
    _write_sqlite(folder)
    with (folder / "codebook.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("table", "name", "type", "de", "en"), lineterminator="\n")
        writer.writeheader()
        writer.writerows(codebook())


def lines_of(folder: Path, table: str) -> Path:
    """Where the rows of a table stand as JSON lines."""
    return folder / f"{table}.jsonl.gz"


def write_lines(rows: Iterable[Mapping[str, Any]], path: Path) -> int:
    """One JSON object a line, gzipped without a time or a name; returns how many."""
    number = 0
    with path.open("wb") as raw, gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as file:
        for number, row in enumerate(rows, 1):  # noqa: B007 - it is returned
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    return number


def read_lines(path: Path) -> Iterator[Row]:
    """What `write_lines` wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def read_rows(folder: Path, ids: Collection[str]) -> dict[str, Row]:
    """Some offers of a release by id, as its JSON lines have them; those that are not there lack.

    They are looked up in the SQLite file: reading all lines would take far longer.
    """
    layout, found = layouts()["offers"], {}
    wanted = sorted(ids)
    with closing(sqlite3.connect(f"file:{quote(str(folder / SQLITE))}?mode=ro", uri=True)) as base:
        base.row_factory = sqlite3.Row
        for part in bindable(wanted):
            marks = ", ".join("?" for _ in part)
            query = f'SELECT * FROM "offers" WHERE "id" IN ({marks})'  # noqa: S608 - marks only
            for row in base.execute(query, part):
                found[row["id"]] = {c.name: _from_sqlite(c, row[c.name]) for c in layout.columns}
    return found


def file_hash(path: Path) -> str:
    """The sha256 of a file of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sums(folder: Path) -> None:
    """The hash of every file, as `sha256sum --check` reads it."""
    lines = [
        f"{file_hash(path)}  {path.name}\n"
        for path in sorted(folder.iterdir())
        if path.name != SUMS
    ]
    (folder / SUMS).write_text("".join(lines), "utf-8")


def csv_lines(layout: Layout, rows: Iterable[Row]) -> Iterator[str]:
    """RFC 4180, a line each, header first; an empty field holds the code that says why it is."""
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")
    writer.writerow(column.name for column in layout.columns)
    for row in rows:
        yield line.getvalue()
        line.seek(0)
        line.truncate()
        why = dict(one.rpartition(":")[::2] for one in row["missing"])
        writer.writerow(_csv_cell(column, row, why) for column in layout.columns)
    yield line.getvalue()


def _write_csv(layout: Layout, folder: Path) -> None:
    with (folder / f"{layout.name}.csv").open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(layout, read_lines(lines_of(folder, layout.name))))


def _csv_cell(column: Column, row: Row, why: Mapping[str, str]) -> str:
    value = row[column.name]
    if column.name == "missing":
        return cell(value)
    if value is None or value == []:
        return why.get(column.name, Missing.NOT_STATED)
    return cell(value)


def _write_parquet(layout: Layout, folder: Path) -> None:
    lines = lines_of(folder, layout.name)
    columns = ", ".join(f"'{c.name}': '{_DUCKDB[c.kind]}'" for c in layout.columns)
    with closing(duckdb.connect(config={"threads": 1, "memory_limit": _MEMORY})) as database:
        database.execute(f"SET temp_directory = '{_quoted(folder / 'duckdb.part')}'")
        table = database.sql(
            f"SELECT * FROM read_json('{_quoted(lines)}', columns = {{{columns}}}, "  # noqa: S608 - our own names
            "format = 'newline_delimited', compression = 'gzip')"
        )
        table.write_parquet(str(folder / f"{layout.name}.parquet"), compression="zstd")
    shutil.rmtree(folder / "duckdb.part", ignore_errors=True)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _write_sqlite(folder: Path) -> None:
    """Every table with its types; lists are JSON arrays, as SQLite's json_each reads them."""
    with closing(sqlite3.connect(folder / SQLITE)) as database, database:
        for layout in layouts().values():
            columns = ", ".join(f'"{c.name}" {_SQLITE.get(c.kind, "TEXT")}' for c in layout.columns)
            database.execute(f'CREATE TABLE "{layout.name}" ({columns}, PRIMARY KEY ("id"))')
            marks = ", ".join("?" for _ in layout.columns)
            database.executemany(
                f'INSERT INTO "{layout.name}" VALUES ({marks})',  # noqa: S608 - our own names
                (
                    [_sqlite_value(row[c.name]) for c in layout.columns]
                    for row in read_lines(lines_of(folder, layout.name))
                ),
            )


def _sqlite_value(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _from_sqlite(column: Column, value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if column.kind is Kind.LIST:
        return json.loads(value)
    return bool(value) if column.kind is Kind.BOOLEAN and value is not None else value
