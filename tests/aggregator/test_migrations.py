"""Old and new code on one record: what a migration promises, and what comes of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import JSON, Column, Connection, Engine, MetaData, Table, inspect, text

from aggregator.store import schema
from aggregator.store.engine import connect
from tests.cluster.machine import wait_for

ROOT = Path(__file__).parent.parent.parent
STEPS = schema._steps()
HEAD = STEPS[-1].revision
_NOW = datetime(2026, 11, 29, tzinfo=UTC)


# --- what a migration promises -------------------------------------------------------------------


@dataclass(frozen=True)
class Shape:
    """A table, as far as who reads and writes it must know."""

    columns: Mapping[str, tuple[str, bool, bool]]
    """Type, whether it may be empty, whether the database fills it."""
    key: Sequence[str]
    rules: frozenset[str] = field(default_factory=frozenset)
    """What rows must not do: unique columns, references, checks."""


def shapes(connection: Connection) -> dict[str, Shape]:
    """Every table of the record."""
    found, look = {}, inspect(connection)
    for name in set(look.get_table_names()) - {"alembic_version"}:
        columns = {
            one["name"]: (str(one["type"]), one["nullable"], one["default"] is not None)
            for one in look.get_columns(name)
        }
        rules = {f"unique {i['column_names']}" for i in look.get_indexes(name) if i["unique"]}
        rules |= {f"unique {u['column_names']}" for u in look.get_unique_constraints(name)}
        rules |= {
            f"{f['constrained_columns']} in {f['referred_table']}"
            for f in look.get_foreign_keys(name)
        }
        rules |= {c["sqltext"] for c in look.get_check_constraints(name)}
        key = look.get_pk_constraint(name)["constrained_columns"]
        found[name] = Shape(columns, key, frozenset(rules))
    return found


def hindrances(old: Mapping[str, Shape], new: Mapping[str, Shape]) -> list[str]:
    """What keeps code that knows `old` from reading and writing `new`."""
    found = [f"{name} is gone" for name in sorted(old.keys() - new.keys())]
    for name in sorted(old.keys() & new.keys()):
        before, after = old[name], new[name]
        if before.key != after.key:
            found.append(f"{name} has another key")
        found += [f"{name}: {rule} is new" for rule in sorted(after.rules - before.rules)]
        for column, (kind, empty, filled) in before.columns.items():
            if column not in after.columns:
                found.append(f"{name}.{column} is gone")
                continue
            now, may_be_empty, is_filled = after.columns[column]
            if now != kind:
                found.append(f"{name}.{column} was {kind}, is {now}")
            if empty > may_be_empty or filled > is_filled:
                found.append(f"{name}.{column} must be given")
        found += [
            f"{name}.{column} must be given"
            for column, (_, empty, filled) in after.columns.items()
            if column not in before.columns and not empty and not filled
        ]
    return found


@pytest.mark.parametrize("number", range(1, len(STEPS)), ids=[s.revision for s in STEPS[1:]])
def test_a_migration_does_to_older_code_what_it_says(database_url: str, number: int) -> None:
    step, engine = STEPS[number], connect(database_url)
    with engine.execution_options(write=True).begin() as connection:
        command.upgrade(schema._config(connection), STEPS[number - 1].revision)
        before = shapes(connection)
        known = MetaData()
        known.reflect(connection)
        only_adds = step.module.works_from is None
        if only_adds:
            _write(connection, known, "before")
        command.upgrade(schema._config(connection), step.revision)
        after = shapes(connection)
        if only_adds:
            assert hindrances(before, after) == []
            _write(connection, known, "after")
            assert _read(connection, known) == {"before", "after"}
        elif step.module.works_from != step.revision:
            assert hindrances(after, before) == []  # new code works while what is dropped is there
    engine.dispose()


def _write(connection: Connection, known: MetaData, word: str) -> None:
    """Give every table that older code knows a row, as it would, and change that."""
    for table in _tables(known):
        row = {column.name: _value(column, word) for column in table.columns}
        connection.execute(table.insert(), [row])
        connection.execute(table.update().values(row).where(_is(table, word)))


def _read(connection: Connection, known: MetaData) -> set[str]:
    """Which rows there are in all tables; they are deleted, in the order that keys allow."""
    words = {"before", "after"}
    for table in reversed(_tables(known)):
        gone = {
            w for w in words if connection.execute(table.delete().where(_is(table, w))).rowcount
        }
        words &= gone
    return words


def _tables(known: MetaData) -> list[Table]:
    return [table for table in known.sorted_tables if table.name != "alembic_version"]


def _is(table: Table, word: str) -> Any:
    column = next(iter(table.primary_key.columns))
    return column == _value(column, word)


def _value(column: Column[Any], word: str) -> object:
    if isinstance(column.type, JSON):
        return {}
    known: dict[type, object] = {
        int: len(word), float: 0.5, datetime: _NOW, date: _NOW.date(), bytes: b"",
    }  # fmt: skip
    return known.get(column.type.python_type, word)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DROP TABLE unanswered", "unanswered is gone"),
        ("ALTER TABLE offer DROP COLUMN digest", "offer.digest is gone"),
        ("ALTER TABLE offer ADD word varchar NOT NULL", "offer.word must be given"),
        ("ALTER TABLE offer ALTER merged_into SET NOT NULL", "offer.merged_into must be given"),
        ("ALTER TABLE run ALTER passed DROP DEFAULT", "run.passed must be given"),
        ("ALTER TABLE offer ALTER digest TYPE text", "offer.digest was VARCHAR, is TEXT"),
        ("CREATE UNIQUE INDEX u ON offer (digest)", "offer: unique ['digest'] is new"),
        ("ALTER TABLE offer ADD CHECK (digest <> '')", "offer: digest::text <> ''::text is new"),
        ("ALTER TABLE lease ADD FOREIGN KEY (holder) REFERENCES offer",
         "lease: ['holder'] in offer is new"),
        ("ALTER TABLE block DROP CONSTRAINT block_pkey", "block has another key"),
    ],
)  # fmt: skip
def test_what_older_code_cannot_bear_is_found(
    postgres_database: str, change: str, told: str
) -> None:
    engine = connect(postgres_database)
    schema.migrate(engine)
    with engine.begin() as connection:
        before = shapes(connection)
        connection.execute(text(change))
        assert hindrances(before, shapes(connection)) == [told]
    engine.dispose()


def test_no_version_is_worked_on_by_older_code_than_the_one_before() -> None:
    names = [step.revision for step in STEPS]
    oldest = [names.index(s.module.works_from) for s in STEPS if s.module.works_from]
    assert oldest == sorted(oldest)
    assert all(names.index(s.module.works_from or s.revision) <= n for n, s in enumerate(STEPS))


# --- two versions of the program on one record ---------------------------------------------------


_STEP = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, works_from = {revision!r}, {before!r}, {works_from!r}
branch_labels = depends_on = None


def upgrade():
    op.execute("{change}")
"""
_ADDS = ("a", None, "ALTER TABLE offer ADD COLUMN colour VARCHAR NOT NULL DEFAULT 'blue'")
_TAKES = ("b", "a", "DROP TABLE unanswered")
_BREAKS = ("c", "c", "ALTER TABLE offer RENAME COLUMN digest TO hash")


@dataclass(frozen=True)
class Program:
    """A version of netzlotse in a folder of its own, at work on a record."""

    folder: Path
    environment: Mapping[str, str]

    def start(self, *verb: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "netzlotse", *verb], cwd=self.folder, text=True,
            env={**os.environ, **self.environment, "PYTHONPATH": str(self.folder)},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, *verb: str) -> tuple[int, str]:
        process = self.start(*verb)
        said, _ = process.communicate(timeout=120)
        return process.returncode, said


@pytest.fixture
def ours(database_url: str, tmp_path: Path) -> Program:
    """This version, on an empty record."""
    told = {"NETZLOTSE_DATABASE_URL": database_url, "NETZLOTSE_DATA_DIR": str(tmp_path / "data")}
    return Program(ROOT, told)


def newer(ours: Program, home: Path, *steps: tuple[str, str | None, str]) -> Program:
    """A later version, which has more migrations and is this one otherwise."""
    store = home / "aggregator" / "store"
    (store / "migrations" / "versions").mkdir(parents=True)
    for folder in ("", "aggregator", "aggregator/store", "aggregator/store/migrations/versions"):
        for entry in (ROOT / folder).iterdir():
            target = home / folder / entry.name
            if (entry.suffix == ".py" or (entry / "__init__.py").exists()) and not target.exists():
                target.symlink_to(entry)
    (store / "migrations" / "env.py").symlink_to(ROOT / "aggregator/store/migrations/env.py")
    before = HEAD
    for revision, works_from, change in steps:
        script = _STEP.format(
            revision=revision, before=before, works_from=works_from, change=change
        )
        (store / "migrations" / "versions" / f"{revision}.py").write_text(script, "utf-8")
        before = revision
    return Program(home, ours.environment)


@pytest.fixture
def portal(ours: Program) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """This version's portal, at work, and where."""
    process = ours.start("serve", "--port", "0")
    assert process.stdout
    address = re.search(r"Portal: (\S+)/ ", process.stdout.readline())
    assert address
    yield process, address[1]
    process.terminate()
    process.communicate(timeout=30)


def _answers(address: str) -> int:
    asked = (
        "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=30).status)"
    )
    path = f"{address}/api/v1/offers?q=beratung"
    done = subprocess.run(
        [sys.executable, "-c", asked, path], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_this_version_goes_on_while_a_later_one_comes(
    ours: Program, portal: tuple[subprocess.Popen[str], str], tmp_path: Path
) -> None:
    later = newer(ours, tmp_path / "later", _ADDS, _TAKES)
    code, said = later.run("migrate")
    assert (code, said.splitlines()[0]) == (0, f"schema version {HEAD} -> a")
    assert "b can wait" in said
    # What runs goes on, what is started starts, and both write what they know.
    assert _answers(portal[1]) == 200
    assert ours.run("runs")[0] == 0
    for program, number in ((ours, "030 1234567"), (later, "030 7654321")):
        assert program.run("suppress", number, "--reason", "asked for")[0] == 0
    assert "newer than this netzlotse" in ours.run("migrate")[1]
    # When nobody needs it any more, the rest is done; a straggler is told what to do.
    assert later.run("migrate", "--finish") == (0, "schema version a -> b\n")
    code, said = ours.run("runs")
    assert code == 1
    assert f"works from version a on; this one has {HEAD}: update netzlotse" in said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_done_beside_older_code_needs_a_word(ours: Program, tmp_path: Path) -> None:
    assert ours.run("migrate")[0] == 0
    later = newer(ours, tmp_path / "later", _ADDS, _BREAKS)
    code, said = later.run("migrate")
    assert code == 1
    assert "c is left, and needs a pause" in said
    assert ours.run("runs")[0] == 0
    assert "run `netzlotse migrate`" in later.run("runs")[1]
    assert later.run("migrate", "--finish")[0] == 0
    assert later.run("runs")[0] == 0
    assert "update netzlotse" in ours.run("runs")[1]


@pytest.mark.parametrize("version", [None, "0001"])
def test_two_at_once_migrate_once(ours: Program, database_url: str, version: str | None) -> None:
    engine = connect(database_url)
    if version:
        with engine.execution_options(write=True).begin() as connection:
            command.upgrade(schema._config(connection), version)
    both = [ours.start("migrate", "--finish") for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    schema.check(engine)
    engine.dispose()


@pytest.mark.postgres
def test_who_waits_for_a_table_lets_readers_through(postgres_database: str, tmp_path: Path) -> None:
    told = {
        "NETZLOTSE_DATABASE_URL": postgres_database,
        "NETZLOTSE_DATA_DIR": str(tmp_path / "data"),
    }
    ours, engine = Program(ROOT, told), connect(postgres_database)
    schema.migrate(engine)
    later = newer(ours, tmp_path / "later", _ADDS)
    with engine.begin() as long:
        long.execute(text("SELECT count(*) FROM offer"))  # and goes on for hours
        process = later.start("migrate")
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'offer'::regclass"
        wait_for("the migration waits", lambda: _scalar(engine, waiting), 60)
        assert _scalar(engine, "SELECT count(*) FROM offer") == 0
        assert process.poll() is None
    said, _ = process.communicate(timeout=120)
    assert (process.returncode, said) == (0, f"schema version {HEAD} -> a\n")
    engine.dispose()


def _scalar(engine: Engine, query: str) -> object:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = '20s'"))
        return connection.scalar(text(query))
