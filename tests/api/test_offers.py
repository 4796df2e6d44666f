"""`/api/v1/offers`: search, filters, paging, validators, one offer with provenance."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import NOW, PLAIN, uid

OFFERS = "/api/v1/offers"
PUBLISHED = 45  # 42 samples, the hostile one, the missing one and the survivor of a merge


def test_default_shows_what_can_be_used_and_all_lifts_that(client: TestClient) -> None:
    default, everything = (
        client.get(OFFERS).json(),
        client.get(OFFERS, params={"status": "all"}).json(),
    )
    assert default["total"] == PUBLISHED
    assert {item["status"] for item in default["items"]} == {"active"}
    assert everything["total"] == PUBLISHED + 2
    ended = client.get(OFFERS, params={"status": "inactive"}).json()["items"]
    assert [item["id"] for item in ended] == [uid("ended")]


@pytest.mark.parametrize(
    ("params", "total"),
    [
        ({"topic": "schulden"}, 11),
        ({"topic": ["schulden", "recht"]}, 21),
        ({"topic": "schulden", "network": "lichtenberg"}, 0),
        ({"region": "11"}, 42),
        ({"region": "11003"}, 22),
        ({"region": "DE"}, PUBLISHED),
        ({"childcare": "true"}, 11),
        ({"mode": "online", "format": "advice"}, 10),
        ({"language": "uk"}, 11),
        ({"postcode": "10439"}, 11),
        ({"q": "Schuldnerberatung"}, 11),
    ],
)
def test_filters(client: TestClient, params: dict[str, str], total: int) -> None:
    assert client.get(OFFERS, params=params).json()["total"] == total


def test_best_hit_first_with_facets(client: TestClient) -> None:
    answer = client.get(OFFERS, params={"q": "Schulden", "facets": "topics,networks"}).json()
    assert answer["items"][0]["title"].startswith("Schuldnerberatung")
    assert answer["items"][0]["score"] > 0
    assert answer["facets"]["topics"]["schulden"] == 11
    assert answer["facets"]["networks"] == {"pankow": 11}
    assert answer["items"][0]["last_seen"] == "2026-11-20"
    assert answer["items"][0]["mentions"][0]["first_seen"] == "2026-08-22"
    assert answer["total_relation"] == "eq"
    assert answer["seq"] > 0


@pytest.mark.parametrize("limit", [1, 7, 20, 100])
def test_paging_gives_every_offer_once(client: TestClient, limit: int) -> None:
    seen: list[str] = []
    url: str | None = f"{OFFERS}?limit={limit}"
    while url:
        response = client.get(url)
        answer = response.json()
        assert len(answer["items"]) <= limit
        seen += [item["id"] for item in answer["items"]]
        url = answer["next"]
        assert response.links.get("next", {}).get("url") == url
    assert len(seen) == len(set(seen)) == PUBLISHED


def test_etag_spares_the_search(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get(OFFERS, params={"q": "Treff"})
    other = client.get(OFFERS, params={"q": "Kurs"})
    assert first.headers["etag"] != other.headers["etag"]

    def refuse(*_: object) -> None:
        raise AssertionError("searched for a 304")

    monkeypatch.setattr(client.app.state.searcher, "search", refuse)
    known = {"If-None-Match": f'"x", {first.headers["etag"]}'}
    again = client.get(OFFERS, params={"q": "Treff"}, headers=known)
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]


def test_offer_with_provenance(client: TestClient) -> None:
    offer = client.get(f"{OFFERS}/{uid('offer-1')}").json()
    assert offer["title"] == "Schuldnerberatung"
    phones = [e for e in offer["provenance"] if e["field"] == "phones"]
    assert [e["value"] for e in phones] == offer["phones"]
    assert phones[0]["quote"] == "So steht es da: +493023125102"
    assert phones[0]["page_url"] == "https://pankow.example/offer-1"
    assert phones[0]["source_title"] == "Netzwerk Alleinerziehende Pankow"
    assert phones[0]["last_seen"] == NOW.isoformat().replace("+00:00", "Z")
    bare = client.get(f"{OFFERS}/{uid('offer-1')}", params={"include": "none"}).json()
    assert bare["provenance"] is None
    assert offer["plain_words"] == bare["plain_words"] == PLAIN
    (told,) = [e for e in offer["provenance"] if e["field"] == "plain_words"]
    assert told["page_url"] == "https://pankow.example/leicht/offer-1"
    other = client.get(f"{OFFERS}/{uid('offer-0')}").json()
    assert other["plain_words"] is None


def test_missing_offer_says_since_when(client: TestClient) -> None:
    assert client.get(f"{OFFERS}/{uid('missing')}").json()["missing_since"]
    assert client.get(f"{OFFERS}/{uid('offer-1')}").json()["missing_since"] is None


def test_merged_offer_redirects_for_good(client: TestClient) -> None:
    answer = client.get(f"{OFFERS}/{uid('merged')}?include=none", follow_redirects=False)
    assert answer.status_code == 308
    assert answer.headers["location"].endswith(f"{OFFERS}/{uid('older')}?include=none")


def test_withdrawn_offer_is_gone_with_its_last_state(client: TestClient) -> None:
    answer = client.get(f"{OFFERS}/{uid('gone')}")
    assert answer.status_code == 410
    assert answer.json()["type"] == "urn:netzlotse:problem:gone"
    assert answer.json()["offer"]["title"] == "Weg"


@pytest.mark.parametrize(
    "text",
    [
     "'; DROP TABLE offer; --", '"' * 400, "(" * 500, "*?~^:" * 50, "\x00\x01", "\u202e\u2066",
     "😀" * 99,
     "title:[a TO b]", "-" * 500, "AND OR NOT", "a\ud83d".encode("utf-8", "replace").decode()],
)  # fmt: skip
def test_hostile_words_are_answered(client: TestClient, text: str) -> None:
    assert client.get(OFFERS, params={"q": text}).status_code == 200
    assert client.get("/", params={"q": text}).status_code == 200
