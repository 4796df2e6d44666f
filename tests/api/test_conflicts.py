"""`/api/v1/conflicts`: contradictions, page by page, for whoever coordinates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from aggregator.catalogue.conflicts import all_conflicts, count_conflicts, position
from aggregator.resolve.comparison import Judgement
from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.schema import migrate
from api.app import create_app
from tests.aggregator.resolve.record import Record

PATH = "/api/v1/conflicts"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    engine = connect(Settings(data_dir=tmp_path).database)
    migrate(engine)
    record = Record(engine)
    record.run("netz", {0: 0, 1: 3, 2: 0})
    record.run("portal", {0: 5, 1: 6, 2: 5})
    record.run("amt", {0: 8})
    for left, right in (("netz-0", "portal-0"), ("netz-1", "portal-1"), ("netz-2", "portal-2")):
        record.judge(left, right, Judgement.SAME)
    record.judge("amt-0", "netz-0", Judgement.SAME)
    return record


@pytest.fixture
def client(tmp_path: Path, record: Record) -> TestClient:
    assert record
    return TestClient(create_app(Settings(data_dir=tmp_path)))


def test_pages_hold_all_of_them_once(client: TestClient, record: Record) -> None:
    with Session(record.engine) as session:
        every = sorted(all_conflicts(session), key=position)
        assert len(every) == count_conflicts(session) >= 2
    seen, url = [], f"{PATH}?limit=1"
    while url:
        answer = client.get(url)
        assert answer.status_code == 200
        body = answer.json()
        assert len(body["items"]) == 1
        assert (f'<{body["next"]}>; rel="next"' == answer.headers.get("link")) == bool(body["next"])
        seen += body["items"]
        url = body["next"]
    assert seen == [one.model_dump(mode="json") for one in every]
    lines = client.get(PATH, headers={"accept": "application/x-ndjson"}).text
    assert [json.loads(line) for line in lines.splitlines()] == seen


def test_both_values_with_their_sources_and_days(client: TestClient) -> None:
    items = client.get(PATH, params={"kind": "address", "source": "netz"}).json()["items"]
    assert items
    for one in items:
        assert one["kind"] == "address"
        assert "netz" in {one["published"]["source"], one["other"]["source"]}
        assert one["published"]["value"] != one["other"]["value"]
        assert one["published"]["stated_at"].startswith("2026-11-01")
    offer = items[0]["offer_id"]
    assert {
        one["offer_id"] for one in client.get(PATH, params={"offer": offer}).json()["items"]
    } == {offer}
    assert client.get(PATH, params={"source": "nobody"}).json() == {"items": [], "next": None}


def test_what_is_known_is_not_sent_again(client: TestClient) -> None:
    tag = client.get(PATH).headers["etag"]
    assert client.get(PATH, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("query", "status"),
    [("kind=colour", 422), ("limit=0", 422), ("cursor=x", 404), ("source=%00", 422)],
)
def test_what_cannot_be_answered_is_a_problem(client: TestClient, query: str, status: int) -> None:
    answer = client.get(f"{PATH}?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "application/problem+json",
    )


def test_a_cursor_is_of_one_question(client: TestClient) -> None:
    cursor = client.get(f"{PATH}?limit=1").json()["next"].partition("cursor=")[2]
    assert client.get(f"{PATH}?limit=1&cursor={cursor}").status_code == 200
    assert client.get(f"{PATH}?limit=1&kind=phone&cursor={cursor}").status_code == 404


def test_the_count_follows_the_record(record: Record) -> None:
    with Session(record.engine) as session:
        before = count_conflicts(session)
    record.undo()
    record.undo()
    with Session(record.engine) as session:
        assert count_conflicts(session) == len(all_conflicts(session)) < before
