"""What every answer tells the browser, and whom to tell of a weakness."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from aggregator.settings import Settings
from api.app import create_app
from tests.api.conftest import Record

PAGES = ("/", "/netzwerke", "/quellen", "/daten", "/gibt-es-nicht", "/admin/anmelden")
PROGRAMS = ("/api/v1/offers", "/hsds/services", "/healthz", "/openapi.json")


@pytest.fixture
def client(settings: Settings, record: Record) -> TestClient:
    app = create_app(settings.model_copy(update={"admin_token": None}))
    return TestClient(app, base_url="https://portal.example")


@pytest.mark.parametrize("path", [*PAGES, *PROGRAMS])
def test_every_answer_carries_them(client: TestClient, path: str) -> None:
    headers = client.get(
        path, headers={"Accept": "*/*" if path in PROGRAMS else "text/html"}
    ).headers
    policy = dict(
        one.strip().split(" ", 1) for one in headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    open_to_all = path in PROGRAMS
    assert headers["cross-origin-resource-policy"] == (
        "cross-origin" if open_to_all else "same-origin"
    )
    assert (headers.get("access-control-allow-origin") == "*") is open_to_all


def test_without_encryption_nothing_is_promised(settings: Settings, record: Record) -> None:
    headers = TestClient(create_app(settings)).get("/").headers
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize(
    ("update", "contact"),
    [
        ({"contact": "https://traeger.example/kontakt"}, "https://traeger.example/kontakt"),
        ({"security_contact": "sicher@traeger.example"}, "mailto:sicher@traeger.example"),
    ],
)
def test_security_txt(
    settings: Settings, record: Record, update: dict[str, str], contact: str
) -> None:
    app = create_app(settings.model_copy(update=update | {"public_url": "https://portal.example/"}))
    answer = TestClient(app).get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"  # RFC 9116, 3
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == contact
    assert fields["Canonical"] == "https://portal.example/.well-known/security.txt"
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=80) < left < timedelta(days=365)  # 2.5.5: less than a year
