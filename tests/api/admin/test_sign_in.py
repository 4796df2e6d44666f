"""The door of the admin area: who gets in, for how long, and what keeps others out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import SQLModel

from aggregator.settings import Settings, SettingsError, load_settings
from aggregator.store.engine import connect
from tests.api.admin_site import ANNA, BERND, TOKENS, form_token, sign_in, visitor

START = datetime(2026, 11, 28, 8, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data_dir=tmp_path, admin_token=TOKENS)  # type: ignore[arg-type]
    engine = connect(settings.database)
    SQLModel.metadata.create_all(engine)
    engine.dispose()
    return settings


@pytest.fixture
def client(settings: Settings) -> TestClient:
    return visitor(settings)


@pytest.mark.parametrize("path", ["/admin", "/admin/anmelden", "/admin/korrekturen"])
def test_without_a_token_there_is_no_admin_area(settings: Settings, path: str) -> None:
    client = visitor(settings.model_copy(update={"admin_token": None}))
    assert client.get(path).status_code == 404


def test_a_visitor_is_led_to_the_sign_in_and_back(client: TestClient) -> None:
    led = client.get("/admin")
    assert (led.status_code, led.headers["location"]) == (303, "/admin/anmelden")
    assert led.headers["cache-control"] == "no-store"
    answer = client.post("/admin/anmelden", data={"token": BERND, "weiter": "/admin/x"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/x")
    page = client.get("/admin")
    assert page.status_code == 200
    assert "Bernd" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert "etag" not in page.headers


@pytest.mark.parametrize("token", ["", "x", ANNA[:-1], ANNA + "x", "Anna:" + ANNA, TOKENS])
def test_what_is_no_token_opens_nothing(client: TestClient, token: str) -> None:
    answer = client.post("/admin/anmelden", data={"token": token})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert client.get("/admin").status_code == 303


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/admin/..//evil", ""]
)
def test_signing_in_leads_to_no_other_site(client: TestClient, target: str) -> None:
    answer = client.post("/admin/anmelden", data={"token": ANNA, "weiter": target})
    assert answer.headers["location"] in {"/admin", "/admin/..//evil"[:6]}


def test_the_cookie_is_for_this_browser_and_this_site_only(settings: Settings) -> None:
    plain = visitor(settings).post("/admin/anmelden", data={"token": ANNA})
    said = plain.headers["set-cookie"]
    assert said.startswith("netzlotse_admin=")
    assert "HttpOnly" in said
    assert "samesite=strict" in said.lower()
    assert "Path=/admin" in said
    assert "Secure" not in said
    safe = visitor(settings, "https://testserver").post("/admin/anmelden", data={"token": ANNA})
    assert safe.headers["set-cookie"].startswith("__Secure-netzlotse_admin=")
    assert "Secure;" in safe.headers["set-cookie"] + ";"


def test_each_sign_in_begins_a_session_of_its_own(client: TestClient) -> None:
    first = client.post("/admin/anmelden", data={"token": ANNA}).headers["set-cookie"]
    second = client.post("/admin/anmelden", data={"token": ANNA}).headers["set-cookie"]
    assert first != second


def test_a_forged_or_foreign_cookie_is_nobody(client: TestClient, settings: Settings) -> None:
    sign_in(client)
    cookie = client.cookies["netzlotse_admin"]
    body, signature = cookie.split(".")
    other = settings.model_copy(update={"admin_token": None})
    changed = visitor(Settings(data_dir=settings.data_dir, admin_token="Anna:" + BERND))  # type: ignore[arg-type]
    for forged in (
        body,
        f"{body}.",
        f"{body}.{'0' * 64}",
        f"{body[:-4]}AAAA.{signature}",
        "ä",
        ".",
    ):
        assert visitor(settings).get("/admin", headers=_cookie(forged)).status_code == 303
    assert changed.get("/admin", headers=_cookie(cookie)).status_code == 303  # her token changed
    assert visitor(other).get("/admin", headers=_cookie(cookie)).status_code == 404


def _cookie(value: str) -> dict[str, bytes]:
    return {"cookie": f"netzlotse_admin={value}".encode()}


def test_sessions_end_unused_after_an_hour_and_used_after_ten(client: TestClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        sign_in(client)
        for _ in range(12):
            clock.shift(timedelta(minutes=50))  # each visit renews the cookie
            assert client.get("/admin").status_code == 200
        clock.shift(timedelta(minutes=1))
        assert client.get("/admin").status_code == 303
        sign_in(client)
        clock.shift(timedelta(minutes=61))
        assert client.get("/admin").status_code == 303


def test_signing_out_ends_the_session_for_copies_too(
    client: TestClient, settings: Settings
) -> None:
    token = sign_in(client)
    cookie = client.cookies["netzlotse_admin"]
    answer = client.post("/admin/abmelden", data={"form_token": token})
    assert answer.headers["location"] == "/admin/anmelden"
    assert client.get("/admin", headers=_cookie(cookie)).status_code == 303


def test_no_form_of_another_site_or_session_does_anything(
    client: TestClient, settings: Settings
) -> None:
    token = sign_in(client)
    bernd = visitor(settings)
    sign_in(bernd, BERND)
    for form in ({}, {"form_token": ""}, {"form_token": "ä"}, {"form_token": form_token(bernd)}):
        assert client.post("/admin/abmelden", data=form).status_code == 403
    for headers in (
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site", "origin": "null"},
        {"sec-fetch-site": "same-site"},
    ):
        form = {"form_token": token}
        assert client.post("/admin/abmelden", data=form, headers=headers).status_code == 403
        answer = visitor(settings).post("/admin/anmelden", data={"token": ANNA}, headers=headers)
        assert answer.status_code == 403
    assert client.get("/admin").status_code == 200


def test_wrong_tokens_close_the_door_for_a_while(client: TestClient) -> None:
    for _ in range(5):
        assert client.post("/admin/anmelden", data={"token": "wrong"}).status_code == 403
    answer = client.post("/admin/anmelden", data={"token": ANNA})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 901
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("short", "at least 16"),
        ("anna:short", "at least 16"),
        (f"anna:{ANNA},anna:{BERND}", "given twice"),
        (f"anna:{ANNA},bernd:{ANNA}", "one token"),
        (f":{ANNA}", "a name has"),
        (f"anna:{ANNA},", "at least 16"),
    ],
)
def test_an_unusable_setting_is_told_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, value: str, said: str
) -> None:
    monkeypatch.setenv("NETZLOTSE_ADMIN_TOKEN", value)
    with pytest.raises(SettingsError, match=said) as caught:
        load_settings()
    assert "NETZLOTSE_ADMIN_TOKEN" in str(caught.value)
    assert "short" not in str(caught.value)
    assert ANNA not in str(caught.value)
