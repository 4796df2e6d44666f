"""The desk in a real Chromium: a pasted address becomes a source, a click takes an offer down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from schedules.desk import Desk, working
from tests.api.admin.test_browser import sound
from tests.api.admin_site import served
from tests.crawlers.test_crawl import TITLES
from tests.loopback import serve
from tests.schedules.desk_site import TOKEN, Installation, install

pytestmark = pytest.mark.browser


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Installation]:
    with serve({}) as server:
        site = install(server, tmp_path)
        with working(Desk(site.runner, site.runner.run)):
            yield site


@pytest.fixture
def page(chromium: Browser, site: Installation) -> Iterator[Page]:
    """An editor's browser, signed in; no other host may be asked."""
    with served(site.settings) as portal:
        context = chromium.new_context(base_url=portal)
        page = context.new_page()
        asked: set[str] = set()
        page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
        page.goto("/admin/quellen")
        page.get_by_label("Zugangswort").fill(TOKEN)
        page.get_by_label("Zugangswort").press("Enter")
        page.wait_for_url("**/admin/quellen")
        yield page
        context.close()
        assert asked == {urlsplit(portal).netloc}


def test_an_unseen_site_from_its_address_to_a_source_and_a_takedown(
    page: Page, site: Installation
) -> None:
    sound(page)
    page.get_by_label("Adresse der Website").fill(site.server.base_url)
    page.get_by_role("button", name="Website ansehen").press("Enter")
    page.wait_for_url("**/admin/quellen/1")
    # Nobody reloads: the page shows by itself what was found.
    expect(page.get_by_role("heading", name="So würden die Angebote erscheinen")).to_be_visible(
        timeout=90_000
    )
    sound(page)
    for title in TITLES:
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.locator("summary", has_text="Warum so?").first.press("Enter")
    expect(page.locator("details[open] blockquote").first).to_be_visible()
    page.get_by_label("Name der Website").fill("Netz Neu")
    page.get_by_label("Region, für die").fill("Pankow")
    page.get_by_label("Kennung").fill("eins")  # another source's
    page.get_by_role("button", name="Aufnehmen und einplanen").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("heißt schon eine Quelle")
    sound(page)
    page.get_by_label("Kennung").fill("neu")
    page.get_by_role("button", name="Aufnehmen und einplanen").press("Enter")
    expect(page.get_by_text("Aufgenommen und eingeplant")).to_be_visible()
    page.goto("/?q=Schuldnerberatung")
    for _ in range(60):  # its first visit takes as long as it takes
        if page.get_by_role("link", name="Schuldnerberatung").count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    page.get_by_role("link", name="Schuldnerberatung").first.click()
    page.wait_for_url("**/angebot/*")
    offer = page.url
    page.goto("/admin/sperren")
    sound(page)
    page.get_by_label("Telefonnummer, E-Mail-Adresse").fill(offer)
    page.get_by_label("Grund").fill("verlangt")
    page.get_by_role("button", name="Sperren").press("Enter")
    expect(page.get_by_text("Gesperrt (1)")).to_be_visible()
    sound(page)
    page.wait_for_timeout(2_100)  # longer than a browser may show what it had
    for path in ("/?q=Schuldnerberatung", "/einbetten/rahmen?q=Schuldnerberatung"):
        page.goto(path)
        expect(page.get_by_role("link", name="Schuldnerberatung")).to_have_count(0)


@pytest.mark.parametrize("path", ["laeufe", "woerter", "suchanfragen", "quellen", "sperren"])
def test_every_section_is_sound_where_nothing_waits(page: Page, path: str) -> None:
    page.goto(f"/admin/{path}")
    sound(page)
