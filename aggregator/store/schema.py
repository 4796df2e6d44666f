"""Which version the record has, which code works on it, and how to bring it to ours.

Old and new code work side by side on one record. Each migration says by `works_from` what is the
oldest version of the code that works after it:

    None       every one that worked before: it only adds (expand)
    its own    none before, and this one not without it: nothing may run meanwhile (break)
    another    those from that on, which work without it, too: it takes away what they no longer
               use (contract)

The record keeps the answer beside its version, in `alembic_version.works_from`, so that code that
has never heard of a later version knows whether it may go on.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from aggregator.store import queue
from aggregator.store.transaction import publish_alone

_MIGRATIONS = Path(__file__).parent / "migrations"
_SINCE = "0012"
"""The first version that keeps beside it which code works."""
_PUBLISHING = "10min"
"""How long a publication under way is waited for; readers notice nothing of that."""
_PATIENCE = "2s"
"""How long a table is waited for: who reads it has to queue up behind us for that time."""
_TRIES = 30
_PAUSE = 1.0  # seconds between them, in which those who queued up get through
_LOCK_NOT_AVAILABLE = "55P03"


class SchemaError(Exception):
    """The record has a version that this code does not work on; the message says what to run."""


@dataclass(frozen=True, slots=True)
class Migration:
    """What bringing a record to a newer version came to."""

    before: str | None
    """None where the record was empty."""
    after: str
    waiting: tuple[str, ...] = ()
    """Versions left out, because older code would not survive the first of them."""
    works: bool = True
    """Whether this code works on the record without those."""


def migrate(engine: Engine, *, spare_older: bool = False) -> Migration:
    """Bring the record to the newest version, each step whole or not at all.

    With `spare_older` only as far as code goes on working that works on it now. Several at once
    do each step once. Raises SchemaError where the record is newer than this code, or where
    others keep a table of it busy for a minute and a half.
    """
    before: str | None = None
    for number in range(len(_steps()) + 1):
        found, after = _step(engine, spare_older=spare_older)
        before = found if number == 0 else before
        if found == after:
            break
    left, scripts = _later(after), queue.upgrade(engine, spare_older=spare_older)
    return Migration(
        before,
        after or "",
        (*(step.revision for step in left), *(script.name for script in scripts)),
        all(map(_is_contract, left)) and all(map(queue.is_contract, scripts)),
    )


def _step(engine: Engine, *, spare_older: bool) -> tuple[str | None, str | None]:
    """Take one step in a transaction, all of them on an empty record; version before and after."""
    for left in reversed(range(_TRIES)):
        try:
            with engine.execution_options(write=True).begin() as connection:
                return _advance(connection, spare_older=spare_older)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            if not left:
                raise SchemaError(
                    "somebody keeps the record busy: look for long transactions in "
                    "pg_stat_activity, then run `netzlotse migrate` again; steps that were done "
                    "stay done"
                ) from error
            time.sleep(_PAUSE)
    raise AssertionError


def _advance(connection: Connection, *, spare_older: bool) -> tuple[str | None, str | None]:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{_PUBLISHING}'"))
        publish_alone(connection)
        connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
    current = revision(connection)
    if current is not None and not knows(current):
        raise SchemaError(
            f"the record has schema version {current}, which is newer than this netzlotse: "
            "nothing to do, or update netzlotse first"
        )
    steps = _later(current)
    if not steps or (spare_older and current is not None and _works_from(steps[0])):
        return current, current
    target = steps[0] if current is not None else steps[-1]
    command.upgrade(_config(connection), target.revision)
    _note(connection, target.revision)
    return current, target.revision


def make_ready(engine: Engine) -> None:
    """Create the tables of a record that is still empty; otherwise check its version.

    Raises SchemaError where this code does not work on it: changing data is a decision of the
    operator.
    """
    with engine.connect() as connection:
        current, empty = revision(connection), not inspect(connection).has_table("listing")
    if current is None and empty:
        migrate(engine)
    else:
        check(engine)


def check(engine: Engine) -> None:
    """Raise SchemaError unless this code works on the record as it is."""
    with engine.connect() as connection:
        current = revision(connection)
        if current is not None and not knows(current):
            oldest = connection.scalar(text("SELECT works_from FROM alembic_version"))
            if not knows(oldest or ""):
                raise SchemaError(
                    f"the record has schema version {current}, on which netzlotse works from "
                    f"version {oldest} on; this one has {_steps()[-1].revision}: update netzlotse"
                )
            return
        lacking = [s.name for s in queue.pending(connection) if not queue.is_contract(s)]
    if lacking:
        raise SchemaError(
            f"the queue of the record lacks {lacking[0]} of the installed procrastinate: "
            "run `netzlotse migrate` (make a backup first)"
        )
    if not all(_is_contract(step) for step in _later(current)):
        raise SchemaError(
            f"the record has schema version {current or 'none'}, this netzlotse needs "
            f"{_steps()[-1].revision}: run `netzlotse migrate` (make a backup first)"
        )


def revision(connection: Connection) -> str | None:
    """The version a record has; None where it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def knows(wanted: str) -> bool:
    """Whether this code can bring a record of that version to its own."""
    return any(step.revision == wanted for step in _steps())


@cache
def _steps() -> tuple[Script, ...]:
    """All versions, in the order in which a record goes through them."""
    return tuple(ScriptDirectory(str(_MIGRATIONS)).walk_revisions())[::-1]


def _later(current: str | None) -> tuple[Script, ...]:
    """The versions after one of them; all after None."""
    steps = _steps()
    names = [step.revision for step in steps]
    return steps[names.index(current) + 1 :] if current is not None else steps


def _works_from(step: Script) -> str | None:
    oldest: str | None = step.module.works_from
    return oldest


def _is_contract(step: Script) -> bool:
    return _works_from(step) not in {None, step.revision}


def _note(connection: Connection, version: str) -> None:
    """Keep beside the version which code works on it: what the last step that says so says."""
    names = [step.revision for step in _steps()]
    if version not in names[names.index(_SINCE) :]:
        return
    done = _steps()[: names.index(version) + 1]
    oldest = next(found for step in reversed(done) if (found := _works_from(step)))
    connection.execute(text("UPDATE alembic_version SET works_from = :oldest"), {"oldest": oldest})


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
