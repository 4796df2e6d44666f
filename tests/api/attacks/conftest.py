"""A hostile site, really crawled, and the portal over what was harvested."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.settings import Settings
from tests.federation.conftest import Installation, installed
from tests.loopback import Reply, serve

PAYLOADS = Path(__file__).parent / "payloads"


def payloads(name: str) -> list[str]:
    """The attacks of one kind, one a line."""
    plain, escaped = PAYLOADS / f"{name}.txt", PAYLOADS / f"{name}.escaped.txt"
    if plain.exists():
        return plain.read_text("utf-8").split("\n")[:-1]
    lines = escaped.read_text("ascii").split("\n")[:-1]
    return [line.encode().decode("unicode_escape") for line in lines]


def everything() -> list[str]:
    """The attacks of all kinds but those that are whole paths."""
    names = sorted(path.name.partition(".")[0] for path in PAYLOADS.glob("*.txt"))
    return [one for name in names if name != "paths" for one in payloads(name)]


def _as_text(number: int, attack: str) -> str:
    """A card whose words, once read, are the attack."""
    said = html.escape(attack)
    return (
        f'<article class="karte"><h3>Beratung {number} {said}</h3>'
        f"<p>Träger: Verein {said} e. V.</p>"
        f"<p>Wir beraten Alleinerziehende zu Unterhalt. {said}</p><p>Montag 9–12 Uhr, {said}</p>"
        f"<p>Lindenstraße {number}, 13187 Berlin, Telefon 030 23125{number:03}</p></article>"
    )


def _as_markup(number: int, attack: str) -> str:
    """A card that carries the attack as it is."""
    return (
        f'<article class="karte"><h3>Treffpunkt {number}</h3><p>Offener Treff für Alleinerziehende '
        f"mit Kindern. {attack}</p><p>Dienstag 15–17 Uhr, Lindenstraße {number}, 13187 Berlin, "
        f"Telefon 030 23126{number:03}</p></article>"
    )


def _document(cards: list[str], head: str = "") -> Reply:
    body = "".join(cards)
    text = f"<!doctype html><html lang=de><head><title>Netz</title>{head}</head><body><main>{body}"
    return Reply(f"{text}</main></body></html>".encode())


def _json_ld(attacks: list[str]) -> str:
    events = [
        {
            "@context": "https://schema.org", "@type": "Event", "name": f"Fest {number} {attack}",
            "description": attack, "startDate": "2027-05-01T15:00", "url": attack,
            "location": {"@type": "Place", "name": attack, "address": attack},
            "organizer": {"@type": "Organization", "name": attack},
        }
        for number, attack in enumerate(attacks)
    ]  # fmt: skip
    said = json.dumps(events).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{said}</script>'


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Everything in `scripts` and `formulas`, as words, as markup and as JSON-LD, published."""
    attacks = payloads("scripts") + payloads("formulas")
    # Several cards a page: markup that swallows what follows must not swallow the other attacks.
    pages = {f"/markup/{n}": _document([_as_markup(n, one)]) for n, one in enumerate(attacks)}
    links = "".join(f'<li><a href="{path}">Angebot {path[8:]}</a></li>' for path in pages)
    texts = [_as_text(number, attack) for number, attack in enumerate(attacks)]
    paths = {
        "/": _document([f"<nav><ul>{links}</ul></nav>", *texts]),
        "/termine": _document(["<h1>Termine</h1>"], _json_ld(attacks)),
        **pages,
    }
    with serve(paths) as site:
        home = tmp_path_factory.mktemp("attacked")
        sources = home / "sources"
        sources.mkdir()
        starts = "".join(f"\n  - {site.base_url}{path}" for path in ("/", "/termine"))
        (sources / "boese.yml").write_text(
            f"id: boese\ntitle: Netz\nregion: '11003'\nstart:{starts}\n", "utf-8"
        )
        installation = installed(home, sources)
        installation.crawl("boese")
        yield installation


@pytest.fixture(scope="module")
def attacked(harvested: Installation) -> Settings:
    """Settings over what was harvested."""
    return Settings(
        data_dir=Path(harvested.environment["NETZLOTSE_DATA_DIR"]), rate_limit=0, log_level="ERROR"
    )
