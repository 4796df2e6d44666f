"""When an offer is missing, withdrawn, expired: from real runs, on both databases."""

from __future__ import annotations

import pytest

from aggregator.listing import Status
from aggregator.store.tables import (
    ListingRow,
    OfferRow,
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
WITHOUT = ALL[1:]
DEBTS, PATH = "Schuldnerberatung", "/angebote/0"


def presence(made: Made) -> Presence:
    return made.listing(DEBTS).presence


def test_three_runs_and_fourteen_days_withdraw(made: Made) -> None:
    made.crawl(ALL)
    seen = []
    for _ in range(4):
        made.crawl(WITHOUT)
        seen.append(presence(made))
    assert seen == [Presence.MISSING, Presence.MISSING, Presence.WITHDRAWN, Presence.WITHDRAWN]
    (offer_row,) = (o for o in made.all(OfferRow) if o.flat["title"] == DEBTS)
    assert offer_row.flat["status"] == Status.DEFUNCT


def test_three_daily_runs_do_not_withdraw(made: Made) -> None:
    made.crawl(ALL)
    for _ in range(10):
        made.crawl(WITHOUT, days=1)
    assert presence(made) is Presence.MISSING


def test_an_offer_that_comes_back_is_the_same_one(made: Made) -> None:
    made.crawl(ALL)
    before = made.listing(DEBTS)
    for _ in range(3):
        made.crawl(WITHOUT)
    run = made.crawl(ALL)
    assert run.counts["returned"] == 1
    after = made.listing(DEBTS)
    assert (after.id, after.offer_id) == (before.id, before.offer_id)
    assert (after.presence, after.absences, after.missing_since) == (Presence.PRESENT, 0, None)
    assert after.flat["status"] == Status.ACTIVE


NO_ABSENCE: dict[str, dict[str, object]] = {
    "crashed": {"offers": WITHOUT, "crashed": True},
    "interrupted": {"offers": WITHOUT, "interrupted": True},
    "site down": {"failures": {"/": Failure.DNS}},
    "empty": {"offers": []},
    "half of it": {"offers": ALL[5:]},
    "at a limit": {"offers": WITHOUT, "finish": "page_limit"},
    "its page timed out": {"offers": WITHOUT, "failures": {PATH: Failure.TIMEOUT}},
    "its page is a stand-in": {"offers": WITHOUT, "failures": {PATH: Failure.SOFT_404}},
    "its page is forbidden now": {"offers": WITHOUT, "failures": {PATH: Failure.ROBOTS}},
}


@pytest.mark.parametrize("name", NO_ABSENCE)
def test_what_could_not_be_looked_at_is_not_absent(made: Made, name: str) -> None:
    made.crawl(ALL)
    for _ in range(5):
        made.crawl(**NO_ABSENCE[name])  # type: ignore[arg-type]
    row = made.listing(DEBTS)
    assert (row.presence, row.absences) == (Presence.PRESENT, 0)
    assert row.flat["status"] == Status.ACTIVE


def test_a_list_that_cannot_be_read_hides_what_it_leads_to(made: Made) -> None:
    """Its page was not asked for, because what leads there failed: that says nothing of it."""
    listed = [*ALL, offer(9, path="/liste", title="Netzplan", phone="")]
    made.crawl(listed)
    for _ in range(4):
        made.crawl(WITHOUT, {"/liste": Failure.SERVER_ERROR})
    assert presence(made) is Presence.PRESENT
    made.crawl([*WITHOUT, listed[-1]])
    assert presence(made) is Presence.MISSING


def test_two_answers_that_its_page_is_gone_withdraw(made: Made) -> None:
    made.crawl(ALL)
    gone = {PATH: Failure.GONE}
    made.crawl(WITHOUT, gone, days=1)
    assert presence(made) is Presence.MISSING
    made.crawl(WITHOUT, gone, days=0.1)  # asked again at once: the same answer
    assert presence(made) is Presence.MISSING
    made.crawl(WITHOUT, gone, days=1)
    assert presence(made) is Presence.WITHDRAWN


def test_a_wave_of_404_is_no_proof(made: Made) -> None:
    more = [offer(n, path=f"/m/{n}", title=f"Kurs {n}", phone="") for n in range(5)]
    made.crawl([*ALL, *more])
    lost = {one.path: Failure.GONE for one in ALL[:4]}
    for _ in range(2):
        run = made.crawl([*ALL[4:], *more], lost)
        assert (run.verdict, run.reasons[0]["check"]) == (Verdict.WARNED, "gone")
    assert presence(made) is Presence.MISSING


def test_two_of_ten_pages_that_are_gone_are_a_wave_and_withdrawn_with_time(made: Made) -> None:
    made.crawl(ALL)
    lost = {one.path: Failure.GONE for one in ALL[:2]}
    for _ in range(2):
        assert made.crawl(ALL[2:], lost).verdict is Verdict.WARNED
        assert presence(made) is Presence.MISSING
    assert made.crawl(ALL[2:], lost).verdict is Verdict.WARNED
    assert presence(made) is Presence.WITHDRAWN
    assert made.crawl(ALL[2:], lost).verdict is Verdict.ACCEPTED  # nobody waits for them any more


def test_two_dead_pages_of_a_large_site_are_no_wave(made: Made) -> None:
    more = [offer(n % 10, path=f"/m/{n}", title=f"Kurs {n}", phone="") for n in range(20)]
    made.crawl([*ALL, *more])
    lost = {one.path: Failure.GONE for one in ALL[:2]}
    for _ in range(2):
        assert made.crawl([*ALL[2:], *more], lost).verdict is Verdict.ACCEPTED
    assert presence(made) is Presence.WITHDRAWN


def test_dates_end_offers_and_a_calendar_may_shrink(made: Made) -> None:
    """Events that are over are no absence, whether their page stays or goes; nor a broken crawl."""
    events = [offer(n, ends=f"2026-03-{10 + n:02}" if n < 8 else "2026-12-24") for n in range(10)]
    made.crawl(events)  # on the 9th
    run = made.crawl(events[6:])  # on the 16th
    assert run.verdict is Verdict.ACCEPTED
    assert (run.counts["expired"], run.counts["missing"]) == (6, 0)
    row = made.listing(DEBTS)
    assert (row.presence, row.absences, row.flat["status"]) == (Presence.EXPIRED, 0, "inactive")
    run = made.crawl(events[6:])  # on the 23rd: two more are over, and still listed
    assert (run.counts["expired"], run.counts["returned"]) == (2, 0)
    assert made.crawl(events[6:]).counts["expired"] == 0
    assert made.listing("Ferienfreizeit").presence is Presence.EXPIRED


def test_a_date_passes_while_the_source_is_down(made: Made) -> None:
    made.crawl([*WITHOUT, offer(0, ends="2026-03-20")])
    made.crawl(failures={"/": Failure.DNS})
    assert presence(made) is Presence.PRESENT
    made.crawl(failures={"/": Failure.DNS})
    assert presence(made) is Presence.EXPIRED


def test_new_dates_bring_an_event_back(made: Made) -> None:
    made.crawl([*WITHOUT, offer(0, ends="2026-03-10")])
    made.crawl([*WITHOUT, offer(0, ends="2026-03-10")])
    assert presence(made) is Presence.EXPIRED
    made.crawl([*WITHOUT, offer(0, ends="2027-03-10")])
    row = made.listing(DEBTS)
    assert (row.presence, row.flat["status"]) == (Presence.PRESENT, Status.ACTIVE)


def test_a_source_turns_once(made: Made) -> None:
    made.crawl(ALL)
    for _ in range(3):
        made.crawl(failures={"/": Failure.TIMEOUT})
    made.crawl(ALL)
    made.crawl(ALL)
    made.crawl([])
    turns = [(row.turn, row.failure) for row in made.all(TurnRow)]
    assert turns == [
        (Turn.BROKEN, "timeout"), (Turn.RECOVERED, ""), (Turn.BROKEN, "site_changed"),
    ]  # fmt: skip
    assert "zu langsam" in made.all(TurnRow)[0].message


def test_a_crawl_that_crashes_is_told_at_once(made: Made) -> None:
    made.crawl(ALL)
    made.crawl(ALL, crashed=True)
    made.crawl(ALL)
    turns = [(row.turn, row.failure) for row in made.all(TurnRow)]
    assert turns == [(Turn.BROKEN, "crashed"), (Turn.RECOVERED, "")]


def test_that_netzlotse_was_ended_is_no_failure_of_the_source_unless_it_goes_on(made: Made) -> None:
    made.crawl(ALL)
    made.crawl(ALL, interrupted=True)
    (source,) = made.all(SourceRow)
    assert (source.failures, source.stale_since, made.all(TurnRow)) == (0, None, [])
    assert made.all(RunRow)[-1].verdict is Verdict.FAILED  # it is noted all the same
    made.crawl(ALL)
    made.crawl(ALL, interrupted=True)
    made.crawl(ALL, interrupted=True)
    made.crawl(ALL, interrupted=True)
    (source,) = made.all(SourceRow)
    assert (source.failures, len(made.all(TurnRow))) == (2, 1)
    made.crawl(ALL)
    turns = [(row.turn, row.failure) for row in made.all(TurnRow)]
    assert turns == [(Turn.BROKEN, "interrupted"), (Turn.RECOVERED, "")]


def test_what_was_over_before_it_was_first_seen_is_no_offer(made: Made) -> None:
    run = made.crawl([*WITHOUT, offer(0, ends="2026-03-01")])  # on the 9th
    assert (run.counts["added"], run.verdict) == (len(WITHOUT), Verdict.ACCEPTED)
    assert DEBTS not in [row.flat["title"] for row in made.all(ListingRow)]
    run = made.crawl([*WITHOUT, offer(0, ends="2027-03-01")])
    assert run.counts["added"] == 1
    assert presence(made) is Presence.PRESENT
