"""Backups: one state of the record, the archive behind it, and how both are put back.

    manifest.json    what is in it, with sizes and hashes; written last
    record.db        the record as an SQLite file, whichever database it came from
    archive/…        the WARC files that pages of this state refer to
    suppression.key  the key of the suppression list, where there is one

Taken while everything runs: SQLite gives one state by its online backup, PostgreSQL by a snapshot
(REPEATABLE READ). The index is left out; it is built anew from the record. A backup of one database
can be restored into the other.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Integer, delete, insert, inspect, text
from sqlalchemy import func as sql
from sqlalchemy.engine import make_url
from sqlmodel import Session, SQLModel, col, func, select

from aggregator.settings import Settings
from aggregator.store import schema
from aggregator.store.engine import connect
from aggregator.store.tables import PageRow, SourceRow
from crawlers.depot import is_inside

MANIFEST, RECORD, ARCHIVE, KEY = "manifest.json", "record.db", "archive", "suppression.key"
_FORMAT = 1
_AT_ONCE = 500


class BackupError(Exception):
    """A backup cannot be made or put back; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What is in a backup."""

    path: Path
    offers: int
    files: int
    """WARC files; those that it only refers to included."""
    size: int
    """Bytes of what it holds."""
    lost: tuple[str, ...] = ()
    """WARC files that pages refer to and that are not there: `netzlotse verify` names the pages."""


def backup(
    engine: Engine, settings: Settings, target: Path, now: datetime, *, archive: bool
) -> Saved:
    """Write a backup to a folder, or to a file where `target` ends in .tar, .tar.gz or .tgz.

    It is there whole or not at all. Without `archive` the WARC files are named and not copied.
    Raises BackupError where `target` is there already.
    """
    if target.exists():
        raise BackupError(f"{target} is there already: name another, or move it away")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    try:
        saved = _fill(engine, settings, part, now, archive=archive)
        if _is_file(target):
            _pack(part, target)
        else:
            part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Saved(target, saved.offers, saved.files, saved.size, saved.lost)


def restore(settings: Settings, saved: Path, *, force: bool) -> Saved:
    """Put a backup back into the data folder and the database of `settings`.

    Nothing else may be running. Checks every hash before it changes anything. Raises BackupError
    for what is no backup, damaged or newer than this program, and, without `force`, where the
    record already holds something.
    """
    with _opened(saved) as folder:
        manifest = _checked(folder)
        if not force and _holds_something(settings):
            raise BackupError(
                "there is a record already: restore into an empty NETZLOTSE_DATA_DIR and database, "
                "or replace what is there with --force"
            )
        with TemporaryDirectory(dir=_made(settings.data_dir), prefix=".restore-") as home:
            copy = Path(home) / RECORD
            shutil.copyfile(folder / RECORD, copy)
            source = connect(f"sqlite:///{copy}")
            schema.migrate(source)
            _put_record(source, settings)
            source.dispose()
        for name in manifest["archive"]["files"]:
            if (stored := folder / ARCHIVE / name).exists():
                settings.archive.keep(stored, name)
        if (folder / KEY).exists():
            shutil.copyfile(folder / KEY, settings.suppression_key)
            settings.suppression_key.chmod(0o600)
        files: list[str] = manifest["archive"]["files"]
        lost = [name for name in files if not settings.archive.has(name)]
        size = sum(entry["size"] for entry in manifest["held"].values())
        return Saved(
            saved, manifest["offers"], len(manifest["archive"]["files"]), size, tuple(lost)
        )


def _fill(engine: Engine, settings: Settings, part: Path, now: datetime, *, archive: bool) -> Saved:
    record = part / RECORD
    if engine.dialect.name == "sqlite":
        database = make_url(settings.database).database or ""
        with closing(sqlite3.connect(database)) as live, closing(sqlite3.connect(record)) as copy:
            live.backup(copy)
    else:
        target = connect(f"sqlite:///{record}")
        schema.migrate(target)
        snapshot = engine.execution_options(isolation_level="REPEATABLE READ")
        with snapshot.connect() as live, target.execution_options(write=True).begin() as copy:
            _copy_rows(live, copy)
        target.dispose()
    reader = connect(f"sqlite:///{record}")
    with Session(reader) as session:
        files = sorted(
            session.exec(select(PageRow.archive).where(col(PageRow.purged_at).is_(None)).distinct())
        )
        offers = session.execute(text("SELECT count(*) FROM offer")).scalar_one()
    with reader.connect() as connection:
        revision = schema.revision(connection)
    reader.dispose()
    _settle(record)
    lost = [name for name in files if not settings.archive.has(name)]
    if archive:
        for name in set(files) - set(lost):
            settings.archive.fetch(name, part / ARCHIVE / name)
    if settings.suppression_key.exists():
        shutil.copyfile(settings.suppression_key, part / KEY)
        (part / KEY).chmod(0o600)
    held: dict[str, dict[str, Any]] = {
        path.relative_to(part).as_posix(): {"size": path.stat().st_size, "sha256": _sha256(path)}
        for path in sorted(part.rglob("*"))
        if path.is_file()
    }
    manifest = {
        "format": _FORMAT,
        "netzlotse": version("netzlotse"),
        "schema": revision,
        "created_at": now.isoformat(),
        "offers": offers,
        "archive": {"included": archive, "files": files, "lost": lost},
        "held": held,
    }
    with (part / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(manifest, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    size = sum(entry["size"] for entry in held.values())
    return Saved(part, offers, len(files), size, tuple(lost))


def _copy_rows(source: Connection, target: Connection) -> None:
    for table in SQLModel.metadata.sorted_tables:
        rows = source.execution_options(yield_per=_AT_ONCE).execute(table.select())
        for chunk in rows.mappings().partitions(_AT_ONCE):
            target.execute(insert(table), [dict(row) for row in chunk])


def _put_record(source: Engine, settings: Settings) -> None:
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        database = Path(url.database or "")
        copy = Path(source.url.database or "")
        source.dispose()
        _settle(copy)
        database.parent.mkdir(parents=True, exist_ok=True)
        for leftover in database.parent.glob(f"{database.name}-*"):  # of what is replaced
            leftover.unlink()
        beside = database.with_name(f".{database.name}.restored")
        shutil.copyfile(copy, beside)
        beside.replace(database)
        return
    target = connect(settings.database)
    schema.migrate(target)
    with source.connect() as live, target.begin() as copy_to:
        for table in reversed(SQLModel.metadata.sorted_tables):
            copy_to.execute(delete(table))
        _copy_rows(live, copy_to)
        for table in SQLModel.metadata.sorted_tables:
            key, *others = table.primary_key.columns
            if not others and isinstance(key.type, Integer):
                _set_sequence(copy_to, table.name, key.name)
    target.dispose()


def _set_sequence(connection: Connection, table: str, key: str) -> None:
    sequence = connection.execute(sql.pg_get_serial_sequence(f'"{table}"', key)).scalar()
    if sequence:
        last = connection.execute(text(f'SELECT max("{key}") FROM "{table}"')).scalar()  # noqa: S608 - names of ours
        connection.execute(sql.setval(sequence, last or 1, last is not None))


def _settle(database: Path) -> None:
    """Bring all of an SQLite record into its one file."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _holds_something(settings: Settings) -> bool:
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return False
    engine = connect(settings.database)
    try:
        if not inspect(engine).has_table(SourceRow.__tablename__):
            return False
        with Session(engine) as session:
            return bool(session.exec(select(func.count()).select_from(SourceRow)).one())
    finally:
        engine.dispose()


@contextmanager
def _opened(saved: Path) -> Iterator[Path]:
    if saved.is_dir():
        yield saved
        return
    with TemporaryDirectory(prefix="netzlotse-backup-") as home:
        try:
            with tarfile.open(saved) as packed:
                packed.extractall(home, filter="data")
        except FileNotFoundError as error:
            raise BackupError(f"{saved}: there is no such backup") from error
        except (tarfile.TarError, EOFError, OSError) as error:
            raise BackupError(f"{saved}: no backup, or damaged: {error}") from error
        yield Path(home)


def _checked(folder: Path) -> dict[str, Any]:
    """The manifest of a backup whose every file is as it was written."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        known = manifest["format"] == _FORMAT and isinstance(manifest["held"], dict)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{folder}: no backup: {MANIFEST} is missing or damaged") from error
    if not known or not schema.knows(manifest["schema"]):
        raise BackupError(
            f"{folder}: made by netzlotse {manifest.get('netzlotse')} with schema "
            f"{manifest.get('schema')}, which this one does not know: update netzlotse first"
        )
    for name in (*manifest["held"], *manifest["archive"]["files"]):
        if not is_inside(name):
            raise BackupError(f"{folder}: {name!r} leads out of the backup; nothing was changed")
    for name, entry in manifest["held"].items():
        path = folder / name
        if not path.is_file() or _sha256(path) != entry["sha256"]:
            raise BackupError(f"{folder}: {name} is missing or damaged; nothing was changed")
    return manifest


def _pack(folder: Path, target: Path) -> None:
    beside = target.with_name(f".{target.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        mode: Literal["w", "w:gz"] = "w" if target.suffix == ".tar" else "w:gz"
        with tarfile.open(fileobj=raw, mode=mode) as packed:
            packed.add(folder, arcname=".")
        raw.flush()
        os.fsync(raw.fileno())
    beside.replace(target)


def _is_file(target: Path) -> bool:
    return target.name.endswith((".tar", ".tar.gz", ".tgz"))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
