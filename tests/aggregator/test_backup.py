"""Saving everything while it runs, and putting it back, into either database."""

from __future__ import annotations

import json
import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from aggregator.backup import MANIFEST, BackupError, backup, restore
from aggregator.index.feed import catch_up
from aggregator.log import ChangeLog
from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.tables import ChangeRow, OfferRow, Subject
from aggregator.store.transaction import publishing
from tests.faults import stages
from tests.faults.record import Installation

NOW = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.fixture
def home(database_url: str, tmp_path: Path) -> Installation:
    url = None if database_url.startswith("sqlite") else database_url
    home = Installation(tmp_path / "data", url)
    home.data.mkdir()
    stages.Publish().prepare(home)
    return home


@pytest.fixture
def engine_of(home: Installation) -> Engine:
    return connect(home.settings.database)


def _restored(saved: Path, data: Path, url: str | None = None) -> Installation:
    home = Installation(data, url)
    restore(home.settings, saved, force=False)
    engine = connect(home.settings.database)
    catch_up(engine, home.settings.index_dir, "tantivy")
    engine.dispose()
    return home


@pytest.mark.parametrize("name", ["folder", "file.tar.gz"])
def test_what_is_put_back_is_what_was_saved(
    home: Installation, engine_of: Engine, tmp_path: Path, name: str
) -> None:
    saved = backup(engine_of, home.settings, tmp_path / name, NOW, archive=True)
    assert (saved.files, saved.lost) == (2, ())
    other = _restored(saved.path, tmp_path / "other")
    assert other.content() == home.content()
    assert other.faults() == []
    with pytest.raises(BackupError, match="--force"):
        restore(other.settings, saved.path, force=False)
    with pytest.raises(BackupError, match="there already"):
        backup(engine_of, home.settings, tmp_path / name, NOW, archive=True)


@pytest.mark.postgres
def test_a_record_moves_to_postgresql_and_goes_on_there(
    postgres_database: str, tmp_path: Path
) -> None:
    home = Installation(tmp_path / "data")
    home.data.mkdir()
    stages.Publish().prepare(home)
    engine = connect(home.settings.database)
    saved = backup(engine, home.settings, tmp_path / "saved", NOW, archive=True)
    other = _restored(saved.path, tmp_path / "other", postgres_database)
    assert other.content() == home.content()
    for folder in ("spool", "archive"):  # a run that waited is not in the record yet
        shutil.copytree(home.data / folder, other.data / folder, dirs_exist_ok=True)
    for one in (home, other):
        stages.Publish().work(one)
    assert other.content() == home.content()
    assert other.faults() == []


def test_a_backup_is_of_one_state_while_others_publish(
    home: Installation, engine_of: Engine, tmp_path: Path
) -> None:
    stop = threading.Event()

    def publish() -> None:
        engine, number = connect(home.settings.database), 0
        while not stop.is_set():
            number += 1
            with publishing(engine) as session:  # an offer and its change: both or neither
                session.add(OfferRow(id=f"x{number}", created_at=NOW, changed_at=NOW))
                ChangeLog(session, "", NOW).added(Subject.OFFER, f"x{number}")
        engine.dispose()

    writer = threading.Thread(target=publish)
    writer.start()
    try:
        saved = backup(engine_of, home.settings, tmp_path / "saved", NOW, archive=False)
    finally:
        stop.set()
        writer.join()
    with Session(connect(f"sqlite:///{saved.path / 'record.db'}")) as session:
        offers = {row.id for row in session.exec(select(OfferRow)) if row.id.startswith("x")}
        told = {c.subject_id for c in session.exec(select(ChangeRow)) if c.subject_id[0] == "x"}
    assert offers == told


@pytest.mark.parametrize("name", ["../../draussen", "/draussen", "netz/../../draussen"])
def test_no_file_of_a_backup_lands_outside(
    name: str, home: Installation, engine_of: Engine, tmp_path: Path
) -> None:
    saved = backup(engine_of, home.settings, tmp_path / "saved", NOW, archive=True).path
    manifest = json.loads((saved / MANIFEST).read_text("utf-8"))
    manifest["archive"]["files"].append(name)
    (saved / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(BackupError, match="leads out"):
        restore(Settings(data_dir=tmp_path / "other"), saved, force=False)
    assert not (tmp_path / "other").exists()


def test_a_damaged_backup_changes_nothing(
    home: Installation, engine_of: Engine, tmp_path: Path
) -> None:
    saved = backup(engine_of, home.settings, tmp_path / "saved", NOW, archive=True).path
    warc = next(saved.rglob("*.warc.gz"))
    warc.write_bytes(warc.read_bytes()[:-1])
    target = Settings(data_dir=tmp_path / "other")
    with pytest.raises(BackupError, match=r"warc\.gz is missing or damaged"):
        restore(target, saved, force=False)
    assert not (tmp_path / "other").exists()
    (tmp_path / "half.tar.gz").write_bytes(b"\x1f\x8bno")
    for bad in (tmp_path / "half.tar.gz", tmp_path / "nie.tar", tmp_path):
        with pytest.raises(BackupError):
            restore(target, bad, force=False)
