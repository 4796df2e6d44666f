"""Pairs, providers and contradictions in a real Chromium: by keyboard to the index and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page
from pydantic import SecretStr

from aggregator.identity import offer_id
from aggregator.index.feed import catch_up
from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.schema import migrate
from api.admin.access import HOME
from api.admin.sections import SECTIONS
from tests.aggregator.resolve.record import Record
from tests.api.admin.test_browser import follow, sound, tab_to
from tests.api.admin_site import ANNA, TOKENS, served

pytestmark = pytest.mark.browser
OLDER, YOUNGER = f"/angebot/{offer_id('netz-0')}", f"/angebot/{offer_id('portal-0')}"


@pytest.fixture
def page(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """Somebody signed in at a portal whose two sites tell of one office at two addresses."""
    settings = Settings(data_dir=tmp_path, admin_token=SecretStr(TOKENS))
    engine = connect(settings.database)
    migrate(engine)
    record = Record(engine)
    record.run("netz", {0: 0})
    record.run("portal", {0: 5})
    record.run("amt", {0: 12})
    catch_up(engine, settings.index_dir, settings.index_engine)
    with served(settings) as portal:
        context = chromium.new_context(base_url=portal)
        page = context.new_page()
        page.goto("/admin/anmelden")
        tab_to(page, page.get_by_label("Zugangswort"))
        page.keyboard.type(ANNA)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        yield page
        context.close()


def _debts(page: Page) -> int:
    """How many offers of debt counselling the public index finds."""
    page.wait_for_timeout(2_100)  # for so long a browser may show what it has (max-age=2)
    page.goto("/?q=Schuldnerberatung")
    return page.get_by_role("link", name="Schuldnerberatung", exact=True).count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_section_is_accessible(page: Page, scheme: Literal["light", "dark"]) -> None:
    """The desk and what hangs on it, with something to decide, all that unfolds unfolded."""
    page.emulate_media(color_scheme=scheme)
    for path in (HOME, *(section.path for section in SECTIONS)):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        sound(page)


def test_a_pair_is_decided_seen_in_the_index_and_taken_back(page: Page) -> None:
    assert _debts(page) == 2
    page.goto("/admin")
    follow(page, page.get_by_role("main").get_by_role("link", name="Dubletten").last)
    assert "zurzeit zwei Angebote" in page.locator("main").inner_text()
    sound(page)
    tab_to(page, page.get_by_label("Grund"))
    page.keyboard.type("umgezogen")
    # Past the field the buttons are behind: the first of them answers by its access key as well.
    page.get_by_role("button", name="Dasselbe").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert _debts(page) == 1
    assert page.goto(YOUNGER).url.endswith(OLDER), "the younger address leads to the older"  # type: ignore[union-attr]
    page.goto("/admin/widersprueche")
    text = page.locator("main").inner_text()
    assert "Marktplatz 1, 13187 Berlin" in text
    assert "Neue Gasse 9, 13189 Berlin" in text
    sound(page)
    follow(page, page.get_by_role("link", name="portal").first)
    assert "quelle=portal" in page.url
    page.goto("/admin/dubletten")
    sound(page)
    follow(page, page.get_by_role("button", name="Zurücknehmen"))
    assert "umgezogen" in page.locator("main").inner_text()
    assert _debts(page) == 2
    for address in (OLDER, YOUNGER):
        answer = page.goto(address)
        assert answer is not None
        assert (answer.status, answer.url.endswith(address)) == (200, True)
    page.goto("/admin/widersprueche")
    assert "Keine Widersprüche" in page.locator("main").inner_text()


def test_a_provider_of_two_names_is_made_one_by_keyboard(page: Page) -> None:
    page.goto("/admin/traeger")
    assert "Lotsen Musterstadt Familienhilfe" in page.locator("main").inner_text()
    sound(page)
    follow(page, page.get_by_role("button", name="Dasselbe").first)
    assert "Nichts offen" in page.locator("main").inner_text()
    sound(page)
    follow(page, page.get_by_role("button", name="Zurücknehmen"))
    assert "1 Paar offen" in page.locator("main").inner_text()
