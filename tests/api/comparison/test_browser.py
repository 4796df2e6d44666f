"""The comparison in a real Chromium: by keyboard, on paper, narrow and wide, light and dark."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Literal

import pdfplumber
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.accessibility import violations

pytestmark = pytest.mark.browser
EDITION = "2026-11-20"
PATHS = (
    "/vergleich", "/en/vergleich/kennzahlen", "/vergleich/profile",
    "/vergleich/nebeneinander?netzwerk=pankow&netzwerk=lichtenberg", "/vergleich/methode",
    "/vergleich/netzwerk/pankow", "/vergleich/angebote?sicht=listed&zeile=pankow&thema=alle",
    f"/vergleich/ausgabe/{EDITION}/land/11",
)  # fmt: skip


@pytest.fixture
def page(chromium: Browser, compared_portal: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=compared_portal, locale="de-DE")
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert not faults


@pytest.mark.parametrize(
    ("width", "scheme"), [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
)
def test_nothing_for_axe_to_object_to(
    page: Page, width: int, scheme: Literal["light", "dark"]
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    for path in PATHS:
        page.goto(path)
        assert not violations(page), path
        # Wide tables scroll by themselves, the page does not.
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_by_keyboard_from_the_question_to_an_offer(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/vergleich")
    view = page.get_by_label("Nach")
    view.focus()
    page.keyboard.press("ArrowDown")
    expect(view).to_have_value("served")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Maß")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Anzeigen")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**sicht=served&mass=hours**")
    page.keyboard.press("Tab")
    expect(page.get_by_role("heading", level=2)).to_contain_text("Angebotsstunden je Woche")
    # The table can be scrolled by its own, and every figure be reached.
    scroll = page.get_by_role("region", name=re.compile("Angebotsstunden"))
    scroll.focus()
    before = scroll.evaluate("one => one.scrollLeft")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([one, before]) => one.scrollLeft > before", arg=[scroll.element_handle(), before]
    )
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("href", re.compile("/vergleich/angebote"))
    assert focused.evaluate("one => getComputedStyle(one).outlineStyle") != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/vergleich/angebote**")
    expect(page.get_by_role("heading", level=1)).to_have_text("Angebote hinter einer Zahl")
    page.locator(".behind a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/angebot/**")


def test_a_click_counts_the_offers_it_shows(page: Page) -> None:
    page.goto("/vergleich")
    cell = page.locator(".cmp tbody tr").first.locator("td a").first
    number = int(cell.inner_text())
    cell.click()
    page.wait_for_url("**/vergleich/angebote**")
    expect(page.locator(".behind li")).to_have_count(number)


def test_two_networks_are_chosen_and_shown(page: Page) -> None:
    page.goto("/vergleich/nebeneinander")
    expect(page.get_by_text("Bitte mindestens zwei Netzwerke wählen.")).to_be_visible()
    page.get_by_role("checkbox", name="Netzwerk Pankow").check()
    page.get_by_role("checkbox", name="Netzwerk Solo").check()
    page.get_by_role("button", name="Anzeigen").click()
    page.wait_for_url("**netzwerk=pankow**")
    heads = page.locator(".cmp").first.locator("thead th")
    expect(heads).to_have_text(["Netzwerk Pankow", "Netzwerk Solo"], use_inner_text=True)


def test_on_paper(page: Page) -> None:
    page.goto(f"/vergleich/ausgabe/{EDITION}/land/11")
    page.emulate_media(media="print")
    for hidden in (".parts", ".files", ".top nav", ".deeds"):
        for one in page.locator(hidden).all():
            expect(one).to_be_hidden()
    # Nothing is cut off: what scrolled on the screen lies open.
    assert page.evaluate(
        "[...document.querySelectorAll('.scroll')].every(one => "
        "getComputedStyle(one).overflowX === 'visible' && one.scrollWidth <= one.clientWidth + 1)"
    )
    with pdfplumber.open(io.BytesIO(page.pdf(format="A4", landscape=True))) as paper:
        told = " ".join(one.extract_text() or "" for one in paper.pages)
        assert 3 < len(paper.pages) < 40
    assert EDITION in told
    assert "Netzwerk Lichtenberg" in told
    assert "Alle zusammen" in told


def test_pictures_are_shown(page: Page) -> None:
    page.goto("/vergleich/netzwerk/pankow")
    drawn = page.locator("img.drawn")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("one => one.naturalWidth") > 300
    page.goto("/vergleich")
    page.get_by_role("link", name="Bild (SVG)").first.click()
    page.wait_for_url("**/vergleich/bild/listed-count.svg**")
    assert "Angebote je Netzwerk und Thema" in page.content()
