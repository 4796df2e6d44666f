"""`python -m tests.faults.site`: a small site on loopback; prints its address, ends when killed."""

from __future__ import annotations

import sys
import threading

from tests.crawlers.test_crawl import OFFERS, page
from tests.loopback import serve

_MORE = OFFERS.replace("<main>", '<main><p><a href="/angebote">Weitere Angebote</a></p>')
_OTHERS = (
    OFFERS.replace("Sonntagsfrühstück", "Kleiderkammer")
    .replace("Schuldnerberatung", "Hausaufgabenhilfe")
    .replace("Umgangscafé", "Wohnungsberatung")
    .replace("23125", "23126")
)

if __name__ == "__main__":
    with serve({"/": page(_MORE, ETag='"1"'), "/angebote": page(_OTHERS)}) as server:
        sys.stdout.write(f"{server.base_url}\n")
        sys.stdout.flush()
        threading.Event().wait()
