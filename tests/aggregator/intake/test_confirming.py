"""Still correct is another thing than changed; what nobody looked at for a year says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session

from aggregator.catalogue.offers import find_offer, unverified
from aggregator.confirming import ConfirmError, confirm
from aggregator.harvest import BERLIN
from aggregator.lifecycle import Lifecycle
from aggregator.log import ChangeLog
from aggregator.store.tables import DecisionRow, Deed, ListingRow
from aggregator.store.transaction import publishing
from tests.aggregator.intake.conftest import Made, offer

ALL = [offer(n) for n in range(10)]


def lifecycle(made: Made, offer_id: str) -> Lifecycle | None:
    with time_machine.travel(made.at, tick=False), Session(made.engine) as session:
        found = find_offer(session, offer_id)
        assert found is not None
        return found.offer.lifecycle


def test_a_year_without_a_look_and_a_look(made: Made) -> None:
    made.crawl(ALL)
    debts = made.listing("Schuldnerberatung").offer_id
    for _ in range(13):
        made.crawl(ALL, days=28)
    assert lifecycle(made, debts) is Lifecycle.ACTIVE
    made.crawl([*ALL[:9], offer(9, phone="030 23125 199")], days=7)
    assert lifecycle(made, debts) is Lifecycle.UNVERIFIED
    changed = made.listing("Frühstückstreff").offer_id
    assert lifecycle(made, changed) is Lifecycle.ACTIVE
    today = made.at.astimezone(BERLIN).date()
    with Session(made.engine) as session:
        assert len(unverified(session, today)) == 9
    with publishing(made.engine) as session:
        confirm(ChangeLog(session, "", made.at), debts, today, "anna", "angerufen")
    assert lifecycle(made, debts) is Lifecycle.ACTIVE
    row = made.listing("Schuldnerberatung")
    assert (row.confirmed_on, row.changed_at) == (today, None)
    (decision,) = made.all(DecisionRow)
    assert (decision.deed, decision.by, decision.subject_id) == (Deed.CONFIRM, "anna", debts)
    with time_machine.travel(made.at, tick=False), Session(made.engine) as session:
        found = find_offer(session, debts)
        assert found is not None
        assert found.offer.last_confirmed == today


def test_what_nobody_lists_cannot_be_confirmed(made: Made) -> None:
    made.crawl(ALL)
    debts = made.listing("Schuldnerberatung").offer_id
    made.crawl(ALL[1:])
    today = (made.at + timedelta(days=1)).date()
    for unknown, message in ((debts, "no source lists"), ("nie", "no offer")):
        with pytest.raises(ConfirmError, match=message), publishing(made.engine) as session:
            confirm(ChangeLog(session, "", made.at), unknown, today, "anna", "angerufen")
    assert [row.confirmed_on for row in made.all(ListingRow)] == [None] * 10
