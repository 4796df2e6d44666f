"""Ids that survive: a page that moved, a title that was corrected; and what must not be joined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from aggregator.aliases import AliasError, split
from aggregator.listing import Listing
from aggregator.log import ChangeLog
from aggregator.rekeying import rekeyed
from aggregator.store.tables import (
    AliasRow,
    DecisionRow,
    Deed,
    ListingRow,
    OfferRow,
    Presence,
    StatementRow,
    Verdict,
)
from aggregator.store.transaction import publishing
from crawlers.failure import Failure
from tests.aggregator.intake.conftest import Made, offer

CASES = yaml.safe_load((Path(__file__).parent / "rekeying.yml").read_text("utf-8"))
ALL = [offer(n) for n in range(10)]
MOVED = [offer(n, path=f"/hilfe/{n}.html") for n in range(10)]
DEBTS = "Schuldnerberatung"


def listing(number: int, values: dict[str, Any]) -> Listing:
    return Listing(
        **{"title": "Angebot", **values},
        id=str(number),
        source="netz",
        page_url=f"https://n/{number}",
    )


@pytest.mark.parametrize("name", CASES)
def test_what_agrees_is_one_and_what_is_unclear_is_left_alone(name: str) -> None:
    case = CASES[name]
    parts = (case["vanished"], case["new"], case.get("others", []))
    numbers = iter(range(100))
    vanished, new, others = ([listing(next(numbers), one) for one in part] for part in parts)
    found = [(pair.listing_id, pair.new_id) for pair in rekeyed(vanished, new, others)]
    expected = [(vanished[a].id, new[b].id) for a, b in case["pairs"]]
    assert found == expected


def test_a_relaunch_changes_no_id(made: Made) -> None:
    made.crawl(ALL)
    before = {row.flat["title"]: (row.id, row.offer_id) for row in made.all(ListingRow)}
    run = made.crawl(MOVED)
    assert run.verdict is Verdict.ACCEPTED
    assert (run.counts["rekeyed"], run.counts["added"], run.counts["missing"]) == (10, 0, 0)
    rows = made.all(ListingRow)
    assert {row.flat["title"]: (row.id, row.offer_id) for row in rows} == before
    assert made.listing(DEBTS).page_url == "https://netz.example/hilfe/0.html"
    statement = next(s for s in made.all(StatementRow) if s.subject_id == before[DEBTS][0])
    assert statement.page_url == "https://netz.example/hilfe/0.html"
    assert {row.deed for row in made.all(DecisionRow)} == {Deed.REKEY}
    run = made.crawl(MOVED)
    assert (run.counts["rekeyed"], run.counts["unchanged"]) == (0, 10)


def test_a_corrected_title_changes_no_id(made: Made) -> None:
    made.crawl([*ALL[1:], offer(0, path="/liste#schuldenberatung", title="Schuldenberatung")])
    before = made.listing("Schuldenberatung")
    made.crawl([*ALL[1:], offer(0, path="/liste#schuldnerberatung")])
    assert made.listing(DEBTS).id == before.id


def test_a_moved_page_that_comes_a_week_late_is_recognised(made: Made) -> None:
    made.crawl(ALL)
    before = made.listing(DEBTS).id
    made.crawl(ALL[1:])
    run = made.crawl([*ALL[1:], MOVED[0]])
    assert (run.counts["rekeyed"], run.counts["returned"]) == (1, 1)
    assert made.listing(DEBTS).id == before


def test_both_keys_side_by_side_are_two_offers_after_all(made: Made) -> None:
    made.crawl(ALL)
    before = made.listing(DEBTS).id
    made.crawl([*ALL[1:], MOVED[0]])
    made.crawl([*ALL, MOVED[0]])
    rows = [row for row in made.all(ListingRow) if row.flat["title"] == DEBTS]
    assert {row.id: row.page_url.endswith(".html") for row in rows}[before] is False
    assert len(rows) == 2
    (alias,) = made.all(AliasRow)
    assert alias.undone_at == made.at
    made.crawl([*ALL[1:], MOVED[0]])  # and nothing joins them again
    assert made.crawl([*ALL[1:], MOVED[0]]).counts["rekeyed"] == 0


def test_a_rekeying_is_taken_back_as_if_it_had_never_been(made: Made) -> None:
    made.crawl(ALL)
    before = made.listing(DEBTS)
    moved = offer(0, path="/hilfe/0.html", text=f"{ALL[0].text} Jetzt auch abends.")
    made.crawl([*ALL[1:], moved])
    (alias,) = made.all(AliasRow)
    made.crawl([*ALL[1:], moved])
    with publishing(made.engine) as session:
        split(ChangeLog(session, "", made.at), alias.id, "anna", "zwei Gruppen")
    rows = {row.id: row for row in made.all(ListingRow)}
    old, new = rows[before.id], rows[alias.id]
    assert (old.flat, old.presence) == (before.flat, Presence.MISSING)
    assert (old.last_seen, old.missing_since) == (before.last_seen, alias.seen_at)
    assert new.flat["description"].endswith("abends.")
    assert new.presence is Presence.PRESENT
    offers = {row.id: row for row in made.all(OfferRow)}
    assert {offers[row.offer_id].merged_into for row in (old, new)} == {None}
    current = {
        one: sorted(s.field for s in made.all(StatementRow)
                    if s.subject_id == one and s.last_seen is None)
        for one in (old.id, new.id)
    }  # fmt: skip
    assert current[old.id] == current[new.id]
    with pytest.raises(AliasError, match="already"), publishing(made.engine) as session:
        split(ChangeLog(session, "", made.at), alias.id, "anna", "noch einmal")
    run = made.crawl([*ALL[1:], moved])
    assert (run.counts["rekeyed"], run.counts["added"], run.counts["unchanged"]) == (0, 0, 10)


def test_a_held_back_run_rekeys_nothing(made: Made) -> None:
    made.crawl(ALL)
    assert made.crawl(MOVED[:3]).verdict is Verdict.QUARANTINED
    assert made.all(AliasRow) == []


def test_a_page_that_moved_is_recognised_by_a_run_that_ends_at_a_limit(made: Made) -> None:
    made.crawl(ALL)
    before = made.listing(DEBTS).id
    run = made.crawl([*ALL[3:], MOVED[0]], finish="time_limit")
    assert (run.verdict, run.counts["rekeyed"]) == (Verdict.WARNED, 1)
    assert made.crawl([*ALL[1:], MOVED[0]]).counts["added"] == 0
    assert made.listing(DEBTS).id == before


def test_what_a_limit_hid_gets_its_own_id_back(made: Made) -> None:
    made.crawl(ALL)
    before = made.listing(DEBTS).id
    made.crawl([*ALL[3:], MOVED[0]], finish="time_limit")
    made.crawl([*ALL, MOVED[0]])
    rows = [row for row in made.all(ListingRow) if row.flat["title"] == DEBTS]
    assert {row.id: row.page_url.endswith(".html") for row in rows}[before] is False
    assert len(rows) == 2


def test_a_page_that_moved_while_another_fails_is_recognised(made: Made) -> None:
    """What could not be read may have led to the old page: that is no reason for a second id."""
    made.crawl(ALL)
    before = made.listing(DEBTS).id
    run = made.crawl([*ALL[1:9], MOVED[0]], {ALL[9].path: Failure.TIMEOUT})
    assert run.counts["rekeyed"] == 1
    made.crawl([*ALL[1:], MOVED[0]])
    assert made.listing(DEBTS).id == before


def test_a_page_that_only_fails_is_not_taken_for_moved(made: Made) -> None:
    made.crawl(ALL)
    run = made.crawl([*ALL[1:], MOVED[0]], {ALL[0].path: Failure.TIMEOUT})
    assert (run.counts["rekeyed"], run.counts["added"]) == (0, 1)
