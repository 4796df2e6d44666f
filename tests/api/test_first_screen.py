"""What a parent sees first on a small phone, and what stays usable when text is made larger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.api.conftest import uid

pytestmark = pytest.mark.browser
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""
"""WCAG 2.2, 1.4.12."""
TO_READ = [
    "/", "/?q=Beratung&cost=free&near=10439", "/?topic=krise", f"/angebot/{uid('offer-1')}",
    f"/angebot/{uid('offer-3')}", f"/angebot/{uid('offer-0')}/korrektur", "/netzwerk/pankow",
    "/region/pankow", "/notfall", "/uk/?q=Beratung", "/ar/?q=Beratung",
]  # fmt: skip


@pytest.fixture(params=["de-DE"])
def phone(chromium: Browser, portal: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A small phone: 360 by 640, touch."""
    context = chromium.new_context(
        base_url=portal, locale=request.param, viewport={"width": 360, "height": 640},
        has_touch=True, is_mobile=True,
    )  # fmt: skip
    yield context.new_page()
    context.close()


def bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize(
    ("phone", "prefix"),
    [("de-DE", ""), ("tr", "/tr"), ("ar", "/ar"), ("uk", "/uk")],
    indirect=["phone"],
)
def test_the_first_answer_is_there_without_scrolling(phone: Page, prefix: str) -> None:
    phone.goto(f"{prefix}/?q=Schulden")
    assert bottom(phone, ".hit .h3") < 560
    assert bottom(phone, ".hit a.tel") <= 640  # and calling is one tap away


def test_with_place_and_filters_the_first_answer_is_still_there(phone: Page) -> None:
    phone.goto("/?q=Schulden&near=10439&cost=free")
    assert bottom(phone, ".hit .h3") <= 640


def test_calling_is_one_tap_away(phone: Page) -> None:
    phone.goto(f"/angebot/{uid('offer-1')}")
    assert bottom(phone, ".deeds .primary") <= 640
    box = phone.locator(".deeds .primary").bounding_box()
    assert box is not None
    assert box["height"] >= 44


def test_what_only_a_keyboard_can_is_not_told_on_a_phone(phone: Page, page: Page) -> None:
    for shown, where in ((False, phone), (True, page)):
        where.goto("/notfall")
        assert where.get_by_text("dreimal Esc").is_visible() is shown
        assert where.get_by_text("im Verlauf des Browsers").is_visible()


@pytest.fixture
def page(chromium: Browser, portal: str) -> Iterator[Page]:
    """The smallest window of WCAG's reflow: 1280 pixels at 400 percent."""
    context = chromium.new_context(
        base_url=portal, locale="de-DE", viewport={"width": 320, "height": 256}, bypass_csp=True
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", TO_READ)
def test_wide_spacing_loses_nothing(page: Page, path: str) -> None:
    page.goto(path)
    page.add_style_tag(content=SPACED)
    wide = page.evaluate(
        """() => document.documentElement.scrollWidth <= 320 ? [] : [...document.querySelectorAll(
        "main *")].filter(e => e.checkVisibility() && e.getBoundingClientRect().right > 320)
        .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert wide == []
    cut = page.evaluate(
        """() => [...document.querySelectorAll("main a, main button, main .tag, main p, main li")]
        .filter(e => e.checkVisibility() && getComputedStyle(e).overflow === "hidden"
        && e.scrollHeight > e.clientHeight + 1 && !e.closest(".hide, .about, .quiet"))
        .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert cut == []


def test_the_focus_is_seen_and_under_nothing(page: Page) -> None:
    """WCAG 2.2, 2.4.7 and 2.4.11: also below the bar that stays at the top."""
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto("/?topic=krise")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator(".foot a").last.focus()
    hidden = []
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        found = page.evaluate(
            """() => { const e = document.activeElement, b = e.getBoundingClientRect();
            const bar = document.querySelector(".leave").getBoundingClientRect();
            const ring = getComputedStyle(e);
            return [e.outerHTML.slice(0, 80), parseFloat(ring.outlineWidth) >= 2,
            !!e.closest(".leave, .top, .skip") || b.bottom > bar.bottom + 8 || b.height === 0] }"""
        )
        if not all(found[1:]) and not found[0].startswith(("<body", "<circle")):
            hidden.append(found)
    assert hidden == []


def test_on_a_wide_screen_answers_stand_beside_the_filters(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/?q=Beratung&near=10439")
    results, filters = (page.locator(one).bounding_box() for one in (".results", ".filters"))
    assert results is not None
    assert filters is not None
    assert results["width"] > 650
    assert abs(results["y"] - filters["y"]) < 40
