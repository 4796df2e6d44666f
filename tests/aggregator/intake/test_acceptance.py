"""Publishing what the gate held back, because a person looked."""

from __future__ import annotations

import shutil

import pytest
from sqlmodel import Session

from aggregator.acceptance import AcceptError, awaiting
from aggregator.catalogue.runs import find_run
from aggregator.store.tables import (
    ListingRow,
    Presence,
    RunRow,
    SourceRow,
    Turn,
    TurnRow,
    Verdict,
)
from crawlers.failure import Failure
from tests.aggregator.intake.conftest import Made, offer

ALL = [offer(n) for n in range(10)]
HALF = ALL[:4]


def test_an_accepted_run_is_published_and_says_who_and_why(made: Made) -> None:
    made.crawl(ALL)
    held_back = made.crawl(HALF)
    assert held_back.verdict is Verdict.QUARANTINED
    run = made.accept(held_back.id, by="anna", reason="sechs Angebote gestrichen")
    assert (run.verdict, run.counts["missing"]) == (Verdict.ACCEPTED, 6)
    with Session(made.engine) as session:
        report = find_run(session, run.id)
    assert report is not None
    (decision,) = report.decisions
    assert (decision.by, decision.reason) == ("anna", "sechs Angebote gestrichen")
    assert {reason["check"] for reason in report.reasons} == {"history", "vanished"}
    (source,) = made.all(SourceRow)
    assert (source.failures, source.stale_since) == (0, None)
    assert source.last_accepted_run_id == run.id
    assert [row.turn for row in made.all(TurnRow)] == [Turn.BROKEN, Turn.RECOVERED]


def test_what_was_accepted_is_the_measure_from_then_on(made: Made) -> None:
    for _ in range(3):
        made.crawl(ALL)
    made.accept(made.crawl(HALF).id)
    assert made.crawl(HALF).verdict is Verdict.ACCEPTED
    assert [row.turn for row in made.all(TurnRow)] == [Turn.BROKEN, Turn.RECOVERED]


def test_a_run_that_failed_or_is_published_cannot_be_accepted(made: Made) -> None:
    good = made.crawl(ALL)
    failed = made.crawl(failures={"/": Failure.DNS})
    with pytest.raises(AcceptError, match="published already"):
        made.accept(good.id)
    with pytest.raises(AcceptError, match="crawl netz"):
        made.accept(failed.id)
    with pytest.raises(AcceptError, match="crawl netz"):
        made.accept("netz.nie")


def test_only_the_newest_says_how_it_is(made: Made) -> None:
    made.crawl(ALL)
    first, second = made.crawl(HALF), made.crawl(HALF)
    failed = made.crawl(failures={"/": Failure.DNS})
    with Session(made.engine) as session:
        assert awaiting(session, "netz") == second.id
    with pytest.raises(AcceptError, match=f"{second.id} is newer"):
        made.accept(first.id)
    made.accept(second.id)
    (source,) = made.all(SourceRow)
    assert (source.failures, source.stale_since) == (1, failed.finished_at)
    made.crawl(HALF)
    with pytest.raises(AcceptError, match="history"):
        made.accept(first.id)


def test_what_is_no_longer_there_cannot_be_accepted_and_says_what_to_do(made: Made) -> None:
    made.crawl(ALL)
    run = made.crawl(HALF)
    shutil.rmtree(made.folders[run.id])
    with pytest.raises(AcceptError, match="netzlotse crawl netz"):
        made.accept(run.id)
    assert {row.presence for row in made.all(ListingRow)} == {Presence.PRESENT}
    assert made.all(RunRow)[-1].verdict is Verdict.QUARANTINED
