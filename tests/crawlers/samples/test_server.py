"""The sample sites answer as real servers do."""

import gzip
import http.client
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawlers.samples.federation import SITES, Federation, Site, site_ids
from crawlers.samples.route import answer, load_config


class Reply:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()


def get(site: Site, path: str, method: str = "GET", **headers: str) -> Reply:
    connection = http.client.HTTPConnection(site.base_url.removeprefix("http://"), timeout=5)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        return Reply(connection.getresponse())
    finally:
        connection.close()


@pytest.fixture
def pankow(federation: Federation) -> Iterator[Site]:
    site = federation.sites["demo-pankow"]
    yield site
    site.restore()


def test_every_site_answers_its_start_page(federation: Federation) -> None:
    for site in federation.sites.values():
        reply = get(site, "/")
        assert reply.status == 200
        assert b"{site}" not in reply.body
        assert get(site, "/gibt-es-nicht").status == 404


def test_validators_save_the_body(pankow: Site) -> None:
    first = get(pankow, "/wohnen/")
    by_tag = get(pankow, "/wohnen/", If_None_Match=first.headers["ETag"])
    by_date = get(pankow, "/wohnen/", If_Modified_Since=first.headers["Last-Modified"])
    assert (by_tag.status, by_tag.body, by_date.status) == (304, b"", 304)
    stale = get(pankow, "/wohnen/", If_None_Match='"other"', If_Modified_Since="bad")
    assert stale.status == 200
    assert pankow.log[-4:] == [("/wohnen/", status) for status in (200, 304, 304, 200)]


def test_tag_wins_over_date(pankow: Site) -> None:
    date = get(pankow, "/wohnen/").headers["Last-Modified"]
    both = get(pankow, "/wohnen/", If_None_Match='"other"', If_Modified_Since=date)
    assert both.status == 200


def test_gzip_is_the_same_page(pankow: Site) -> None:
    plain, zipped = get(pankow, "/wohnen/"), get(pankow, "/wohnen/", Accept_Encoding="gzip")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body
    again = get(pankow, "/wohnen/", Accept_Encoding="gzip", If_None_Match=zipped.headers["ETag"])
    assert again.status == 304


def test_connection_is_kept(pankow: Site) -> None:
    connection = http.client.HTTPConnection(pankow.base_url.removeprefix("http://"), timeout=5)
    connection.request("HEAD", "/")
    head = connection.getresponse()
    assert head.read() == b""
    kept = connection.sock
    connection.request("GET", "/")
    full = connection.getresponse()
    assert len(full.read()) == int(head.headers["Content-Length"])
    assert connection.sock is kept
    connection.close()


def test_folder_without_slash_moves(pankow: Site) -> None:
    reply = get(pankow, "/wohnen?a=1")
    assert (reply.status, reply.headers["Location"]) == (301, f"{pankow.base_url}/wohnen/?a=1")


def test_unknown_query_serves_the_path(pankow: Site) -> None:
    assert get(pankow, "/wohnen/?utm_source=x").body == get(pankow, "/wohnen/").body


def test_wordpress_announces_and_pages_its_api(federation: Federation) -> None:
    site = federation.sites["demo-muenchen"]
    home = get(site, "/")
    assert home.headers["Link"] == f'<{site.base_url}/wp-json/>; rel="https://api.w.org/"'
    assert "angebot" in json.loads(get(site, "/wp-json/wp/v2/types").body)
    api = "/wp-json/wp/v2/angebote"
    first, second = get(site, api), get(site, f"{api}?page=2")
    assert (first.headers["X-WP-Total"], first.headers["X-WP-TotalPages"]) == ("14", "2")
    assert 'rel="next"' in first.headers["Link"]
    assert 'rel="prev"' in second.headers["Link"]
    ids = [item["id"] for reply in (first, second) for item in json.loads(reply.body)]
    assert len(set(ids)) == 14
    assert len(json.loads(get(site, f"{api}?per_page=100").body)) == 14
    beyond = get(site, f"{api}?per_page=100&page=2")
    assert beyond.status == 400
    assert json.loads(beyond.body)["code"] == "rest_post_invalid_page_number"
    assert json.loads(get(site, f"{api}?per_page=101").body)["code"] == "rest_invalid_param"
    assert json.loads(first.body)[0]["link"].startswith(site.base_url)


def test_hand_made_site_says_no_charset_and_sends_latin_1(federation: Federation) -> None:
    reply = get(federation.sites["demo-wuppertal"], "/treffs.html")
    assert reply.headers["Content-Type"] == "text/html"
    with pytest.raises(UnicodeDecodeError):
        reply.body.decode()
    assert "Träger" in get(federation.sites["demo-wuppertal"], "/beratung.html").body.decode(
        "cp1252"
    )


def test_feed_and_calendar(federation: Federation) -> None:
    site = federation.sites["demo-neukoelln"]
    feed = get(site, "/index.php/angebote?format=feed&type=rss")
    assert feed.headers["Content-Type"].startswith("application/rss+xml")
    assert feed.body.count(b"<item>") == 17
    events = get(site, "/termine.ics")
    assert events.headers["Content-Type"].startswith("text/calendar")
    assert events.body.count(b"BEGIN:VEVENT") == 1
    assert get(site, "/index.php/angebote?start=9").body != get(site, "/index.php/angebote").body


def test_replaced_removed_restored(pankow: Site) -> None:
    before = get(pankow, "/wohnen/")
    pankow.replace("/wohnen/", "<h1>Neu</h1>")
    changed = get(
        pankow,
        "/wohnen/",
        If_None_Match=before.headers["ETag"],
        If_Modified_Since=before.headers["Last-Modified"],
    )
    assert (changed.status, changed.body) == (200, b"<h1>Neu</h1>")
    assert changed.headers["Content-Type"].startswith("text/html")
    pankow.remove("/kinderbetreuung/")
    assert get(pankow, "/kinderbetreuung/").status == 404
    unchanged = get(pankow, "/arbeit-und-ausbildung/")
    assert unchanged.status == 200
    pankow.restore()
    assert get(pankow, "/wohnen/", If_None_Match=before.headers["ETag"]).status == 304
    assert get(pankow, "/kinderbetreuung/").status == 200


def test_only_what_changed_is_new(pankow: Site) -> None:
    """A change of one page leaves the dates of the others alone."""
    before = get(pankow, "/wohnen/").headers["Last-Modified"]
    pankow.replace("/kinderbetreuung/", "<h1>Neu</h1>")
    assert get(pankow, "/wohnen/", If_Modified_Since=before).status == 304


@pytest.mark.parametrize("site", site_ids())
def test_empty_keeps_the_frame_and_loses_the_offers(federation: Federation, site: str) -> None:
    running = federation.sites[site]
    rows = federation.truth(site)
    running.empty()
    try:
        for path in {row["page_url"] for row in rows}:
            reply = get(running, path)
            text = reply.body.decode("utf-8", "replace")
            assert reply.status == 200
            assert re.search(r"</html>\s*$", text)
            assert not [row["title"] for row in rows if row["title"] in text]
    finally:
        running.restore()


def test_empty_reaches_api_feed_and_calendar(federation: Federation) -> None:
    for site, path, mark in (
        ("demo-muenchen", "/wp-json/wp/v2/angebote", b'"id"'),
        ("demo-neukoelln", "/index.php/angebote?format=feed&type=rss", b"<item>"),
        ("demo-neukoelln", "/termine.ics", b"VEVENT"),
    ):
        running = federation.sites[site]
        running.empty()
        try:
            reply = get(running, path)
            assert (reply.status, mark in reply.body) == (200, False)
            assert get(running, "/robots.txt").body.startswith(b"User-agent")
        finally:
            running.restore()


def test_down(pankow: Site) -> None:
    pankow.down()
    assert get(pankow, "/robots.txt").status == 503
    pankow.restore()
    assert get(pankow, "/robots.txt").status == 200


def test_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=str(port)), Federation(first_port=port):
            pass


def test_a_late_taken_port_frees_the_earlier_ones() -> None:
    first = _free_run(len(site_ids()))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first + 2))
        taken.listen()
        with pytest.raises(OSError, match=str(first + 2)), Federation(first_port=first):
            pass
    with Federation(first_port=first) as federation:
        ports = [int(site.base_url.rpartition(":")[2]) for site in federation.sites.values()]
        assert ports == list(range(first, first + len(site_ids())))
        assert list(federation.sites) == site_ids()


def _free_run(length: int) -> int:
    """The first of `length` consecutive ports that are free now."""
    for first in range(28_000, 32_000, length):
        try:
            for port in range(first, first + length):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise AssertionError("no free ports")


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
@example("//[")
@example("a" * 300)
@example("%00/%ff?page=%00")
def test_no_target_leaves_the_folder_or_breaks(target: str) -> None:
    folder: Path = SITES / "demo-muenchen"
    for path in (target, f"/{target}", f"/../{target}", f"/wp-json/wp/v2/pages?page={target}"):
        reply = answer(folder, load_config(folder), path)
        assert reply.status in {200, 301, 400, 404}
        assert b"same_as" not in reply.body


def test_files_beside_the_site_are_not_served(pankow: Site) -> None:
    for path in ("/../truth.jsonl", "/%2e%2e/truth.jsonl", "/..%2ftruth.jsonl", "/truth.jsonl"):
        assert get(pankow, path).status == 404
