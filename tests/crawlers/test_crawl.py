"""A crawl over real HTTP: manners, protocol edges, the archive, and what is handed over."""

from __future__ import annotations

import gzip
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawlers.archive import Archive, ArchiveError, read_page
from crawlers.failure import Failure
from crawlers.record import RecordKind, Role
from crawlers.replay import ArchivedPage, reread
from crawlers.source import Source
from tests.crawlers.crawling import crawl
from tests.loopback import Handler, Reply, serve

OFFERS = """<!doctype html><html lang="de"><title>Angebote</title><main><h1>Angebote</h1>
<article><h2>Sonntagsfrühstück</h2><p>Für Alleinerziehende und ihre Kinder, kostenlos.</p>
<p>Beispielstr. 5, 13187 Berlin<br>Telefon: 030 23125 101</p><p>So 10-12 Uhr</p></article>
<article><h2>Schuldnerberatung</h2><p>Wir helfen, wenn das Geld nicht reicht.</p>
<p>Musterweg 7, 13189 Berlin<br>Telefon: 030 23125 102</p><p>Di 14-16 Uhr</p></article>
<article><h2>Umgangscafé</h2><p>Begleiteter Umgang in ruhigen Räumen.</p>
<p>Probeallee 9, 10439 Berlin<br>Telefon: 030 23125 103</p><p>Sa 14-17 Uhr</p></article>
</main></html>"""
TITLES = ["Schuldnerberatung", "Sonntagsfrühstück", "Umgangscafé"]


def page(body: str, **headers: str) -> Reply:
    return Reply(body.encode(), headers={name.replace("_", "-"): v for name, v in headers.items()})


def test_what_was_fetched_is_archived_and_handed_over(tmp_path: Path) -> None:
    with serve({"/": page(OFFERS, ETag='"1"')}) as server:
        done = crawl(tmp_path, f"{server.base_url}/")
    assert done.code == 0, done.errors
    assert done.summary is not None
    assert done.summary.complete
    assert sorted(record.title for record in done.records) == TITLES
    entry = done.page("/")
    assert entry.archived is not None
    archived = read_page(Archive(done.archive), entry.archived)
    assert archived.text == OFFERS
    assert archived.url == f"{server.base_url}/"
    agents = {headers["User-Agent"] for _, headers in server.seen}
    assert agents == {"netzlotse/0.1 (+https://netzlotse.example/kontakt)"}
    (warc,) = done.archive.rglob("*.warc.gz")
    with warc.open("rb") as file:
        kinds = [(r.rec_type, r.rec_headers["WARC-Target-URI"]) for r in ArchiveIterator(file)]
    assert ("response", f"{server.base_url}/robots.txt") in kinds
    assert kinds[0][0] == "warcinfo"


def test_a_host_of_ones_own_is_asked_for_eight_pages_at_once_at_most(tmp_path: Path) -> None:
    running: list[int] = []
    most = 0

    def answer(request: BaseHTTPRequestHandler) -> Reply:
        nonlocal most
        running.append(1)
        most = max(most, len(running))
        time.sleep(0.05)
        running.pop()
        return page("<title>Angebot</title>")

    links = "".join(f'<a href="/angebot/{n}">Angebot {n}</a>' for n in range(40))
    paths = {f"/angebot/{n}": answer for n in range(40)}
    with serve({"/": page(f"<title>Netz</title>{links}"), **paths}) as server:
        done = crawl(tmp_path, f"{server.base_url}/")
    assert len(done.pages) == 41
    assert 1 < most <= 8


IMPRINT = page(
    "<title>Impressum</title><main><h1>Impressum</h1><p>Angaben gemäß § 5 DDG</p>"
    "<p>Hafenlicht e.V.<br>Am Wall 3<br>18055 Rostock</p><a href='/angebote-nord'>Neu</a></main>"
)


def test_an_imprint_is_read_for_whose_site_it_is_and_leads_nowhere(tmp_path: Path) -> None:
    links = '<a href="/wir">Wir</a><a href="/impressum">Impressum</a></main>'
    paths = {"/": page(OFFERS.replace("</main>", links)), "/impressum": IMPRINT}
    paths["/wir"] = page("<title>Wir</title><a href='/impressum'>Impressum</a>")
    with serve({**paths, "/angebote-nord": page(OFFERS)}) as server:
        done = crawl(tmp_path, f"{server.base_url}/")
    assert (server.asked("/impressum"), server.asked("/angebote-nord")) == (1, 0)
    assert done.summary is not None
    assert (done.summary.finish, done.summary.pages) == ("finished", 3)
    (house,) = [record for record in done.records if record.kind is RecordKind.HOUSE]
    assert house.texts(Role.OWNER) == ["Hafenlicht e.V."]
    assert sorted(r.title for r in done.records if r.kind is RecordKind.OFFER) == TITLES
    archived = done.page("/impressum").archived
    assert archived is not None
    known = ArchivedPage(f"{server.base_url}/impressum", archived)
    source = Source(id="probe", title="Probe", region="11003", start=[f"{server.base_url}/"])
    (again,) = reread(Archive(done.archive), source, [known], datetime.now(UTC))
    assert [record.passages for record in again.records] == [house.passages]


def test_an_imprint_that_is_a_page_of_the_site_is_read_as_one(tmp_path: Path) -> None:
    """What is linked as imprint and as contact alike leads on as any other page."""
    start = '<title>Start</title><main><a href="/kontakt">Kontakt und Impressum</a></main>'
    contact = page("<title>Kontakt</title><main><a href='/angebote'>Angebote</a></main>")
    with serve({"/": page(start), "/kontakt": contact, "/angebote": page(OFFERS)}) as server:
        done = crawl(tmp_path, f"{server.base_url}/")
    assert sorted(record.title for record in done.records) == TITLES


def test_an_unchanged_page_is_not_sent_again_and_reads_the_same(tmp_path: Path) -> None:
    def answer(request: BaseHTTPRequestHandler) -> Reply:
        if request.headers.get("If-None-Match") == '"1"':
            return Reply(status=304, headers={"ETag": '"1"'})
        return page(OFFERS, ETag='"1"')

    with serve({"/": answer}) as server:
        first = crawl(tmp_path, f"{server.base_url}/")
        second = crawl(tmp_path, f"{server.base_url}/", known=first.known())
    assert second.summary is not None
    assert (second.summary.fetched, second.summary.not_modified) == (0, 1)
    assert second.records == first.records
    assert second.page("/").archived == first.page("/").archived


def test_a_page_whose_archive_is_gone_is_fetched_whole(tmp_path: Path) -> None:
    def answer(request: BaseHTTPRequestHandler) -> Reply:
        if request.headers.get("If-None-Match"):
            return Reply(status=304)
        return page(OFFERS, ETag='"1"')

    with serve({"/": answer}) as server:
        first = crawl(tmp_path, f"{server.base_url}/")
        ref = first.page("/").archived
        assert ref is not None
        (first.archive / ref.file).unlink()
        with pytest.raises(ArchiveError):
            read_page(Archive(first.archive), ref)
        second = crawl(tmp_path, f"{server.base_url}/", known=first.known())
    assert sorted(record.title for record in second.records) == TITLES
    assert not second.page("/").not_modified


@pytest.mark.parametrize(
    ("robots", "fetched"),
    [
        (Reply(b"User-agent: *\nDisallow: /\n", headers={"Content-Type": "text/plain"}), False),
        (Reply(b"User-agent: netzlotse\nDisallow: /\n\nUser-agent: *\nAllow: /\n"), False),
        (Reply(b"User-agent: *\nDisallow: /intern/\n"), True),
        (Reply(b"forbidden", 403), True),  # RFC 9309, 2.3.1.3: unavailable allows
        (Reply(b"broken", 500), False),  # 2.3.1.4: unreachable forbids
    ],
    ids=["all", "us", "others", "403", "500"],
)
def test_robots_txt_is_obeyed(tmp_path: Path, robots: Reply, fetched: bool) -> None:
    with serve({"/": page(OFFERS), "/robots.txt": robots}) as server:
        done = crawl(tmp_path, f"{server.base_url}/")
    assert bool(server.asked("/")) is fetched
    assert (done.page("/").failure is None) is fetched
    if not fetched:
        assert done.page("/").failure is Failure.ROBOTS


def test_crawl_delay_is_kept(tmp_path: Path) -> None:
    times: list[float] = []

    def answer(_: BaseHTTPRequestHandler) -> Reply:
        times.append(time.monotonic())
        return page(OFFERS)

    start = [f"/angebote-{number}" for number in range(3)]
    paths = dict.fromkeys(start, answer)
    robots = Reply(b"User-agent: *\nCrawl-delay: 1\n")
    with serve({**paths, "/robots.txt": robots}) as server:
        crawl(tmp_path, [server.base_url + path for path in start])
    assert len(times) == 3
    assert min(b - a for a, b in pairwise(times)) >= 0.9


def test_a_host_that_is_slow_to_answer_is_left_alone_as_long_as_any_other(tmp_path: Path) -> None:
    """Robots.txt, rights file and pages alike: the pause begins with the answer."""
    asked: list[float] = []
    answered: list[float] = []

    def slowly(reply: Reply) -> Handler:
        def answer(_: BaseHTTPRequestHandler) -> Reply:
            asked.append(time.monotonic())
            time.sleep(1.2)
            answered.append(time.monotonic())
            return reply

        return answer

    paths = {
        "/robots.txt": slowly(Reply(b"User-agent: *\nCrawl-delay: 1\n")),
        "/.well-known/tdmrep.json": slowly(Reply(b"[]")),
        "/": slowly(page(OFFERS)),
        "/kaputt": slowly(Reply(b"", 404)),
        "/fort": slowly(Reply(b"", 301, {"Location": "/"})),
    }
    with serve(paths) as server:
        crawl(tmp_path, [f"{server.base_url}{path}" for path in ("/", "/kaputt", "/fort")])
    assert len(asked) == 6
    assert min(b - a for a, b in zip(answered, asked[1:], strict=False)) >= 1


def test_failures_have_names(tmp_path: Path) -> None:
    """One site with every way to fail; each costs its page and no more."""
    suspended = "<html><title>Account Suspended</title><body>Contact your hosting provider."
    bomb = gzip.compress(b"\0" * 30_000_000)
    paths = {
        "/gut": page(OFFERS),
        "/weg": Reply(b"", 410),
        "/kaputt": Reply(b"", 500),
        "/verboten": Reply(b"", 403),
        "/gesperrt": page(suspended),
        "/probe": Reply(b"<title>Just a moment...</title><script src=/cdn-cgi/x>", 503),
        "/bombe": Reply(bomb, headers={"Content-Encoding": "gzip"}),
        "/gross": Reply(b"<p>" + b"x" * 6_000_000),
        "/abbruch": Reply(b"<p>half", length=5000),
        "/umzug": Reply(status=301, headers={"Location": "http://127.0.0.2:9/neu"}),
        "/kreis": Reply(status=302, headers={"Location": "/kreis"}),
        "/intern": Reply(status=302, headers={"Location": "http://10.0.0.1/"}),
        "/datei": Reply(status=302, headers={"Location": "file:///etc/passwd"}),
    }
    with serve(paths) as server:
        start = [server.base_url + path for path in paths]
        done = crawl(tmp_path, [*start, "http://127.0.0.1:1/"])
    assert done.code == 0, done.errors
    named = {e.requested_url.removeprefix(server.base_url): e.failure for e in done.pages}
    assert named == {
        "/gut": None,
        "/weg": Failure.GONE,
        "/kaputt": Failure.SERVER_ERROR,
        "/verboten": Failure.BLOCKED,
        "/gesperrt": Failure.SOFT_404,
        "/probe": Failure.BOT_CHALLENGE,
        "/bombe": Failure.TOO_LARGE,
        "/gross": Failure.TOO_LARGE,
        "/abbruch": Failure.CONNECTION,
        "/umzug": Failure.PRIVATE_ADDRESS,
        "/kreis": Failure.CONNECTION,
        "/intern": Failure.PRIVATE_ADDRESS,
        "/datei": named["/datei"],
        "http://127.0.0.1:1/": Failure.REFUSED,  # not even robots.txt is to be had
    }
    assert named["/datei"] is not None
    assert sorted(record.title for record in done.records) == TITLES
    assert server.asked("/kaputt") <= 3, "never a retry storm"


def test_a_private_host_is_not_knocked_at_unless_allowed(tmp_path: Path) -> None:
    with serve({"/": page(OFFERS)}) as server:
        done = crawl(tmp_path, f"{server.base_url}/", allowed=())
        named = crawl(tmp_path, server.base_url.replace("127.0.0.1", "localhost"), allowed=())
    assert server.seen == []
    assert done.page("/").failure is Failure.PRIVATE_ADDRESS
    # Twisted wraps what the resolver says, so that a name behind which nothing public is has no
    # address at all.
    assert [entry.failure for entry in named.pages] == [Failure.PRIVATE_ADDRESS]


def test_too_many_requests_is_waited_for_once(tmp_path: Path) -> None:
    answers = iter([Reply(b"", 429, {"Retry-After": "1"}), page(OFFERS)])
    later = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    paths = {
        "/": lambda _: next(answers),
        "/lange": Reply(b"", 503, {"Retry-After": later}),
    }
    with serve(paths) as server:
        begun = time.monotonic()
        done = crawl(tmp_path, [f"{server.base_url}/", f"{server.base_url}/lange"])
    assert done.page("/").failure is None
    assert server.asked("/") == 2
    assert done.page("/lange").failure is Failure.SERVER_ERROR
    assert time.monotonic() - begun < 60


_FORGETFUL = """
import sys
from scrapy.core.downloader import Downloader
from crawlers.crawl import main
Downloader._SLOT_GC_INTERVAL = 0.1
Downloader._slot_gc.__defaults__ = (0.1,)
sys.exit(main(sys.argv[1:]))
"""
"""A crawl in which Scrapy forgets after a tenth of a second, not a minute, that a host is slow."""


def test_a_host_that_had_us_wait_for_long_is_still_asked_as_slowly(tmp_path: Path) -> None:
    times: list[float] = []
    links = "".join(f'<a href="/angebot-{n}">Angebot {n}</a>' for n in range(2))
    answers = iter(
        [
            Reply(b"", 429, {"Retry-After": "3"}),
            page(f"<title>Angebote</title><main>{links}</main>"),
            page(OFFERS),
            page(OFFERS),
        ]
    )

    def answer(_: BaseHTTPRequestHandler) -> Reply:
        times.append(time.monotonic())
        return next(answers)

    robots = Reply(b"User-agent: *\nCrawl-delay: 1\n")
    paths: dict[str, Handler] = dict.fromkeys(["/", "/angebot-0", "/angebot-1"], answer)
    with serve({**paths, "/robots.txt": robots}) as server:
        crawl(tmp_path, f"{server.base_url}/", program=("-c", _FORGETFUL))
    assert len(times) == 4
    assert min(b - a for a, b in pairwise(times)) >= 1.9  # twice what it asks for, after a refusal


def test_limits_end_a_crawl_and_make_it_incomplete(tmp_path: Path) -> None:
    links = "".join(f'<a href="/angebot-{n}">Angebot {n}</a>' for n in range(30))
    paths = {"/": page(f"<title>Angebote</title><main>{links}</main>")}
    paths |= {f"/angebot-{n}": page(OFFERS.replace("Angebote", f"A{n}")) for n in range(30)}
    with serve(paths) as server:
        done = crawl(tmp_path, f"{server.base_url}/", pages=5)
    assert done.summary is not None
    assert done.summary.finish == "page_limit"
    assert not done.summary.complete
    assert len(done.pages) == 5


def test_latin_1_without_a_charset_is_read_right(tmp_path: Path) -> None:
    reply = Reply(OFFERS.encode("latin-1"), headers={"Content-Type": "text/html"})
    with serve({"/": reply}) as server:
        done = crawl(tmp_path, f"{server.base_url}/")
    assert sorted(record.title for record in done.records) == TITLES


def test_a_chain_of_redirects_is_followed_and_its_page_read_once(tmp_path: Path) -> None:
    chain: dict[str, Handler] = {
        f"/{n}": Reply(status=301, headers={"Location": f"/{n + 1}"}) for n in range(4)
    }
    with serve({**chain, "/4": page(OFFERS)}) as server:
        done = crawl(tmp_path, [f"{server.base_url}/0", f"{server.base_url}/4"])
    assert {entry.url for entry in done.pages} == {f"{server.base_url}/4"}
    assert sorted(record.title for record in done.records) == TITLES


def test_a_server_that_drips_is_left_in_time(tmp_path: Path) -> None:
    """Slow loris the other way round: a byte now and then, for ever."""

    def drip(request: BaseHTTPRequestHandler) -> Reply:
        with suppress(OSError):
            request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
            for _ in range(300):
                request.wfile.write(b"x")
                request.wfile.flush()
                time.sleep(0.2)
        return Reply()

    with serve({"/": page(OFFERS), "/langsam": drip}) as server:
        begun = time.monotonic()
        done = crawl(tmp_path, [f"{server.base_url}/", f"{server.base_url}/langsam"], seconds=12)
    assert time.monotonic() - begun < 50
    assert done.summary is not None
    assert not done.summary.complete or done.page("/langsam").failure is Failure.TIMEOUT
    assert sorted(record.title for record in done.records) == TITLES


@pytest.mark.parametrize("closed", ["robots", 401, 403, 404])
def test_an_api_that_is_closed_leaves_the_pages(tmp_path: Path, closed: str | int) -> None:
    wordpress = OFFERS.replace("<title>", "<link rel=https://api.w.org/ href=/wp-json/><title>")
    events = wordpress.replace("<main>", '<main class="tribe-events">')
    apis = ("/wp-json/wp/v2/types", "/wp-json/tribe/events/v1/events?per_page=50")
    paths: dict[str, Handler] = {"/": page(events)}
    if closed == "robots":
        paths["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /wp-json/\n")
    else:
        paths |= {api: Reply(b"{}", int(closed)) for api in apis}
    with serve(paths) as server:
        done = crawl(tmp_path, f"{server.base_url}/")
    assert [server.asked(api) for api in apis] == ([0, 0] if closed == "robots" else [1, 1])
    assert [(entry.url, entry.failure) for entry in done.pages] == [(f"{server.base_url}/", None)]
    assert sorted(record.title for record in done.records) == TITLES


def test_a_site_that_shuts_us_out_is_left_alone(tmp_path: Path) -> None:
    links = "".join(f'<a href="/angebot-{n}">Angebot {n}</a>' for n in range(60))
    shut = {f"/angebot-{n}": Reply(b"no", 403) for n in range(60)}
    with serve({"/": page(f"<title>Angebote</title><main>{links}</main>"), **shut}) as server:
        done = crawl(tmp_path, f"{server.base_url}/")
    assert done.summary is not None
    assert (done.summary.finish, done.summary.complete) == ("blocked", False)
    assert sum(map(server.asked, shut)) < len(shut), "the rest is not even asked for"
