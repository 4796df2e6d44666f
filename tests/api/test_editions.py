"""Releases on the portal: listed, described, downloaded as they were written."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser

from aggregator.release.edition import correct_releases, make_release
from aggregator.release.metadata import Maker
from aggregator.settings import Settings
from aggregator.suppression import Kind, Suppressions, digest
from api.app import create_app
from tests.api.accessibility import violations
from tests.api.admin_site import served
from tests.api.conftest import Record, uid

MAKER = Maker("https://portal.example", "post@portal.example", "0.1.0")
DAY = date(2026, 11, 28)
HTML = {"accept": "text/html"}


@pytest.fixture
def settings(sqlite_record: Record, tmp_path: Path) -> Settings:
    made = Settings(data_dir=tmp_path)
    release = make_release(sqlite_record.engine, made.release_dir, DAY, MAKER)
    assert release.counts["offers"] > 20
    return made


@pytest.fixture
def client(settings: Settings) -> TestClient:
    return TestClient(create_app(settings))


def test_from_the_overview_to_every_file(client: TestClient) -> None:
    overview = client.get("/daten", headers=HTML).text
    assert 'href="/daten/2026-11-28"' in overview
    shown = client.get("/daten/2026-11-28", headers=HTML)
    assert shown.status_code == 200
    (data,) = re.findall(r"<script type=.application/ld.json.>(.*?)</script>", shown.text)
    assert json.loads(data)["@type"] == "Dataset"
    sums = client.get("/daten/2026-11-28/SHA256SUMS").text
    links = set(re.findall(r'href="/daten/2026-11-28/([^"]+)" download', shown.text))
    assert links == {line.partition("  ")[2] for line in sums.splitlines()} | {"SHA256SUMS"}
    for line in sums.splitlines():
        digest, _, name = line.partition("  ")
        answer = client.get(f"/daten/2026-11-28/{name}", headers={"accept-encoding": "identity"})
        assert hashlib.sha256(answer.content).hexdigest() == digest, name
        assert "must-revalidate" in answer.headers["cache-control"]
        tag = {"if-none-match": answer.headers["etag"]}
        assert client.get(f"/daten/2026-11-28/{name}", headers=tag).status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/daten/2026-11-27", "/daten/2026-11-28/nothing.csv", "/daten/2026-11-28/..%2F..%2Frecord",
        "/daten/2026-11-28/.2026.part", "/daten/..%2F/SHA256SUMS",
    ],
)  # fmt: skip
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in {404, 422}


@pytest.mark.browser
def test_the_page_of_a_release_in_a_browser(chromium: Browser, settings: Settings) -> None:
    with served(settings) as portal:
        context = chromium.new_context(base_url=portal, viewport={"width": 320, "height": 700})
        page = context.new_page()
        listed = Suppressions(
            bytes(32), listings=frozenset({digest(bytes(32), Kind.LISTING, uid("listing offer-1"))})
        )
        assert correct_releases(settings.release_dir, listed, DAY, MAKER)
        page.goto("/?q=Beratung&region=11003")
        page.get_by_role("link", name="Diese Abfrage zitieren").click()
        page.get_by_role("button", name="Einfrieren und zitieren").click()
        page.wait_for_url("**/zitat/*")
        cited = page.url.removeprefix(portal)
        assert page.get_by_role("link", name="zitat.bib").is_visible()
        for path in ("/daten", "/daten/2026-11-28", "/zitat?q=Beratung", cited, "/region/pankow"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
            assert violations(page) == [], path
        context.close()
