"""The pages in a real Chromium: keyboard, narrow screens, no script, no foreign host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from api.languages import LANGUAGES
from tests.api.accessibility import violations
from tests.api.conftest import uid

pytestmark = pytest.mark.browser
PAGES = [
    "/", "/?q=Beratung&cost=free&topic=schulden", "/?q=xyzzyqqq", "/?topic=krise",
    "/?q=Beratung&near=10439", f"/angebot/{uid('offer-0')}", f"/angebot/{uid('offer-3')}",
    f"/angebot/{uid('evil')}", f"/angebot/{uid('ended')}", f"/angebot/{uid('gone')}",
    "/netzwerke", "/netzwerk/pankow", "/netzwerk/wuppertal", "/regionen", "/region/pankow",
    "/region/spandau", "/quellen", "/quelle/pankow", "/quelle/pankow/bericht", "/lauf/pankow-2",
    f"/angebot/{uid('offer-0')}/verlauf", f"/angebot/{uid('offer-0')}/korrektur", "/daten",
    "/merkliste", "/notfall", "/barrierefreiheit", "/datenschutz", "/impressum",
    "/leichte-sprache", "/nothing", "/en/", f"/ar/angebot/{uid('offer-0')}", "/ar/?q=Beratung",
    "/uk/region/pankow",
]  # fmt: skip


@pytest.fixture
def page(chromium: Browser, portal: str) -> Iterator[Page]:
    """A page that fails the test where another host is asked or a rule of the CSP is broken."""
    context = chromium.new_context(base_url=portal, locale="de-DE")
    page = context.new_page()
    asked: set[str] = set()
    complaints: list[str] = []
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
    yield page
    context.close()
    assert asked <= {urlsplit(portal).netloc}
    assert not [c for c in complaints if not re.search(r"status of 4(?:04|10)", c)]


def test_search_by_keyboard_only(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("schulden")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=schulden*")
    assert "11 Angebote" in page.locator("#treffer").inner_text()
    page.locator(".hit h3 a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/angebot/**")
    assert page.locator("h1").inner_text().startswith("Schuldnerberatung")
    page.go_back()
    assert page.locator("#q").input_value() == "schulden"


def test_filters_as_a_plain_form(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/")
    page.get_by_text("Suche eingrenzen").click()
    page.get_by_label("mit Kinderbetreuung").check()
    page.get_by_label("Netzwerk", exact=True).select_option("pankow")
    page.get_by_role("button", name="Anwenden").click()
    assert "11 Angebote" in page.locator("#treffer").inner_text()
    page.get_by_role("link", name="mit Kinderbetreuung").click()
    assert "22 Angebote" in page.locator("#treffer").inner_text()


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_scrolls_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, path


def test_filters_stay_open_beside_the_results_on_wide_screens(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/?q=Beratung")
    assert page.get_by_label("kostenlos").is_visible()


def test_evidence_opens_without_script(chromium: Browser, portal: str) -> None:
    context = chromium.new_context(base_url=portal, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/angebot/{uid('offer-1')}")
    proof = page.locator(".facts > div", has=page.get_by_text("Telefon", exact=True))
    assert not proof.locator("blockquote").first.is_visible()
    proof.locator("summary").click()
    assert "So steht es da" in proof.locator("blockquote").first.inner_text()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_objects_to_nothing(chromium: Browser, portal: str, scheme: str) -> None:
    """WCAG 2.2 AA and axe-core's best practices, every page, all that unfolds unfolded."""
    context = chromium.new_context(base_url=portal, color_scheme=scheme, locale="de-DE")
    page = context.new_page()
    found = []
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        # An open menu lies over what is beneath it, as menus do.
        page.evaluate("document.querySelectorAll('.tongues').forEach(d => d.open = false)")
        found += [f"{path}: {line}" for line in violations(page)]
    context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/ar/"])
def test_open_menu_of_languages(chromium: Browser, portal: str, path: str, scheme: str) -> None:
    """Opened by keyboard, it is sound, names every language in itself, and stays on the screen."""
    context = chromium.new_context(base_url=portal, color_scheme=scheme, locale="de-DE")
    page = context.new_page()
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(path)
        page.locator(".tongues summary").press("Enter")
        links = page.locator(".tongues li a")
        assert links.all_inner_texts() == [one.name for one in LANGUAGES.values()]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for link in links.all():
            link.focus()
            box = link.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["height"] >= 24  # WCAG 2.2, 2.5.8
        assert violations(page, ".tongues") == [], (path, width)
    context.close()


def test_what_is_tapped_is_large_enough(page: Page) -> None:
    """WCAG 2.2, 2.5.8: 24 px, links in a sentence excepted."""
    page.set_viewport_size({"width": 320, "height": 700})
    for path in PAGES:
        page.goto(path)
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, select, input, summary, nav a,"
            + " .chips a, .topics a, .lines a, .button")].filter(e => e.checkVisibility()
            && e.getBoundingClientRect().height < 24 && e.type !== "checkbox"
            && !e.matches(".skip")).map(e => e.outerHTML.slice(0, 80))"""
        )
        assert small == [], path
