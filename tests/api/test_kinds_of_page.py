"""Every kind of page, taken from the routes: a new route is looked at from its first day.

A route that answers with HTML is opened in Chromium at 320 pixels, light and dark; axe-core
objects to nothing, nothing scrolls sideways, nothing comes from elsewhere. A route whose address
needs a value that `SAMPLES` lacks fails until it has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from playwright.sync_api import Browser
from starlette.routing import BaseRoute

from aggregator.orders import place
from aggregator.release.edition import make_release
from aggregator.release.metadata import Maker
from aggregator.settings import Settings
from aggregator.store.tables import OrderRow, Work
from aggregator.store.transaction import publishing
from api.app import create_app
from tests.api.accessibility import violations
from tests.api.admin_site import ANNA, TOKENS, served
from tests.api.conftest import Record, uid

pytestmark = pytest.mark.browser
EDITION = date(2026, 11, 28)
SAMPLES = {
    "offer_id": uid("offer-1"),
    "network_id": "pankow",
    "source_id": "pankow",
    "run_id": "pankow-2",
    "name": "pankow",
    "edition": EDITION.isoformat(),
    "subject": "netzwerk",
    "key": "pankow",
    "number": "1",
}
"""What stands for a part of an address, by its name. Of what a portal makes: see `made`."""
NO_PAGES = re.compile(
    r"/(?:api|hsds|static)/|/einbetten/(?:oembed|\{version\})|/(?:daten|zitat)/\{\w+\}/\{name\}"
    r"|.*\.(?:\w+|\{kind\})$"
)
"""Answers for machines, and files."""
PART = "/einbetten/fragment"
"""No page: a part that other sites put into theirs; `embedding/test_hosts.py` looks at it there."""
KNOWN = {"/", "/angebot/{offer_id}", "/korrektur/{correction_id}", "/daten/{edition}",
         "/einbetten/rahmen", "/vergleich", "/zitat/{key}",
         "/admin/korrekturen/{correction_id}"}  # fmt: skip
"""Some of each corner: were the routes not found, nothing would be looked at."""


def gettable(routes: Iterable[BaseRoute], base: str = "") -> Iterator[str]:
    """The paths of all GET routes, those of included routers and mounted applications, too."""
    for route in routes:
        if included := getattr(route, "original_router", None):  # FastAPI keeps routers whole
            yield from gettable(included.routes, base)
            continue
        path = base + getattr(route, "path", "")
        if inner := getattr(getattr(route, "app", None), "routes", None):
            yield from gettable(inner, path)
        elif "GET" in (getattr(route, "methods", None) or ()):
            yield path


def made(portal: str) -> dict[str, dict[str, str]]:
    """What somebody has to make before it has a page: route -> parts of its address."""
    proposed = httpx.post(
        f"{portal}/api/v1/offers/{uid('offer-1')}/corrections",
        json={"fields": {"phones": "030 23125 222"}, "text": "steht so im Aushang"},
    ).json()
    cited = httpx.post(f"{portal}/api/v1/citations", json={"topic": ["schulden"]}).json()
    correction = {"correction_id": proposed["id"]}
    return {
        "/korrektur/{correction_id}": correction,
        "/admin/korrekturen/{correction_id}": correction,
        "/zitat/{key}": {"key": cited["id"]},
    }


@pytest.fixture
def settings(sqlite_record: Record, tmp_path: Path) -> Settings:
    made = Settings(data_dir=tmp_path, admin_token=TOKENS)  # type: ignore[arg-type]
    maker = Maker("https://portal.example", "post@portal.example", "0.1.0")
    make_release(sqlite_record.engine, made.release_dir, EDITION, maker)
    now = datetime(2026, 11, 28, tzinfo=UTC)
    with publishing(sqlite_record.engine) as session:
        place(session, OrderRow(work=Work.PROBE, subject="https://x.example/", by="Anna", at=now))
    return made


def test_every_kind_of_page(chromium: Browser, settings: Settings) -> None:
    paths = sorted({p for p in gettable(create_app(settings).routes) if not NO_PAGES.match(p)})
    seen, faults = set(), []
    with served(settings) as portal:
        own = made(portal)
        context = chromium.new_context(
            base_url=portal, locale="de-DE", viewport={"width": 320, "height": 700}
        )
        page = context.new_page()
        asked: set[str] = set()
        page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
        page.goto("/admin/anmelden")
        faults += [f"/admin/anmelden: {line}" for line in violations(page)]
        page.get_by_label("Zugangswort").fill(ANNA)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        for path in paths:
            samples = SAMPLES | own.get(path, {})
            missing = [p for p in re.findall(r"\{(\w+)", path) if p not in samples]
            assert not missing, f"{path}: SAMPLES lacks {missing}"
            address = re.sub(r"\{(\w+)[^}]*\}", lambda found, of=samples: of[found[1]], path)
            answer = context.request.get(address, headers={"Accept": "text/html"})
            if not answer.headers.get("content-type", "").startswith("text/html") or path == PART:
                continue
            seen.add(path)
            assert answer.status == 200, f"{path}: no sample leads to it ({answer.status})"
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                if scheme == "light":
                    page.goto(address)
                    page.evaluate(
                        "document.querySelectorAll('details:not(.tongues)')"
                        ".forEach(d => d.open = true)"
                    )
                    wide = page.evaluate("document.documentElement.scrollWidth")
                    faults += [f"{path}: {wide} pixels wide"] if wide > 320 else []
                faults += [f"{path} ({scheme}): {line}" for line in violations(page)]
        context.close()
    assert not faults, "\n".join(faults)
    assert seen >= KNOWN
    assert asked == {urlsplit(portal).netloc}
