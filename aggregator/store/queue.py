"""The tables of the queue: procrastinate's, in a schema of their own in the record (PostgreSQL).

They are made by migration 0011. What procrastinate changes in later versions it ships as scripts,
each named by its version, number and whether older code survives it ("03.04.00_01_pre_…" does,
"…_50_post_…" does not); `upgrade` applies those that a record has not seen. The comment of the
schema says how far it is: a version, or the last script.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlalchemy import Connection, Engine, text

SCHEMA = "procrastinate"
_ALL = 99
"""Higher than the number of any script of a version."""
_Step = tuple[int, ...]


def pending(connection: Connection) -> list[Path]:
    """The scripts that the installed procrastinate ships and the record has not seen, in order.

    None where there is no queue (SQLite, a record before it) or nobody here could work on one.
    """
    if connection.dialect.name != "postgresql" or not _is_installed():
        return []
    query = text("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = :s")
    reached = connection.scalar(query, {"s": SCHEMA})
    if reached is None:
        return []
    from procrastinate.schema import SchemaManager  # noqa: PLC0415 - only where there is a queue

    scripts = Path(SchemaManager.get_migrations_path()).glob("*.sql")
    return sorted(
        (path for path in scripts if _step(path.name) > _step(reached)),
        key=lambda path: _step(path.name),
    )


def is_contract(script: Path) -> bool:
    """Whether a script takes away what older code uses and ours does not."""
    return "_post_" in script.name


def upgrade(engine: Engine, *, spare_older: bool = False) -> list[Path]:
    """Apply what is pending, each script in a transaction of its own; what is left.

    With `spare_older` only as far as older code goes on working.
    """
    with engine.connect() as connection:
        scripts = pending(connection)
    while scripts and not (spare_older and is_contract(scripts[0])):
        script = scripts.pop(0)
        with engine.begin() as connection:
            connection.execute(text(f"SET LOCAL search_path TO {SCHEMA}"))
            driver = connection.connection.driver_connection
            assert driver is not None  # noqa: S101 - we are in its transaction
            driver.execute(script.read_text("utf-8"))  # many statements: no driver binds values
            reached = "_".join(script.name.split("_")[:2])
            connection.execute(text(f"COMMENT ON SCHEMA {SCHEMA} IS '{reached}'"))
    return scripts


def _step(name: str) -> _Step:
    """Where a script, or a version with all of its scripts, stands in their order."""
    of_version, _, rest = name.partition("_")
    number = rest.partition("_")[0]
    return (*map(int, of_version.split(".")[:3]), int(number) if number else _ALL)


def _is_installed() -> bool:
    try:
        version("procrastinate")
    except PackageNotFoundError:
        return False
    return True
