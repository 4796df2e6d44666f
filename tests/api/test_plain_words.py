"""From a page in plain words, crawled for real, to the offer that shows them, and away again."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from tests.crawlers.test_crawl import OFFERS, page
from tests.loopback import serve
from tests.schedules.correction_site import make_site

PLAIN = "Haben Sie Schulden? Wir helfen Ihnen."
LINK = '<p><a href="/leicht/schulden">In Leichter Sprache</a></p>'
DETAIL = f"""<!doctype html><html lang="de"><title>Schuldnerberatung</title><main>
<h1>Schuldnerberatung</h1><p>Wir beraten bei Überschuldung und drohender Pfändung.</p>
<p>Musterweg 7, 13189 Berlin<br>Telefon: 030 23125 102</p>{LINK}</main></html>"""
TWIN = """<!doctype html><html lang="de"><title>Leichte Sprache</title><main>
<h1>Hilfe bei Schulden</h1><p>Haben Sie Schulden?</p><p>Wir helfen Ihnen.</p>
<p>Telefon: 030 23125 102</p><p>Musterweg 7, 13189 Berlin</p></main></html>"""
LISTED = OFFERS.replace(
    "<h2>Schuldnerberatung</h2>", '<h2><a href="/angebote/schulden">Schuldnerberatung</a></h2>'
)


def test_a_twin_page_is_shown_with_its_offer_until_it_is_gone(tmp_path: Path) -> None:
    with serve({}) as server:
        site = make_site(server, tmp_path)
        server.paths |= {"/angebote/schulden": page(DETAIL), "/leicht/schulden": page(TWIN)}
        assert site.crawl(LISTED).counts["added"] == 3  # the twin is no fourth offer
        with TestClient(create_app(site.settings)) as client:
            (offer,) = client.get("/api/v1/offers?q=Schuldnerberatung").json()["items"][:1]
            where = f"/api/v1/offers/{offer['id']}"
            known = client.get(where).json()
            assert known["plain_words"] == PLAIN
            (told,) = [e for e in known["provenance"] if e["field"] == "plain_words"]
            assert told["page_url"] == f"{server.base_url}/leicht/schulden"
            assert PLAIN not in known["description"]
            assert PLAIN in client.get(f"/angebot/{offer['id']}").text
        server.paths["/angebote/schulden"] = page(DETAIL.replace(LINK, ""))
        del server.paths["/leicht/schulden"]
        site.crawl(LISTED)
        with TestClient(create_app(site.settings)) as client:
            assert client.get(where).json()["plain_words"] is None
