"""Networks, sources, runs, topics, health, and what every answer carries."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

from aggregator.catalogue.runs import RunReport
from aggregator.vocabulary.topics import TOPICS
from api.networks import NetworkDetail, NetworkList
from api.offers import OfferDetail, OfferPage
from api.runs import RunPage
from api.sources import SourceList
from api.topics import TopicList
from tests.api.conftest import Record, uid


def test_networks(client: TestClient) -> None:
    items = {n["id"]: n for n in client.get("/api/v1/networks").json()["items"]}
    assert items["pankow"]["offers"] == 22
    assert items["wuppertal"]["offers"] == 0  # its only offer ended with it
    assert (items["wuppertal"]["status"], items["wuppertal"]["ended"]) == ("ended", "2013-03-31")


def test_network_facts_with_evidence(client: TestClient) -> None:
    network = client.get("/api/v1/networks/pankow").json()
    evidence = {e["field"]: e for e in network["evidence"]}
    assert evidence["founded"]["quote"] == "Seit August 2017 gibt es uns."
    assert evidence["founded"]["last_seen"].startswith("2026-11-20")  # its page's last visit
    assert evidence["carrier"]["last_seen"].startswith("2026-11-19")  # its source's
    declared = client.get("/api/v1/networks/wuppertal").json()["evidence"]
    assert [(e["source"], e["reason"]) for e in declared] == [
        ("declaration", "https://archiv.example/bericht")
    ]


def test_sources_by_urgency(client: TestClient) -> None:
    items = client.get("/api/v1/sources").json()["items"]
    assert [(s["id"], s["health"]) for s in items] == [
        ("broken", "broken"), ("lichtenberg", "stale"), ("pankow", "warned"),
        ("wuppertal", "waiting"), ("off", "disabled"),
    ]  # fmt: skip
    pankow = client.get("/api/v1/sources/pankow").json()
    assert pankow == items[2]
    assert (pankow["forbidden"], pankow["licence"]["name"]) == (1, "CC BY 4.0")
    assert pankow["last_run"]["counts"]["not_modified"] == 47


def test_runs_page_by_page(client: TestClient) -> None:
    seen, url = [], "/api/v1/runs?limit=2"
    while url:
        answer = client.get(url).json()
        seen += [run["id"] for run in answer["items"]]
        url = answer["next"]
    assert seen == ["pankow-2", "broken-1", "lichtenberg-2", "pankow-1", "lichtenberg-1"]
    mine = client.get("/api/v1/runs", params={"source": "pankow"}).json()["items"]
    assert [run["id"] for run in mine] == ["pankow-2", "pankow-1"]


def test_run_report(client: TestClient) -> None:
    report = client.get("/api/v1/runs/pankow-2").json()
    assert report["verdict"] == "warned"
    assert [f["failure"] for f in report["failures"]] == ["gone", "robots"]
    assert report["doubts"][0]["code"] == "hours_not_understood"


def test_topics_in_order(client: TestClient) -> None:
    items = client.get("/api/v1/topics").json()["items"]
    assert [t["code"] for t in items] == list(TOPICS)
    counts = {t["code"]: t["offers"] for t in items}
    assert (counts["schulden"], counts["krise"]) == (11, 0)


def test_health_tells_the_lag(client: TestClient, record: Record) -> None:
    state = client.get("/healthz").json()
    assert state == {
        "status": "ok", "database": True, "lag": 0, "lag_seconds": 0.0, "replica_lag_seconds": None,
        "record_seq": state["index_seq"], "index_seq": state["index_seq"],
    }  # fmt: skip
    assert state["index_seq"] == 48


URLS = ["/api/v1/offers", "/api/v1/networks/pankow", "/api/v1/sources", "/api/v1/topics", "/"]


@pytest.mark.parametrize("url", URLS)
def test_head_and_validators(client: TestClient, url: str) -> None:
    got, head = client.get(url), client.head(url)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["etag"] == got.headers["etag"]
    again = client.get(url, headers={"If-None-Match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_anyone_may_read_the_api(client: TestClient) -> None:
    assert client.get("/api/v1/topics").headers["access-control-allow-origin"] == "*"
    asked = {"Origin": "https://site.example", "Access-Control-Request-Method": "GET"}
    preflight = client.options("/api/v1/offers", headers=asked)
    assert preflight.status_code == 204
    assert "If-None-Match" in preflight.headers["access-control-allow-headers"]
    assert "access-control-allow-origin" not in client.get("/").headers


def test_gzip(client: TestClient) -> None:
    assert client.get("/api/v1/offers").headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("url", "model"),
    [
        ("/api/v1/offers?facets=topics", OfferPage),
        (f"/api/v1/offers/{uid('evil')}", OfferDetail),
        ("/api/v1/networks", NetworkList),
        ("/api/v1/networks/wuppertal", NetworkDetail),
        ("/api/v1/sources", SourceList),
        ("/api/v1/runs", RunPage),
        ("/api/v1/runs/pankow-2", RunReport),
        ("/api/v1/topics", TopicList),
    ],
)
def test_answers_are_what_openapi_says(
    client: TestClient, url: str, model: type[BaseModel]
) -> None:
    answer = client.get(url).json()
    assert model.model_validate(answer).model_dump(mode="json") == answer


def test_openapi_is_complete(client: TestClient) -> None:
    spec = client.get("/openapi.json").json()
    operations = [one for m in spec["paths"].values() for one in m.values()]
    assert len({o["operationId"] for o in operations}) == len(operations)
    assert all(o["tags"] and o["summary"] for o in operations)
    parameters = {p["name"]: p for p in spec["paths"]["/api/v1/offers"]["get"]["parameters"]}
    assert "schulden" in parameters["topic"]["schema"]["items"]["enum"]
    text = str(spec)
    known = {f"#/components/schemas/{name}" for name in spec["components"]["schemas"]}
    assert {part.split("'")[0] for part in text.split("'$ref': '")[1:]} <= known
    assert "HTTPValidationError" not in known
