"""The HSDS API over everything harvested: every response valid, the rules of Open Referral UK."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from aggregator.settings import Settings
from api.app import create_app
from tests.federation.conftest import Installation
from tests.hsds import faults, hollow, profile_faults

LISTS = {
    "services": "service",
    "organizations": "organization",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}


@pytest.fixture(scope="module")
def api(harvested: tuple[Installation, Any]) -> Iterator[TestClient]:
    told = harvested[0].environment
    settings = Settings(data_dir=told["NETZLOTSE_DATA_DIR"], sources=told["NETZLOTSE_SOURCES"])
    with TestClient(create_app(settings), base_url="http://testserver/hsds") as client:
        yield client


def lines(api: TestClient, path: str, **params: Any) -> list[dict[str, Any]]:
    answer = api.get(path, params={"format": "ndjson", **params})
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


def pages(api: TestClient, path: str, **params: Any) -> Iterator[dict[str, Any]]:
    number, last = 1, False
    while not last:
        page = api.get(path, params={**params, "page": number}).json()
        last = page["last_page"]
        yield page
        number += 1


@pytest.mark.parametrize("path", LISTS)
def test_every_page_of_every_list_is_valid(api: TestClient, path: str) -> None:
    found = [one for page in pages(api, path, per_page=40) for one in page["contents"]]
    assert len(found) == len({one["id"] for one in found}) > 1
    assert [fault for one in found for fault in faults(LISTS[path], one)] == []
    assert [place for one in found for place in hollow(one)] == []
    assert lines(api, path) == found


@pytest.mark.parametrize("path", ["services", "organizations", "service_at_locations"])
def test_every_object_is_valid_and_is_what_full_lists(api: TestClient, path: str) -> None:
    listed = lines(api, path, full="true")
    assert len(listed) > 20
    for one in listed[:: max(1, len(listed) // 40)]:
        single = api.get(f"{path}/{one['id']}").json()
        assert single == one
        assert faults(LISTS[path], single) == []
        assert list(hollow(single)) == []


def test_every_full_service_is_valid_and_tells_its_provenance(api: TestClient) -> None:
    for one in lines(api, "services", full="true"):
        assert faults("service", one) == []
        assert profile_faults(one) == []
        assert one["provenance"]


def test_organizations_with_their_services_are_valid(api: TestClient) -> None:
    found = lines(api, "organizations", full="true", full_service="true")
    assert [fault for one in found for fault in faults("organization", one)] == []
    services = [service["id"] for one in found for service in one["services"]]
    with_provider = [s["id"] for s in lines(api, "services") if "organization_id" in s]
    assert sorted(services) == sorted(with_provider)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("size", [1, 7])
def test_paging_as_open_referral_uk_checks_it(api: TestClient, path: str, size: int) -> None:
    """Its validator asks for the first, a middle and the last page with `perPage`, and checks
    that the total stays, that `size` is what was asked for and what came, and both ends."""
    first = api.get(path, params={"perPage": size, "page": 1}).json()
    last = first["total_pages"]
    for number in sorted({1, (last + 1) // 2, last}):
        page = api.get(path, params={"perPage": size, "page": number}).json()
        assert page["total_items"] == first["total_items"]
        assert page["total_pages"] == -(-first["total_items"] // size) == last
        assert page["page_number"] == number
        assert page["size"] == len(page["contents"])
        if number < last:
            assert page["size"] == size
        assert page["first_page"] == (number == 1)
        assert page["last_page"] == (number == last)
        assert page["empty"] is False


def test_what_open_referral_uk_asks_of_a_feed(api: TestClient) -> None:
    base = api.get("").json()
    assert set(base) == {"version", "profile", "openapi_url", "description", "publisher"}
    assert base["publisher"]["name"] == "netzlotse"
    assert api.get(base["publisher"]["website"]).status_code == 200
    assert base["version"] == "3.1"
    for address in (base["profile"], base["openapi_url"]):
        assert address.startswith("http://testserver/hsds/")
        assert api.get(address).status_code == 200
    for path in ("", *LISTS):
        answer = api.get(path, headers={"Origin": "https://elsewhere.example"})
        assert answer.status_code == 200  # open, without a key
        assert answer.headers["access-control-allow-origin"] == "*"
    described = api.get(base["openapi_url"]).json()
    assert described["servers"] == [{"url": "/hsds"}]
    listed = {f"/{path}" for path in LISTS}
    single = {path.partition("/{")[0] for path in described["paths"] if "{" in path}
    assert listed | {"/"} <= set(described["paths"])
    assert single == listed
    for one in lines(api, "services"):
        assert {"id", "name", "status"} <= set(one)


def test_terms_and_providers_select_services(api: TestClient) -> None:
    services = {one["id"]: one for one in lines(api, "services", full="true")}
    for term in lines(api, "taxonomy_terms"):
        found = {one["id"] for one in lines(api, "services", taxonomy_term_id=term["id"])}
        carrying = {
            known
            for known, one in services.items()
            if f'"taxonomy_term_id": "{term["id"]}"' in json.dumps(one)
        }
        at_places = json.dumps([one.get("service_at_locations") for one in services.values()])
        assert term["id"] not in at_places
        assert found == carrying, term["name"]
    for taxonomy in lines(api, "taxonomies"):
        found = {one["id"] for one in lines(api, "services", taxonomy_id=taxonomy["id"])}
        assert 0 < len(found) <= len(services)
    for provider in lines(api, "organizations")[:10]:
        found = {one["id"] for one in lines(api, "services", organization_id=provider["id"])}
        assert found == {
            known for known, one in services.items() if one.get("organization_id") == provider["id"]
        }
