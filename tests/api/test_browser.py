"""The pages in a real Chromium: keyboard, narrow screens, no script, no foreign host."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.api.conftest import uid

pytestmark = pytest.mark.browser
PAGES = [
    "/", "/?q=Beratung&cost=free&topic=schulden", "/?q=xyzzyqqq", f"/angebot/{uid('offer-0')}",
    f"/angebot/{uid('evil')}", "/netzwerke", "/netzwerk/pankow", "/quellen", "/quelle/pankow",
    "/lauf/pankow-2", "/daten", "/nothing", "/quelle/pankow/bericht",
    f"/angebot/{uid('offer-0')}/korrektur",
]  # fmt: skip


@pytest.fixture
def page(chromium: Browser, portal: str) -> Iterator[Page]:
    """A page that fails the test where another host is asked or a rule of the CSP is broken."""
    context = chromium.new_context(base_url=portal, java_script_enabled=True)
    page = context.new_page()
    asked: set[str] = set()
    complaints: list[str] = []
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
    yield page
    context.close()
    assert asked <= {urlsplit(portal).netloc}
    assert not [c for c in complaints if "404" not in c]


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


_CONTRAST = """() => {
  const channel = v => {
    v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 };
  const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const read = s => s.match(/[\\d.]+/g).map(Number);
  const behind = e => { for (; e; e = e.parentElement) {
    const c = read(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255] };
  const poor = [];
  for (const e of document.querySelectorAll("main *, header *, footer *")) {
    if (!e.innerText || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const [a, b] = [light(read(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(e.className + ": " + e.innerText.slice(0, 40));
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_aa_in_both_schemes(chromium: Browser, portal: str, scheme: str) -> None:
    context = chromium.new_context(base_url=portal, color_scheme=scheme)
    page = context.new_page()
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate(_CONTRAST) == [], path
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
