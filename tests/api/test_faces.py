"""What parents do with the pages, in a real Chromium: suggest, keep, share, leave, correct."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.api.accessibility import violations
from tests.api.conftest import uid

pytestmark = pytest.mark.browser
STATIC = Path(__file__).parents[2] / "api" / "static"
AWAY = "https://www.dwd.de/"


@pytest.fixture
def page(chromium: Browser, portal: str) -> Iterator[Page]:
    """A German page; another host may only be the harmless one that leaving leads to."""
    context = chromium.new_context(
        base_url=portal, locale="de-DE", permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    asked: set[str] = set()
    faults: list[str] = []
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))

    def harmless(route: Route) -> None:
        route.fulfill(body="<title>Wetter</title>", content_type="text/html")

    context.route(f"{AWAY}**", harmless)
    yield page
    context.close()
    assert asked <= {urlsplit(portal).netloc, urlsplit(AWAY).netloc}
    assert not faults


def test_suggestions_are_a_combobox(page: Page) -> None:
    page.goto("/")
    box = page.get_by_role("combobox", name="Was suchst du?")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("schuld")
    options = page.locator(".suggestions [role=option]")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("listbox", name="Was suchst du?")).to_be_visible()
    assert not violations(page)
    # Nothing is chosen until somebody does: what was typed stays what is searched.
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowDown")
    first = options.first
    expect(first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
    box.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    box.press("Escape")
    expect(options.first).to_be_hidden()
    assert box.input_value() == "schuld"
    box.press("Escape")
    assert box.input_value() == ""
    box.press_sequentially("schuld")
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    wanted = options.first.get_attribute("data-value")
    box.press("Enter")
    page.wait_for_url("**/?q=*")
    assert page.locator("#q").input_value() == wanted


def test_place_is_suggested_and_tab_keeps_what_was_typed(page: Page) -> None:
    page.goto("/")
    near = page.get_by_role("combobox", name="Wo?")
    near.press_sequentially("Panko")
    place = page.locator(".suggestions [role=option]")
    expect(place.first).to_have_text(re.compile("^Pankow"))
    near.press("Tab")
    assert near.input_value() == "Panko"
    expect(place.first).to_be_hidden()
    near.fill("")
    near.press_sequentially("Panko")
    place.first.click()
    assert near.input_value().startswith("Pankow")
    page.get_by_role("button", name="Suchen").click()
    page.wait_for_url("**/?near=Pankow*")
    assert "q=" not in page.url  # empty fields stay out of the address


def test_filters_take_effect_at_once_on_wide_screens_and_back_undoes_them(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/?q=Beratung")
    before = page.locator("#treffer").inner_text()
    page.get_by_role("checkbox", name="kostenlos").check()
    page.wait_for_url("**cost=free*")
    assert page.locator("#treffer").inner_text() != before
    page.get_by_role("link", name="Filter entfernen: kostenlos").focus()
    page.go_back()
    expect(page.locator("#treffer")).to_have_text(before)
    expect(page.get_by_role("checkbox", name="kostenlos")).not_to_be_checked()
    expect(page.locator("#q")).to_be_enabled()


def test_map_leads_to_the_cards(page: Page) -> None:
    page.goto("/?q=Beratung&near=10439")
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("response", lambda answer: asked.append(urlsplit(answer.url).path))
    page.get_by_text("Auf der Karte zeigen").click()
    outlines = page.locator(".map img")
    outlines.evaluate("e => e.decode()")  # fails where it is no picture
    assert asked == ["/static/laender.svg"]  # whoever leaves the map closed does not pay for it
    # Points and outlines are drawn over each other, as parts of the same plane.
    box = page.locator(".map svg").bounding_box()
    assert box == outlines.bounding_box()
    assert box is not None
    assert box["height"] > 100
    view = page.locator(".map svg").get_attribute("viewBox")
    assert view is not None
    assert f"viewBox({view.replace(' ', ',')})" in (outlines.get_attribute("src") or "")
    markers = page.locator(".map a")
    if markers.count() == 0:
        pytest.fail("the record has offers with coordinates, the map shows none")
    markers.first.press("Enter")
    assert page.locator("li:target .hit").count() == 1


def test_watch_list_stays_on_the_device(page: Page) -> None:
    page.goto(f"/angebot/{uid('offer-1')}")
    keep = page.get_by_role("button", name="Merken")
    expect(keep).to_have_attribute("aria-pressed", "false")
    keep.click()
    expect(page.get_by_role("button", name="Gemerkt")).to_have_attribute("aria-pressed", "true")
    page.goto(f"/angebot/{uid('evil')}")
    page.get_by_role("button", name="Merken").click()
    page.goto("/merkliste")
    links = page.locator("#merkliste .h3 a")
    expect(links).to_have_count(2)
    assert links.first.inner_text().startswith("Schuldnerberatung")
    expect(page.locator("#merkliste a.tel")).to_have_attribute("href", "tel:+493023125102")
    assert not violations(page)
    page.get_by_role("button", name=re.compile("Entfernen ?: Boshaft")).click()
    expect(links).to_have_count(1)
    links.first.click()
    assert page.url.endswith(f"/angebot/{uid('offer-1')}")
    page.goto("/merkliste")
    page.get_by_role("button", name="Alles löschen").click()
    expect(page.get_by_text("Noch ist nichts gemerkt.")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    assert page.context.cookies() == []


@pytest.mark.parametrize(
    "kept", ["{", "7", '[null, 1, {"id": 3}]', '[{"id": "x", "title": "<b>"}]']
)
def test_watch_list_survives_foreign_storage(page: Page, kept: str) -> None:
    page.goto("/merkliste")
    page.evaluate("kept => localStorage.setItem('netzlotse.merkliste', kept)", kept)
    page.reload()
    assert page.locator("#merkliste b").count() == 0
    assert page.locator("#merkliste li").count() == ("title" in kept)


def test_sharing_copies_the_address_where_nothing_can_be_shared(page: Page, portal: str) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'share', {value: undefined})")
    page.goto(f"/angebot/{uid('offer-0')}")
    page.get_by_role("button", name="Teilen").click()
    expect(page.get_by_role("status")).to_have_text("Adresse kopiert")
    assert page.evaluate("navigator.clipboard.readText()") == f"{portal}/angebot/{uid('offer-0')}"


def test_sharing_uses_what_the_phone_has(page: Page, portal: str) -> None:
    page.add_init_script("navigator.share = async what => { window.shared = what }")
    page.goto(f"/angebot/{uid('offer-3')}")  # on law: its title is told to nobody
    page.get_by_role("button", name="Teilen").click()
    assert page.evaluate("window.shared") == {
        "title": "Informationen", "url": f"{portal}/angebot/{uid('offer-3')}",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/?topic=krise", "/?topic=recht", "/notfall"])
def test_leaving_a_page_leaves_no_way_back(page: Page, path: str) -> None:
    page.goto("/netzwerke")
    page.goto(path)
    assert page.title() == "Informationen – netzlotse"
    page.get_by_role("link", name="Seite schnell verlassen").click()
    page.wait_for_url(AWAY)
    page.go_back()
    assert urlsplit(page.url).path == "/netzwerke"


def test_escape_three_times_leaves(page: Page) -> None:
    page.goto(f"/angebot/{uid('offer-3')}")
    assert page.title() == "Informationen – netzlotse"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert urlsplit(page.url).path.startswith("/angebot/")
    page.keyboard.press("Escape")
    page.wait_for_url(AWAY)


def test_other_pages_have_no_exit(page: Page) -> None:
    page.goto(f"/angebot/{uid('offer-1')}")
    assert page.get_by_role("link", name="Seite schnell verlassen").count() == 0


def test_without_script(chromium: Browser, portal: str) -> None:
    """Search, filters, pages, leaving, correcting: all by links and forms."""
    context = chromium.new_context(base_url=portal, locale="de-DE", java_script_enabled=False)
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/")
    page.locator("#q").fill("Beratung")
    page.keyboard.press("Enter")
    expect(page.locator("#treffer")).to_contain_text("zu „Beratung“")
    page.locator(".filters > summary").click()
    page.get_by_label("kostenlos").check()
    page.get_by_role("button", name="Anwenden").click()
    page.wait_for_url("**cost=free**")  # loaded, not only on its way: else there is no way back yet
    page.go_back()
    assert "cost=free" not in page.url
    page.locator(".hit h3 a").first.click()
    assert page.get_by_role("button", name="Merken").count() == 0  # nothing that would do nothing
    page.goto("/?topic=krise")
    assert page.get_by_role("link", name="Seite schnell verlassen").get_attribute("href") == AWAY
    page.goto("/merkliste")
    assert page.locator("noscript").count() == 1
    context.close()


def test_correction_by_keyboard(page: Page) -> None:
    page.goto(f"/angebot/{uid('offer-5')}")
    page.get_by_role("link", name="Korrektur vorschlagen").press("Enter")
    page.get_by_label("Titel").fill("Ein anderer Titel")
    page.wait_for_timeout(3_500)  # the spam guard takes nobody for a person who is faster
    page.get_by_role("button", name="Vorschlag senden").press("Enter")
    expect(page.locator("h1")).to_have_text("Danke, dein Vorschlag ist da")
    assert not violations(page)


def test_search_page_as_a_screen_reader_hears_it(page: Page) -> None:
    page.goto("/?q=Treff&childcare=true")
    heard = page.locator("body").aria_snapshot().replace("'", "")
    for line in (
        '- link "Zum Inhalt springen"', "- banner", '- navigation "Hauptmenü"',
        '- link "Soforthilfe"', "- main", "- search", '- combobox "Was suchst du?"',
        '- combobox "Wo?"', '- button "Suchen"', '- list "Aktive Filter"',
        '- link "Filter entfernen: mit Kinderbetreuung"', '- heading "11 Angebote zu „Treff“"',
        '- heading "Offener Treff für Alleinerziehende mit Frühstück" [level=3]',
        '- link "030 23125101"', "- contentinfo", '- navigation "Über diese Seiten"',
    ):  # fmt: skip
        assert line in heard, line


def test_offer_page_as_a_screen_reader_hears_it(page: Page) -> None:
    page.goto(f"/angebot/{uid('offer-1')}")
    heard = page.locator("main").aria_snapshot().replace("'", "")
    for line in (
        '- heading "Schuldnerberatung" [level=1]', '- link "Anrufen: 030 23125102"',
        '- button "Merken"', '- button "Teilen"', '- heading "Angaben" [level=2]',
        "- term: Telefon", '- heading "Wo dieses Angebot steht" [level=2]',
        '- link "Stimmt etwas nicht? Korrektur vorschlagen"',
    ):  # fmt: skip
        assert line in heard, f"{line}\n{heard}"


def test_print_shows_the_offer_and_nothing_around_it(page: Page) -> None:
    page.goto(f"/angebot/{uid('offer-1')}")
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert page.get_by_text("Mo und Do 9–12 Uhr").first.is_visible()
    for gone in (".top nav", ".deeds", ".wrong", ".foot nav", ".tongues"):
        assert not page.locator(gone).is_visible(), gone


def test_right_to_left(page: Page) -> None:
    page.goto("/ar/?q=Beratung")
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.locator(".brand").bounding_box()["x"] > width / 2  # type: ignore[index]
    assert page.locator(".hit h3").first.evaluate("e => getComputedStyle(e).direction") == "rtl"


def test_axe_is_awake(page: Page) -> None:
    page.goto("/")
    page.evaluate("document.querySelector('#q').labels[0].remove()")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert {line.split(":")[0] for line in violations(page)} >= {"html-has-lang"}


def test_budget(page: Page) -> None:
    """HTML < 60 kB, scripts < 20 kB gzipped, one style sheet and an icon."""
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    page.goto("/?q=Beratung", wait_until="networkidle")
    kinds = {urlsplit(url).path: size for url, size in sizes.items()}
    static = {"site.css", "seite.js", "icon.svg"}
    assert set(kinds) <= {"/", *(f"/static/{name}" for name in static)}
    assert kinds["/"] < 60_000
    assert len(gzip.compress((STATIC / "seite.js").read_bytes())) < 20_000


def test_opensearch_and_statements_are_told(page: Page) -> None:
    described = page.request.get("/opensearch.xml")
    assert "{searchTerms}" in described.text()
    page.goto("/barrierefreiheit")
    assert page.get_by_role("link", name="netzlotse.example").is_visible()
    data = page.goto(f"/angebot/{uid('offer-1')}")
    assert data is not None
    block = page.locator("script[type='application/ld+json']").text_content()
    assert json.loads(block or "")["@type"] == "Service"
