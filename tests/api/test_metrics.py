"""What monitoring reads, and what nobody else does."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from aggregator.settings import Settings
from api.app import create_app
from tests.api.conftest import Record, uid


def values(text: str) -> dict[str, float]:
    """{name{label=value}: value} of a scrape; the parser refuses what is no such format."""
    return {
        f"{one.name}{one.labels or ''}": one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


@pytest.fixture
def local(settings: Settings, record: Record) -> TestClient:
    return TestClient(create_app(settings), client=("127.0.0.1", 50_000))


def test_requests_are_counted_by_resource_and_never_by_what_was_asked(local: TestClient) -> None:
    local.get("/api/v1/offers", params={"q": "geheime Frage"})
    local.get("/api/v1/offers", params={"q": "geheime Frage"})  # a kept answer counts too
    local.get("/api/v1/offers/gibt-es-nicht")
    local.get("/hsds/services/gibt-es-nicht")
    local.get("/irgendwo/ganz/anders")
    text = local.get("/metrics").text
    assert "geheim" not in text
    assert "gibt-es-nicht" not in text
    found = values(text)
    counted = "netzlotse_requests_total"
    assert found[f"{counted}{{'resource': '/api/v1/offers', 'status': '200'}}"] == 2
    assert found[f"{counted}{{'resource': '/api/v1/offers', 'status': '404'}}"] == 1
    assert found[f"{counted}{{'resource': '/hsds/services', 'status': '404'}}"] == 1
    assert found[f"{counted}{{'resource': 'other', 'status': '404'}}"] == 1
    assert found["netzlotse_request_seconds_count{'resource': '/api/v1/offers'}"] == 3


def test_a_page_is_one_resource_in_every_language(local: TestClient) -> None:
    for path in ("/", "/en/", "/ar/?q=geheim", f"/tr/angebot/{uid('offer-1')}"):
        assert local.get(path).status_code == 200
    local.get("/uk/netzwerk/gibt-es-nicht")
    local.get("/en/daten")  # German only: there is no such page
    local.get("/en", follow_redirects=False)  # leads to the page, is none
    text = local.get("/metrics").text
    assert "/en" not in text
    found = values(text)
    counted = "netzlotse_requests_total"
    assert found[f"{counted}{{'resource': '/', 'status': '200'}}"] == 3
    assert found[f"{counted}{{'resource': '/angebot', 'status': '200'}}"] == 1
    assert found[f"{counted}{{'resource': '/netzwerk', 'status': '404'}}"] == 1
    assert found[f"{counted}{{'resource': 'other', 'status': '404'}}"] == 1
    assert found[f"{counted}{{'resource': 'other', 'status': '308'}}"] == 1


def test_record_and_index_are_measured(local: TestClient) -> None:
    found = values(local.get("/metrics").text)
    health = local.get("/healthz").json()
    assert found["netzlotse_record_seq"] == health["record_seq"] > 0
    assert found["netzlotse_index_lag"] == health["lag"] == 0
    assert found["netzlotse_index_bytes"] > 1_000
    assert found["netzlotse_sources"] == len(local.get("/api/v1/sources").json()["items"])
    assert 0 < found["netzlotse_failing_sources"] < found["netzlotse_sources"]
    assert found["netzlotse_recent_runs{'verdict': 'quarantined'}"] == 0
    assert found["netzlotse_last_publication_seconds"] > 1.7e9


def test_without_the_database_what_is_left_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    app = create_app(Settings(data_dir=tmp_path, database_url=url))
    found = values(TestClient(app, client=("::1", 50_000)).get("/metrics").text)
    assert found["netzlotse_record_up"] == 0
    assert found["netzlotse_index_seq"] == 0


@pytest.mark.parametrize(
    ("networks", "client", "status"),
    [
        (("127.0.0.1", "::1"), "192.0.2.7", 404),
        (("127.0.0.1", "::1"), "unix", 404),
        (("10.0.0.0/8",), "10.2.3.4", 200),
        (("10.0.0.0/8",), "127.0.0.1", 404),
        ((), "127.0.0.1", 404),
    ],
)
def test_only_the_named_networks_may_read(
    settings: Settings, record: Record, networks: tuple[str, ...], client: str, status: int
) -> None:
    app = create_app(settings.model_copy(update={"metrics_clients": networks}))
    assert TestClient(app, client=(client, 50_000)).get("/metrics").status_code == status


def test_a_stranger_cannot_claim_to_be_a_neighbour(portal: str) -> None:
    # The test's own address is a trusted proxy: what it says of its client counts.
    told = httpx2.get(f"{portal}/metrics", headers={"X-Forwarded-For": "127.0.0.1, 192.0.2.7"})
    assert told.status_code == 404
    assert httpx2.get(f"{portal}/metrics").status_code == 200
