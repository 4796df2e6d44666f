"""`make screenshots`: every kind of page, narrow and wide, light and dark, one from right to left.

The sample federation is crawled into a folder that is deleted, and served on loopback. Pictures
go to `screenshots/`; a chosen few, small, to `docs/images/` with `--docs`.
"""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2 as httpx
import uvicorn
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from aggregator.settings import Settings
from api.app import create_app
from api.commands.serve import listen, server_config
from crawlers.samples.federation import Federation
from crawlers.source import load_sources
from schedules.commands.crawl import run_all
from schedules.commands.demo import demo_settings
from schedules.runner import open_runner

_ROOT = Path(__file__).parents[1]
_WIDTHS = (360, 1280)
_CHOSEN = {"suche-1280-light", "angebot-360-dark", "treffer-ar-360-light"}


@contextmanager
def portal() -> Iterator[str]:
    """The sample federation, crawled and served; its address."""
    with TemporaryDirectory(prefix="netzlotse-shots-") as home, Federation(0) as federation:
        settings = demo_settings(Settings(data_dir=Path(home))).model_copy(
            update={"rate_limit": 0, "log_level": "ERROR"}
        )
        federation.write_sources(settings.sources)
        run_all(open_runner(settings), load_sources(settings.sources), 2)
        with listen("127.0.0.1", 0) as listener:
            server = uvicorn.Server(server_config(create_app(settings), settings))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                server.should_exit = True
                thread.join(10)


def pages(base: str) -> dict[str, str]:
    """A page of every kind: name -> path."""

    def first(question: str) -> str:
        found = httpx.get(f"{base}/api/v1/offers?limit=1&{question}").json()
        return str(found["items"][0]["id"])

    offer, crisis = first("q=Treff&childcare=true"), first("topic=krise")
    run = httpx.get(f"{base}/api/v1/runs").json()["items"][0]["id"]
    return {
        "suche": "/", "treffer": "/?q=Beratung&near=Pankow", "nichts": "/?q=xyzzyqqq",
        "krise": "/?topic=krise", "angebot": f"/angebot/{offer}",
        "angebot-krise": f"/angebot/{crisis}", "korrektur": f"/angebot/{offer}/korrektur",
        "verlauf": f"/angebot/{offer}/verlauf", "regionen": "/regionen",
        "region": "/region/pankow", "netzwerke": "/netzwerke", "quellen": "/quellen",
        "vergleich": "/vergleich", "profil": "/vergleich/netzwerk/demo-pankow",
        "netzwerk": "/netzwerk/demo-pankow", "quelle": "/quelle/demo-pankow",
        "bericht": "/quelle/demo-pankow/bericht", "lauf": f"/lauf/{run}", "daten": "/daten",
        "merkliste": "/merkliste", "notfall": "/notfall", "barrierefreiheit": "/barrierefreiheit",
        "datenschutz": "/datenschutz", "impressum": "/impressum",
        "leichte-sprache": "/leichte-sprache", "fehler": "/gibt-es-nicht",
        "einbetten": "/einbetten", "rahmen": "/einbetten/rahmen?q=Schulden",
        "treffer-ar": "/ar/?q=Beratung&near=Pankow", "suche-en": "/en/",
    }  # fmt: skip


def shoot(browser: Browser, base: str, folder: Path, *, docs: bool) -> None:
    """Take every picture; a page that fails ends it."""
    for width in _WIDTHS:
        for scheme in ("light", "dark"):
            context = browser.new_context(
                base_url=base, locale="de-DE", color_scheme=scheme,
                viewport={"width": width, "height": 800 if width > 400 else 740},
            )  # fmt: skip
            page = context.new_page()
            for name, path in pages(base).items():
                page.goto(path, wait_until="networkidle")
                picture = f"{name}-{width}-{scheme}"
                page.screenshot(path=folder / f"{picture}.png", full_page=True)
                if docs and picture in _CHOSEN:
                    _publish(page.screenshot(), _ROOT / "docs" / "images" / f"{picture}.png")
            context.close()


def _publish(picture: bytes, file: Path) -> None:
    """Keep a picture small: 64 colours are enough for text on paper."""
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.open(BytesIO(picture)).convert("RGB").quantize(64).save(file, optimize=True)


def main() -> None:
    """Crawl, serve, shoot."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        sys.exit("Chromium is not installed (Debian: apt install chromium)")
    folder = _ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    with portal() as base, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        shoot(browser, base, folder, docs="--docs" in sys.argv)
        browser.close()
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} pictures in {folder}\n")


if __name__ == "__main__":
    main()
