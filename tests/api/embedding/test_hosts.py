"""The widget, the frame and the fragment on pages of others, in a real Chromium."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import yaml

from api.embedding.releases import newest
from api.embedding.snippets import Kind
from tests.api.accessibility import violations
from tests.api.embedding.conftest import Visit, Write
from tests.api.embedding.hosts import PAGES, Site

pytestmark = pytest.mark.browser
POLICIES: dict[str, str] = yaml.safe_load(PAGES.with_name("policies.yml").read_text("utf-8"))
HASH = newest().hashes["angebot-suche.js"]


@pytest.fixture
def publish(site: Site, portal: str) -> Any:
    """Puts a snippet into a page of the site, under a policy; its address."""

    def publish(page: str, html: str, policy: str = "") -> str:
        text = (PAGES / f"{page}.html").read_text("utf-8").replace("@SNIPPET@", html)
        allowed = POLICIES.get(policy, policy).replace("PORTAL", portal).replace("HASH", HASH)
        return site.put(f"/{page}", text, allowed)

    return publish


@pytest.mark.parametrize(
    ("page", "policy"),
    [
        ("strict", "strict"), ("strict", "hash"), ("wordpress", "wordpress"), ("typo3", "typo3"),
        ("hostile", ""),
    ],
)  # fmt: skip
def test_it_searches_on_a_foreign_page(
    publish: Any, visit: Visit, write: Write, page: str, policy: str
) -> None:
    with visit(publish(page, write(accent="#aa3377").html, policy)) as visitor:
        visitor.search("schulden")
        assert visitor.widget.get_by_role("status").inner_text() == "Gefundene Angebote: 11"
        card = visitor.widget.locator("article").first
        assert card.locator("a").first.inner_text() == "Schuldnerberatung"
        said = card.inner_text()
        for fact in (
            "Hafenweg 3, 10439 Berlin (Pankow)",
            "Mo und Do 9–12 Uhr",
            "kostenlos",
            "030 23125102",
        ):
            assert fact in said
        assert card.locator("a[href^='tel:']").first.get_attribute("href") == "tel:+493023125102"
        assert any("/api/v1/offers?" in url for url in visitor.asked)


def test_hostile_styles_change_nothing(publish: Any, visit: Visit, write: Write) -> None:
    with visit(publish("hostile", write(near=True).html)) as visitor:
        visitor.search("schulden")
        looks = visitor.widget.evaluate(
            """host => {
              const all = [...host.shadowRoot.querySelectorAll("input, button, label, h2, dd, a")]
                .filter(e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}));
              return all.map(e => { const s = getComputedStyle(e); return {
                tag: e.localName, size: parseFloat(s.fontSize), spacing: s.letterSpacing,
                indent: s.textIndent, wrap: s.whiteSpaceCollapse + s.textWrapMode,
                case: s.textTransform, line: parseFloat(s.lineHeight) / parseFloat(s.fontSize),
                tall: e.getBoundingClientRect().height } }) }"""
        )
        assert {"input", "button", "label", "h2", "dd", "a"} <= {look["tag"] for look in looks}
        for look in looks:
            assert look["size"] >= 14, look
            assert look["line"] >= 1.2 or look["tag"] in {"input", "button"}, look
            assert (look["spacing"], look["indent"], look["case"]) == ("normal", "0px", "none")
            if look["tag"] in {"input", "button"}:
                assert look["tall"] >= 44, look


def test_it_takes_font_and_colour_of_its_host(publish: Any, visit: Visit, write: Write) -> None:
    with visit(publish("wordpress", write().html, "wordpress")) as visitor:
        style = visitor.widget.get_by_role("combobox").evaluate(
            "e => { const s = getComputedStyle(e); return [s.fontFamily, s.color] }"
        )
        assert style == ["Cardo, Georgia, serif", "rgb(17, 17, 17)"]


def test_parts_and_properties_reach_inside(publish: Any, visit: Visit, write: Write) -> None:
    style = (
        "<style>angebot-suche{--as-radius:0;--as-accent:rgb(1, 2, 3)}"
        "angebot-suche::part(button){letter-spacing:3px}</style>"
    )
    with visit(publish("strict", style + write().html)) as visitor:
        found = visitor.widget.get_by_role("button").first.evaluate(
            "e => { const s = getComputedStyle(e);"
            " return [s.backgroundColor, s.borderRadius, s.letterSpacing] }"
        )
        assert found == ["rgb(1, 2, 3)", "0px", "3px"]


@pytest.mark.parametrize("page", ["strict", "wordpress", "typo3"])
def test_without_script_the_form_searches(
    publish: Any, visit: Visit, write: Write, portal: str, page: str
) -> None:
    address = publish(page, write(region="11003", near=True).html)
    with visit(address, named=True, java_script_enabled=False) as visitor:
        assert visitor.asked == [address]
        visitor.page.get_by_role("searchbox", name="Was suchst du?").fill("schulden")
        visitor.page.get_by_role("button", name="Suchen").click()
        visitor.page.wait_for_url(f"{portal}/?region=11003&q=schulden&near=")
        visitor.page.locator("h2", has_text="Angebote").first.wait_for()


def test_by_keyboard_as_the_authoring_practices_say(
    publish: Any, visit: Visit, write: Write
) -> None:
    with visit(publish("strict", write(near=True).html, "strict")) as visitor:
        box = visitor.widget.get_by_role("combobox")
        options = visitor.widget.get_by_role("option")
        press = visitor.page.keyboard.press

        def active() -> str | None:
            marked = box.get_attribute("aria-activedescendant")
            return visitor.widget.locator(f"#{marked}").inner_text() if marked else None

        press("Tab")
        assert box.evaluate("e => e.getRootNode().activeElement === e")
        box.press_sequentially("schul")
        options.first.wait_for()
        assert box.get_attribute("aria-expanded") == "true"
        assert active() is None  # manual selection: nothing is chosen for anybody
        press("ArrowDown")
        assert active() == options.nth(0).inner_text()
        press("ArrowUp")
        assert active() == options.last.inner_text()
        press("ArrowDown")
        assert active() == options.nth(0).inner_text()
        press("Home")
        assert active() is None
        press("Alt+ArrowUp")
        assert box.get_attribute("aria-expanded") == "false"
        press("Alt+ArrowDown")
        options.first.wait_for()
        assert active() is None
        press("Escape")
        assert (box.input_value(), box.get_attribute("aria-expanded")) == ("schul", "false")
        press("ArrowDown")
        options.first.wait_for()
        assert active() == options.nth(0).inner_text()
        press("Tab")  # keeps what was typed
        assert (box.input_value(), box.get_attribute("aria-expanded")) == ("schul", "false")
        assert visitor.widget.get_by_role("textbox", name="PLZ oder Ort").evaluate(
            "e => e.getRootNode().activeElement === e"
        )
        press("Shift+Tab")
        press("ArrowDown")
        options.first.wait_for()
        chosen = active()
        press("Enter")
        visitor.widget.locator("article").first.wait_for()
        assert box.input_value() == chosen
        press("Escape")
        assert box.input_value() == ""


def test_the_rest_of_the_hits_and_the_focus(publish: Any, visit: Visit, write: Write) -> None:
    with visit(publish("strict", write(limit=3).html, "strict")) as visitor:
        visitor.search("schulden")
        cards = visitor.widget.locator("article")
        assert cards.count() == 3
        more = visitor.widget.get_by_role("button", name="Mehr anzeigen")
        more.press("Enter")
        cards.nth(5).wait_for()
        focused = "e => e.getRootNode().activeElement === e"
        assert cards.nth(3).locator("a").first.evaluate(focused)
        for shown in (9, 11):
            more.click()
            cards.nth(shown - 1).wait_for()
        assert not more.is_visible()


@pytest.mark.parametrize("page", ["strict", "wordpress", "typo3"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_objects_to_nothing(
    publish: Any, visit: Visit, write: Write, page: str, width: int
) -> None:
    size: Any = {"width": width, "height": 800}
    with visit(publish(page, write(near=True, accent="#7a2a5c").html), viewport=size) as visitor:
        box = visitor.widget.get_by_role("combobox")
        box.press_sequentially("schul")
        visitor.widget.get_by_role("option").first.wait_for()
        visitor.page.keyboard.press("ArrowDown")
        assert violations(visitor.page) == []
        visitor.page.keyboard.press("Enter")
        visitor.widget.locator("article").first.wait_for()
        assert violations(visitor.page) == []
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width


def test_what_a_screen_reader_is_told(publish: Any, visit: Visit, write: Write) -> None:
    with visit(publish("strict", write().html, "strict")) as visitor:
        visitor.search("mondlicht")
        told = visitor.widget.aria_snapshot()
        for line in (
            'search "Angebote für Alleinerziehende"', 'combobox "Was suchst du?"',
            'button "Suchen"', "status: \"Gefundene Angebote:", "heading", "term: Wo",
        ):  # fmt: skip
            assert line in told, told


@pytest.mark.parametrize(("lang", "word"), [("en", "Search"), ("tr", "Ara"), ("uk", "Шукати")])
def test_it_speaks_the_language_of_its_element(
    publish: Any, visit: Visit, write: Write, lang: str, word: str
) -> None:
    with visit(publish("strict", write(lang=lang).html, "strict")) as visitor:
        assert visitor.widget.get_by_role("button").first.inner_text() == word
        visitor.search("schulden")
        # What the offers say stays German and is marked so.
        title = visitor.widget.locator("article a").first
        assert (title.get_attribute("lang"), title.inner_text()) == ("de", "Schuldnerberatung")


def test_right_to_left(publish: Any, visit: Visit, write: Write) -> None:
    with visit(publish("strict", write(lang="ar", near=True).html, "strict")) as visitor:
        visitor.search("schulden")
        box = visitor.widget.get_by_role("combobox").bounding_box()
        button = visitor.widget.get_by_role("button").first.bounding_box()
        assert box is not None
        assert button is not None
        assert button["x"] < box["x"]
        assert visitor.widget.get_by_role("status").inner_text().startswith("العروض")
        assert violations(visitor.page) == []


def test_a_policy_that_forbids_asking_leaves_a_link(
    publish: Any, visit: Visit, write: Write, portal: str
) -> None:
    policy = "default-src 'none'; script-src PORTAL; form-action 'none'"
    address = publish("strict", write(topic=["schulden"]).html, policy)
    with visit(address, forbidden="Content Security Policy") as visitor:
        visitor.widget.get_by_role("combobox").fill("miete")
        visitor.page.keyboard.press("Enter")
        status = visitor.widget.get_by_role("status")
        visitor.page.wait_for_function(
            "document.querySelector('angebot-suche').shadowRoot"
            ".querySelector('[role=status]').textContent"
        )
        assert status.inner_text().startswith("Die Suche ist von hier gerade nicht erreichbar")
        visitor.page.keyboard.press("Enter")  # the link has the focus
        visitor.page.wait_for_url(f"{portal}/?topic=schulden&q=miete")


def test_results_on_the_portal_come_by_link_since_hosts_forbid_forms(
    publish: Any, visit: Visit, write: Write, portal: str
) -> None:
    html = write().html.replace("<angebot-suche ", '<angebot-suche target="page" ')
    allowed = "default-src 'none'; script-src PORTAL; connect-src PORTAL; form-action PORTAL"
    with visit(publish("strict", html, allowed)) as visitor:
        visitor.widget.get_by_role("combobox").fill("miete")
        visitor.widget.get_by_role("button").first.click()
        visitor.page.wait_for_url(f"{portal}/?q=miete")
    forbidden = allowed.replace("form-action PORTAL", "form-action 'self'")
    with visit(publish("strict", html, forbidden)) as visitor:
        visitor.widget.get_by_role("combobox").fill("miete")
        visitor.page.keyboard.press("Enter")
        visitor.page.wait_for_url(f"{portal}/?q=miete")


def test_an_unknown_place_is_told_in_words(publish: Any, visit: Visit, write: Write) -> None:
    with visit(publish("strict", write(near=True).html, "strict")) as visitor:
        visitor.widget.get_by_role("textbox", name="PLZ oder Ort").fill("Xyzzyhausen")
        visitor.page.keyboard.press("Enter")
        visitor.widget.get_by_text("Xyzzyhausen").wait_for()


def test_a_portal_that_is_gone_leaves_the_form_and_a_link(
    publish: Any, visit: Visit, write: Write, portal: str
) -> None:
    with visit(publish("strict", write().html, "strict"), forbidden="ERR_FAILED") as visitor:
        visitor.page.route(f"{portal}/api/**", lambda route: route.abort())
        visitor.widget.get_by_role("combobox").fill("schulden")
        visitor.page.keyboard.press("Enter")
        visitor.widget.get_by_text("gerade nicht erreichbar").wait_for()
        link = visitor.widget.get_by_role("link", name="Alle Angebote ansehen")
        assert link.get_attribute("href") == f"{portal}/?q=schulden"


def test_nothing_is_asked_before_somebody_searches(
    publish: Any, visit: Visit, write: Write, portal: str
) -> None:
    html = '<div style="height:3000px"></div>' + write(auto=True).html
    with visit(publish("strict", write().html, "strict")) as visitor:
        assert [urlsplit(u).path for u in visitor.asked if u.startswith(portal)] == [
            f"/einbetten/v{newest().version}/angebot-suche.js"
        ]
    with visit(publish("strict", html)) as visitor:
        visitor.page.wait_for_timeout(200)
        assert not any("/api/" in url for url in visitor.asked)
        visitor.widget.scroll_into_view_if_needed()
        visitor.widget.locator("article").first.wait_for()


def test_hosted_by_the_site_itself(
    publish: Any, visit: Visit, write: Write, site: Site, portal: str
) -> None:
    made = write(Kind.OWN)
    script = newest().files["angebot-suche.js"].decode()
    site.put("/angebot-suche.js", script, **{"Content-Type": "text/javascript"})
    policy = "default-src 'none'; " + "; ".join(made.csp)
    with visit(publish("strict", made.html, policy)) as visitor:
        assert not any(url.startswith(portal) for url in visitor.asked)
        visitor.search("schulden")


def test_a_changed_file_does_not_run(publish: Any, visit: Visit, write: Write, site: Site) -> None:
    script = newest().files["angebot-suche.js"].decode() + "//"
    site.put("/angebot-suche.js", script, **{"Content-Type": "text/javascript"})
    with visit(publish("strict", write(Kind.OWN).html), forbidden="integrity") as visitor:
        assert visitor.page.evaluate("customElements.get('angebot-suche') === undefined")
        assert visitor.page.get_by_role("searchbox", name="Was suchst du?").is_visible()


@pytest.mark.parametrize("page", ["strict", "wordpress", "typo3"])
def test_the_frame_searches_and_sizes_itself(
    publish: Any, visit: Visit, write: Write, page: str
) -> None:
    made = write(Kind.FRAME, limit=3, accent="#7a2a5c")
    base = "default-src 'self'; style-src 'unsafe-inline'; "
    with visit(publish(page, made.html, base + "; ".join(made.csp))) as visitor:
        frame = visitor.page.frame_locator("iframe")
        frame.get_by_role("searchbox", name="Was suchst du?").fill("schulden")
        frame.get_by_role("button", name="Suchen").click()
        frame.get_by_text("Gefundene Angebote: 11").wait_for()
        frame.get_by_role("link", name="Mehr anzeigen").click()
        frame.get_by_role("link", name="Schuldnerberatung 9").wait_for()
        visitor.page.wait_for_function(
            "document.querySelector('iframe').height !== '720'", timeout=5000
        )
        assert violations(visitor.page) == []


def test_the_frame_without_script(publish: Any, visit: Visit, write: Write) -> None:
    address = publish("strict", write(Kind.FRAME).html)
    with visit(address, java_script_enabled=False) as visitor:
        frame = visitor.page.frame_locator("iframe")
        frame.get_by_role("searchbox", name="Was suchst du?").fill("schulden")
        frame.get_by_role("button", name="Suchen").click()
        frame.get_by_text("Gefundene Angebote: 11").wait_for()


@pytest.mark.parametrize("page", ["strict", "wordpress", "typo3"])
def test_the_fragment_in_a_page_asks_nobody(
    publish: Any, visit: Visit, write: Write, portal: str, page: str
) -> None:
    made = write(Kind.FRAGMENT, topic=["schulden"], limit=3)
    html = httpx2.get(made.html.strip()).text
    policy = f"default-src 'none'; style-src 'unsafe-inline'; {'; '.join(made.csp)}"
    address = publish(page, html, policy)
    with visit(address, named=True) as visitor:
        assert visitor.asked == [address]
        assert visitor.page.locator(".netzlotse-card").count() == 3
        assert violations(visitor.page) == []
        visitor.page.get_by_role("searchbox", name="Was suchst du?").fill("miete")
        visitor.page.keyboard.press("Enter")
        visitor.page.wait_for_url(f"{portal}/?topic=schulden&q=miete")


def test_other_pages_of_ours_may_not_be_framed(publish: Any, visit: Visit, portal: str) -> None:
    address = publish(
        "strict", f'<iframe src="{portal}/netzwerke" referrerpolicy="no-referrer"></iframe>'
    )
    with visit(address, forbidden="frame-ancestors") as visitor:
        visitor.page.wait_for_timeout(300)
        assert not visitor.page.frame_locator("iframe").get_by_text("Netzwerke").count()


def test_two_versions_on_one_page_do_not_collide(publish: Any, visit: Visit, write: Write) -> None:
    html = write().html + write(Kind.MOVING, lang="en").html
    with visit(publish("strict", html, "strict")) as visitor:
        assert visitor.widget.count() == 2
        visitor.widget.nth(1).get_by_role("combobox").fill("schulden")
        visitor.page.keyboard.press("Enter")
        visitor.widget.nth(1).locator("article").first.wait_for()
        assert visitor.widget.nth(0).locator("article").count() == 0
        assert json.dumps(visitor.complaints) == "[]"
