"""The sites that the cluster harvests: `python -m tests.cluster.sites FOLDER ADDRESS PORT COUNT`.

Real HTTP servers in a process of their own. What a site tells comes from `tests/relevance`, so that
the queries there find something. `FOLDER/edition.json` says which edition of its texts each site
shows by now; `FOLDER/requests.jsonl` gets a line a request: when, which host, which page, by whom.
"""

from __future__ import annotations

import asyncio
import hashlib
import html
import json
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import yaml

OFFERS = Path(__file__).parent.parent / "relevance" / "offers.yml"
_ON_A_PAGE = 2
_STREETS = ("Lindenstraße", "Gartenweg", "Mühlenstraße", "Parkallee", "Bergstraße")


def site_ids(count: int) -> list[str]:
    """The sites. The first two are one host: two networks that share a server."""
    return [f"netz-{number:02d}" for number in range(count)]


def offers(site: int, count: int) -> list[tuple[str, list[Any]]]:
    """What a site tells: every so many-th of the offers."""
    known = yaml.safe_load(OFFERS.read_text("utf-8"))
    return list(known.items())[site::count]


def titles(site: int, count: int) -> set[str]:
    """The titles of what a site tells."""
    return {values[0] for _, values in offers(site, count)}


def said(edition: int) -> str:
    """The sentence that tells an edition; with a number it would look like an address."""
    return f"Das sagt Ausgabe {chr(ord('A') + edition)}."


def declare(folder: Path, address: str, port: int, count: int) -> None:
    """Write a declaration a site."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(site_ids(count)):
        (folder / f"{name}.yml").write_text(
            f"id: {name}\ntitle: Netzwerk {number}\nregion: '11003'\nrhythm: daily\n"
            f"start: [http://{address}:{port + max(0, number - 1)}/{name}/]\n"
        )


def page(site: int, count: int, number: int, edition: int) -> str | None:
    """A page of a site: its first one links to the others, each of which tells of some offers."""
    told = offers(site, count)
    pages = [told[at : at + _ON_A_PAGE] for at in range(0, len(told), _ON_A_PAGE)]
    if number > len(pages):
        return None
    if number == 0:
        links = "".join(
            f'<li><a href="seite-{n}.html">Angebote, Seite {n}</a></li>'
            for n in range(1, len(pages) + 1)
        )
        return _html(f"<h1>Netzwerk {site}</h1><nav><ul>{links}</ul></nav>")
    return _html("".join(_card(key, values, edition) for key, values in pages[number - 1]))


def _card(key: str, values: list[Any], edition: int) -> str:
    title, provider, description, _, city, district, postcode, *_ = values
    digits = int(hashlib.sha256(key.encode()).hexdigest()[:8], 16)
    street = f"{_STREETS[digits % 5]} {digits % 90 + 1}"
    where = f"<p>{street}, {postcode or 10115} {city} {district or ''}</p>"
    return (
        f'<article class="karte"><h3>{html.escape(title)}</h3>'
        f"<p>Träger: {html.escape(provider)}</p>"
        f"<p>{html.escape(description)}</p><p>{said(edition)}</p>{where}"
        f"<p>Telefon: 030 23125 {digits % 1000:03d}{digits % 7}</p><p>Di 14-16 Uhr</p></article>"
    )


def _html(body: str) -> str:
    return f'<!doctype html><html lang="de"><title>Netzwerk</title><main>{body}</main></html>'


class _Sites:
    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.count = folder, count
        self.log = (folder / "requests.jsonl").open("a", buffering=1)

    def answer(self, path: str) -> tuple[int, bytes]:
        parts = path.strip("/").split("/")
        sites = site_ids(self.count)
        if parts[0] not in sites or len(parts) > 2:
            return 404, b"nichts"
        name = parts[1] if len(parts) == 2 else "seite-0.html"
        number = name.removeprefix("seite-").removesuffix(".html")
        editions = json.loads((self.folder / "edition.json").read_text())
        site = sites.index(parts[0])
        told = (
            page(site, self.count, int(number), editions.get(parts[0], 0))
            if number.isdigit()
            else None
        )
        return (200, told.encode()) if told else (404, b"nichts")

    async def talk(
        self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        who = writer.get_extra_info("peername")[0]
        with suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            while True:
                asked = await reader.readuntil(b"\r\n\r\n")
                path = asked.split(b" ", 2)[1].decode("ascii", "replace")
                self.log.write(json.dumps([time.time(), port, path, who]) + "\n")
                status, body = self.answer(path)
                writer.write(
                    f"HTTP/1.1 {status} X\r\nContent-Type: text/html; charset=utf-8\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        writer.close()


async def _serve(folder: Path, address: str, port: int, count: int) -> None:
    sites = _Sites(folder, count)
    servers = [
        await asyncio.start_server(partial(sites.talk, at), address, at)
        for at in range(port, port + max(1, count - 1))
    ]
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
