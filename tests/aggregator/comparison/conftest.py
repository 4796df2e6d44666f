"""A made record with every kind of answer, and a release of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
import time_machine
from sqlmodel import Session, col, select

from aggregator.comparison.reading import of_release
from aggregator.comparison.stock import Stock
from aggregator.places.geonames import import_geonames
from aggregator.places.places import Gazetteer, load_gazetteer
from aggregator.release.edition import Release, make_release
from aggregator.release.metadata import Maker
from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.tables import ListingRow, OfferRow, Presence, StatisticRow
from aggregator.vocabulary.topics import TOPICS
from tests.api.conftest import NOW, Record, uid

TODAY = NOW.date()
MAKER = Maker("https://portal.example", "post@portal.example", "0.1.0")
NETWORKS = {
    "pankow": "11003", "lichtenberg": "11011", "wuppertal": "05124", "still": "11005",
    "solo": "11006",
}  # fmt: skip
_REGIONS = ("11003", "11011", "11007", "05124", "05", "11", "DE", None)
_PLACES = {
    "11003": (52.56, 13.40), "11011": (52.53, 13.50), "11007": (52.47, 13.37),
    "05124": (51.26, 7.18),
}  # fmt: skip
_HOURS = (
    None, "Mo 10:00-12:00", "Tu,Th 17:00-20:30", "Sa 09:00-13:00; We 14:00-16:00",
    "Su 15:00-18:00", "Fr 18:00-18:15",
)  # fmt: skip
_PROVIDERS = (
    "Bezirksamt Pankow", "Caritasverband Berlin", "SHIA e.V.", "Nachbarschaftshaus Süd e. V.",
    "Muster GmbH", "Lotte Kramer", None,
)  # fmt: skip
_POSTCODES = """\
DE\t10439\tBerlin\tBerlin\tBE\t\t00\tBerlin, Stadt\t11000\t52.5530\t13.4110\t4
DE\t13187\tBerlin\tBerlin\tBE\t\t00\tBerlin, Stadt\t11000\t52.5716\t13.4119\t4
DE\t10315\tBerlin\tBerlin\tBE\t\t00\tBerlin, Stadt\t11000\t52.5136\t13.5134\t4
DE\t42103\tWuppertal\tNordrhein-Westfalen\tNW\t\t00\tWuppertal\t05124\t51.2554\t7.1470\t4
DE\t42289\tWuppertal\tNordrhein-Westfalen\tNW\t\t00\tWuppertal\t05124\t51.2700\t7.2400\t4
"""


@dataclass
class Comparison:
    """A release, its rows, and what distances are measured from."""

    record: Record
    settings: Settings
    release: Release
    stock: Stock
    gazetteer: Gazetteer


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comparison]:
    home = tmp_path_factory.mktemp("compared")
    settings = Settings(data_dir=home)
    engine = connect(settings.database)
    record = Record(engine, settings.index_dir)
    fill(record)
    record.publish()
    (home / "DE.txt").write_text(_POSTCODES, "utf-8")
    import_geonames(home / "DE.txt", settings.places_dir)
    gazetteer = load_gazetteer(settings.places_dir)
    with time_machine.travel(NOW, tick=False):
        release = make_release(engine, settings.release_dir, TODAY, MAKER)
    yield Comparison(record, settings, release, of_release(release, gazetteer), gazetteer)
    engine.dispose()


def fill(record: Record, offers: int = 160) -> None:
    """Five networks (one never read, one read and empty), a portal, made offers, statistics."""
    for key, region in NETWORKS.items():
        flat = {"funded_until": "2027-01-31", "founded": "2019"} if key == "pankow" else {}
        partners = {"partners": ["Jobcenter", "Jugendamt"]} if key == "pankow" else {}
        record.network(key, region, name=f"Netzwerk {key.title()}", **flat, **partners)
        read = {} if key == "still" else {"last_accepted_at": NOW - timedelta(days=1)}
        licence = {"licence": {"name": "CC0"}} if key == "pankow" else {}
        record.source(key, region, f"Seite {key}", network_id=key, declared=licence, **read)
    record.source("portal", "11", "Stadtportal", last_accepted_at=NOW)
    record.fact("pankow", "partners", "Jobcenter", "Mit dabei: Jobcenter, Jugendamt")
    record.fact(
        "lichtenberg", "founded", "2016",
        "Seit 2016 verknüpfen wir Angebote zu Dienstleistungsketten; eine Steuerungsgruppe gibt "
        "es nicht.",
    )  # fmt: skip
    record.fact("wuppertal", "ended", "2013-03-31", "Das Projekt endete am 31.03.2013.")
    draw = random.Random(9)
    topics = [topic for topic in TOPICS if topic != "schwanger"]
    sources = ["pankow", "lichtenberg", "wuppertal", "portal"]
    for number in range(offers):
        source = draw.choice(sources)
        region = draw.choice(_REGIONS)
        lat, lon = _PLACES.get(region or "", (None, None))
        if source == "pankow" or draw.random() < 0.2:
            lat = lon = None
        provider = draw.choice(_PROVIDERS)
        record.offer(
            f"offer-{number}", source, None if source == "portal" else source,
            title=f"{draw.choice(['Trennungsberatung', 'Treff', 'Kurs'])} {number}",
            topics=draw.sample(topics, draw.choice([0, 1, 1, 1, 2])),
            formats=draw.sample(["advice", "group", "course"], draw.choice([0, 1])),
            region_key=region, lat=lat, lon=lon,
            street="Weg 1" if draw.random() < 0.5 else None,
            postcode="10439" if draw.random() < 0.6 else None,
            phones=["+493023125100"] if draw.random() < 0.7 else [],
            emails=["post@stelle.example"] if draw.random() < 0.4 else [],
            hours_osm=(hours := draw.choice(_HOURS)),
            hours_text=hours or draw.choice([None, "nach Vereinbarung"]),
            childcare=draw.choice([None, True, False]),
            exclusivity=draw.choice([None, "only", "also"]),
            registration=draw.choice([None, "required", "none"]),
            cost=draw.choice([None, "free", "paid"]),
            modes=draw.sample(["onsite", "phone", "online"], draw.choice([0, 1, 2])),
            languages=draw.sample(["de", "en", "tr"], draw.choice([0, 1, 2])),
            wheelchair=draw.choice([None, True, False]),
            valid_until=draw.choice([None, "2026-12-31", "2027-08-01"]),
            provider=provider, organization_id=provider and uid(provider),
            status=draw.choice(["active"] * 6 + ["temporarily closed", "inactive", "defunct"]),
            presence=Presence.PRESENT,
        )  # fmt: skip
    _share_and_age(record, draw)
    record.add(
        *(
            StatisticRow(region_key=key, as_of=day, source="Mikrozensus (gemacht)", families=number)
            for key, day, number in (
                ("11003", date(2023, 12, 31), 16_000), ("11003", date(2024, 12, 31), 17_500),
                ("11011", date(2024, 12, 31), 13_000), ("05124", date(2024, 12, 31), 15_250),
                ("11", date(2024, 12, 31), 108_000), ("DE", date(2024, 12, 31), 1_700_000),
            )
        )
    )  # fmt: skip


def _share_and_age(record: Record, draw: random.Random) -> None:
    """Let some offers be listed by a second network, and give listings days of their own."""
    with Session(record.engine) as session:
        for row in session.exec(select(OfferRow).order_by(col(OfferRow.id))):
            if draw.random() < 0.15:
                other = draw.choice(["pankow", "lichtenberg"])
                flat = dict(row.flat)
                flat["networks"] = sorted({*flat["networks"], other})
                flat["sources"] = sorted({*flat["sources"], other})
                row.flat = flat
        for listing in session.exec(select(ListingRow).order_by(col(ListingRow.id))):
            first = draw.randrange(5, 500)
            listing.first_seen = NOW - timedelta(days=first)
            listing.last_seen = NOW - timedelta(days=draw.randrange(first))
            if draw.random() < 0.3:
                listing.confirmed_on = TODAY - timedelta(days=draw.randrange(600))
        session.commit()
