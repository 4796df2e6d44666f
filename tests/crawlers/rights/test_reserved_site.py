"""A real crawl of sites that reserve text and data mining, each in its own way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aggregator.gate.finding import RunFacts
from aggregator.gate.judging import Gate
from aggregator.store.tables import Verdict
from crawlers.failure import Failure
from crawlers.source import Source
from tests.crawlers.crawling import Crawled, crawl
from tests.crawlers.test_crawl import OFFERS, TITLES, page
from tests.loopback import Handler, Reply, serve

RIGHTS = "/.well-known/tdmrep.json"
ALL = json.dumps([{"location": "/", "tdm-reservation": 1}]).encode()
WORDS = "<p>Text und Data Mining im Sinne von § 44b UrhG ist untersagt.</p>"
LINKED = OFFERS.replace("</main>", '</main><footer><a href="/impressum">Impressum</a></footer>')
PERMISSION = {"note": "Mail vom 3. März", "granted_on": "2026-03-03", "by": "die Geschäftsstelle"}
SITES: dict[str, dict[str, Handler]] = {
    "file": {"/": page(OFFERS), RIGHTS: Reply(ALL)},
    "header": {"/": page(OFFERS, **{"TDM-Reservation": "1"})},
    "meta": {"/": page(OFFERS.replace("<title>", "<meta name=robots content=noai><title>"))},
    "imprint": {"/": page(LINKED), "/impressum": page(WORDS)},
    "start page": {"/": page(OFFERS.replace("</html>", f"<footer>{WORDS}</footer></html>"))},
    "robots.txt": {
        "/": page(OFFERS),
        "/robots.txt": Reply(b"# Text und Data Mining ist untersagt.\nUser-agent: *\n"),
    },
}


def verdict(done: Crawled) -> tuple[Verdict, str]:
    source = Source(id="probe", title="Probe", region="11003", start=["http://127.0.0.1/"])
    gate = Gate(RunFacts(source, done.summary, {}))
    for entry in done.pages:
        gate.page(entry)
    for record in done.records:
        gate.listing(record.key, {"title": record.title})
    judged = gate.judge()
    return judged.verdict, " ".join(f"{o.message} {o.advice}" for o in judged.findings)


@pytest.mark.parametrize("name", SITES)
def test_a_site_that_reserves_mining_is_left_alone(tmp_path: Path, name: str):
    with serve(SITES[name]) as server:
        done = crawl(tmp_path, f"{server.base_url}/")
    assert done.code == 0, done.errors
    assert done.summary is not None
    assert (done.summary.finish, done.summary.complete) == ("reserved", False)
    assert done.records == []
    assert done.summary.reservation is not None
    assert done.summary.reservation.reserved
    assert done.summary.reservation.quote
    said, message = verdict(done)
    assert said is Verdict.FAILED
    assert "permission" in message
    assert done.summary.reservation.quote in message


def test_a_permission_opens_it_and_the_reservation_is_still_told(tmp_path: Path):
    with serve(SITES["file"]) as server:
        done = crawl(tmp_path, f"{server.base_url}/", declared={"permission": PERMISSION})
    assert sorted(record.title for record in done.records) == TITLES
    assert done.summary is not None
    assert done.summary.finish == "finished"
    assert done.summary.reservation is not None
    assert done.summary.reservation.reserved
    assert verdict(done)[0] is Verdict.ACCEPTED


def test_a_site_that_says_nothing_is_harvested_and_nothing_is_counted_for_asking(tmp_path: Path):
    with serve({"/": page(LINKED), "/impressum": page("<p>Alle Rechte vorbehalten</p>")}) as server:
        done = crawl(tmp_path, f"{server.base_url}/")
    assert sorted(record.title for record in done.records) == TITLES
    assert (server.asked(RIGHTS), server.asked("/impressum")) == (1, 1)
    assert done.summary is not None
    assert (done.summary.pages, done.summary.failed) == (1, 0)
    assert [entry.failure for entry in done.pages] == [None]
    assert done.summary.reservation is not None
    assert not done.summary.reservation.reserved
    assert done.summary.reservation.quote == ""


def test_a_reserved_part_of_a_site_costs_that_part_only(tmp_path: Path):
    rules = json.dumps([{"location": "/mitglieder/*", "tdm-reservation": 1}]).encode()
    start = OFFERS.replace("</main>", '<a href="/mitglieder/angebote">Angebote</a></main>')
    inner = OFFERS.replace("Schuldnerberatung", "Kinderbetreuung")
    with serve(
        {"/": page(start), "/mitglieder/angebote": page(inner), RIGHTS: Reply(rules)}
    ) as server:
        done = crawl(tmp_path, f"{server.base_url}/")
    assert sorted(record.title for record in done.records) == TITLES
    assert done.page("/mitglieder/angebote").failure is Failure.RESERVED
    assert done.summary is not None
    assert done.summary.finish == "finished"


@pytest.mark.parametrize(
    "rights",
    [
        Reply(b"[" * 200_000, headers={"Content-Type": "application/json"}),
        Reply(b"\xff\xfe[", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["nested", "no gzip"],
)
def test_a_broken_rights_file_costs_nothing(tmp_path: Path, rights: Reply):
    with serve({"/": page(OFFERS), RIGHTS: rights}) as server:
        done = crawl(tmp_path, f"{server.base_url}/")
    assert sorted(record.title for record in done.records) == TITLES
    assert done.summary is not None
    assert done.summary.finish == "finished"


def test_what_is_only_guessed_at_is_no_failure_when_it_is_absent_or_forbidden(tmp_path: Path):
    wordpress = OFFERS.replace("<title>", '<link href="/wp-content/x.css"><title>')
    robots = Reply(b"User-agent: *\nDisallow: /wp-json/\n")
    with serve({"/": page(wordpress), "/robots.txt": robots}) as server:
        done = crawl(tmp_path, f"{server.base_url}/")
    assert done.summary is not None
    assert (done.summary.failed, done.summary.pages) == (0, 1)
    assert server.asked("/sitemap.xml") == 1
    assert not any(path.startswith("/wp-json") for path, _ in server.seen)


def test_what_is_guessed_at_and_broken_is_a_failure(tmp_path: Path):
    with serve({"/": page(OFFERS), "/sitemap.xml": Reply(b"", 500)}) as server:
        done = crawl(tmp_path, f"{server.base_url}/")
    assert done.page("/sitemap.xml").failure is Failure.SERVER_ERROR
