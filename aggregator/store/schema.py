"""Which version the record has, and how to bring it to ours."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

_MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaError(Exception):
    """The record has another version than this code; the message says what to run."""


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Bring the record to the newest version; the versions before and after."""
    with engine.execution_options(write=True).begin() as connection:
        before = revision(connection)
        command.upgrade(_config(connection), "head")
        return before, revision(connection) or ""


def make_ready(engine: Engine) -> None:
    """Create the tables of a record that is still empty; otherwise check its version.

    Raises SchemaError where the version is not ours: changing data is a decision of the operator.
    """
    with engine.connect() as connection:
        current, empty = revision(connection), not inspect(connection).has_table("listing")
    if current is None and empty:
        migrate(engine)
    else:
        check(engine)


def check(engine: Engine) -> None:
    """Raise SchemaError unless the record has the version of this code."""
    with engine.connect() as connection:
        current = revision(connection)
        head = ScriptDirectory.from_config(_config(connection)).get_current_head()
    if current != head:
        raise SchemaError(
            f"the record has schema version {current or 'none'}, this netzlotse needs {head}: "
            "run `netzlotse migrate` (make a backup first)"
        )


def revision(connection: Connection) -> str | None:
    """The version a record has; None where it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def knows(wanted: str) -> bool:
    """Whether this code can bring a record of that version to its own."""
    scripts = ScriptDirectory(str(_MIGRATIONS))
    return any(script.revision == wanted for script in scripts.walk_revisions())


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
