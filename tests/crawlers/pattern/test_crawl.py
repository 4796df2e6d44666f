"""A declared pattern in a real crawl: list, next page, detail pages, and a site that changed."""

from __future__ import annotations

from pathlib import Path

from aggregator.gate.finding import RunFacts
from aggregator.gate.judging import Gate
from aggregator.store.tables import Verdict
from crawlers.record import Role
from crawlers.source import Source
from tests.crawlers.crawling import crawl
from tests.crawlers.test_crawl import OFFERS, page
from tests.loopback import Handler, serve

PATTERN = {
    "records": "div.x1",
    "fields": {"title": ".t"},
    "pages": "/liste*",
    "detail": "a",
    "next": "a.nx",
}


def item(name: str, text: str) -> str:
    return f'<div class=x1><span class=t>{name}</span><p>{text}</p><a href="/{name}">mehr</a></div>'


SITE: dict[str, Handler] = {
    "/liste": page(
        f"<main>{item('eins', 'Di 14-16 Uhr')}{item('zwei', 'Mi 9-11 Uhr')}"
        '<a class=nx href="/liste?ab=2">&raquo;</a></main>'
    ),
    "/liste?ab=2": page(f"<main>{item('drei', 'Do 9-11 Uhr')}</main>"),
    "/zwei": page(
        "<title>zwei</title><main><h1>zwei</h1><p>Beispielstr. 5, 13187 Berlin</p>"
        "<p>Telefon: 030 23125 102</p><p>Mi 9-11 Uhr, Anmeldung erforderlich</p></main>"
    ),
    "/eins": page("<title>eins</title><main><h1>eins</h1><p>kurz</p></main>"),
    "/drei": page("<title>drei</title><main><h1>drei</h1><p>kurz</p></main>"),
}


def test_a_list_and_its_detail_pages_become_one_record_each(tmp_path: Path):
    with serve(SITE) as server:
        done = crawl(tmp_path, f"{server.base_url}/liste", declared={"pattern": PATTERN})
    assert done.summary is not None
    assert done.summary.matched == 3
    records = {record.title: record for record in done.records}
    assert sorted(records) == ["drei", "eins", "zwei"]
    assert {record.key for record in done.records} == {"/eins", "/zwei", "/drei"}
    lines = "\n".join(records["zwei"].texts(Role.TEXT, Role.PHONE))
    assert "Mi 9-11 Uhr" in lines
    assert "030 23125 102" in lines


def test_a_pattern_that_picks_nothing_any_more_quarantines_the_run(tmp_path: Path):
    declared = {"pattern": {"records": "div.relaunch"}}
    with serve({"/": page(OFFERS)}) as server:
        done = crawl(tmp_path, f"{server.base_url}/", declared=declared)
    assert done.summary is not None
    assert done.summary.matched == 0
    assert len(done.records) == 3
    source = Source(id="probe", title="Probe", region="11003", start=["http://127.0.0.1/"])
    gate = Gate(RunFacts(source, done.summary, published={}))
    for entry in done.pages:
        gate.page(entry)
    for record in done.records:
        gate.listing(record.key, {})
    judgement = gate.judge()
    assert judgement.verdict is Verdict.QUARANTINED
    assert [one.check for one in judgement.objections] == ["pattern"]
    assert "pattern" in judgement.objections[0].message
