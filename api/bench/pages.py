"""How soon a page is there and usable in a real browser, also on a slow line and a slow phone.

Needs Playwright and Chromium, which only tests and this measurement use.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from aggregator.settings import PREFIX, Settings
from api.bench.record import make

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATHS = ("/", "/?q=Schulden&cost=free", "/?q=Beratung&near=Berlin")
FLOOR = "/robots.txt"
"""Four lines of text: what this machine, as busy as it is, takes to paint anything at all."""
_LINE = 400 * 1000 / 8  # bytes a second, both ways
_LATENCY = 300  # ms: what a mobile network in the country takes
_SLOWER = 6  # times: an old phone beside this machine
# Asked of the browser once: to ask again and again needs eval, which the pages' policy forbids.
_PAINTED = """() => new Promise(done => new PerformanceObserver((seen, observer) => {
  if (seen.getEntriesByName("first-contentful-paint").length) { observer.disconnect(); done() }
}).observe({type: "paint", buffered: true}))"""
_CONTENT = """() => {
  const at = performance.getEntriesByName("first-contentful-paint")[0]
  const page = performance.getEntriesByType("navigation")[0]
  const files = performance.getEntriesByType("resource")
  return {paint: at ? at.startTime : NaN, usable: page.domContentLoadedEventEnd,
    html: page.decodedBodySize,
    sent: page.transferSize + files.reduce((n, f) => n + f.transferSize, 0),
    hits: document.querySelectorAll(".hit").length}
}"""


class NoBrowserError(Exception):
    """What is missing, and how to get it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The middle of some visits: milliseconds, bytes."""

    paint: float
    """First contentful paint: the page is one document, so its results are in it."""
    usable: float
    """DOMContentLoaded: the script has run, everything answers."""
    html: int
    sent: int


def run(home: Path, offers: int, visits: int) -> dict[str, Seen]:
    """Measure every path on loopback and slowed down, each visit with an empty cache."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a dependency of tests
    except ImportError as error:
        raise NoBrowserError("Playwright is not installed: make .venv/test.done") from error
    if executable is None:
        raise NoBrowserError("Chromium is not installed (Debian: apt install chromium)")
    settings = Settings(data_dir=home)
    make(settings, offers)
    found: dict[str, Seen] = {}
    with _served(home) as base, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for slow in (False, True):
            for path in (FLOOR, *PATHS):
                told = [_visit(browser, base + path, slow=slow) for _ in range(visits)]
                middle = {key: median(one[key] for one in told) for key in told[0]}
                found[f"{path} ({'slow' if slow else 'loopback'})"] = Seen(
                    middle["paint"], middle["usable"], int(middle["html"]), int(middle["sent"])
                )
        browser.close()
    return found


@contextmanager
def _served(home: Path) -> Iterator[str]:
    environment = {f"{PREFIX}DATA_DIR": str(home), f"{PREFIX}LOG_LEVEL": "ERROR"}
    with subprocess.Popen(
        [sys.executable, "-m", "api.bench.serving", "api"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True,
    ) as server:  # fmt: skip
        assert server.stdout is not None  # noqa: S101 - asked for above
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        server.communicate()


def _visit(browser: Browser, url: str, *, slow: bool) -> Mapping[str, float]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="de-DE")
    page = context.new_page()
    if slow:
        tools = context.new_cdp_session(page)
        line = {"offline": False, "latency": _LATENCY,
                "downloadThroughput": _LINE, "uploadThroughput": _LINE}  # fmt: skip
        tools.send("Network.enable")
        tools.send("Network.emulateNetworkConditions", line)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    page.goto(url, wait_until="load")
    page.evaluate(_PAINTED)
    told: Mapping[str, float] = page.evaluate(_CONTENT)
    context.close()
    if not told["hits"] and not url.endswith(FLOOR):
        raise NoBrowserError(f"{url} shows no offer: nothing to measure")
    return told
