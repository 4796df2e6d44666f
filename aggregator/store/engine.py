"""Connections to the record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url

_BUSY_SECONDS = 30
_POOL = {"pool_size": 5, "max_overflow": 45, "pool_timeout": 5}
"""A connection for each of the forty threads that answer requests, and for who watches them."""


def connect(url: str) -> Engine:
    """Open the record: SQLite in WAL mode, or PostgreSQL.

    SQLite transactions begin explicitly, with BEGIN IMMEDIATE where a connection has the execution
    option `write=True`: a reader that turns writer half-way would fail with "database is locked"
    instead of waiting (sqlite.org/lang_transaction, 2.2).
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True, **_POOL)
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    pool = {} if database in {None, "", ":memory:"} else _POOL
    engine = create_engine(
        url, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True, **pool
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the driver's own types
    # The driver must not open transactions by itself: it would do so lazily, and never for SELECT.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # an accepted run must survive a power cut
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _on_begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's event
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
