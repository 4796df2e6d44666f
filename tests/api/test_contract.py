"""What the API promises whoever builds on it: negotiation, limits, kept answers, streams."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient

from aggregator.index.base import Query
from aggregator.settings import Settings
from api.app import create_app
from api.commands.openapi import descriptions, written
from api.ratelimit import Buckets
from tests.api.conftest import Record, uid

ROOT = Path(__file__).parents[2]
OFFERS = "/api/v1/offers"
LISTS = [
    OFFERS, "/api/v1/networks", "/api/v1/sources", "/api/v1/conflicts", "/api/v1/runs",
    "/api/v1/topics",
]  # fmt: skip
HSDS = ["/hsds/services", "/hsds/organizations", "/hsds/service_at_locations"]


@pytest.mark.parametrize("name", ["openapi.json", "hsds.openapi.json"])
def test_the_published_description_is_that_of_the_code(name: str) -> None:
    published = (ROOT / "docs" / name).read_text("utf-8")
    assert published == written(descriptions()[name]), "renew it: netzlotse openapi docs"


@pytest.mark.parametrize("name", ["openapi.json", "hsds.openapi.json"])
def test_every_operation_is_described(name: str) -> None:
    description = descriptions()[name]
    operations = [
        (path, operation)
        for path, methods in description["paths"].items()
        for operation in methods.values()
    ]
    ids = [operation["operationId"] for _, operation in operations]
    assert len(ids) == len(set(ids)) > 5
    known = {tag["name"] for tag in description["tags"]}
    for path, operation in operations:
        assert operation["summary"], path
        assert operation["description"], path
        assert set(operation["tags"]) <= known, path
        assert any(status[0] == "2" for status in operation["responses"]), path


@pytest.mark.parametrize("name", ["openapi.json", "hsds.openapi.json"])
def test_every_field_and_parameter_has_a_meaning(name: str) -> None:
    description = descriptions()[name]
    fields = [
        (f"{part}.{key}", field)
        for part, schema in description["components"]["schemas"].items()
        for key, field in schema.get("properties", {}).items()
    ]
    fields += [
        (f"{path}?{parameter['name']}", parameter)
        for path, methods in description["paths"].items()
        for operation in methods.values()
        for parameter in operation.get("parameters", ())
    ]
    assert len(fields) > 50
    assert not [where for where, field in fields if not field.get("description")]


def test_meanings_are_said_once() -> None:
    said = yaml.safe_load((ROOT / "api" / "fields.yml").read_text("utf-8"))
    used = {
        key
        for description in descriptions().values()
        for part, schema in description["components"]["schemas"].items()
        for key in [*schema.get("properties", {})]
        + [f"{part}.{name}" for name in schema.get("properties", {})]
    } | {
        parameter["name"]
        for description in descriptions().values()
        for methods in description["paths"].values()
        for operation in methods.values()
        for parameter in operation.get("parameters", ())
    }
    assert set(said) <= used, "no field is called so"


def test_every_error_of_every_route_is_a_problem() -> None:
    for description in descriptions().values():
        for path, methods in description["paths"].items():
            for operation in methods.values():
                for status, response in operation["responses"].items():
                    if status[0] in "45":
                        assert set(response["content"]) == {"application/problem+json"}, path


@pytest.mark.parametrize("url", [*LISTS, *HSDS, "/hsds/", f"{OFFERS}/{uid('offer-1')}", "/healthz"])
@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/json;q=0"])
def test_what_nobody_accepts_is_not_sent(client: TestClient, url: str, accept: str) -> None:
    answer = client.get(url, headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer.json()["type"] == "urn:netzlotse:problem:not-acceptable"


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "application/*", "text/html,*/*;q=0.1", "application/json;q=0.5, text/xml"],
)
def test_what_is_accepted_is_json(client: TestClient, accept: str) -> None:
    answer = client.get(OFFERS, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("url", ["/api/nothing", "/api/v2/offers", "/hsds/nothing", "/api/v1/"])
def test_unknown_paths_are_problems_even_for_browsers(client: TestClient, url: str) -> None:
    answer = client.get(url, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_too_long_an_address_and_too_large_a_body(client: TestClient) -> None:
    answer = client.get(OFFERS, params={"q": "a" * 60_000})
    assert answer.status_code == 414
    assert answer.json()["type"] == "urn:netzlotse:problem:url-too-long"
    answer = client.post(f"{OFFERS}/{uid('offer-1')}/corrections", content=b"x" * 200_000)
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:netzlotse:problem:too-large"


@pytest.mark.parametrize("url", [*LISTS, *HSDS, "/hsds/", "/healthz", "/openapi.json"])
def test_reading_is_open_to_any_site(client: TestClient, url: str) -> None:
    asked = {"Origin": "https://site.example", "Access-Control-Request-Method": "GET"}
    preflight = client.options(url, headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    answer = client.get(url, headers={"Origin": "https://site.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "ETag" in answer.headers["access-control-expose-headers"]
    head = client.head(url)
    assert head.status_code == answer.status_code == 200
    assert head.content == b""
    assert head.headers["content-type"] == answer.headers["content-type"]


def test_answers_are_compressed_for_who_can_read_that(client: TestClient) -> None:
    with client.stream("GET", OFFERS, headers={"Accept-Encoding": "gzip"}) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        body = gzip.decompress(b"".join(packed.iter_raw()))
    plain = client.get(OFFERS, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert json.loads(body) == plain.json()


def test_a_question_is_answered_once_however_it_is_written(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(f"{OFFERS}?q=Treff&region=11&facets=topics")

    def refuse(*_: object) -> None:
        raise AssertionError("searched again")

    monkeypatch.setattr(client.app.state.searcher, "search", refuse)  # type: ignore[attr-defined]
    again = client.get(f"{OFFERS}?facets=topics&q=Treff&region=11")
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]
    known = client.get(
        f"{OFFERS}?region=11&q=Treff&facets=topics",
        headers={"If-None-Match": first.headers["etag"]},
    )
    assert known.status_code == 304
    assert known.content == b""
    assert client.head(f"{OFFERS}?q=Treff&region=11&facets=topics").status_code == 200


def test_a_kept_answer_ends_with_the_next_change(tmp_path: Path, sqlite_record: Record) -> None:
    record = sqlite_record
    settings = Settings(data_dir=record.index.parent)
    with TestClient(create_app(settings)) as client:
        before = client.get(OFFERS, params={"q": "Neuigkeit"}).json()
        assert client.get(OFFERS, params={"q": "Neuigkeit"}).json() == before
        record.offer("news", "pankow", title="Neuigkeit für alle")
        record.publish()
        after = client.get(OFFERS, params={"q": "Neuigkeit"}).json()
    assert after["seq"] > before["seq"]
    assert "Neuigkeit für alle" in [item["title"] for item in after["items"]]


def test_lines_hold_all_hits_in_the_order_of_the_pages(client: TestClient) -> None:
    for params in ({}, {"q": "Beratung"}, {"topic": "schulden"}, {"cost": "free", "q": "Treff"}):
        listed: list[dict[str, Any]] = []
        url: str | None = str(client.base_url.join(OFFERS).copy_merge_params(params))
        while url:
            page = client.get(url).json()
            listed += page["items"]
            url = page["next"]
        told = client.get(OFFERS, params={**params, "format": "ndjson"})
        liked = client.get(OFFERS, params=params, headers={"Accept": "application/x-ndjson"})
        assert told.headers["content-type"] == "application/x-ndjson"
        assert [json.loads(line) for line in told.text.splitlines()] == listed
        assert liked.content == told.content
        tag = {"If-None-Match": told.headers["etag"]}
        assert client.get(told.request.url, headers=tag).status_code == 304


def test_other_lists_stream_too(client: TestClient) -> None:
    for url in LISTS[1:]:
        answer = client.get(url, headers={"Accept": "application/x-ndjson"})
        assert answer.headers["content-type"] == "application/x-ndjson"
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert lines[: len(client.get(url).json()["items"])] == client.get(url).json()["items"]


def test_a_walk_beyond_the_deepest_page_finds_the_same(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher = client.app.state.searcher  # type: ignore[attr-defined]
    query = Query("Beratung", {"cost": ("free",)}, limit=500)
    pages = [hit.id for hit in searcher.walk(query)]
    monkeypatch.setattr("aggregator.index.answer.DEEPEST", 3)
    walked = [hit.id for hit in searcher.walk(query)]
    assert len(walked) == len(set(walked))
    assert set(walked) == set(pages)
    assert len(pages) > 3


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills() -> None:
    clock = Clock()
    buckets = Buckets(60, clock)
    assert [buckets.take("192.0.2.1")[0] for _ in range(60)] == list(range(59, -1, -1))
    assert buckets.take("192.0.2.1") == (0, 1)
    assert buckets.take("192.0.2.2") == (59, 0)
    clock.now += 2.5
    assert buckets.take("192.0.2.1") == (1, 0)
    clock.now += 3600
    assert buckets.take("192.0.2.1") == (59, 0)
    assert "192.0.2" not in repr(vars(buckets))


@pytest.fixture
def limited(settings: Settings, record: Record) -> Iterator[TestClient]:
    few = settings.model_copy(update={"rate_limit": 5})
    with TestClient(create_app(few)) as client:
        yield client


def test_who_asks_too_fast_is_told_when_to_come_back(limited: TestClient) -> None:
    answers = [limited.get("/api/v1/topics") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[0].headers["ratelimit-policy"] == '"client";q=5;w=60'
    assert answers[0].headers["ratelimit"].startswith('"client";r=4;t=')
    refused = answers[-1]
    assert 1 <= int(refused.headers["retry-after"]) <= 12
    assert refused.headers["access-control-allow-origin"] == "*"
    assert refused.json()["type"] == "urn:netzlotse:problem:too-many-requests"
    assert refused.json()["detail"] != refused.json()["detail_en"]
    assert limited.get("/hsds/services").status_code == 429
    page = limited.get("/", headers={"Accept": "text/html"})
    assert page.status_code == 429
    assert '<html lang="de">' in page.text
    assert limited.get("/healthz").status_code == 200
    assert limited.get("/static/site.css").status_code == 200
