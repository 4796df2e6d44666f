"""The record on both databases: migrations, transactions, time zones."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel, select

from aggregator.log import ChangeLog
from aggregator.store.engine import connect
from aggregator.store.schema import SchemaError, check, make_ready, migrate
from aggregator.store.tables import ChangeRow, OfferRow, Subject
from aggregator.store.transaction import publishing

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_migrations_make_exactly_the_tables_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_an_empty_record_is_made_ready_and_a_newer_one_is_left_alone(database_url: str) -> None:
    engine = connect(database_url)
    make_ready(engine)
    check(engine)
    done = migrate(engine)
    assert (done.before, done.waiting) == (done.after, ())
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE alembic_version SET version_num = '9999', works_from = '9998'")
        )
    with pytest.raises(SchemaError, match="update netzlotse"):
        make_ready(engine)
    engine.dispose()


def test_times_keep_their_zone(engine: Engine) -> None:
    berlin = timezone(timedelta(hours=1))
    with publishing(engine) as session:
        session.add(OfferRow(id="a", created_at=NOW.astimezone(berlin), changed_at=NOW))
    with Session(engine) as session:
        assert session.get_one(OfferRow, "a").created_at == NOW
        assert session.get_one(OfferRow, "a").created_at.tzinfo is UTC


def test_change_numbers_appear_in_the_order_of_their_commits(engine: Engine) -> None:
    """A reader that has seen number n must never find a smaller one later."""
    seen: list[int] = []
    stop = threading.Event()

    def write(name: str) -> None:
        for number in range(15):
            with publishing(engine) as session:
                ChangeLog(session, "", NOW).added(Subject.OFFER, f"{name}{number}")

    def read() -> None:
        while not stop.is_set():
            with Session(engine) as session:
                last = seen[-1] if seen else 0
                rows = session.exec(select(ChangeRow.seq).where(ChangeRow.seq > last))  # type: ignore[operator]
                seen.extend(sorted(row for row in rows if row is not None))

    writers = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    reader = threading.Thread(target=read)
    reader.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    stop.set()
    reader.join()
    with Session(engine) as session:
        everything = session.exec(select(ChangeRow.seq).order_by(ChangeRow.seq)).all()  # type: ignore[arg-type]
    assert len(everything) == 45
    assert seen == list(everything)[: len(seen)]


def test_a_failed_publication_leaves_nothing(engine: Engine) -> None:
    def publish_half() -> None:
        with publishing(engine) as session:
            session.add(OfferRow(id="a", created_at=NOW, changed_at=NOW))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        publish_half()
    with Session(engine) as session:
        assert session.get(OfferRow, "a") is None
