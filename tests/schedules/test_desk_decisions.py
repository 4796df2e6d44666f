"""Held-back runs, words without a topic, takedowns: from the desk to what visitors see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from aggregator.release.edition import make_release
from aggregator.release.metadata import Maker
from aggregator.store.tables import OrderState, RunRow, Verdict
from schedules.register import load_declared
from tests.crawlers.test_crawl import OFFERS, page
from tests.loopback import serve
from tests.schedules.desk_site import Installation, Portal, install

PHONE = "030 23125 102"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Installation]:
    """A source of three offers, harvested once."""
    with serve({}) as server:
        site = install(server, tmp_path)
        server.paths["/eins"] = page(OFFERS)
        assert crawl(site).verdict is Verdict.ACCEPTED
        yield site
        site.engine.dispose()


@pytest.fixture
def portal(site: Installation) -> Portal:
    return site.portal()


def crawl(site: Installation) -> RunRow:
    (source,) = load_declared(site.engine, site.settings)
    return site.runner.run(source)


def titles(portal: Portal) -> set[str]:
    return {item["title"] for item in portal.client.get("/api/v1/offers").json()["items"]}


def hold_back(site: Installation) -> str:
    """Let the site lose all but one offer; the run that was held back."""
    only = OFFERS.partition("<article>")[0] + OFFERS.rpartition("<article>")[2]
    site.server.paths["/eins"] = page(only)
    file = site.settings.sources / "eins.yml"
    file.write_text(file.read_text("utf-8") + "expect: {min: 2}\n", "utf-8")
    run = crawl(site)
    assert run.verdict is Verdict.QUARANTINED
    return run.id


def test_a_run_that_was_held_back_is_published_with_its_reason(
    site: Installation, portal: Portal
) -> None:
    run = hold_back(site)
    shown = portal.get("/admin/laeufe")
    assert run in shown
    assert "1 offen" in portal.get("/admin")
    assert "Bitte sagen, warum" in portal.send("/admin/laeufe", 422, lauf=run, grund=" ")
    assert portal.send("/admin/laeufe", lauf=run, grund="Relaunch") == "/admin/laeufe"
    assert "wird veröffentlicht" in portal.get("/admin/laeufe")
    site.work_off()
    shown = portal.get("/admin/laeufe")
    assert "Nichts wird zurückgehalten" in shown
    assert "Relaunch" in shown
    assert "Anna" in portal.get(f"/lauf/{run}")
    assert "schon veröffentlicht" in portal.send(
        "/admin/laeufe", 422, lauf=run, grund="noch einmal"
    )
    assert "gibt es nicht" in portal.send("/admin/laeufe", 422, lauf="eins.x", grund="x")


def test_a_run_that_cannot_be_published_is_told(site: Installation, portal: Portal) -> None:
    run = hold_back(site)
    portal.send("/admin/laeufe", lauf=run, grund="Relaunch")
    site.server.paths["/eins"] = page(OFFERS)
    crawl(site)  # a good run comes first
    site.work_off()
    assert "späterer Besuch" in portal.get("/admin/laeufe")
    assert [order.state for order in site.orders()] == [OrderState.FAILED]


def test_a_word_is_decided_once_for_its_site(site: Installation, portal: Portal) -> None:
    site.server.paths["/eins"] = page(_sectioned("Rumpelkammer"))
    crawl(site)
    shown = portal.get("/admin/woerter")
    assert "Rumpelkammer" in shown
    said = {"quelle": "eins", "wort": "Rumpelkammer"}
    assert "Bitte ein Thema" in portal.send("/admin/woerter", 422, **said)
    assert "ist kein Thema" in portal.send("/admin/woerter", 422, **said, thema="quatsch")
    portal.send("/admin/woerter", **said, thema="wohnen")
    site.work_off()
    offers = portal.client.get("/api/v1/offers").json()["items"]
    assert {item["topics"][0] for item in offers} == {"wohnen"}, "read again from the archive"
    shown = portal.get("/admin/woerter")
    assert "Nichts offen" in shown
    crawl(site)
    assert "Nichts offen" in portal.get("/admin/woerter")
    portal.send("/admin/woerter", **said, thema="undo")
    site.work_off()
    assert "1 Wort offen" in portal.get("/admin/woerter")
    portal.send("/admin/woerter", **said, thema="-")
    assert "kein Thema" in portal.get("/admin/woerter")
    assert portal.client.post(
        "/admin/woerter", data={"form_token": portal.token, **said, "quelle": "keine", "thema": "-"}
    ).status_code == 404  # fmt: skip


def _sectioned(word: str) -> str:
    units = OFFERS.partition("<h1>Angebote</h1>")[2].replace("h2>", "h3>")
    return f"<title>Angebote</title><main><h1>Angebote</h1><h2>{word}</h2>{units}"


def test_a_takedown_is_gone_everywhere_at_once_and_for_good(
    site: Installation, portal: Portal
) -> None:
    offer = portal.client.get("/api/v1/offers?q=Umgangscafé").json()["items"][0]["id"]
    maker = Maker("https://portal.example", "post@portal.example", "0.1.0")
    make_release(site.engine, site.settings.release_dir, date(2026, 11, 28), maker)
    fragment = "/einbetten/fragment?q=Schuldnerberatung"
    assert PHONE in portal.get(fragment) or "23125102" in portal.get(fragment)
    assert "Bitte einen Grund" in portal.send("/admin/sperren", 422, was=PHONE)
    portal.send("/admin/sperren", was=PHONE, grund="Wunsch der Person")
    for path in ("/api/v1/offers?q=Schuldnerberatung", fragment, "/?q=Schuldnerberatung"):
        shown = portal.get(path)
        assert "Schuldnerberatung" in shown
        assert "23125102" not in shown.replace(" ", "")
    portal.send("/admin/sperren", was=f"https://portal.example/angebot/{offer}", grund="verlangt")
    assert titles(portal) == {"Schuldnerberatung", "Sonntagsfrühstück"}
    crawl(site)
    assert titles(portal) == {"Schuldnerberatung", "Sonntagsfrühstück"}
    released = [
        file for file in site.settings.release_dir.rglob("*.csv") if "Umgang" in file.read_text()
    ]
    assert released == [], "past releases are rebuilt"
    shown = portal.get("/admin/sperren")
    assert "Gesperrt (2)" in shown
    assert "Wunsch der Person" in shown
    assert PHONE not in shown


def test_a_takedown_can_be_lifted_by_who_knows_what_it_was(
    site: Installation, portal: Portal
) -> None:
    assert "nicht gesperrt" in portal.send("/admin/sperren", 422, was=PHONE, act="allow")
    portal.send("/admin/sperren", was=PHONE, grund="Wunsch der Person")
    portal.send("/admin/sperren", was="(030) 23 12 51 02", act="allow")
    assert "Nichts ist gesperrt" in portal.get("/admin/sperren")
    crawl(site)
    found = portal.client.get("/api/v1/offers?q=Schuldnerberatung").json()["items"][0]
    assert found["phones"] == ["+493023125102"]


@pytest.mark.parametrize(
    "typed", ["", "110", "Frau Muster", "/angebot/00000000-0000-0000-0000-000000000000"]
)
def test_what_nobody_can_take_down(site: Installation, portal: Portal, typed: str) -> None:
    portal.send("/admin/sperren", 422, was=typed, grund="verlangt")
    assert "Nichts ist gesperrt" in portal.get("/admin/sperren")
