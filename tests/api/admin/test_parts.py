"""Judging providers and places in the admin area."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from aggregator.resolve.part_queue import count_part_questions, part_queue
from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.schema import migrate
from tests.aggregator.resolve.record import Record
from tests.api.admin_site import TOKENS, sign_in, visitor

PATH = "/admin/traeger"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, admin_token=TOKENS)  # type: ignore[arg-type]


@pytest.fixture
def record(settings: Settings) -> Record:
    engine = connect(settings.database)
    migrate(engine)
    record = Record(engine)
    record.run("netz", {0: 0})
    record.run("portal", {0: 12})
    return record


@pytest.fixture
def client(settings: Settings, record: Record) -> TestClient:
    assert record
    return visitor(settings)


def _form(page: str) -> dict[str, str]:
    found = re.search(
        r'name="links" value="([^"]+)"><input[^>]*name="rechts" value="([^"]+)"', page
    )
    assert found, page
    return {"links": found[1], "rechts": found[2]}


def _providers(record: Record) -> set[str]:
    return {flat["organization_id"] for _, flat in record.state()["offers"].values()}


def test_a_judgement_makes_one_provider_of_two_and_undo_parts_them(
    client: TestClient, record: Record
) -> None:
    token = sign_in(client)
    page = client.get(PATH).text
    assert "1 Paar offen" in page
    assert "Lotsen Musterstadt e.V." in page
    assert "Lotsen Musterstadt Familienhilfe" in page
    assert len(_providers(record)) == 2
    form = {**_form(page), "form_token": token}
    assert client.post(PATH, data={**form, "urteil": "same"}).status_code == 303
    assert len(_providers(record)) == 1
    assert len(record.state()["offers"]) == 2, "two services of one provider stay two"
    page = client.get(PATH).text
    assert "Nichts offen" in page
    assert "Anna" in page
    assert client.post(PATH, data={**form, "urteil": "undo"}).status_code == 303
    assert len(_providers(record)) == 2
    assert "1 Paar offen" in client.get(PATH).text


@pytest.mark.parametrize("verdict", ["different", "unsure"])
def test_what_was_judged_is_not_asked_again(
    client: TestClient, record: Record, verdict: str
) -> None:
    token = sign_in(client)
    form = {**_form(client.get(PATH).text), "form_token": token, "urteil": verdict}
    assert client.post(PATH, data=form).status_code == 303
    assert "0 Paare offen" in client.get(PATH).text
    with Session(record.engine) as session:
        assert count_part_questions(session) == len(part_queue(session)) == 0


def test_what_cannot_be_judged(client: TestClient, record: Record) -> None:
    token = sign_in(client)
    form = {**_form(client.get(PATH).text), "form_token": token}
    before = record.state()
    assert client.post(PATH, data={**form, "urteil": "vielleicht"}).status_code == 422
    assert client.post(PATH, data={**form, "urteil": "undo"}).status_code == 422
    assert client.post(PATH, data={**form, "rechts": "x", "urteil": "same"}).status_code == 404
    location = next(iter(record.state()["listings"].values()))[2]
    other = {**form, "rechts": location, "urteil": "same"}
    assert client.post(PATH, data=other).status_code == 422
    assert client.post(PATH, data={**form, "form_token": "x", "urteil": "same"}).status_code == 403
    assert record.state() == before
    assert client.get(f"{PATH}?seite=2").status_code == 200


def test_the_desk_says_how_many_wait(client: TestClient) -> None:
    sign_in(client)
    page = client.get("/admin").text
    assert "Träger und Orte" in page
