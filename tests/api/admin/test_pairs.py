"""Judging pairs in the admin area, from the question to the index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from aggregator.identity import offer_id
from aggregator.index.base import Query
from aggregator.index.directory import open_searcher, read_state
from aggregator.index.feed import catch_up
from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.schema import migrate
from tests.aggregator.resolve.record import Record
from tests.api.admin_site import TOKENS, sign_in, visitor

PATH = "/admin/dubletten"


@pytest.fixture(params=["tantivy", "fts5"])
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    return Settings(
        data_dir=tmp_path,
        admin_token=TOKENS,  # type: ignore[arg-type]
        index_engine=request.param,
    )


@pytest.fixture
def record(settings: Settings) -> Record:
    engine = connect(settings.database)
    migrate(engine)
    record = Record(engine)
    record.run("netz", {0: 0})
    record.run("portal", {0: 5})
    catch_up(engine, settings.index_dir, settings.index_engine)
    return record


@pytest.fixture
def client(settings: Settings, record: Record) -> TestClient:
    return visitor(settings)


def _asked(page: str) -> tuple[str, str]:
    found = re.search(
        r'name="links" value="([^"]+)"><input type="hidden" name="rechts" value="([^"]+)"', page
    )
    assert found, page
    return found[1], found[2]


def _found(settings: Settings) -> int:
    return open_searcher(settings.index_dir).search(Query(text="Schuldnerberatung")).total


def test_a_question_shows_both_and_why(client: TestClient) -> None:
    sign_in(client)
    page = client.get(PATH).text
    assert {*_asked(page)} == {"netz-0", "portal-0"}
    assert "1 Paar offen" in page
    assert "<mark>Marktplatz 1</mark>" in page
    assert "<mark>Neue Gasse 9</mark>" in page
    assert "<mark>Schuldnerberatung</mark>" not in page
    assert "a phone number in common" in page
    for key in "gvu":
        assert f'accesskey="{key}"' in page
    assert "<script" not in page


def test_an_answer_is_in_the_index_at_once_and_can_be_taken_back(
    client: TestClient, record: Record, settings: Settings
) -> None:
    token = sign_in(client)
    before = read_state(settings.index_dir)
    left, right = _asked(client.get(PATH).text)
    form = {"form_token": token, "links": left, "rechts": right}
    assert (
        client.post(PATH, data={**form, "urteil": "same", "grund": "umgezogen"}).status_code == 303
    )
    assert record.state()["led on"][offer_id("portal-0")] == offer_id("netz-0")
    assert _found(settings) == 1
    page = client.get(PATH).text
    assert "Nichts offen" in page
    assert "dasselbe" in page
    led = client.post(PATH, data={**form, "urteil": "undo"})
    assert led.headers["location"] == f"{PATH}?links={left}&rechts={right}"
    page = client.get(led.headers["location"]).text
    assert "zurückgenommen" in page
    assert "umgezogen" in page
    assert _found(settings) == 2
    after = read_state(settings.index_dir)
    assert before
    assert after
    assert after.schema == before.schema  # it is still the engine that was chosen


@pytest.mark.parametrize("verdict", ["different", "unsure"])
def test_what_was_judged_is_not_asked_again(client: TestClient, verdict: str) -> None:
    token = sign_in(client)
    left, right = _asked(client.get(PATH).text)
    client.post(PATH, data={"form_token": token, "links": left, "rechts": right, "urteil": verdict})
    assert "0 Paare offen" in client.get(PATH).text
    assert "Anna" in client.get(f"{PATH}?links={left}&rechts={right}").text


def test_what_cannot_be_judged(client: TestClient, record: Record) -> None:
    token = sign_in(client)
    form = {"form_token": token, "links": "netz-0", "rechts": "portal-0"}
    before = record.state()
    assert client.post(PATH, data={**form, "urteil": "vielleicht"}).status_code == 422
    assert client.post(PATH, data={**form, "urteil": "undo"}).status_code == 422
    assert client.post(PATH, data={**form, "rechts": "x", "urteil": "same"}).status_code == 404
    assert client.post(PATH, data={**form, "rechts": "netz-0", "urteil": "same"}).status_code == 422
    assert client.post(PATH, data={**form, "form_token": "x", "urteil": "same"}).status_code == 403
    assert client.get(f"{PATH}?links=netz-0&rechts=x").status_code == 404
    assert record.state() == before


def test_nobody_judges_without_a_token(client: TestClient) -> None:
    assert client.get(PATH).status_code == 303
    answer = client.post(PATH, data={"links": "netz-0", "rechts": "portal-0", "urteil": "same"})
    assert answer.status_code == 303


def test_conflicts_show_both_values_and_who_says_so(client: TestClient) -> None:
    token = sign_in(client)
    assert "Keine Widersprüche" in client.get("/admin/widersprueche").text
    form = {"form_token": token, "links": "netz-0", "rechts": "portal-0", "urteil": "same"}
    client.post(PATH, data=form)
    for query in ("", "?quelle=netz"):
        page = client.get(f"/admin/widersprueche{query}").text
        assert "Marktplatz 1, 13187 Berlin" in page
        assert "Neue Gasse 9, 13189 Berlin" in page
        assert "zuletzt gesehen" in page
    assert "Keine Widersprüche" in client.get("/admin/widersprueche?quelle=amt").text
