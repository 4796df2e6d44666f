"""The editors' desk in a real Chromium, by keyboard: from the offer's page to its effect there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.api.accessibility import violations
from tests.api.admin_site import served
from tests.loopback import serve
from tests.schedules.correction_site import ADMIN, Site, make_site

pytestmark = pytest.mark.browser
OFFER, WRONG, RIGHT = "Schuldnerberatung", "030 23125102", "030 23125222"


@pytest.fixture
def page(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """A browser at a portal over one crawled site; no other host may be asked."""
    with serve({}) as server:
        site: Site = make_site(server, tmp_path)
        assert site.crawl().counts["added"] == 3
    with served(site.settings) as portal:
        context = chromium.new_context(base_url=portal)
        page = context.new_page()
        asked: set[str] = set()
        page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
        page.goto("/")
        yield page
        context.close()
        assert asked == {urlsplit(portal).netloc}


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until a control has the focus, as somebody without a mouse does."""
    target.wait_for()
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"no way to {target} by keyboard")


def follow(page: Page, target: Locator) -> None:
    tab_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sound(page: Page) -> None:
    """No rule of accessibility is broken, and nothing scrolls sideways on a phone."""
    wide = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size(wide or {"width": 1280, "height": 720})
    assert violations(page) == [], page.url


def propose(page: Page) -> None:
    """Somebody finds the offer and says what its number is."""
    page.goto(f"/?q={OFFER}")
    follow(page, page.get_by_role("link", name=OFFER).first)
    assert WRONG in page.locator("main").inner_text()
    follow(page, page.get_by_role("link", name="Korrektur vorschlagen"))
    sound(page)
    tab_to(page, page.get_by_label("Telefon", exact=True))
    page.keyboard.press("Control+A")
    page.keyboard.type("030 23125 222")
    page.wait_for_timeout(3_500)  # who sends within three seconds is taken for a program
    follow(page, page.get_by_role("button", name="Vorschlag senden"))
    assert "/korrektur/" in page.url
    sound(page)


def test_a_correction_by_keyboard_from_the_offer_to_its_effect(page: Page) -> None:
    propose(page)
    receipt = page.url
    page.goto("/admin")  # not signed in: first that
    sound(page)
    tab_to(page, page.get_by_label("Zugangswort"))
    page.keyboard.type("wrong")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("alert").is_visible()
    tab_to(page, page.get_by_label("Zugangswort"))
    page.keyboard.type(ADMIN.partition(":")[2])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    sound(page)
    assert "1 offen" in page.locator("main").inner_text()
    follow(page, page.locator("main h2").get_by_role("link", name="Korrekturen"))
    sound(page)
    follow(page, page.get_by_role("link", name=OFFER))
    sound(page)
    assert "wir lesen" in page.locator("main").inner_text()
    follow(page, page.get_by_role("button", name="Ausgewähltes übernehmen"))
    assert "Anna" in page.locator("main").inner_text()
    page.goto(f"/?q={OFFER}")
    follow(page, page.get_by_role("link", name=OFFER).first)
    phone = page.locator(".facts > div", has=page.get_by_text("Telefon", exact=True))
    assert RIGHT in phone.inner_text()
    tab_to(page, phone.locator("summary"))
    page.keyboard.press("Enter")
    assert "Redaktion (geprüfte Korrektur)" in phone.inner_text()
    page.goto(receipt)
    assert "Übernommen" in page.locator("main").inner_text()


def test_signing_out_ends_what_the_browser_may(page: Page) -> None:
    page.goto("/admin")
    page.get_by_label("Zugangswort").fill(ADMIN.partition(":")[2])
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Abmelden").press("Enter")
    page.wait_for_url("**/admin/anmelden*")
    page.goto("/admin/korrekturen")
    assert "/admin/anmelden" in page.url
