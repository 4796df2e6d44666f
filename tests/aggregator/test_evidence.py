"""Statements: written when a value changes, kept when it is superseded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, select

from aggregator.evidence import Provenance, keep
from aggregator.normalise.statement import Statement
from aggregator.store.tables import StatementRow, Subject
from aggregator.store.transaction import publishing

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
NEXT = MONDAY + timedelta(days=7)
PAGE, LIST = "https://netz.example/1", "https://netz.example/liste"
TITLE = Statement("title", "Frühstück", "Frühstück", "h2")
PHONE = Statement("phones", "+493023125001", "Tel. 030 23125 001", f"{LIST} li:nth-of-type(3)")


def provenance(at: datetime, run: str) -> Provenance:
    return Provenance("netz", run, PAGE, "html@1", at, MONDAY, {PAGE: 7, LIST: 8})


def rows(engine: Engine) -> list[StatementRow]:
    with Session(engine) as session:
        return list(session.exec(select(StatementRow).order_by(StatementRow.id)))  # type: ignore[arg-type]


def test_the_same_statements_again_write_nothing(engine: Engine) -> None:
    with publishing(engine) as session:
        assert keep(session, Subject.LISTING, "l", [TITLE, PHONE], provenance(MONDAY, "r1"))
    before = rows(engine)
    with publishing(engine) as session:
        assert not keep(session, Subject.LISTING, "l", [TITLE, PHONE], provenance(NEXT, "r2"))
    assert rows(engine) == before
    assert [row.first_seen for row in before] == [MONDAY, MONDAY]


def test_what_is_said_twice_counts_once(engine: Engine) -> None:
    with publishing(engine) as session:
        keep(session, Subject.LISTING, "l", [TITLE, PHONE, TITLE], provenance(MONDAY, "r1"))
    with publishing(engine) as session:
        again = [TITLE, PHONE, TITLE]
        assert not keep(session, Subject.LISTING, "l", again, provenance(NEXT, "r2"))
    assert [(row.field, row.position) for row in rows(engine)] == [("title", 0), ("phones", 1)]


def test_a_changed_value_keeps_the_old_one_with_its_last_day(engine: Engine) -> None:
    other = Statement("phones", "+493023125002", "Tel. 030 23125 002")
    with publishing(engine) as session:
        keep(session, Subject.LISTING, "l", [TITLE, PHONE], provenance(MONDAY, "r1"))
    with publishing(engine) as session:
        assert keep(session, Subject.LISTING, "l", [TITLE, other], provenance(NEXT, "r2"))
    title, old, new = rows(engine)
    assert (title.last_seen, old.last_seen, new.last_seen) == (None, MONDAY, None)
    assert old.until_run_id == "r2"
    assert new.first_seen == NEXT


def test_evidence_points_at_the_document_it_was_read_in(engine: Engine) -> None:
    with publishing(engine) as session:
        keep(session, Subject.LISTING, "l", [TITLE, PHONE], provenance(MONDAY, "r1"))
    title, phone = rows(engine)
    assert (title.page_url, title.page_id, title.locator) == (PAGE, 7, "h2")
    assert (phone.page_url, phone.page_id, phone.locator) == (LIST, 8, "li:nth-of-type(3)")


def test_two_sources_do_not_supersede_each_other(engine: Engine) -> None:
    portal = Provenance("portal", "r2", PAGE, "html@1", NEXT, None, {})
    with publishing(engine) as session:
        keep(session, Subject.NETWORK, "n", [TITLE], provenance(MONDAY, "r1"))
        keep(session, Subject.NETWORK, "n", [], portal)
    assert [row.last_seen for row in rows(engine)] == [None]
