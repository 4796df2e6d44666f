"""Every error is a problem detail (RFC 9457), and a page where a person asked."""

from __future__ import annotations

import base64

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from api import paging

OFFERS = "/api/v1/offers"


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


RUN_CURSOR = paging.encode("runs None", "never", "x")
CASES = [
    ("GET", "/api/v1/nothing", 404, "not-found"),
    ("GET", "/nothing", 404, "not-found"),
    ("GET", f"{OFFERS}/unknown", 404, "not-found"),
    ("GET", "/api/v1/networks/unknown", 404, "not-found"),
    ("GET", "/api/v1/sources/unknown", 404, "not-found"),
    ("GET", "/api/v1/runs/unknown", 404, "not-found"),
    ("POST", OFFERS, 405, "method-not-allowed"),
    ("DELETE", "/", 405, "method-not-allowed"),
    ("GET", f"{OFFERS}?topic=wetter", 422, "invalid-parameter"),
    ("GET", f"{OFFERS}?status=gone", 422, "invalid-parameter"),
    ("GET", f"{OFFERS}?topics=recht", 422, "invalid-parameter"),
    ("GET", f"{OFFERS}?limit=101", 422, "invalid-parameter"),
    ("GET", f"{OFFERS}?limit=x", 422, "invalid-parameter"),
    ("GET", f"{OFFERS}?facets=title", 422, "invalid-parameter"),
    ("GET", f"{OFFERS}?q={'a' * 501}", 422, "invalid-parameter"),
    ("GET", f"{OFFERS}?cursor=nonsense", 404, "invalid-cursor"),
    ("GET", f"{OFFERS}?cursor={cursor('[')}", 404, "invalid-cursor"),
    ("GET", f"{OFFERS}?cursor={cursor('{}')}", 404, "invalid-cursor"),
    ("GET", f"{OFFERS}?cursor=%C3%A4", 404, "invalid-cursor"),
    ("GET", f"{OFFERS}?cursor={paging.encode('another question', 20)}", 404, "invalid-cursor"),
    ("GET", f"/api/v1/runs?cursor={RUN_CURSOR}", 404, "invalid-cursor"),
    ("GET", f"{OFFERS}/%00", 404, "not-found"),
    ("GET", f"{OFFERS}/{'x' * 500}", 404, "not-found"),
    ("GET", "/static/../app.py", 404, "not-found"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "url", "status", "kind"), CASES)
def test_problem(client: TestClient, method: str, url: str, status: int, kind: str) -> None:
    answer = client.request(method, url)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == f"urn:netzlotse:problem:{kind}"
    assert body["status"] == status
    assert body["detail"]
    assert body["detail_en"]
    assert body["detail"] != body["detail_en"]


def test_allowed_values_are_named(client: TestClient) -> None:
    (error,) = client.get(OFFERS, params={"topic": "wetter"}).json()["errors"]
    assert error["parameter"] == "topic"
    assert {"existenz", "lotse"} <= set(error["allowed"])
    (error,) = client.get(OFFERS, params={"status": "gone"}).json()["errors"]
    assert error["allowed"] == ["active", "inactive", "defunct", "temporarily closed", "all"]
    (error,) = client.get(OFFERS, params={"facets": "title"}).json()["errors"]
    assert "topics" in error["allowed"]


def test_limits_are_told_in_both_languages(client: TestClient) -> None:
    (error,) = client.get(OFFERS, params={"limit": 101}).json()["errors"]
    assert error["detail"] == "„limit“: '101' passt nicht (höchstens 100)"
    assert "less than or equal to 100" in error["detail_en"]


@pytest.fixture
def failing(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(client.app.state.searcher, "search", fail)
    return client


def test_crash_is_a_problem_that_tells_nothing(failing: TestClient) -> None:
    answer = failing.get(f"{OFFERS}?q=never-asked-before")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "boom" not in answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    page = failing.get("/?q=never-asked-before", headers={"Accept": "text/html"})
    assert page.status_code == 500
    assert "Content-Security-Policy" in page.headers
    assert "Es liegt an uns" in page.text


def test_lost_database_is_unavailable(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(client.app.state.engine, "connect", refuse)
    for url in ("/api/v1/sources", "/healthz", "/hsds/services"):
        answer = client.get(url)
        assert answer.status_code == 503, url
        assert answer.json()["type"] == "urn:netzlotse:problem:unavailable"
    # The search lives on the index alone.
    assert client.get(f"{OFFERS}?q=never-asked-either").status_code == 200


@pytest.mark.parametrize(
    "url", ["/nothing", "/angebot/unknown", "/netzwerk/x", "/lauf/x", "/quelle/x"]
)
def test_people_get_a_page(client: TestClient, url: str) -> None:
    answer = client.get(url, headers={"Accept": "text/html,*/*"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert '<html lang="de">' in answer.text
    assert "Zur Suche" in answer.text
