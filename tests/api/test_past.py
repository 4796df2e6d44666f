"""`/api/v1/offers?as_of=`: what was published at the end of a day, searched like the present."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from aggregator.index import past as indexes
from aggregator.log import ChangeLog
from aggregator.settings import Settings
from aggregator.store.tables import OfferRow, Subject
from aggregator.takedown import take_down
from api.app import create_app
from tests.api.conftest import NOW, Record, uid

OFFERS = "/api/v1/offers"
LATER = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY = datetime(2026, 11, 26, 9, tzinfo=UTC)


@pytest.fixture
def settings(sqlite_record: Record, tmp_path: Path) -> Settings:
    """A record in which one offer was renamed and moved four days after it was found."""
    with Session(sqlite_record.engine) as session:
        row = session.get_one(OfferRow, uid("offer-1"))
        after = {**row.flat, "title": "Umbenanntes Angebot", "cost": "paid"}
        ChangeLog(session, "", LATER).modified(Subject.OFFER, row.id, row.flat, after)
        row.flat = after
        session.commit()
    sqlite_record.publish()
    return Settings(data_dir=tmp_path)


@pytest.fixture
def client(settings: Settings) -> Any:
    with (
        time_machine.travel(TODAY, tick=False),
        TestClient(create_app(settings), raise_server_exceptions=False) as client,
    ):
        yield client


def ask(client: TestClient, **parameters: Any) -> Any:
    answer = client.get(OFFERS, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_words_filters_and_facets_are_those_of_the_day(client: TestClient) -> None:
    then = ask(client, as_of="2026-11-23", status="all", facets="cost", limit=100)
    now = ask(client, status="all", facets="cost", limit=100)
    assert then["as_of"] == "2026-11-23"
    assert now["as_of"] is None
    old, new = ({one["id"]: one for one in page["items"]} for page in (then, now))
    assert old.keys() == new.keys()
    assert old[uid("offer-1")]["title"] != new[uid("offer-1")]["title"] == "Umbenanntes Angebot"
    assert then["facets"]["cost"]["paid"] == now["facets"]["cost"]["paid"] - 1
    assert then["seq"] == now["seq"] - 1
    assert uid("offer-1") not in {
        one["id"] for one in ask(client, q="Umbenanntes", as_of="2026-11-23")["items"]
    }
    assert ask(client, q="Umbenanntes", as_of="2026-11-24")["items"][0]["id"] == uid("offer-1")
    assert ask(client, q="Umbenanntes", as_of="2026-11-26")["items"][0]["id"] == uid("offer-1")


def test_pages_lines_and_validators_are_as_for_the_present(client: TestClient) -> None:
    first = client.get(OFFERS, params={"as_of": "2026-11-23", "limit": 20})
    following = client.get(first.json()["next"])
    assert following.json()["as_of"] == "2026-11-23"
    ids = [one["id"] for page in (first, following) for one in page.json()["items"]]
    assert len(ids) == len(set(ids)) == 40
    lines = client.get(OFFERS, params={"as_of": "2026-11-23", "format": "ndjson"}).text
    assert [json.loads(line)["id"] for line in lines.splitlines()][:40] == ids
    known = {"If-None-Match": first.headers["etag"]}
    url = f"{OFFERS}?as_of=2026-11-23&limit=20"
    assert client.get(url, headers=known).status_code == 304
    with time_machine.travel(TODAY.replace(day=28), tick=False):  # the past does not age
        assert client.get(url, headers=known).status_code == 304
    other = client.get(OFFERS, params={"cursor": first.json()["next"].partition("cursor=")[2]})
    assert other.status_code == 404  # a cursor of another question


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-11-27", "Zukunft"), ("2026-11-19", "2026-11-20"), ("0001-01-01", "vor")],
)
def test_a_day_of_which_nothing_is_known_is_a_problem(
    client: TestClient, day: str, said: str
) -> None:
    answer = client.get(OFFERS, params={"as_of": day})
    assert answer.status_code == 404
    problem = answer.json()
    assert problem["type"] == "urn:netzlotse:problem:unknown-day"
    assert said in problem["detail"]
    assert (problem["earliest"], problem["latest"]) == ("2026-11-20", "2026-11-26")
    wrong = client.get(OFFERS, params={"as_of": "gestern"})
    assert (wrong.status_code, wrong.json()["errors"][0]["parameter"]) == (422, "as_of")


def test_what_is_erased_is_gone_from_past_states_at_once(
    client: TestClient, settings: Settings, sqlite_record: Record
) -> None:
    items = ask(client, as_of="2026-11-23", limit=100)["items"]
    number = next(one["phones"][0] for one in items if one["phones"])
    assert number in client.get(OFFERS, params={"as_of": "2026-11-23", "limit": 100}).text
    assert any(settings.past_dir.iterdir())
    with Session(sqlite_record.engine) as session:  # as the resolver keeps them
        for row in session.exec(select(OfferRow)):
            row.flat = {**row.flat, "phones": [p for p in row.flat["phones"] if p != number]}
        session.commit()
    take_down(sqlite_record.engine, settings, number, "Wunsch", "anna", NOW)
    assert number not in client.get(OFFERS, params={"as_of": "2026-11-23", "limit": 100}).text


def test_while_the_state_is_built_one_is_told_to_come_back(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexes, "_PATIENCE", 0.0)
    answer = client.get(OFFERS, params={"as_of": "2026-11-22"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    monkeypatch.setattr(indexes, "_PATIENCE", 30.0)
    assert ask(client, as_of="2026-11-22")["total"] > 30


def test_few_past_states_are_kept(client: TestClient, settings: Settings) -> None:
    for day in range(20, 26):
        ask(client, as_of=f"2026-11-{day}")
    assert 0 < len(list(settings.past_dir.iterdir())) <= indexes._KEPT
