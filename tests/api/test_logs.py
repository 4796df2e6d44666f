"""What is written to logs and terminals says nothing of visitors, and no secret."""

from __future__ import annotations

import json
import logging
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import httpx2
import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import DBAPIError

from aggregator.index.base import Hit, Hits, Query
from aggregator.index.directory import LiveSearcher
from aggregator.logs import JsonLines
from aggregator.settings import Settings
from api.app import create_app

NETZLOTSE = [sys.executable, "-m", "netzlotse"]
SECRETS = {
    "NETZLOTSE_ADMIN_TOKEN": "anna:geheim-eins-und-lang-genug",
    "NETZLOTSE_MAIL_SERVER": "smtps://post:geheim-zwei@mail.example:465",
    "NETZLOTSE_WEBHOOK_URL": "https://haken.example/services/geheim-fuenf",
    "NETZLOTSE_WEBHOOK_SECRET": "geheim-drei-und-lang-genug",
    "NETZLOTSE_DATABASE_URL": "postgresql://netz:geheim-vier@127.0.0.1:1/nirgends",
}


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("NETZLOTSE_")}
    return {**kept, "NETZLOTSE_DATA_DIR": str(home / "data"), **more}


def ask(portal: str) -> None:
    """Whatever a visitor may send that nobody is to read."""
    told = {"Referer": "https://woher.example/wer", "X-Forwarded-For": "203.0.113.9"}
    with httpx2.Client(base_url=portal, headers=told, timeout=60) as visitor:
        for path in ("/", "/api/v1/offers", "/hsds/services", "/gibt-es-nicht", "/admin/anmelden"):
            visitor.get(path, params={"q": "frauenhaus", "near": "wuppertal"})
        visitor.post("/admin/anmelden", data={"token": "ein-falscher"})


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_log_tells_nobodys_address_question_or_path_here(tmp_path: Path, form: str) -> None:
    with (tmp_path / "log").open("w") as stderr, subprocess.Popen(
        [*NETZLOTSE, "serve", "--port", "0"], text=True, stdout=subprocess.PIPE, stderr=stderr,
        env=environment(tmp_path, NETZLOTSE_LOG_LEVEL="DEBUG", NETZLOTSE_LOG_FORMAT=form),
    ) as server:  # fmt: skip
        try:
            assert server.stdout
            portal = server.stdout.readline().split()[1].rstrip("/")
            ask(portal)
        finally:
            server.terminate()
    log = (tmp_path / "log").read_text("utf-8")
    assert "Started server process" in log
    for said in ("203.0.113.9", "woher.example", "frauenhaus", "wuppertal", "ein-falscher"):
        assert said not in log
    if form == "json":
        said = [json.loads(line) for line in log.splitlines()]
        assert all(list(one)[:4] == ["at", "level", "logger", "message"] for one in said)
        assert {"uvicorn.error"} <= {one["logger"] for one in said}


@pytest.fixture
def errors(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """The errors that were logged so far, as lines."""
    caplog.set_level(logging.ERROR)
    return lambda: [JsonLines().format(record) for record in caplog.records]


class UnreadableError(Exception):
    """Quotes what it could not read, as many do."""


def failed(query: Query) -> Hits:
    try:
        raise ValueError(f"no such word: {query.text}")
    except ValueError as error:
        raise UnreadableError(f"{query.text} cannot be read") from error


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_crash_tells_a_number_and_where_and_nothing_that_was_asked(
    portal: str,
    monkeypatch: pytest.MonkeyPatch,
    errors: Callable[[], list[str]],
    accept: str,
) -> None:
    monkeypatch.setattr(LiveSearcher, "search", lambda _self, query: failed(query))
    path = "/" if "html" in accept else "/api/v1/offers"
    told = {"Accept": accept, "Referer": "https://woher.example/wer"}
    answer = httpx2.get(f"{portal}{path}?q=frauenhaus{len(accept)}", headers=told)
    assert answer.status_code == 500
    assert "cannot be read" not in answer.text
    number = re.search(r"Nummer (\w{8})", answer.text)
    assert number
    (log,) = errors()
    for said in (number[1], f"answering {path} failed", "Unreadable", "ValueError", "test_logs.py"):
        assert said in log
    for said in ("frauenhaus", "woher.example", "127.0.0.1"):
        assert said not in log


def test_an_answer_that_breaks_off_is_logged_the_same_way(
    portal: str, monkeypatch: pytest.MonkeyPatch, errors: Callable[[], list[str]]
) -> None:
    def walk(_self: LiveSearcher, query: Query) -> Iterator[Hit]:
        yield from ()
        failed(query)

    monkeypatch.setattr(LiveSearcher, "walk", walk)
    with suppress(httpx2.HTTPError):
        httpx2.get(f"{portal}/api/v1/offers?format=ndjson&q=frauenhaus")
    assert "Unreadable" in errors()[0]
    assert all("frauenhaus" not in line for line in errors())


@pytest.mark.parametrize(
    ("cause", "said", "status"),
    [
        (
            sqlite3.OperationalError("malformed MATCH expression: frauenhaus"),
            "OperationalError",
            503,
        ),
        (psycopg.errors.QueryCanceled("frauenhaus"), "57014", 503),
        (psycopg.errors.StringDataRightTruncation("frauenhaus"), "22001", 400),
    ],
)
def test_an_error_of_the_database_is_told_by_its_code(  # noqa: PLR0917 - fixtures
    portal: str,
    monkeypatch: pytest.MonkeyPatch,
    errors: Callable[[], list[str]],
    cause: Exception,
    said: str,
    status: int,
) -> None:
    def fail(_self: LiveSearcher, query: Query) -> Hits:
        raise DBAPIError.instance("SELECT :word", {"word": query.text}, cause, type(cause).__base__)

    monkeypatch.setattr(LiveSearcher, "search", fail)
    assert httpx2.get(f"{portal}/api/v1/offers?q=frauenhaus{said}").status_code == status
    (log,) = errors()
    assert said in log
    assert "frauenhaus" not in log


def test_a_crash_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    record = logging.LogRecord("api", logging.ERROR, "app.py", 1, "Kaputt:\n%s", ("ö",), None)
    try:
        raise ValueError("zwei\nZeilen")
    except ValueError:
        record.exc_info = sys.exc_info()
    line = JsonLines().format(record)
    assert "\n" not in line
    said = json.loads(line)
    assert said["message"] == "Kaputt:\nö"
    assert said["error"].endswith("ValueError: zwei\nZeilen")


@pytest.mark.parametrize(
    ("verb", "wrong"),
    [
        (["settings"], {}),
        (["settings", "--json"], {}),
        (["runs"], {}),  # a database that is not there
        (["runs"], {"NETZLOTSE_DATABASE_URL": "postgresql://netz@127.0.0.1:1/n?password=geheim"}),
        (
            ["runs"],
            {"NETZLOTSE_DATABASE_URL": "postgresql://n:geheim%40@127.0.0.1:1/n?sslpassword=geheim"},
        ),
        (["runs"], {"NETZLOTSE_DATABASE_URL": "postgresql://n:geheim@127.0.0.1/n?passwort=geheim"}),
        (
            ["settings"],
            {"NETZLOTSE_DATABASE_URL": "postgresql://netz@db.example/n?password=geheim"},
        ),
        (["runs"], {"NETZLOTSE_DATABASE_URL": "mysql://netz:geheim-vier@db.example/netz"}),
        (["runs"], {"NETZLOTSE_MAIL_SERVER": "http://post:geheim-zwei@mail.example"}),
        (["runs"], {"NETZLOTSE_WEBHOOK_SECRET": "geheim-drei"}),
        (["runs"], {"NETZLOTSE_ADMIN_TOKEN": "geheim-eins"}),
        (["runs"], {"NETZLOTSE_LOG_LEVEL": "laut"}),
        (["runs"], {"NETZLOTSE_LOG_FORMAT": "xml"}),
    ],
)
def test_no_secret_is_ever_printed(
    tmp_path: Path, verb: list[str], wrong: Mapping[str, str]
) -> None:
    done = subprocess.run(
        [*NETZLOTSE, *verb], env=environment(tmp_path, **{**SECRETS, **wrong}), text=True,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert (done.returncode == 0) is (verb[0] == "settings")
    assert said
    assert "geheim" not in said
    for setting in wrong:
        assert setting in said  # what is wrong is named


def test_a_portal_whose_database_is_away_tells_nothing_of_its_address(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = "postgresql://netz:geheim%2Feins@127.0.0.1:1/netz?sslpassword=geheim-zwei"
    with TestClient(create_app(Settings(data_dir=tmp_path, database_url=url))) as visitor:
        for path in ("/healthz", "/metrics", "/api/v1/sources", "/quellen", "/angebot/x"):
            answer = visitor.get(path, headers={"Accept": "text/html"})
            assert "geheim" not in answer.text + str(answer.headers)
        assert answer.status_code == 503
    assert "did not answer" in caplog.text
    assert "geheim" not in caplog.text
