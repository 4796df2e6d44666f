"""Publishes while a server is measured: `python -m api.bench.publishing SECONDS`.

A made site on loopback, on which a part of the offers reads differently at each visit, is harvested
by `netzlotse crawl` again and again, with so many seconds in between, into the data folder of the
environment. Each visit prints its run as a line of JSON; the process ends when its standard input
does, after the visit that is on the way.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time

from aggregator.settings import PREFIX
from crawlers.samples.route import Reply
from crawlers.samples.server import Answer, SiteServer, http_date

_OFFERS = 40
_PARTS = 4
"""A visit finds a fourth of the offers changed, which no gate takes for a relaunch."""
_ID = "lastprobe"


def _page(visit: int) -> bytes:
    """The site's page as it is at the n-th visit."""
    cards = "".join(_card(number, visit) for number in range(_OFFERS))
    return (
        "<!doctype html><html lang=de><head><title>Netzwerk Lastprobe</title></head><body><main>"
        f"<h1>Angebote</h1>{cards}</main></body></html>"
    ).encode()


def _card(number: int, visit: int) -> str:
    changed = visit - (visit - number) % _PARTS  # the last visit that changed this one
    return (
        f'<article class="karte"><h3>Beratung Nummer {number}</h3>'
        f"<p>Wir beraten Alleinerziehende zu Unterhalt und Umgang. Stand: Ausgabe {changed}.</p>"
        f"<p>Montag 9–12 Uhr, Lindenstraße {number + 1}, 13187 Berlin, Telefon 030 23125{number:03}"
        "</p></article>"
    )


def _run(pause: float) -> None:
    ended = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    visit = 0
    site = SiteServer(
        lambda _target: Answer(
            Reply(200, _page(visit), {"Content-Type": "text/html; charset=utf-8"}),
            http_date(time()),
        )
    )
    with TemporaryDirectory(prefix="netzlotse-bench-") as folder:
        declared = (
            f"id: {_ID}\ntitle: Netzwerk Lastprobe\nregion: '11003'\nstart: ['{site.base_url}/']\n"
        )
        (Path(folder) / f"{_ID}.yml").write_text(declared, "utf-8")
        told = {"SOURCES": folder, "DOWNLOAD_DELAY": "0", "ALLOWED_PRIVATE_HOSTS": "127.0.0.1"}
        environment = os.environ | {f"{PREFIX}{name}": value for name, value in told.items()}
        crawl = [sys.executable, "-m", "netzlotse", "crawl", _ID, "--json"]
        while not ended.is_set():
            done = subprocess.run(crawl, env=environment, stdout=subprocess.PIPE, check=False)  # noqa: S603
            sys.stdout.write(done.stdout.decode() or f'{{"verdict": "exit {done.returncode}"}}\n')
            sys.stdout.flush()
            visit += 1
            ended.wait(pause)
    site.close()


if __name__ == "__main__":
    _run(float(sys.argv[1]))
