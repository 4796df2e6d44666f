"""Corrections from the form to the index and through later crawls, on a real site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from aggregator.correction.queue import count_waiting
from aggregator.store.tables import (
    CorrectionRow,
    CorrectionState,
    ListingRow,
    Presence,
    StatementRow,
    Verdict,
)
from aggregator.verify import verify
from crawlers.page import Page
from crawlers.reading import PageReading, read
from crawlers.source import Source, load_sources
from schedules.replay import Replayer
from schedules.runner import open_runner
from tests.api.admin_site import form_token, sign_in, visitor
from tests.crawlers.test_crawl import OFFERS
from tests.loopback import serve
from tests.schedules.correction_site import Site, make_site

WRONG, RIGHT = "+493023125102", "+493023125222"
_HIDDEN = re.compile(r'name="(war_\w+|stempel)" value="([^"]*)"')


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serve({}) as server:
        site = make_site(server, tmp_path)
        assert site.crawl().counts["added"] == 3
        yield site


@pytest.fixture
def client(site: Site) -> TestClient:
    return visitor(site.settings)


def offer(client: TestClient, title: str = "Schuldnerberatung") -> dict:
    found = client.get("/api/v1/offers", params={"q": title}).json()["items"]
    (one,) = [item for item in found if item["title"] == title]
    return client.get(f"/api/v1/offers/{one['id']}").json()


def send(client: TestClient, offer_id: str, wait: float = 5, **words: str) -> object:
    """Fill the form in as a person without JavaScript does."""
    path = f"/angebot/{offer_id}/korrektur"
    with time_machine.travel("2026-11-28T10:00:00Z", tick=False) as clock:
        hidden = dict(_HIDDEN.findall(client.get(path).text))
        clock.shift(wait)
        return client.post(path, data={**hidden, **words})


def decide(client: TestClient, correction_id: str, act: str, **words: str) -> int:
    words = {"form_token": form_token(client), "act": act, **words}
    return client.post(f"/admin/korrekturen/{correction_id}", data=words).status_code


def correct_the_phone(client: TestClient) -> str:
    """Propose and accept another number; the id of the correction."""
    answer = send(client, offer(client)["id"], phones="030 23125 222", contact="ich@example.org")
    assert answer.status_code == 303, answer.text
    correction_id = answer.headers["location"].removeprefix("/korrektur/")
    sign_in(client)
    assert decide(
        client, correction_id, "accept", nimm_phones="1", phones="030 23125 222"
    ) == 303  # fmt: skip
    return correction_id


def state(client: TestClient, correction_id: str) -> CorrectionRow:
    with Session(client.app.state.engine) as session:
        return session.get_one(CorrectionRow, correction_id)


def test_an_accepted_correction_is_published_as_the_editors_word(client: TestClient) -> None:
    assert offer(client)["phones"] == [WRONG]
    correction_id = correct_the_phone(client)
    told = offer(client)
    assert told["phones"] == [RIGHT]
    said = {s["source"]: s for s in told["provenance"] if s["field"] == "phones"}
    assert said["redaktionell"]["value"] == RIGHT
    assert said["redaktionell"]["quote"] == "030 23125 222"
    assert said["netz"]["value"] == WRONG  # the page's voice is kept
    page = client.get(f"/angebot/{told['id']}").text
    assert "Redaktion (geprüfte Korrektur)" in page
    assert "tel:+493023125222" in page
    row = state(client, correction_id)
    assert (row.state, row.decided_by, row.contact) == (CorrectionState.ACCEPTED, "Anna", "")
    assert "Übernommen" in client.get(f"/korrektur/{correction_id}").text


def test_it_survives_crawls_that_say_the_same_or_other_things_elsewhere(
    client: TestClient, site: Site
) -> None:
    correct_the_phone(client)
    site.crawl()
    assert offer(client)["phones"] == [RIGHT]
    site.crawl(OFFERS.replace("Di 14-16 Uhr", "Di 15-18 Uhr"))
    told = offer(client)
    assert told["phones"] == [RIGHT]
    assert told["hours_osm"] == "Tu 15:00-18:00"
    report = verify(client.app.state.engine, site.settings.archive, site.settings.index_dir)
    assert report.faults == []


def test_it_asks_again_when_the_page_says_something_new(client: TestClient, site: Site) -> None:
    correction_id = correct_the_phone(client)
    site.crawl(OFFERS.replace("030 23125 102", "030 23125 333"))
    assert offer(client)["phones"] == ["+493023125333"]
    row = state(client, correction_id)
    assert (row.state, list(row.again)) == (CorrectionState.REOPENED, ["phones"])
    assert "+49 30" not in client.get("/admin/korrekturen").text
    page = client.get(f"/admin/korrekturen/{correction_id}").text
    assert "Die Seite sagt inzwischen etwas Neues" in page
    assert "030 23125333" in page
    assert decide(client, correction_id, "accept", nimm_phones="1", phones="030 23125 222") == 303
    assert offer(client)["phones"] == [RIGHT]
    site.crawl(OFFERS.replace("030 23125 102", "030 23125 333"))
    assert offer(client)["phones"] == [RIGHT]


def test_it_is_settled_when_the_page_was_put_right(client: TestClient, site: Site) -> None:
    correction_id = correct_the_phone(client)
    site.crawl(OFFERS.replace("030 23125 102", "030 23125 222"))
    assert offer(client)["phones"] == [RIGHT]
    assert state(client, correction_id).state is CorrectionState.SETTLED
    with Session(client.app.state.engine) as session:
        assert count_waiting(session) == 0
    site.crawl()  # and the page's word counts again, whatever it says
    assert offer(client)["phones"] == [WRONG]


def test_it_can_be_taken_back(client: TestClient, site: Site) -> None:
    correction_id = correct_the_phone(client)
    assert decide(client, correction_id, "take_back") == 422
    assert decide(client, correction_id, "take_back", reason="Irrtum") == 303
    assert offer(client)["phones"] == [WRONG]
    with Session(client.app.state.engine) as session:
        rows = session.exec(select(StatementRow).where(StatementRow.source_id == "redaktionell"))
        assert all(row.last_seen for row in rows)  # kept, of the past
    assert decide(client, correction_id, "take_back", reason="noch einmal") == 422


def test_words_are_read_as_a_page_is_and_an_aspect_is_replaced_whole(client: TestClient) -> None:
    answer = send(
        client, offer(client)["id"],
        hours="donnerstags 9 bis 11 Uhr, nicht in den Ferien", address="Neue Str. 3, 10439 Berlin",
        cost="5", phones="", ended="2026-01-31",
    )  # fmt: skip
    correction_id = answer.headers["location"].removeprefix("/korrektur/")
    sign_in(client)
    page = client.get(f"/admin/korrekturen/{correction_id}").text
    assert "verstanden als Th 09:00-11:00" in page
    row = state(client, correction_id)
    chosen = {f"nimm_{key}": "1" for key in row.proposed}
    assert decide(client, correction_id, "accept", **row.proposed, **chosen) == 303
    told = client.get(f"/api/v1/offers/{row.offer_id}").json()
    assert told["hours_osm"].startswith("Th 09:00-11:00")
    assert (told["street"], told["postcode"]) == ("Neue Str. 3", "10439")
    assert told["district"] == "Pankow"
    assert (told["cost"], told["cost_amount"]) == ("paid", 5.0)
    assert told["phones"] == []
    assert (told["valid_until"], told["status"]) == ("2026-01-31", "inactive")


def test_a_corrected_last_day_ends_an_offer_and_lets_it_live_again_at_once(
    client: TestClient, site: Site
) -> None:
    offer_id = offer(client)["id"]

    def life() -> object:
        return client.get(f"/api/v1/offers/{offer_id}").json()["lifecycle"]

    def ended(day: str) -> str:
        answer = send(client, offer_id, ended=day)
        correction_id = answer.headers["location"].removeprefix("/korrektur/")
        sign_in(client)
        assert decide(client, correction_id, "accept", nimm_ended="1", ended=day) == 303
        return correction_id

    def listing() -> ListingRow:
        with Session(client.app.state.engine) as session:
            rows = session.exec(select(ListingRow))
            return next(row for row in rows if row.flat["title"] == "Schuldnerberatung")

    ended("2026-01-31")
    row = listing()
    assert (row.expires_on, row.presence) == (date(2026, 1, 31), Presence.EXPIRED)
    assert life() == "expired"
    site.crawl()
    assert listing().presence is Presence.EXPIRED
    later = ended("2099-12-31")
    row = listing()
    assert (row.expires_on, row.presence) == (date(2099, 12, 31), Presence.PRESENT)
    assert life() == "active"
    assert decide(client, later, "take_back", reason="Irrtum") == 303
    row = listing()
    assert (row.expires_on, row.presence) == (None, Presence.PRESENT)


def test_a_replay_leaves_what_editors_say(client: TestClient, site: Site) -> None:
    correction_id = correct_the_phone(client)
    runner = open_runner(site.settings)
    (source,) = load_sources(site.settings.sources)
    try:
        replayer = Replayer(site.settings, runner.engine, map)
        shown = replayer.replay(source)
        assert shown is not None
        assert not shown.difference  # the editors' word is no opinion of the parser's
        done = replayer.replay(source, apply=True)
    finally:
        runner.engine.dispose()
    assert done is not None
    assert done.run is not None
    assert (done.run.verdict, done.run.counts["changed"]) == (Verdict.ACCEPTED, 0)
    assert offer(client)["phones"] == [RIGHT]
    assert state(client, correction_id).state is CorrectionState.ACCEPTED


def test_a_replay_by_other_rules_asks_nobody_again(
    client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page has not changed: that its words are read otherwise today is the parser's affair."""
    correction_id = correct_the_phone(client)
    runner = open_runner(site.settings)
    (source,) = load_sources(site.settings.sources)

    def other(page: Page, source: Source) -> PageReading:
        found = read(page, source)
        records = tuple(
            replace(
                record,
                passages=tuple(
                    replace(p, text=p.text.replace("Di 14-16", "Di 14-17")) for p in record.passages
                ),
            )
            for record in found.records
        )
        return replace(found, records=records)

    monkeypatch.setattr("crawlers.replay.read", other)
    try:
        done = Replayer(site.settings, runner.engine, map).replay(source, apply=True)
    finally:
        runner.engine.dispose()
    assert done is not None
    assert [list(one.fields) for one in done.difference.changed] != []
    told = offer(client)
    assert told["phones"] == [RIGHT]
    assert told["hours_osm"] == "Tu 14:00-17:00"
    assert state(client, correction_id).state is CorrectionState.ACCEPTED


def test_what_is_not_understood_is_told_and_nothing_is_published(client: TestClient) -> None:
    answer = send(client, offer(client)["id"], phones="keine Ahnung")
    correction_id = answer.headers["location"].removeprefix("/korrektur/")
    sign_in(client)
    words = {"nimm_phones": "1", "phones": "keine Ahnung", "nimm_title": "1", "title": "Neu"}
    assert decide(client, correction_id, "accept", **words) == 422
    assert offer(client)["phones"] == [WRONG]
    assert state(client, correction_id).state is CorrectionState.OPEN
    edited = {"nimm_phones": "1", "phones": "030 23125 222"}
    assert decide(client, correction_id, "accept", **edited) == 303  # accepted as edited
    assert offer(client)["phones"] == [RIGHT]


def test_a_refusal_needs_a_reason_and_its_sender_reads_it(client: TestClient) -> None:
    answer = send(client, offer(client)["id"], text="Die Nummer ist falsch.")
    where = answer.headers["location"]
    correction_id = where.removeprefix("/korrektur/")
    sign_in(client)
    assert "Die Nummer ist falsch." in client.get(f"/admin/korrekturen/{correction_id}").text
    assert decide(client, correction_id, "refuse") == 422
    assert decide(client, correction_id, "refuse", reason="Wir haben angerufen: stimmt.") == 303
    assert "Wir haben angerufen" in client.get(where).text
    assert state(client, correction_id).text == ""
    assert decide(client, correction_id, "accept", nimm_title="1", title="X") == 422


def test_the_api_takes_proposals_too(client: TestClient) -> None:
    offer_id = offer(client)["id"]
    path = f"/api/v1/offers/{offer_id}/corrections"
    answer = client.post(path, json={"fields": {"phones": "030 23125 222"}, "role": "provider"})
    assert answer.status_code == 202
    assert answer.json()["state"] == "open"
    again = client.post(path, json={"fields": {"phones": "030 23125 222"}, "role": "provider"})
    assert again.json()["id"] == answer.json()["id"]  # said twice, it waits once
    known = client.get(answer.headers["location"]).json()
    assert set(known) == {"id", "offer", "state", "created_at", "decided_at", "reason"}
    unusable = (
        {}, {"fields": {"colour": "blue"}}, {"fields": {"title": ""}}, {"unknown": 1},
        {"fields": {"ended": "morgen"}}, {"text": "x" * 2_001},
    )  # fmt: skip
    for body in unusable:
        refused = client.post(path, json=body, headers={"accept": "application/json"})
        assert refused.status_code == 422, body
        assert refused.json()["type"] == "urn:netzlotse:problem:invalid-parameter"
    assert client.post("/api/v1/offers/nothing/corrections", json={"text": "x"}).status_code == 404
    large = client.post(path, json={"text": "x" * 100_000})
    assert large.status_code == 413


def test_programs_and_floods_are_kept_out(client: TestClient) -> None:
    offer_id = offer(client)["id"]
    fast = send(client, offer_id, wait=1, text="Hallo, das ist falsch")
    assert fast.status_code == 422
    assert "sehr schnell" in fast.text
    assert "Hallo, das ist falsch" in fast.text  # nothing typed is lost
    assert send(client, offer_id, wait=100_000, text="alt").status_code == 422
    assert send(client, offer_id, text="x", stempel="1.2").status_code == 422
    links = send(client, offer_id, text="http://a.example http://b.example www.c.example")
    assert links.status_code == 422
    trapped = send(client, offer_id, text="kaufen", website="http://spam.example")
    assert trapped.headers["location"] == f"/angebot/{offer_id}"
    with Session(client.app.state.engine) as session:
        assert count_waiting(session) == 0
    codes = [send(client, offer_id, text=f"Hinweis {n}").status_code for n in range(11)]
    assert codes == [303] * 10 + [429]


def test_nothing_proposed_is_no_proposal(client: TestClient) -> None:
    answer = send(client, offer(client)["id"])
    assert answer.status_code == 422
    assert "nichts geändert" in answer.text
