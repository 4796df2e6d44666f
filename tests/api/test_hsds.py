"""`/hsds/`: what each parameter does, what is gone, what has moved; on both databases."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from aggregator.places.places import load_gazetteer
from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.tables import OfferRow
from api.app import create_app
from tests.api.conftest import NOW, PLAIN, Record, fill, uid
from tests.hsds import faults

PRESENT = 46  # 42 samples, the ended, the hostile, the missing one and the survivor of a merge
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def one(client: TestClient) -> TestClient:
    """The API over the record of all API tests."""
    return TestClient(client.app, base_url="http://testserver/hsds", raise_server_exceptions=False)


@pytest.fixture
def hsds(database_url: str, tmp_path: Path) -> Iterator[TestClient]:
    """The API over a record in which one offer changed an hour later."""
    settings = Settings(data_dir=tmp_path, database_url=database_url)
    engine = connect(settings.database)
    record = Record(engine, settings.index_dir)
    fill(record)
    for name, at in {"Alexanderplatz": (52.5219, 13.4132), "Potsdam": (52.3906, 13.0645)}.items():
        record.offer(name, "pankow", title=f"Treff {name}", lat=at[0], lon=at[1], postcode="10439")
    with Session(engine) as session:
        for name in ("offer-3", "gone", "merged"):
            session.get_one(OfferRow, uid(name)).changed_at = LATER
        session.commit()
    record.publish()
    with TestClient(create_app(settings), base_url="http://testserver/hsds") as client:
        yield client
    engine.dispose()


def ids(answer: Any) -> set[str]:
    return {one["id"] for one in answer.json()["contents"]}


def test_parameters_of_services(hsds: TestClient) -> None:
    def found(**params: object) -> set[str]:
        answer = hsds.get("services", params={"per_page": 500, **params})
        assert answer.status_code == 200, answer.text
        assert answer.json()["total_items"] == len(answer.json()["contents"])
        return ids(answer)

    everything = found()
    assert len(everything) == PRESENT + 2
    assert uid("gone") not in everything
    assert uid("merged") not in everything

    listed = hsds.get("taxonomy_terms", params={"per_page": 500}).json()["contents"]
    terms = {term["code"]: term for term in listed}
    debts = found(taxonomy_term_id=terms["schulden"]["id"])
    assert len(debts) == 11
    provider = hsds.get(f"services/{uid('offer-1')}").json()["organization_id"]
    assert uid("offer-1") in found(organization_id=provider) <= everything
    assert debts & found(organization_id=provider) == found(
        taxonomy_term_id=terms["schulden"]["id"], organization_id=provider
    )
    assert found(taxonomy_id=terms["schulden"]["taxonomy_id"]) >= debts
    assert found(search="Schuldnerberatung") == debts
    assert found(search="Schuldnerberatung", organization_id="nobody") == set()
    assert found(taxonomy_term_id="no-such-term") == set()

    # Told since then: what changed, and what is gone, as defunct.
    since = {"modified_after": LATER.isoformat()}
    assert found(**since) == {uid("offer-3"), uid("gone"), uid("merged")}
    statuses = {
        one["id"]: one["status"] for one in hsds.get("services", params=since).json()["contents"]
    }
    assert statuses == {
        uid("offer-3"): "active", uid("gone"): "defunct", uid("merged"): "defunct"
    }  # fmt: skip
    assert found(modified_after=(LATER + timedelta(seconds=1)).isoformat()) == set()
    assert found(modified_after="2026-11-20", taxonomy_term_id=terms["schulden"]["id"]) == debts

    listed = hsds.get("services", params={"minimal": "true"}).json()
    assert listed["size"] == listed["total_items"] == PRESENT + 2
    assert listed["total_pages"] == 1
    assert {frozenset(one) for one in listed["contents"]} == {frozenset({"id", "modified_date"})}
    assert len(hsds.get("services?minimal=true&per_page=5&page=2").json()["contents"]) == 5
    full = hsds.get("services", params={"full": "true", "search": "Schuldnerberatung"}).json()
    assert all("provenance" in one and "attributes" in one for one in full["contents"])


def test_places(hsds: TestClient) -> None:
    """Distances are great circles from what the gazetteer calls the centre of the postcode."""
    place = load_gazetteer().locate("10439", None)
    assert place is not None
    assert place.lat is not None
    assert place.lon is not None
    centre = place.lat, place.lon

    def metres(lat: float, lon: float) -> float:
        a, b = math.radians(centre[0]), math.radians(lat)
        turn = (
            math.sin((b - a) / 2) ** 2
            + math.cos(a) * math.cos(b) * math.sin(math.radians(lon - centre[1]) / 2) ** 2
        )
        return 2 * 6_371_008.8 * math.asin(math.sqrt(turn))

    def near(proximity: float) -> set[str]:
        params = {"postcode": "10439", "proximity": proximity, "per_page": 500}
        found = hsds.get("service_at_locations", params=params).json()["contents"]
        return {one["service_id"] for one in found}

    alex, potsdam = metres(52.5219, 13.4132), metres(52.3906, 13.0645)
    assert near(alex + 2) - near(alex - 2) == {uid("Alexanderplatz")}
    assert near(potsdam - 2) == near(alex + 2)
    assert near(potsdam + 2) - near(potsdam - 2) == {uid("Potsdam")}
    assert near(1) == set()

    serving = hsds.get("service_at_locations", params={"postcode": "10439", "per_page": 500}).json()
    assert {"Treff Alexanderplatz"} <= {one["service"]["name"] for one in serving["contents"]}
    alone = hsds.get("service_at_locations", params={"proximity": 100})
    assert alone.status_code == 409
    assert "postcode" in alone.json()["detail"]
    nowhere = hsds.get("service_at_locations", params={"postcode": "00000", "proximity": 100})
    assert nowhere.status_code == 404
    assert nowhere.json()["type"] == "urn:netzlotse:problem:unknown-place"


def test_links(hsds: TestClient) -> None:
    listed = hsds.get("service_at_locations", params={"per_page": 500}).json()
    one = next(o for o in listed["contents"] if o["service_id"] == uid("Potsdam"))
    assert not [v for v in one["location"].values() if isinstance(v, list)]
    full = hsds.get(f"service_at_locations/{one['id']}").json()
    assert full["service"]["provenance"]
    since = hsds.get("service_at_locations", params={"modified_after": LATER.isoformat()}).json()
    assert {o["service_id"] for o in since["contents"]} == {uid("offer-3")}
    assert hsds.get("service_at_locations/unknown").status_code == 404


def test_what_is_gone_or_has_moved(hsds: TestClient) -> None:
    gone = hsds.get(f"services/{uid('gone')}")
    assert gone.status_code == 410
    assert gone.json()["type"] == "urn:netzlotse:problem:gone"
    assert gone.json()["service"]["status"] == "defunct"
    moved = hsds.get(f"services/{uid('merged')}", follow_redirects=False)
    assert moved.status_code == 308
    assert moved.headers["location"] == f"http://testserver/hsds/services/{uid('older')}"
    assert hsds.get(f"services/{uid('merged')}").json()["name"] == "Bleibender Eintrag"
    for path in ("services", "organizations", "service_at_locations", "taxonomies"):
        assert hsds.get(f"{path}/unknown").status_code == 404


def test_organizations(hsds: TestClient) -> None:
    listed = hsds.get("organizations", params={"per_page": 500}).json()
    assert {"Beratungsstelle Kompass"} <= {one["name"] for one in listed["contents"]}
    (one,) = hsds.get("organizations", params={"search": "kompass berat"}).json()["contents"]
    assert set(one) == {"id", "name", "description"}
    plain = hsds.get(f"organizations/{one['id']}").json()
    assert len(plain["services"]) == 11
    assert {frozenset(s) for s in plain["services"]} == {frozenset({"id", "name", "status"})}
    full = hsds.get(f"organizations/{one['id']}", params={"full_service": "true"}).json()
    assert all(service["provenance"] for service in full["services"])
    for odd in ("%", "_", "\\", "\x00", "x" * 500):
        assert hsds.get("organizations", params={"search": odd}).json()["total_items"] == 0


def test_plain_words_of_a_source_are_an_attribute(one: TestClient) -> None:
    full = one.get(f"/services/{uid('offer-1')}").json()
    assert faults("service", full) == []
    (plain,) = [a for a in full["attributes"] if a["link_type"] == "plain_words"]
    assert (plain["value"], plain["label"]) == (PLAIN, "In einfachen Worten")
    terms = one.get("/taxonomy_terms?per_page=500").json()["contents"]
    assert plain["taxonomy_term_id"] in {term["id"] for term in terms}
    without = one.get(f"/services/{uid('offer-0')}").json()
    assert "plain_words" not in {a["link_type"] for a in without["attributes"]}


def test_taxonomies(one: TestClient) -> None:
    two = one.get("taxonomies").json()["contents"]
    assert len(two) == 2
    assert one.get(f"taxonomies/{two[0]['id']}").json() == two[0]
    terms = one.get("taxonomy_terms", params={"taxonomy_id": two[0]["id"]}).json()
    assert terms["total_items"] == 14
    top = one.get("taxonomy_terms", params={"top_only": "true", "per_page": 500}).json()
    parent = next(t for t in top["contents"] if t["code"] == "cost")
    children = one.get("taxonomy_terms", params={"parent_id": parent["id"]}).json()["contents"]
    assert {child["code"] for child in children} == {"cost:free", "cost:paid"}
    (debts,) = one.get("taxonomy_terms", params={"search": "budget"}).json()["contents"]
    assert debts["code"] == "schulden"


@pytest.mark.parametrize(
    "url",
    [
        "services?per_page=0", "services?per_page=501", "services?page=0", "services?page=x",
        "services?perPage=x", "services?modified_after=gestern", "services?limit=3",
        "services?modified_after=2026-13-01T00:00:00Z", "services?format=xml",
        "services?full=perhaps", "service_at_locations?postcode=1043",
        "service_at_locations?postcode=10439&proximity=nah", "taxonomies?taxonomy_id=x",
        f"services?search={'a' * 501}", "services?organization_id=%00",
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(one: TestClient, url: str) -> None:
    answer = one.get(url)
    assert answer.status_code == 422
    body = answer.json()
    assert body["type"] == "urn:netzlotse:problem:invalid-parameter"
    assert body["detail"] != body["detail_en"]
    assert body["errors"][0]["parameter"] in url


def test_moments_as_clients_write_them(one: TestClient) -> None:
    totals = {
        one.get(f"services?modified_after={said}").json()["total_items"]
        for said in (
            "2026-11-20T08:30:00Z", "2026-11-20T08:30:00", "2026-11-20T09:30:00+01:00",
            "2026-11-20T09:30:00%2B01:00", "2026-11-20 08:30:00",
        )
    }  # fmt: skip
    assert totals == {PRESENT + 2}  # with the withdrawn and the merged one
    assert one.get("services?modified_after=&search=").json()["total_items"] == PRESENT


def test_a_304_reads_no_service(one: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "services?search=Schulden&full=true"
    first = one.get(url)
    assert first.headers["etag"] != one.get("services?search=Treff").headers["etag"]

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("read for a 304")

    monkeypatch.setattr("aggregator.catalogue.services.services", refuse)
    monkeypatch.setattr(one.app.state.searcher, "search", refuse)  # type: ignore[attr-defined]
    again = one.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_lines_by_parameter_and_by_header(one: TestClient) -> None:
    for path in ("services", "organizations", "service_at_locations", "taxonomy_terms"):
        told = one.get(path, params={"format": "ndjson"})
        liked = one.get(path, headers={"Accept": "application/x-ndjson"})
        assert told.text == liked.text
        total = one.get(path).json()["total_items"]
        assert len([json.loads(line) for line in told.text.splitlines()]) == total > 0
    everything = one.get("services", params={"format": "ndjson", "per_page": 2})
    assert len(everything.text.splitlines()) == PRESENT
