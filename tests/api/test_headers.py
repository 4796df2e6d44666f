"""What every answer tells the browser, and whom to tell of a weakness."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from aggregator.settings import Settings
from api.app import create_app
from tests.api.admin_site import TOKENS
from tests.api.attacks.surface import routes
from tests.api.conftest import Record, uid

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


def test_every_route_in_every_way_carries_them(settings: Settings, record: Record) -> None:
    """Each route of the application, also as HEAD, 304, 404 and 405, and files that are served."""
    app = create_app(settings.model_copy(update={"admin_token": SecretStr(TOKENS)}))
    client = TestClient(app, base_url="https://portal.example", follow_redirects=False)
    wanted = {
        "content-security-policy", "x-content-type-options", "referrer-policy",
        "permissions-policy", "cross-origin-opener-policy", "cross-origin-resource-policy",
        "strict-transport-security",
    }  # fmt: skip
    seen: set[int] = set()
    paths = {route.at({"offer_id": uid("offer-1"), "name": "site.css"}) for route in routes(app)}
    for path in sorted(paths | {"/gibt-es-nicht", "/static/icon.svg", "/static/nirgends"}):
        told = client.get(path)
        again = {"if-none-match": told.headers.get("etag", "x")}
        for answer in (
            told, client.head(path), client.get(path, headers=again), client.request("PUT", path),
            client.options(path),
        ):  # fmt: skip
            seen.add(answer.status_code)
            if answer.status_code != 204:  # a preflight is read by no page
                assert wanted <= set(answer.headers), (path, answer.status_code)
                assert "unsafe" not in answer.headers["content-security-policy"]
    assert {200, 204, 303, 304, 308, 404, 405, 422} <= seen


@pytest.mark.parametrize("path", ["/api/v1/offers", "/api/v1/networks", "/hsds/services"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_cache_keeps_lines_apart_from_json(client: TestClient, path: str, encoding: str) -> None:
    kinds = set()
    for accept in ("application/json", "application/x-ndjson", "application/json"):
        headers = client.get(path, headers={"Accept": accept, "Accept-Encoding": encoding}).headers
        (vary,) = headers.get_list("vary")  # caches may read the last line only
        assert "Accept" in vary.split(", ")
        kinds.add(headers["content-type"])
    assert len(kinds) == 2


def test_every_get_route_answers_head_alike(settings: Settings, record: Record) -> None:
    """RFC 9110, 9.3.2: the same status and headers, and no body."""
    app = create_app(settings.model_copy(update={"admin_token": SecretStr(TOKENS)}))
    client = TestClient(app, base_url="https://portal.example", follow_redirects=False)
    found = [route for route in routes(app) if route.method == "GET"]
    assert len(found) > 60
    for route in found:
        path = route.at({"offer_id": uid("offer-1"), "name": "site.css"})
        told, head = client.get(path), client.head(path)
        assert head.status_code == told.status_code, path
        assert head.content == b"", path
        assert head.headers.get("content-type") == told.headers.get("content-type"), path
        changing = {"date", "set-cookie", "content-length"}
        assert set(head.headers) | changing == set(told.headers) | changing, path


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


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("portal.example", 200),
        ("PORTAL.example:443", 200),
        ("[::1]:8000", 421),
        ("angriff.example", 421),
        ("portal.example.angriff.example", 421),
        ("portal.example@angriff.example", 400),
        ("portal.example/angriff", 400),
        ("portal.example, angriff.example", 400),
        ('"><script>alert(1)</script>', 400),
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/v1/offers", f"/angebot/{uid('merged')}"])
def test_only_our_own_names_are_answered(
    settings: Settings, record: Record, host: str, status: int, path: str
) -> None:
    app = create_app(settings.model_copy(update={"hosts": ("portal.example",)}))
    client = TestClient(app, base_url="https://portal.example", follow_redirects=False)
    for accept in ("text/html,*/*", "*/*"):
        answer = client.get(path, headers={"host": host, "accept": accept})
        assert answer.status_code in ({200, 308} if status == 200 else {status})
        told = answer.text + str(answer.headers)
        assert "angriff" not in told
        assert "><script>alert(1)" not in told
    assert client.get("/healthz", headers={"host": "10.1.2.3"}).status_code == 200
