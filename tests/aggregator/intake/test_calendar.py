"""Events of The Events Calendar: its API begins yesterday, so that what is over is not told."""

from __future__ import annotations

import json
from datetime import timedelta

from aggregator.bench.made import MadeCrawl, MadeOffer, leave
from aggregator.intake import ingest
from aggregator.places.places import load_gazetteer
from aggregator.store.tables import Presence, RunRow
from crawlers.page import Page
from crawlers.reading import read
from crawlers.spool import write_records
from tests.aggregator.intake.conftest import Made

API = "https://netz.example/wp-json/tribe/events/v1/events?per_page=50"


def event(number: int, title: str, day: str) -> dict[str, object]:
    return {
        "id": number,
        "url": f"https://netz.example/termin/{number}/",
        "title": title,
        "description": f"<p>{title} im Familienzentrum, offen für alle.</p>",
        "start_date": f"{day} 15:00:00",
        "end_date": f"{day} 18:00:00",
        "venue": {"venue": "Familienzentrum", "address": "Ringstr. 4", "zip": "10115"},
        "organizer": [{"organizer": "Netz e.V.", "phone": "030 23125 100"}],
    }


def crawl(made: Made, *events: dict[str, object]) -> RunRow:
    """A run that read these events from the API, a week after the one before."""
    made.at += timedelta(days=7)
    body = json.dumps({"events": events}).encode()
    page = Page(API, body, made.at, headers={"content-type": "application/json"})
    pages = tuple(MadeOffer(f"/termin/{e['id']}/", "-", "", "") for e in events)
    folder = leave(made.home, made.source, made.at, MadeCrawl(pages))
    write_records(folder, read(page, made.source).records)
    return ingest(made.engine, made.source, folder, load_gazetteer(), made.at)


def test_an_event_that_is_over_and_no_longer_told_expires(made: Made) -> None:
    market = event(1, "Kinderflohmarkt", "2026-03-12")
    feast = event(2, "Sommerfest", "2026-07-04")
    picnic = event(3, "Picknick", "2026-08-01")
    crawl(made, market, feast, picnic)  # on the 9th of March
    run = crawl(made, feast, picnic)  # on the 16th
    assert (run.counts["expired"], run.counts["missing"]) == (1, 0)
    assert made.listing("Kinderflohmarkt").presence is Presence.EXPIRED
    for _ in range(4):
        crawl(made, feast, picnic)
    assert made.listing("Kinderflohmarkt").presence is Presence.EXPIRED
    assert made.listing("Sommerfest").presence is Presence.PRESENT
