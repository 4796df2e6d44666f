"""What the desk orders is done by who crawls: real sites, a real record, the real admin area."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from aggregator import orders
from aggregator.store.lease import source_lease
from aggregator.store.tables import OrderRow, OrderState, Work
from aggregator.store.transaction import publishing
from schedules.hold import DESK, hold
from schedules.register import load_declared
from tests.crawlers.test_crawl import OFFERS, TITLES, page
from tests.loopback import Reply, serve
from tests.schedules.desk_site import Installation, Portal, install

PATH = "/admin/quellen"
RESERVED = Reply(
    b'[{"location": "/", "tdm-reservation": 1}]', headers={"Content-Type": "application/json"}
)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Installation]:
    with serve({}) as server:
        site = install(server, tmp_path)
        yield site
        site.engine.dispose()


@pytest.fixture
def portal(site: Installation) -> Portal:
    return site.portal()


def looked_at(site: Installation, portal: Portal, url: str = "/", **more: str) -> str:
    """Paste an address and have it looked at; the page with what was found."""
    there = portal.send(PATH, url=f"{site.server.base_url}{url}", **more)
    site.work_off()
    return there


def declared(**changed: str) -> dict[str, str]:
    form = {
        "act": "declare", "id": "neu", "title": "Netz Neu", "region": "Pankow",
        "rhythm": "daily", "min": "2", "max": "6",
    }  # fmt: skip
    return {**form, **changed}


def test_from_a_pasted_address_to_published_offers(site: Installation, portal: Portal) -> None:
    there = portal.send(PATH, url=f"{site.server.base_url}/")
    assert "gleich angesehen" in portal.get(there)
    site.work_off()
    shown = portal.get(there)
    for title in TITLES:
        assert title in shown
    assert "030 23125 102" in shown
    assert "Di 14-16 Uhr" in shown, "each value with the words that say so"
    assert portal.found("Schuldnerberatung") == [], "nothing is published by looking"
    assert portal.send(there, **declared()) == there
    assert "Aufgenommen und eingeplant" in portal.get(there)
    site.work_off()
    assert portal.found("Schuldnerberatung") == ["Schuldnerberatung"]
    (source,) = (s for s in load_declared(site.engine, site.settings) if s.id == "neu")
    assert (source.region, source.rhythm, source.expect.min) == ("Pankow", "daily", 2)
    file = yaml.safe_load(portal.get(f"{PATH}/deklariert/neu.yml"))
    assert file["start"] == [f"{site.server.base_url}/"]
    assert "Netz Neu" in portal.get("/quelle/neu")


def test_what_a_form_may_not_say(site: Installation, portal: Portal) -> None:
    there = looked_at(site, portal)
    for wrong, told in (
        ({"id": "Ä Ö"}, "Kennung: bitte nur kleine Buchstaben"),
        ({"id": "eins"}, "heißt schon eine Quelle"),
        ({"title": " "}, "Name der Website"),
        ({"region": "1"}, "Region"),
        ({"min": "9"}, "das Mindeste ist mehr"),
        ({"max": "viele"}, "ganze Zahl"),
        ({"rhythm": "stündlich"}, "Rhythmus"),
        ({"network": "Netz Neu!"}, "Netzwerk"),
    ):
        answer = portal.send(there, 422, **declared(**wrong))
        assert told in answer
        assert "Netz Neu" in answer or "title" in wrong, "what was typed is kept"
    assert [s.id for s in load_declared(site.engine, site.settings)] == ["eins"]
    portal.send(there, **declared())
    assert "schon entschieden" in portal.send(there, 422, **declared(id="anders"))


@pytest.mark.parametrize("typed", ["", "Pankow", "ftp://netz.example/", "https://", "a b.de", "[x"])
def test_what_is_no_address(portal: Portal, site: Installation, typed: str) -> None:
    assert "Bitte die Adresse" in portal.send(PATH, 422, url=typed)
    assert site.orders() == []


def test_a_site_that_cannot_be_read_is_told_with_what_to_do(
    site: Installation, portal: Portal
) -> None:
    there = looked_at(site, portal, "/gibtesnicht")
    assert "404" in portal.get(there)
    portal.send(there, act="again")
    assert [order.state for order in site.orders()] == [OrderState.FAILED, OrderState.WAITING]


def test_private_addresses_are_not_fetched_for_the_desk(site: Installation, portal: Portal) -> None:
    site.runner.settings = site.settings.model_copy(update={"allowed_private_hosts": ()})
    before = len(site.server.seen)
    there = looked_at(site, portal)
    assert "privates Netz" in portal.get(there)
    assert len(site.server.seen) == before


def test_what_a_site_says_is_text_at_the_desk(site: Installation, portal: Portal) -> None:
    evil = "<article><h2>Beratung &lt;img src=x onerror=alert(1)&gt;</h2><p>Telefon: 030 23125 110"
    body = OFFERS.replace("</main>", f"{evil}</p><p>Mi 9 Uhr</p></article></main>")
    site.server.paths["/"] = page(body.replace("Angebote</title>", "&lt;script&gt;x</title>"))
    shown = portal.get(looked_at(site, portal))
    assert "&lt;script&gt;x" in shown, "it is shown"
    assert "<img src=x" not in shown
    assert "<script>x" not in shown


def test_a_reserved_site_needs_a_permission(site: Installation, portal: Portal) -> None:
    site.server.paths["/.well-known/tdmrep.json"] = RESERVED
    assert "tdm-reservation" in portal.get(looked_at(site, portal))
    assert "Zur Erlaubnis gehört" in portal.send(PATH, 422, url="https://x.example", erlaubnis="ja")
    said = {"erlaubnis": "alles", "erlaubt_von": "Redaktion", "erlaubt_am": "2026-11-01"}
    there = looked_at(site, portal, **said)
    portal.send(there, **declared())
    (source,) = (s for s in load_declared(site.engine, site.settings) if s.id == "neu")
    assert source.permission is not None
    assert source.permission.by == "Redaktion"


def test_a_source_rests_and_is_visited_again(site: Installation, portal: Portal) -> None:
    portal.send(looked_at(site, portal), **declared())
    for act, disabled in (("pause", True), ("resume", False)):
        portal.send(f"{PATH}/deklariert/neu", act=act)
        (source,) = (s for s in load_declared(site.engine, site.settings) if s.id == "neu")
        assert source.disabled is disabled
    assert portal.client.get(f"{PATH}/deklariert/eins.yml").status_code == 404


def test_a_file_takes_over_what_the_desk_declared(site: Installation, portal: Portal) -> None:
    portal.send(looked_at(site, portal), **declared())
    text = portal.get(f"{PATH}/deklariert/neu.yml").replace("Netz Neu", "Netz aus der Datei")
    (site.settings.sources / "neu.yml").write_text(text, "utf-8")
    titles = [s.title for s in load_declared(site.engine, site.settings)]
    assert titles == ["Netz Eins", "Netz aus der Datei"]


def test_only_one_desk_works_and_what_a_crash_left_is_taken_up_thrice(
    site: Installation, portal: Portal
) -> None:
    portal.send(PATH, url=f"{site.server.base_url}/")
    with hold(site.engine, site.settings, DESK):
        site.work_off()
    assert site.orders()[0].state is OrderState.WAITING
    now = datetime.now(UTC)
    for attempt in (1, 2, 3):  # whoever does it is killed each time
        assert orders.take(site.engine, 1), attempt
        assert not orders.take(site.engine, 1), "nobody else begins it too"
        orders.take_up(site.engine, now)
    (order,) = site.orders()
    assert order.state is OrderState.FAILED
    assert "Dreimal" in order.message
    assert order.message in portal.get(f"{PATH}/1")


def test_what_is_busy_is_done_later(site: Installation) -> None:
    with publishing(site.engine) as session:
        orders.place(session, OrderRow(work=Work.CRAWL, subject="eins", by="Anna", at=_now()))
    with hold(site.engine, site.settings, source_lease("eins")):
        site.work_off()
    (order,) = site.orders()
    assert (order.state, order.attempts) == (OrderState.WAITING, 0)
    site.work_off()
    assert site.orders()[0].state is OrderState.DONE


def test_the_same_is_ordered_once(site: Installation) -> None:
    with publishing(site.engine) as session:
        first, second, other = (
            orders.place(session, OrderRow(work=Work.CRAWL, subject=s, by="Anna", at=_now())).id
            for s in ("eins", "eins", "zwei")
        )
    assert first == second != other
    site.work_off()
    assert "zwei" in site.orders()[1].message, "nobody declared that"


def test_orders_are_forgotten_after_three_months(site: Installation) -> None:
    with publishing(site.engine) as session:
        orders.place(session, OrderRow(work=Work.CRAWL, subject="zwei", by="Anna", at=_now()))
    site.work_off()
    orders.take_up(site.engine, datetime(2029, 1, 1, tzinfo=UTC))
    assert site.orders() == []


def test_no_form_without_its_session(site: Installation, portal: Portal) -> None:
    answer = portal.client.post(PATH, data={"url": "https://x.example", "form_token": "x"})
    assert answer.status_code == 403
    assert site.orders() == []


def _now() -> datetime:
    return datetime.now(UTC)
