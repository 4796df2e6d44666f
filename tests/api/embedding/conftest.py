"""Visits to sites of others, watched: who is asked, with which headers, and what is left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from api.embedding.colours import Colours
from api.embedding.releases import newest
from api.embedding.snippets import Choice, Kind, Snippet, snippet
from tests.api.embedding.hosts import Site, serve

Write = Callable[..., Snippet]
Visit = Callable[..., AbstractContextManager["Visitor"]]
_KEPT = "({local: {...localStorage}, session: {...sessionStorage}})"


@dataclass
class Visitor:
    """A browser on a foreign page, and what it was seen to do."""

    page: Page
    asked: list[str] = field(default_factory=list)
    referrers: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def widget(self) -> Any:
        return self.page.locator("angebot-suche")

    def search(self, words: str) -> None:
        self.widget.get_by_role("combobox").fill(words)
        self.page.keyboard.press("Enter")
        self.widget.locator("article").first.wait_for()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with serve(Site()) as site:
        yield site


@pytest.fixture
def write(portal: str) -> Write:
    """The code that the builder page writes."""

    def write(kind: Kind = Kind.PINNED, accent: str | None = None, **choice: Any) -> Snippet:
        colours = Colours(accent=accent)
        return snippet(Choice(kind=kind, **choice), colours, portal, newest())

    return write


@pytest.fixture
def visit(chromium: Browser, portal: str, site: Site) -> Visit:
    """Opens a page of the site; fails where another host is asked or anything is left behind."""

    @contextmanager
    def visit(address: str, **options: Any) -> Iterator[Visitor]:
        forbidden, named = options.pop("forbidden", None), options.pop("named", False)
        context = chromium.new_context(**options)
        page = context.new_page()
        seen = Visitor(page)
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")

        def sent(event: dict[str, Any]) -> None:
            headers = {name.lower(): value for name, value in event["headers"].items()}
            if headers.get("host", headers.get(":authority")) == urlsplit(portal).netloc:
                seen.referrers += [headers["referer"]] if "referer" in headers else []
                seen.cookies += [headers["cookie"]] if "cookie" in headers else []

        wire.on("Network.requestWillBeSentExtraInfo", sent)
        context.on("request", lambda request: seen.asked.append(request.url))
        page.on("console", lambda message: seen.complaints.append(message.text))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.goto(address)
        yield seen
        left = page.evaluate(_KEPT) if options.get("java_script_enabled", True) else None
        assert left in (None, {"local": {}, "session": {}})
        assert context.cookies() == []
        context.close()
        hosts = {urlsplit(url).netloc for url in seen.asked}
        assert hosts <= {urlsplit(portal).netloc, urlsplit(site.origin).netloc}
        # A plain form names the host it was on: browsers heed no `rel` there.
        assert set(seen.referrers) <= ({f"{site.origin}/"} if named else set())
        assert seen.cookies == []
        complaints = [c for c in seen.complaints if "404" not in c]
        assert [c for c in complaints if not (forbidden and forbidden in c)] == []

    return visit
