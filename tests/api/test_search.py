"""What the API and the search page tell beside the hits."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

OFFERS = "/api/v1/offers"


def test_a_question_is_told_as_it_was_understood(client: TestClient) -> None:
    answer = client.get(OFFERS, params={"q": "Schuldnerberatung Pankow"}).json()
    (told,) = answer["understood"]
    assert (told["parameter"], told["value"], told["words"]) == ("region", "11003", "Pankow")
    assert told["rest"] == "Schuldnerberatung"
    literal = client.get(
        OFFERS, params={"q": "Schuldnerberatung Pankow", "understand": "false"}
    ).json()
    assert literal["understood"] == []


def test_who_does_not_say_follows_and_can_be_left_out(client: TestClient) -> None:
    answer = client.get(OFFERS, params={"wheelchair": "true", "limit": 100}).json()
    agreed = [item for item in answer["items"] if not item["unstated"]]
    silent = answer["items"][len(agreed) :]
    assert len(agreed) == answer["total"]
    assert len(silent) == answer["unstated_total"] > 0
    assert all(item["unstated"] == ["wheelchair"] for item in silent)
    assert all(item["wheelchair"] is None for item in silent)
    strict = client.get(OFFERS, params={"wheelchair": "true", "unstated": "exclude"}).json()
    assert len(strict["items"]) == answer["total"]


def test_near_tells_distances(client: TestClient) -> None:
    answer = client.get(OFFERS, params={"near": "10439", "radius": 30}).json()
    assert answer["near"]["label"] == "10439"
    assert answer["near"]["approximate"] is True
    assert answer["radius_km"] == 30


@pytest.mark.parametrize(
    "params",
    [
        {"radius": "0"},
        {"radius": "5000"},
        {"sort": "price"},
        {"open": "noon"},
        {"seen_since": "gestern"},
        {"unstated": "maybe"},
        {"understand": "vielleicht"},
    ],
)
def test_what_cannot_be_used_is_a_problem(client: TestClient, params: dict[str, str]) -> None:
    answer = client.get(OFFERS, params=params)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["parameter"] == next(iter(params))
    assert error["detail"] != error["detail_en"]


def test_suggestions(client: TestClient) -> None:
    answer = client.get("/api/v1/suggest", params={"q": "schuldn"})
    assert answer.status_code == 200
    assert any(item["text"].startswith("Schuldner") for item in answer.json()["items"])
    again = client.get(
        "/api/v1/suggest",
        params={"q": "schuldn"},
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert again.status_code == 304
    assert client.get("/api/v1/suggest").status_code == 422
    places = client.get("/api/v1/suggest", params={"q": "prenzl"}).json()["items"]
    assert client.get("/api/v1/suggest", params={"q": ""}).json()["items"] == []
    assert all(item["kind"] in {"topic", "place", "title", "provider"} for item in places)


def test_the_page_shows_chips_groups_and_unknown_places(client: TestClient) -> None:
    silent = {"q": "Verwitwete Pankow", "language": "vi"}
    assert "Nicht angegeben, bitte anrufen" in client.get("/", params=silent).text
    page = client.get("/", params={"q": "Schuldnerberatung Pankow"}).text
    assert "wörtlich suchen" in page
    assert "Verstanden aus „Pankow“" in page
    lost = client.get("/", params={"q": "Treff", "near": "Nirgendheim"})
    assert lost.status_code == 200
    assert "kennen wir nicht als Ort" in lost.text
