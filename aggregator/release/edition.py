"""Making a release: one folder, written beside its place, then moved there and never changed."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from aggregator.release.delta import delta
from aggregator.release.files import SUMS, read_lines, write_lines, write_sums, write_tables
from aggregator.release.metadata import (
    Edition,
    File,
    Maker,
    citation,
    data_package,
    dcat,
    licences,
    schema_org,
)
from aggregator.release.tables import Tables, read_tables

OFFERS, DELTA = "offers.jsonl.gz", "delta.jsonl.gz"
_ID = re.compile(r"\d{4}-\d{2}-\d{2}(\.\d+)?")
_TABLES = frozenset({".csv", ".parquet", ".gz", ".sqlite"})


class ReleaseError(Exception):
    """A release cannot be made here; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release on disk."""

    id: str
    folder: Path
    counts: Mapping[str, int]
    """Rows by table; of an older one only what its description says."""
    new: bool = False
    """Whether it was written just now; False: nothing had changed since."""

    @property
    def files(self) -> list[File]:
        """Its files with size and hash, as SHA256SUMS has them."""
        lines = (self.folder / SUMS).read_text("utf-8").splitlines()
        sums = [line.partition("  ")[::2] for line in lines]
        return [File(name, (self.folder / name).stat().st_size, digest) for digest, name in sums]


def releases(home: Path) -> list[Release]:
    """The releases in a folder, the latest first; what is not whole is none."""
    found = [path for path in home.glob("*") if _ID.fullmatch(path.name) and (path / SUMS).exists()]
    return [
        Release(path.name, path, _counts(path))
        for path in sorted(found, key=lambda path: _order(path.name), reverse=True)
    ]


def make_release(engine: Engine, home: Path, today: date, maker: Maker) -> Release:
    """Write a release of what is published today into `home`.

    Where the last one says the same in every table, and was made the same day, it is that one. A
    second one of a day has a number behind its date. Raises ReleaseError where the clock stands
    before the last release.
    """
    with Session(engine) as session, session.begin():
        tables = read_tables(session, maker.portal)
    last = next(iter(releases(home)), None)
    identity = _identity(home, today, last)
    part = home / f".{identity}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        _write(tables, part, Edition(identity, today, maker), last)
        if last and last.id.startswith(today.isoformat()) and _same_tables(part, last.folder):
            return last
        part.rename(home / identity)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    counts = {name: len(rows) for name, rows in tables.rows.items()}
    return Release(identity, home / identity, counts, new=True)


def _write(tables: Tables, folder: Path, edition: Edition, last: Release | None) -> None:
    write_tables(tables.rows, folder)
    if last is not None:
        before = read_lines(last.folder / OFFERS)
        write_lines(delta(before, tables.rows["offers"], tables.merged), folder / DELTA)
    files = [
        File(path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(folder.iterdir())
    ]
    counts = {name: len(rows) for name, rows in tables.rows.items()}
    about = {
        "id": edition.id, "issued": edition.issued.isoformat(), "made_by": edition.maker.version,
        "delta_to": last.id if last else None, "rows": counts,
    }  # fmt: skip
    described: dict[str, Any] = {
        "release.json": about,
        "datapackage.json": data_package(edition, files),
        "dcat-ap-de.jsonld": dcat(edition, files),
        "schema-org.jsonld": schema_org(edition, files),
    }
    for name, content in described.items():
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (folder / name).write_text(text, "utf-8")
    (folder / "CITATION.cff").write_text(citation(edition), "utf-8")
    (folder / "LICENCES.md").write_text(licences(tables.rows["sources"]), "utf-8")
    write_sums(folder)


def _identity(home: Path, today: date, last: Release | None) -> str:
    if last is not None and last.id[:10] > today.isoformat():
        raise ReleaseError(
            f"{home / last.id} is later than today ({today}): look at the clock of this machine"
        )
    day = today.isoformat()
    number = sum(one.id.startswith(day) for one in releases(home)) + 1
    return day if number == 1 else f"{day}.{number}"


def _order(identity: str) -> tuple[str, int]:
    day, _, number = identity.partition(".")
    return day, int(number or 1)


def _same_tables(one: Path, other: Path) -> bool:
    """Whether two releases say the same: their delta and what they say of themselves apart."""
    return _sums(one) == _sums(other)


def _sums(folder: Path) -> dict[str, str]:
    lines = (folder / SUMS).read_text("utf-8").splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    return {n: d for n, d in sums.items() if Path(n).suffix in _TABLES and n != DELTA}


def _counts(folder: Path) -> dict[str, int]:
    about = json.loads((folder / "release.json").read_text("utf-8"))
    return {name: int(rows) for name, rows in about["rows"].items()}
