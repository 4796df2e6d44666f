"""Stored cross-site scripting: what a hostile site says stays words, in every place we say it."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser
from pydantic import SecretStr

from aggregator.settings import Settings
from tests.api.admin_site import TOKENS, sign_in, visitor
from tests.api.attacks.conftest import payloads
from tests.api.attacks.markup import foreign
from tests.api.conftest import running
from tests.federation.conftest import Installation


def test_most_attacks_were_published(harvested: Installation) -> None:
    titles = " ".join(row["title"] for row in harvested.listings())
    for attack in ("{{constructor", "${window.hit=1}", "`onmouseover=window.hit=1"):
        assert attack in titles
    assert "<script" not in titles  # no markup is stored, however it was written
    assert len(harvested.listings()) > len(payloads("scripts"))


@pytest.mark.browser
def test_no_page_runs_what_was_harvested(attacked: Settings, chromium: Browser) -> None:
    with running(attacked) as portal:
        context = chromium.new_context(base_url=portal)
        page = context.new_page()
        hits: list[str] = []
        page.on("dialog", lambda dialog: hits.append(dialog.message))
        page.on("console", lambda said: hits.append(said.text))
        page.on("request", lambda one: hits.append(one.url) if urlsplit(one.url).netloc
                != urlsplit(portal).netloc else None)  # fmt: skip
        items = page.request.get("/api/v1/offers?limit=100").json()["items"]
        assert len(items) == 100
        # Every third offer is opened; what is searched and listed shows all of them.
        urls = [f"/angebot/{item['id']}" for item in items[::3]]
        urls += [f"/?q=Beratung&limit=100&offset={n}" for n in (0, 20, 40)]
        urls += ["/quellen", "/quelle/boese", f"/angebot/{items[0]['id']}/korrektur"]
        for url in urls:
            page.goto(url)
            if page.evaluate("window.hit || document.cookie"):
                hits.append(url)
            hits += [f"{url}: {one}" for one in foreign(page.content())]
        context.close()
    assert hits == []


@pytest.mark.parametrize("attack", payloads("scripts"))
def test_what_is_asked_comes_back_as_words(client: TestClient, attack: str) -> None:
    for parameter in ("q", "near", "topic", "sort", attack):
        answer = client.get("/", params={parameter: attack}, headers={"Accept": "text/html"})
        assert answer.status_code in {200, 404, 422}
        assert foreign(answer.text) == []


def test_editors_are_shown_words(attacked: Settings) -> None:
    editor = visitor(attacked.model_copy(update={"admin_token": SecretStr(TOKENS)}))
    offer = editor.get("/api/v1/offers?limit=1").json()["items"][0]["id"]
    attacks = payloads("scripts")
    for attack in attacks[:3]:
        proposal = {"fields": {"title": attack}, "text": "\n".join(attacks)[:2000],
                    "contact": attack[:200]}  # fmt: skip
        sent = editor.post(f"/api/v1/offers/{offer}/corrections", json=proposal)
        assert sent.status_code in {201, 202}, sent.text
    sign_in(editor)
    pages = ["/admin", "/admin/korrekturen", "/admin/dubletten", "/admin/widersprueche"]
    listed = editor.get("/admin/korrekturen").text
    pages += re.findall(r'href="(/admin/korrekturen/[^"]+)"', listed)[:3]
    assert len(pages) > 4
    shown = ""
    for page in pages:
        answer = editor.get(page)
        assert answer.status_code == 200, page
        assert foreign(answer.text) == []
        shown += answer.text
    assert html.escape(attacks[0], quote=True) in shown.replace("&#34;", "&quot;")
