"""The state of a past day is what was told on that day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine
from sqlmodel import Session

from aggregator.catalogue.past import first_day, offers_on, past_day
from aggregator.confirming import confirm
from aggregator.erasure import suppress
from aggregator.harvest import BERLIN
from aggregator.identity import offer_id
from aggregator.index.feed import published_offers
from aggregator.index.stored import shown
from aggregator.log import ChangeLog
from aggregator.offer import Offer
from aggregator.register import declare
from aggregator.store.transaction import publishing
from crawlers.source import Source
from tests.aggregator.intake.conftest import MONDAY, Made, made, offer  # noqa: F401 - a fixture
from tests.aggregator.release.test_release import crawl

TEXT = "Offen für alle Alleinerziehenden im Bezirk, ohne Wartezeit und ohne Anmeldung."
Told = dict[str, dict[str, Any]]


def told(engine: Engine, day: date) -> Told:
    """What is published now, at the end of that day, by id."""
    with time_machine.travel(f"{day}T21:30:00Z", tick=False), Session(engine) as session:
        return _by_id(published_offers(session))


def then(engine: Engine, day: date) -> Told:
    with Session(engine) as session:
        return _by_id(offers_on(session, past_day(session, day)))


def _by_id(documents: Iterator[dict[str, Any]]) -> Told:
    found = {}
    for one in documents:
        plain = shown(one)
        if plain.get("mentions"):
            document = Offer.model_validate(plain).model_dump(mode="json")
            found[document["id"]] = json.loads(json.dumps(document))
    return found


@pytest.fixture
def second() -> Source:
    return Source.model_validate(
        {"id": "zwei", "title": "Zwei", "region": "11003", "start": ["https://zwei.example/"]}
    )


def test_every_day_of_a_life_is_told_as_it_was(made: Made, second: Source) -> None:  # noqa: F811
    """Offers come, change, end, vanish, are merged and confirmed; then each day is asked for."""
    with publishing(made.engine) as session:
        declare([second], [], ChangeLog(session, "", MONDAY), date(2026, 3, 2))
    others = [offer(n) for n in range(5, 10)]
    ends = offer(3, ends="2026-04-01")
    cafe = offer(1, text=TEXT)
    days: dict[date, Told] = {}

    def note() -> None:
        day = made.at.astimezone(BERLIN).date()
        days[day] = told(made.engine, day)

    made.crawl([offer(0), cafe, ends, *others])
    note()
    made.crawl([offer(0, phone="030 23125 555"), cafe, offer(2), ends, *others])  # changed; new
    note()
    made.at += timedelta(days=1)
    crawl(made, second, offer(1, path="/hier", text=TEXT))  # the same offer: merged
    note()
    made.crawl([offer(0, phone="030 23125 555"), cafe, ends, *others], days=6)  # one is missing
    note()
    with publishing(made.engine) as session:
        changes = ChangeLog(session, "", made.at + timedelta(hours=2))
        asked = offer_id(made.listing("Hausaufgabenhilfe").id)
        confirm(changes, asked, made.at.date(), "anna", "angerufen")
    note()
    made.crawl([offer(0, title="Schuldner- und Insolvenzberatung"), cafe, ends, *others])
    note()
    made.crawl([offer(0), cafe, *others])  # withdrawn by now; the dated one is past
    note()
    made.at += timedelta(days=1)
    crawl(made, second)
    note()
    made.crawl([offer(0, text=TEXT), cafe, *others], days=2)
    note()
    assert len(days) == 8
    for day, before in days.items():
        after = then(made.engine, day)
        assert after.keys() == before.keys(), day
        for identity, document in before.items():
            assert after[identity] == document, (day, document["title"])
    states = {one["lifecycle"] for shown in days.values() for one in shown.values()}
    assert states >= {"active", "missing", "expired"}
    assert len({json.dumps(shown, sort_keys=True) for shown in days.values()}) == 7


def test_the_day_ends_at_midnight_in_berlin(made: Made) -> None:  # noqa: F811
    made.at = made.at.replace(hour=22, minute=30)  # summer time has not begun: 23:30 in Berlin
    made.crawl([offer(n) for n in range(5)], days=1)
    with Session(made.engine) as session:
        assert first_day(session) == date(2026, 3, 3)
    assert len(then(made.engine, date(2026, 3, 3))) == 5
    assert then(made.engine, date(2026, 3, 2)) == {}
    made.crawl([offer(n) for n in range(6)], days=1 / 24)  # 00:30
    assert len(then(made.engine, date(2026, 3, 3))) == 5
    assert len(then(made.engine, date(2026, 3, 4))) == 6


@pytest.mark.parametrize("what", ["number", "listing"])
def test_what_was_erased_since_is_erased_of_every_day(made: Made, what: str, tmp_path: Any) -> None:  # noqa: F811
    made.crawl([offer(n) for n in range(5)])
    day = made.at.date()
    made.crawl([offer(0), offer(1, phone="030 23125 999"), *(offer(n) for n in range(2, 5))])
    number, listing = "+493023125101", made.listing("Umgangscafé").id
    before = then(made.engine, day)
    assert number in json.dumps(before)
    with Session(made.engine) as session:
        mark = past_day(session, day).erasures
    with publishing(made.engine) as session:
        changes = ChangeLog(session, "", made.at + timedelta(days=1))
        asked = number if what == "number" else listing
        suppress(changes, tmp_path / "key", asked, "Wunsch", "anna")
    after = then(made.engine, day)
    assert number not in json.dumps(after)
    assert len(after) == (5 if what == "number" else 4)
    with Session(made.engine) as session:
        assert past_day(session, day).erasures != mark
