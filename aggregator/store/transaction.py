"""The one transaction in which anything is published."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlmodel import Session

_PUBLISHER = 7_263_914_005  # key of the advisory lock; any number that nobody else uses


@contextmanager
def publishing(engine: Engine) -> Iterator[Session]:
    """A session whose transaction is the only publishing one, until it commits or rolls back.

    SQLite has one writer anyway (BEGIN IMMEDIATE waits for it). On PostgreSQL an advisory lock
    makes sure that change numbers become visible in their order: a sequence gives a number before
    the commit, and a reader of the log would otherwise skip one that commits late.
    """
    with Session(engine.execution_options(write=True)) as session, session.begin():
        if engine.dialect.name == "postgresql":
            publish_alone(session.connection())
        yield session


def publish_alone(connection: Connection) -> None:
    """Wait until nobody else publishes; nobody does until this transaction ends (PostgreSQL)."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PUBLISHER})


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """A session that reads one state of the record, whatever is published meanwhile."""
    if engine.dialect.name == "postgresql":  # SQLite's transactions see one state anyway
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with Session(engine) as session, session.begin():
        yield session
