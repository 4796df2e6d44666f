"""Making a release: one folder, written beside its place, then moved there.

It is never changed but by the law: what has to be erased is erased from past releases, too, which
get an erratum (`correct_releases`).
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from aggregator.release.codebook import layouts
from aggregator.release.delta import delta
from aggregator.release.files import (
    SUMS,
    file_hash,
    lines_of,
    read_lines,
    write_lines,
    write_sums,
    write_tables,
)
from aggregator.release.metadata import (
    Edition,
    Erratum,
    File,
    Maker,
    citation,
    data_package,
    dcat,
    licences,
    schema_org,
)
from aggregator.release.retraction import Retraction
from aggregator.release.tables import Row, read_tables
from aggregator.store.tables import Operation
from aggregator.store.transaction import snapshot
from aggregator.suppression import Suppressions

DELTA = "delta.jsonl.gz"
_NEW, _OLD = ".part", ".old"
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
    def about(self) -> dict[str, Any]:
        """What it says of itself: release.json."""
        return _about(self.folder)

    @property
    def files(self) -> list[File]:
        """Its files with size and hash, as SHA256SUMS has them."""
        lines = (self.folder / SUMS).read_text("utf-8").splitlines()
        sums = [line.partition("  ")[::2] for line in lines]
        return [File(name, (self.folder / name).stat().st_size, digest) for digest, name in sums]


def releases(home: Path) -> list[Release]:
    """The releases in a folder, the latest first; what is not whole is none."""
    found = [path for path in home.glob("*") if is_id(path.name) and (path / SUMS).exists()]
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
    with _alone(home):
        last = next(iter(releases(home)), None)
        identity = _identity(home, today, last)
        with _part(home, identity) as part:
            with snapshot(engine) as session:
                tables = read_tables(session, maker.portal, today)
                counts = {
                    name: write_lines(rows, lines_of(part, name))
                    for name, rows in tables.rows.items()
                }
            _finish(part, Edition(identity, today, maker), counts, last, tables.merged)
            if last and last.id.startswith(today.isoformat()) and _same_tables(part, last.folder):
                return last
            part.rename(home / identity)
    return Release(identity, home / identity, counts, new=True)


@contextmanager
def exchange(home: Path, identity: str) -> Iterator[Path]:
    """An empty folder for a release that another machine made, or rebuilt.

    When the block ends well it is that release here, in the place of what was. Raises ReleaseError
    where it is none.
    """
    with _alone(home), _part(home, identity) as part:
        yield part
        if not is_id(identity) or not (part / SUMS).exists():
            raise ReleaseError(f"{identity}: what was copied is no whole release")
        aside = home / f".{identity}{_OLD}"
        if (home / identity).exists():
            (home / identity).rename(aside)
        part.rename(home / identity)
        shutil.rmtree(aside, ignore_errors=True)


def is_id(name: str) -> bool:
    """Whether a release may be called so."""
    return _ID.fullmatch(name) is not None


def correct_releases(home: Path, listed: Suppressions, today: date, maker: Maker) -> list[Release]:
    """Rebuild every release in `home` that holds what is suppressed; those that were.

    A rebuilt one has the same id, new hashes and one erratum more; the old bytes are gone. The
    delta of the one after it is made anew. Doing it again changes nothing; what broke off is taken
    up.
    """
    if not home.is_dir():
        return []
    rebuilt: list[Release] = []
    with _alone(home):
        before: Release | None = None
        for one in reversed(releases(home)):
            with _part(home, one.id) as part:
                counts, changed = _retract(one, listed, part)
                again = before in rebuilt and one.about["delta_to"] is not None
                if changed or again:
                    _rebuild(one, part, counts, changed, before, today, maker)
                    rebuilt.append(one)
            before = one
    return [one for one in releases(home) if one.id in {old.id for old in rebuilt}]


def _retract(
    one: Release, listed: Suppressions, part: Path
) -> tuple[dict[str, int], dict[str, int]]:
    """Write the rows that may stay; how many there are by table, and how many changed or went."""

    def rows(table: str) -> Iterator[Row]:
        path = lines_of(one.folder, table)  # an older one has not every table
        return read_lines(path) if path.is_file() else iter(())

    retraction = Retraction(listed, {row["id"]: row["network"] for row in rows("sources")})
    retraction.learn(rows("evidence"))
    if retraction.others:
        retraction.learn_others(rows("evidence"))
    counts, changed = {}, Counter[str]()
    offers: Counter[str] = Counter()

    def kept(table: str) -> Iterator[Row]:
        for row in rows(table):
            after = retraction.row(table, row)
            if table == "frame" and after and after["offers"] is not None:
                after["offers"] = offers[after["id"]]
            changed[table] += after != row
            if after is not None:
                if table == "offers":
                    offers.update(after["networks"])
                yield after

    for table in layouts():
        counts[table] = write_lines(kept(table), lines_of(part, table))
    return counts, {table: number for table, number in changed.items() if number}


def _rebuild(  # noqa: PLR0913, PLR0917 - the old one, the new one, and what is said of it
    one: Release,
    part: Path,
    counts: Mapping[str, int],
    changed: Mapping[str, int],
    before: Release | None,
    today: date,
    maker: Maker,
) -> None:
    about = one.about
    delta_to = before if about["delta_to"] else None
    merged = {}
    if delta_to:
        operations = read_lines(one.folder / DELTA)
        merged = {op["id"]: op["into"] for op in operations if op["op"] == Operation.MERGE}
    errata = [Erratum.read(told) for told in about["errata"]]
    erratum = Erratum(len(errata) + 1, today, changed)
    issued = date.fromisoformat(about["issued"])
    made_by = replace(maker, version=about["made_by"])
    edition = Edition(one.id, issued, made_by, (*errata, erratum))
    _finish(part, edition, counts, delta_to, merged)
    aside = one.folder.with_name(f".{one.id}{_OLD}")
    one.folder.rename(aside)
    part.rename(one.folder)
    shutil.rmtree(aside)


def _finish(
    folder: Path,
    edition: Edition,
    counts: Mapping[str, int],
    before: Release | None,
    merged: Mapping[str, str],
) -> None:
    """Write all that follows from the rows of a release, there as JSON lines."""
    write_tables(folder)
    if before is not None:
        old, new = (read_lines(lines_of(one, "offers")) for one in (before.folder, folder))
        write_lines(delta(old, new, merged), folder / DELTA)
    files = [
        File(path.name, path.stat().st_size, file_hash(path)) for path in sorted(folder.iterdir())
    ]
    about = {
        "id": edition.id, "version": edition.version, "issued": edition.issued.isoformat(),
        "made_by": edition.maker.version, "delta_to": before.id if before else None,
        "rows": dict(counts), "errata": [one.told() for one in edition.errata],
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
    sources = read_lines(lines_of(folder, "sources"))
    (folder / "LICENCES.md").write_text(licences(sources), "utf-8")
    write_sums(folder)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Only one at a time writes releases; what one that broke off left behind is put right."""
    home.mkdir(parents=True, exist_ok=True)
    folder = os.open(home, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        for aside in home.glob(f".*{_OLD}"):
            identity = aside.name[1 : -len(_OLD)]
            whole = home / f".{identity}{_NEW}"
            if not (home / identity).exists() and (whole / SUMS).exists():
                whole.rename(home / identity)
            if (home / identity).exists():
                shutil.rmtree(aside)
            else:
                aside.rename(home / identity)
        for broken in home.glob(f".*{_NEW}"):
            shutil.rmtree(broken)
        yield
    finally:
        os.close(folder)


@contextmanager
def _part(home: Path, identity: str) -> Iterator[Path]:
    """A folder beside the place of a release; gone in the end if it was not moved there."""
    part = home / f".{identity}{_NEW}"
    part.mkdir()
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


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
    return {name: int(rows) for name, rows in _about(folder)["rows"].items()}


def _about(folder: Path) -> dict[str, Any]:
    about: dict[str, Any] = json.loads((folder / "release.json").read_text("utf-8"))
    return {"errata": [], "version": folder.name, **about}
