"""What is new, what takes place: a feed and a calendar that other programs read."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import time_machine
from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlmodel import Session

from aggregator.log import ChangeLog
from aggregator.settings import Settings
from aggregator.store.tables import OfferRow, Subject
from api.app import create_app
from tests.api.conftest import NOW, Record, uid

ATOM = "{http://www.w3.org/2005/Atom}"
HTML = {"accept": "text/html"}
LATER = NOW + timedelta(days=2)


@pytest.fixture
def client(sqlite_record: Record, tmp_path: Path) -> Any:
    place = {"region_key": "11003", "street": "Ring 5", "city": "Berlin", "topics": ["freizeit"]}
    sqlite_record.offer(
        "feier", "pankow", "pankow", title="Adventsfeier \x0b & <Basteln>", formats=["event"],
        valid_from="2026-12-05", valid_until="2026-12-05",
        hours_osm="2026 Dec 05 15:00-18:00", hours_text="5.12., 15–18 Uhr", **place,
    )  # fmt: skip
    sqlite_record.offer(
        "fahrt", "lichtenberg", "lichtenberg", title="Familienfahrt", formats=["event"],
        valid_from="2026-12-11", valid_until="2026-12-13", region_key="11011",
        topics=["freizeit"],
    )  # fmt: skip
    sqlite_record.offer(
        "vorbei", "pankow", title="Herbstfest", valid_from="2026-10-01", region_key="11003",
        valid_until="2026-10-01", topics=["freizeit"],
    )  # fmt: skip
    with Session(sqlite_record.engine) as session:
        row = session.get_one(OfferRow, uid("offer-1"))
        after = {**row.flat, "phones": ["+493055555555"], "hours_text": "nur freitags"}
        ChangeLog(session, "", LATER).modified(Subject.OFFER, row.id, row.flat, after)
        row.flat, row.changed_at = after, LATER
        session.commit()
    sqlite_record.publish()
    with (
        time_machine.travel(datetime(2026, 11, 26, 9, tzinfo=UTC), tick=False),
        TestClient(create_app(Settings(data_dir=tmp_path))) as client,
    ):
        yield client


def feed(client: TestClient, url: str) -> ET.Element:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/atom+xml")
    return ET.fromstring(answer.content)  # noqa: S314 - our own


def texts(entry: ET.Element, name: str) -> list[str]:
    return [one.text or "" for one in entry.findall(f"{ATOM}{name}")]


def test_the_feed_is_what_rfc_4287_asks_for(client: TestClient) -> None:
    root = feed(client, "/neues.atom")
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert len(texts(root, name)) == 1, name
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == texts(root, "id")[0] == "http://testserver/neues.atom"
    entries = root.findall(f"{ATOM}entry")
    assert 20 < len(entries) <= 50
    ids = []
    for entry in entries:
        for name in ("id", "title", "updated", "published", "summary"):
            (said,) = texts(entry, name)
            assert said
        for name in ("updated", "published"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", texts(entry, name)[0])
        ids += texts(entry, "id")
    assert len(set(ids)) == len(ids)
    updated = [texts(entry, "updated")[0] for entry in entries]
    assert updated == sorted(updated, reverse=True)
    assert updated[0] == texts(root, "updated")[0]


def test_what_changed_comes_first_and_says_what(client: TestClient) -> None:
    first, *others = feed(client, "/neues.atom").findall(f"{ATOM}entry")
    assert texts(first, "id") == [f"urn:uuid:{uid('offer-1')}"]
    told = texts(first, "summary")[0].splitlines()
    assert told[-1].startswith("Geändert: ")
    assert "Telefon" in told[-1]
    assert all(texts(entry, "summary")[0].endswith("Neu") for entry in others)
    titles = {title for entry in others for title in texts(entry, "title")}
    assert not {"Weg", "Doppelter Eintrag"} & titles  # withdrawn; merged


def test_regions_and_topics_are_those_of_the_search(client: TestClient) -> None:
    whole = feed(client, "/neues.atom?topic=freizeit").findall(f"{ATOM}entry")
    pankow = feed(client, "/neues.atom?topic=freizeit&region=11003")
    berlin = feed(client, "/neues.atom?topic=freizeit&region=11").findall(f"{ATOM}entry")
    found = client.get("/api/v1/offers?topic=freizeit&region=11003&unstated=exclude").json()
    assert {texts(one, "id")[0] for one in pankow.findall(f"{ATOM}entry")} == {
        f"urn:uuid:{one['id']}" for one in found["items"]
    }
    assert len(pankow.findall(f"{ATOM}entry")) < len(berlin) <= len(whole)
    assert "Pankow" in texts(pankow, "title")[0]
    assert "Freizeit" in texts(pankow, "title")[0]
    assert client.get("/neues.atom?region=99999").status_code == 404
    assert client.get("/neues.atom?topic=nichts").status_code == 422
    assert feed(client, "/neues.atom?region=14").findall(f"{ATOM}entry") == []


def test_who_has_the_feed_is_sent_nothing(client: TestClient) -> None:
    for url in ("/neues.atom?region=11003", "/termine.ics?region=11003"):
        tag = client.get(url).headers["etag"]
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
        assert client.get(url.partition("?")[0], headers={"If-None-Match": tag}).status_code == 200


def test_the_calendar_is_what_rfc_5545_asks_for(client: TestClient) -> None:
    answer = client.get("/termine.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert b"\r\n" in answer.content
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    calendar = Calendar.from_ical(answer.content)
    assert (calendar["version"], bool(calendar["prodid"])) == ("2.0", True)
    assert calendar["refresh-interval"].dt == timedelta(hours=12)
    assert "Termine" in calendar["x-wr-calname"]
    events = {str(event["summary"]): event for event in calendar.walk("VEVENT")}
    party, trip = (
        events["Adventsfeier  & <Basteln>"],
        events["Familienfahrt"],
    )
    assert party["dtstart"].dt.isoformat() == "2026-12-05T15:00:00+01:00"
    assert party["dtend"].dt.isoformat() == "2026-12-05T18:00:00+01:00"
    assert (trip["dtstart"].dt, trip["dtend"].dt) == (date(2026, 12, 11), date(2026, 12, 14))
    assert "Herbstfest" not in events
    assert {"uid", "dtstamp", "url"} <= {name.lower() for name in trip}
    assert len({str(event["uid"]) for event in events.values()}) == len(events)
    zones = {str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")}
    assert {party["dtstart"].params["TZID"]} == zones == {"Europe/Berlin"}


def test_a_calendar_of_a_region_has_its_dates_only(client: TestClient) -> None:
    here = Calendar.from_ical(client.get("/termine.ics?region=11011").content)
    assert [str(event["summary"]) for event in here.walk("VEVENT")] == ["Familienfahrt"]
    none = Calendar.from_ical(client.get("/termine.ics?topic=schulden").content)
    assert list(none.walk("VEVENT")) == []
    assert list(none.walk("VTIMEZONE")) == []


def test_pages_lead_to_their_feeds(client: TestClient) -> None:
    region = client.get("/region/pankow", headers=HTML).text
    assert 'type="application/atom+xml" href="/neues.atom?region=11003"' in region
    assert 'href="/termine.ics?region=11003"' in region
    search = client.get("/?topic=freizeit&region=11003&region=11011", headers=HTML).text
    assert 'href="/neues.atom?region=11003&amp;region=11011&amp;topic=freizeit"' in search
    for url in ("/neues.atom", "/termine.ics", "/opensearch.xml", "/sitemap.xml"):
        assert f'href="{url}"' in client.get("/daten", headers=HTML).text
        assert client.get(url).status_code == 200
