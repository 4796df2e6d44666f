"""Whatever the order of runs, judgements and undos: the record is as if resolved all at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, col, select

from aggregator.identity import offer_id
from aggregator.resolve import blocking
from aggregator.resolve.comparison import Judgement
from aggregator.resolve.judgements import Decision, JudgementError, history
from aggregator.resolve.queue import review_queue, waiting
from aggregator.resolve.resolver import decide, rebuild, take_back
from aggregator.store.tables import (
    ChangeRow,
    JudgementRow,
    Operation,
)
from tests.aggregator.resolve.record import SOURCES, TELLINGS, Record


@pytest.fixture
def record(engine: Engine) -> Record:
    return Record(engine)


def _in_memory() -> Record:
    engine = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    SQLModel.metadata.create_all(engine)
    return Record(engine)


LISTINGS = st.builds(
    lambda source, at: f"{source}-{at}", st.sampled_from(SOURCES), st.integers(0, 2)
)
RUNS = st.tuples(
    st.just("run"),
    st.sampled_from(SOURCES),
    st.dictionaries(st.integers(0, 2), st.integers(0, len(TELLINGS) - 1), min_size=1),
)
JUDGED = st.tuples(st.just("judge"), LISTINGS, LISTINGS, st.sampled_from(list(Judgement))).filter(
    lambda one: one[1] != one[2]
)
UNDONE = st.tuples(st.just("undo"))
EVENTS = st.lists(st.one_of(RUNS, RUNS, JUDGED, UNDONE), min_size=2, max_size=10)


@settings(max_examples=40, derandomize=True, deadline=None)
@given(EVENTS, st.sampled_from([2, 3, 200]))
def test_any_order_comes_to_what_a_rebuild_finds(
    events: list[tuple[Any, ...]], largest: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocking, "LARGEST", largest)
        patch.setattr(blocking, "LARGEST_VAGUE", min(largest, blocking.LARGEST_VAGUE))
        record = _in_memory()
        for kind, *told in events:
            getattr(record, kind)(*told)
        before = record.state()
        with Session(record.engine) as session:
            asked = review_queue(session)
            assert waiting(session) == len(asked)
            assert all(one.left.source != one.right.source for one in asked)
        with record.change() as changes:
            changed = len(list(changes.session.exec(select(ChangeRow))))
            rebuild(changes.session, changes)
        assert record.state() == before
        with Session(record.engine) as session:
            assert len(list(session.exec(select(ChangeRow)))) == changed, "nothing new to tell"


def test_a_merge_keeps_the_older_id_and_a_split_gives_the_other_back(record: Record) -> None:
    record.run("netz", {0: 0})
    record.run("amt", {0: 2})
    older, younger = offer_id("netz-0"), offer_id("amt-0")
    record.judge("amt-0", "netz-0", Judgement.SAME)
    state = record.state()
    assert state["led on"] == {older: None, younger: older}
    assert state["offers"][older][1]["sources"] == ["amt", "netz"]
    record.judge("amt-0", "netz-0", Judgement.DIFFERENT)
    assert record.state()["led on"] == {older: None, younger: None}
    record.undo()
    assert record.state()["led on"] == {older: None, younger: older}
    record.undo()
    assert record.state()["led on"] == {older: None, younger: None}
    with Session(record.engine) as session:
        told = [
            (change.operation, change.subject_id)
            for change in session.exec(select(ChangeRow).order_by(col(ChangeRow.seq)))
            if change.subject_id == younger
        ]
        assert told.count((Operation.MERGE, younger)) == 2
        said = history(session, "netz-0", "amt-0")
        assert [(one.verdict, one.undone_by) for one in said if one.judge == "anna"] == [
            ("same", "anna"),
            ("different", "anna"),
        ]


def test_different_outlives_every_later_run(record: Record) -> None:
    record.run("netz", {0: 0})
    record.run("portal", {0: 0})
    assert record.state()["led on"][offer_id("portal-0")] == offer_id("netz-0")
    record.judge("netz-0", "portal-0", Judgement.DIFFERENT)
    record.run("amt", {0: 0})  # the same again, and a bridge between the two
    for _ in range(2):
        record.run("netz", {0: 1})
        record.run("portal", {0: 0})
        listings = record.state()["listings"]
        assert listings["netz-0"][0] != listings["portal-0"][0]


def test_a_person_outranks_the_rule_that_a_source_lists_once(record: Record) -> None:
    record.run("netz", {0: 0, 1: 1})
    assert len(record.state()["offers"]) == 2
    record.judge("netz-0", "netz-1", Judgement.SAME)
    assert len(record.state()["offers"]) == 1
    record.run("amt", {0: 0})
    assert len(record.state()["offers"]) == 1


def test_providers_and_places_have_one_id_for_all_spellings(record: Record) -> None:
    record.run("netz", {0: 1, 1: 2})
    record.run("amt", {0: 3})
    offers = [flat for _, flat in record.state()["offers"].values()]
    assert len(offers) == 3
    assert len({one["provider"] for one in offers}) == 2
    assert len({one["street"] for one in offers}) == 2
    assert len({one["organization_id"] for one in offers}) == 1
    assert len({one["location_id"] for one in offers}) == 1


def test_a_judgement_may_come_before_what_it_is_about(record: Record) -> None:
    record.judge("netz-0", "portal-0", Judgement.SAME)
    record.run("netz", {0: 0})
    record.run("portal", {0: 2})
    assert len(record.state()["offers"]) == 1


def test_nothing_to_undo(record: Record) -> None:
    record.run("netz", {0: 0})
    record.run("portal", {0: 0})
    with record.change() as changes, pytest.raises(JudgementError, match="nobody has judged"):
        take_back(changes.session, "netz-0", "portal-0", "anna", changes)
    with record.change() as changes, pytest.raises(JudgementError, match="itself"):
        decide(changes.session, Decision("a", "a", Judgement.SAME, "anna"), changes)
    with record.change() as changes, pytest.raises(JudgementError, match="who decides"):
        decide(changes.session, Decision("a", "b", Judgement.SAME, " "), changes)


def test_an_unchanged_run_writes_no_edge(record: Record) -> None:
    record.run("netz", {0: 0})
    record.run("portal", {0: 1, 1: 2})
    with Session(record.engine) as session:
        before = [row.model_dump() for row in session.exec(select(JudgementRow))]
    record.run("portal", {0: 1, 1: 2})
    with Session(record.engine) as session:
        assert [row.model_dump() for row in session.exec(select(JudgementRow))] == before


def test_what_is_as_much_the_one_as_the_other_is_asked(record: Record) -> None:
    """Without its age it may be the group of the small ones or of the smaller ones."""
    record.run("netz", {0: 9})
    record.run("portal", {0: 10})
    record.run("amt", {0: 11})
    assert len(record.state()["offers"]) == 3
    with Session(record.engine) as session:
        asked = {(one.left.id, one.right.id) for one in review_queue(session)}
        assert asked == {("amt-0", "netz-0"), ("amt-0", "portal-0")}
        assert waiting(session) == 2
    record.judge("amt-0", "netz-0", Judgement.SAME)
    assert len(record.state()["offers"]) == 2
    with Session(record.engine) as session:
        assert review_queue(session) == []
