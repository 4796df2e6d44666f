"""The builder page, the frame, oEmbed and the fragment, asked by programs and without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page

from api.embedding.colours import contrast, on
from api.embedding.releases import VERSION
from api.embedding.snippets import Kind
from tests.api.accessibility import violations
from tests.api.conftest import EVIL

HTML = {"Accept": "text/html"}


# --- the frame -----------------------------------------------------------------------------------


def test_only_the_frame_may_be_framed(client: TestClient) -> None:
    policy = client.get("/einbetten/rahmen").headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "unsafe" not in policy
    for path in ("/", "/einbetten", "/netzwerke", "/daten"):
        assert "frame-ancestors 'none'" in client.get(path).headers["content-security-policy"]


def test_the_frame_answers_and_hands_its_choice_on(client: TestClient) -> None:
    html = client.get("/einbetten/rahmen?q=schulden&limit=3&region=11003&lang=en").text
    assert html.count("<article") == 3
    assert '<html lang="en">' in html
    assert '<input type="hidden" name="region" value="11003">' in html
    assert '<input type="hidden" name="limit" value="3">' in html
    following = unescape(re.findall(r'rel="next" href="([^"]+)"', html)[0])
    second = client.get(following).text
    assert second.count("<article") == 3
    assert set(re.findall(r"/angebot/[\w-]+", html)).isdisjoint(
        re.findall(r"/angebot/[\w-]+", second)
    )


def test_the_frame_tells_its_faults_inside(client: TestClient) -> None:
    answer = client.get("/einbetten/rahmen?topic=unsinn", headers=HTML)
    assert answer.status_code == 422
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert '<p role="status">' in answer.text
    lost = client.get("/einbetten/rahmen?near=Xyzzyhausen")
    assert (lost.status_code, "Nichts gefunden" in lost.text) == (200, True)


def test_colours_of_a_frame_cannot_carry_styles(client: TestClient) -> None:
    good = client.get("/einbetten/rahmen?accent=%23ffcc00")
    assert "--accent:#ffcc00;--on-accent:#000000" in good.text
    assert "'sha256-" in good.headers["content-security-policy"]
    bad = client.get("/einbetten/rahmen?accent=red;}*{display:none", headers=HTML)
    assert bad.status_code == 422
    assert "}*{" not in "".join(re.findall(r"<style.*?</style>", bad.text, re.DOTALL))


def test_text_on_a_colour_can_be_read() -> None:
    for colour in ("#ffcc00", "#0c5a5e", "#767676", "#777777", "#ff0000", "#000000", "#ffffff"):
        assert contrast(colour, on(colour)) >= 4.5


# --- oEmbed --------------------------------------------------------------------------------------


def oembed(client: TestClient, url: str, **more: Any) -> Any:
    return client.get(f"/einbetten/oembed?{urlencode({'url': url, **more})}")


@pytest.mark.parametrize("path", ["/?topic=schulden", "/einbetten/rahmen?topic=schulden&cursor=x"])
def test_oembed_hands_out_the_frame(client: TestClient, path: str) -> None:
    answer = oembed(client, f"http://testserver{path}", maxwidth=400, maxheight=300)
    told = answer.json()
    assert told["version"] == "1.0"
    assert told["type"] == "rich"
    assert (told["width"], told["height"]) == (400, 300)
    assert 'src="http://testserver/einbetten/rahmen?topic=schulden"' in told["html"]
    assert 'referrerpolicy="no-referrer"' in told["html"]
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "url",
    [
        "https://andere.example/?q=x",
        "http://testserver/netzwerke",
        "javascript:x",
        "//[",
    ],
)
def test_oembed_knows_only_our_search(client: TestClient, url: str) -> None:
    assert oembed(client, url).status_code == 404


def test_oembed_has_no_xml_and_escapes(client: TestClient) -> None:
    assert oembed(client, "http://testserver/", format="xml").status_code == 501
    html = oembed(client, f"http://testserver/?q={EVIL}").json()["html"]
    assert "<script" not in html
    assert html.count("<") == 2  # the frame's own two tags


@pytest.mark.parametrize(
    "path", ["/einbetten/rahmen?topic=schulden", "/?topic=schulden", "/en/?topic=schulden"]
)
def test_pages_lead_to_their_oembed(client: TestClient, path: str) -> None:
    found = re.findall(r'type="application/json\+oembed" href="([^"]+)"', client.get(path).text)
    assert "topic=schulden" in client.get(unescape(found[0])).json()["html"]


# --- the fragment --------------------------------------------------------------------------------


def test_the_fragment_is_bare_and_cacheable(client: TestClient) -> None:
    answer = client.get("/einbetten/fragment?topic=schulden&limit=3&heading=4")
    html = answer.text
    assert html.startswith('<section class="netzlotse"')
    assert html.count("<article") == html.count("<h4 ") == 3
    assert not re.search(r"<(script|style|link|html|head|body|img)\b| style=| id=| on\w+=", html)
    classes = {name for value in re.findall(r'class="([^"]+)"', html) for name in value.split()}
    assert classes
    assert all(name.startswith("netzlotse") for name in classes)
    assert "http://testserver/angebot/" in html
    assert "stale-if-error=604800" in answer.headers["cache-control"]
    again = client.get(str(answer.url), headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_fragment_without_a_form(client: TestClient) -> None:
    assert "<form" not in client.get("/einbetten/fragment?form=no").text


def test_the_fragment_escapes_what_pages_said(client: TestClient) -> None:
    html = client.get("/einbetten/fragment?q=Boshaft&limit=50").text
    assert "Boshaft &lt;script&gt;" in html
    assert "<script" not in html
    assert "javascript:" not in html


@pytest.mark.parametrize("query", ["limit=0", "limit=1000", "heading=1", "lang=xx", "topic=x"])
def test_a_fragment_that_makes_no_sense_is_a_problem(client: TestClient, query: str) -> None:
    answer = client.get(f"/einbetten/fragment?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"]


# --- the builder page ----------------------------------------------------------------------------


def text_of(html: str, field: str) -> str:
    found = re.search(rf'<textarea id="{field}"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    assert found
    return unescape(found.group(1))


@pytest.mark.parametrize("kind", list(Kind))
def test_the_builder_writes_every_kind(client: TestClient, kind: Kind) -> None:
    answer = client.get(f"/einbetten?kind={kind.value}&region=11003&topic=schulden&topic=wohnen")
    code, csp = text_of(answer.text, "snippet"), text_of(answer.text, "csp")
    assert "unsafe" not in csp
    for part in ("11003", "schulden", "wohnen"):
        assert part in code
    expected = {
        Kind.PINNED: (f"/einbetten/v{VERSION}/angebot-suche.js", 'integrity="sha384-'),
        Kind.OWN: ('src="/angebot-suche.js"', 'integrity="sha384-'),
        Kind.MOVING: ("/einbetten/v1/angebot-suche.js", "<angebot-suche"),
        Kind.FRAME: ("<iframe", "/einbetten/rahmen?region=11003"),
        Kind.FRAGMENT: ("/einbetten/fragment?region=11003", "topic=wohnen"),
    }
    for part in expected[kind]:
        assert part in code
    assert ("integrity" in code) == (kind in {Kind.PINNED, Kind.OWN, Kind.FRAME})
    assert "TDDDG" in text_of(answer.text, "privat-de")
    assert "GDPR" in text_of(answer.text, "privat-en")
    assert (f"v{VERSION}/angebot-suche.zip" in answer.text) == (
        kind in {Kind.PINNED, Kind.OWN, Kind.MOVING}
    )


def test_the_pinned_version_is_what_is_chosen_for_whoever_chooses_nothing(
    client: TestClient,
) -> None:
    html = client.get("/einbetten").text
    assert 'value="fest" checked' in html
    assert f"/einbetten/v{VERSION}/angebot-suche.js" in text_of(html, "snippet")


def test_the_builder_escapes_and_refuses(client: TestClient) -> None:
    html = client.get("/einbetten", params={"network": EVIL}, headers=HTML).text
    assert "<script>alert" not in html
    for query in ("kind=x", "limit=0", "mit_farbe=ja&accent=red", "region=x%22y"):
        assert client.get(f"/einbetten?{query}", headers=HTML).status_code == 422


def test_poor_contrast_is_told(client: TestClient) -> None:
    page = client.get("/einbetten?mit_flaeche=ja&text=%23777777&surface=%23888888").text
    assert "Kontrast von 1,3 zu 1" in page


@pytest.fixture
def page(chromium: Browser, portal: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=portal)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    yield page
    context.close()
    assert complaints == []


@pytest.mark.browser
def test_from_choosing_to_copying(page: Page) -> None:
    page.goto("/einbetten")
    page.get_by_label("Region").select_option("11")
    page.get_by_label("Schulden- und Budgetberatung").check()
    page.get_by_role("button", name="Vorschau und Code zeigen").click()
    box = page.locator("angebot-suche").get_by_role("combobox")
    box.fill("beratung")
    box.press("Enter")
    page.locator("angebot-suche article").first.wait_for()
    copy = page.get_by_role("button", name="Kopieren").first
    copy.click()
    page.get_by_role("button", name=re.compile("Kopiert|Markiert")).wait_for()
    assert 'region="11" topic="schulden"' in page.locator("#snippet").input_value()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("kind", ["fest", "rahmen", "fragment"])
def test_the_builder_is_accessible(page: Page, kind: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/einbetten?kind={kind}&topic=schulden&ort=ja&mit_farbe=ja&accent=%23aa3377")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["de", "ar"])
def test_the_frame_is_accessible(chromium: Browser, portal: str, scheme: Any, lang: str) -> None:
    context = chromium.new_context(base_url=portal, color_scheme=scheme)
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"/einbetten/rahmen?q=schulden&lang={lang}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page) == []
    context.close()
