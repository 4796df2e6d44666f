"""What search engines find: every page that is there, none that is not."""

from __future__ import annotations

import json
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient

from api import sitemap
from tests.api.conftest import uid

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(client: TestClient, url: str, root: str = "urlset") -> list[str]:
    """The addresses of a file, in order."""
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/xml"
    tree = ET.fromstring(answer.content)  # noqa: S314 - our own
    assert tree.tag == SPACE + root
    return [element.text or "" for element in tree.iter(f"{SPACE}loc")]


def test_every_address_is_a_page_and_every_offer_with_a_page_is_listed(client: TestClient) -> None:
    robots = client.get("/robots.txt").text
    assert "Sitemap: http://testserver/sitemap.xml\n" in robots
    found = listed(client, "/sitemap.xml")
    assert len(found) == len(set(found))
    paths = [urlsplit(address).path for address in found]
    for path in paths:
        assert client.get(path, follow_redirects=False).status_code == 200, path
    lines = client.get("/api/v1/offers?status=all&format=ndjson").text.splitlines()
    offers = {path for path in paths if path.startswith("/angebot/")}
    known = {f"/angebot/{json.loads(line)['id']}" for line in lines}
    assert offers == {path for path in known if client.get(path).status_code == 200}
    assert f"/angebot/{uid('offer-0')}" in offers
    assert not offers & {f"/angebot/{uid(name)}" for name in ("gone", "merged")}
    assert {"/", "/notfall", "/region/deutschland", "/netzwerk/pankow"} <= set(paths)


def test_offers_tell_when_they_changed(client: TestClient) -> None:
    tree = ET.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - our own
    days = {
        url.findtext(f"{SPACE}loc", "").rpartition("/")[2]: url.findtext(f"{SPACE}lastmod")
        for url in tree
    }
    assert len(days[uid("offer-0")] or "") == len("2026-01-31")


def test_a_long_list_is_an_index_of_files(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = listed(client, "/sitemap.xml")
    monkeypatch.setattr(sitemap, "_MOST", 10)
    parts = listed(client, "/sitemap.xml", "sitemapindex")
    assert len(parts) == -(-len(whole) // 10)
    files = [listed(client, part) for part in parts]
    assert [len(file) for file in files[:-1]] == [10] * (len(files) - 1)
    assert [address for file in files for address in file] == whole
    assert client.get(f"/sitemap.xml?part={len(parts) + 1}").status_code == 404
    assert client.get("/sitemap.xml?part=0").status_code == 422


def test_an_unchanged_list_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/sitemap.xml")
    again = client.get("/sitemap.xml", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
