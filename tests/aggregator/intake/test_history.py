"""Both values of every change, when, and the words of the page that said so."""

from __future__ import annotations

from sqlmodel import Session

from aggregator.catalogue.history import history
from aggregator.store.tables import Deed
from tests.aggregator.intake.conftest import Made, offer

ALL = [offer(n) for n in range(10)]


def test_a_changed_number_is_told_with_both_values_and_both_quotes(made: Made) -> None:
    made.crawl(ALL)
    row = made.listing("Schuldnerberatung")
    run = made.crawl([offer(0, phone="030 23125 199"), *ALL[1:]])
    with Session(made.engine) as session:
        found, of_listing = history(session, row.offer_id), history(session, row.id)
        assert history(session, "nie") is None
    assert found is not None
    assert of_listing is not None
    step = next(one for one in found.steps if one.id == row.offer_id)
    assert (step.kind, step.run, step.at) == ("changed", run.id, made.at)
    phones = step.fields["phones"]
    assert (phones.before, phones.after) == (["+493023125100"], ["+493023125199"])
    ((before,), (after,)) = phones.before_proofs, phones.after_proofs
    assert (before.quote, after.quote) == ("030 23125 100", "030 23125 199")
    assert after.page_url == "https://netz.example/angebote/0"
    assert before.last_seen is not None
    assert (after.source_title, after.last_seen) == ("Netz", None)
    assert [one.kind for one in of_listing.steps] == ["changed", "added"]


def test_a_withdrawal_a_return_and_a_rekeying_are_told(made: Made) -> None:
    made.crawl(ALL)
    row = made.listing("Schuldnerberatung")
    for _ in range(3):
        made.crawl(ALL[1:])
    made.crawl([offer(0, path="/neu/0"), *ALL[1:]])
    with Session(made.engine) as session:
        found = history(session, row.offer_id)
    assert found is not None
    own = [step.kind for step in found.steps if step.id == row.offer_id]
    assert own[0] == "added"  # it is back
    assert "withdrawn" in own
    assert [decision.deed for decision in found.decisions] == [Deed.REKEY]
