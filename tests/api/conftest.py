"""A real record and a real index on disk, filled through the tables, and the app over them."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

from aggregator.directory import enter
from aggregator.index.feed import catch_up
from aggregator.offer import Offer
from aggregator.settings import Settings
from aggregator.store.engine import connect
from aggregator.store.tables import (
    ChangeRow,
    ListingRow,
    NetworkRow,
    OfferRow,
    Operation,
    PageRow,
    Presence,
    RunRow,
    SourceRow,
    StatementRow,
    Subject,
    Verdict,
)
from api.app import create_app
from tests.api.admin_site import served
from tests.conftest import unavailable

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
HERE = Path(__file__).parent
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
PLAIN = "Haben Sie Schulden? Wir helfen Ihnen. Das kostet kein Geld."
SITES = {"pankow": "Netzwerk Alleinerziehende Pankow", "lichtenberg": "Netzwerk Lichtenberg"}


def uid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


class Record:
    """Fills the tables as a publisher would, then brings the index up."""

    def __init__(self, engine: Engine, index: Path) -> None:
        self.engine, self.index = engine, index
        SQLModel.metadata.create_all(engine)

    def add(self, *rows: SQLModel) -> None:
        with Session(self.engine) as session:
            session.add_all(rows)
            session.commit()

    def network(self, key: str, region: str, **flat: Any) -> None:
        flat = {"id": key, "region": region, "status": "active", "name": key, **flat}
        self.add(NetworkRow(id=key, name=flat["name"], region=region, flat=flat))

    def source(self, key: str, region: str, title: str, **row: Any) -> None:
        declared = {"start": [f"https://{key}.example/"], "platform": "auto", "rhythm": "weekly"}
        declared |= row.pop("declared", {})
        self.add(SourceRow(id=key, title=title, region=region, declared=declared, **row))

    def run(self, key: str, source: str, days: int, verdict: Verdict, **row: Any) -> None:
        start = NOW - timedelta(days=days)
        end = start + timedelta(seconds=97)
        self.add(
            RunRow(
                id=key, source_id=source, started_at=start, finished_at=end, verdict=verdict, **row
            )
        )

    def offer(
        self,
        name: str,
        source: str,
        network: str | None = None,
        *,
        presence: Presence = Presence.PRESENT,
        merged_into: str | None = None,
        page_url: str | None = None,
        **values: Any,
    ) -> str:
        """One offer with one listing; every value gets a statement that quotes it."""
        seen = NOW
        listing, url = uid(f"listing {name}"), page_url or f"https://{source}.example/{name}"
        mention = {
            "listing_id": listing, "source": source, "network": network, "page_url": url,
            "title": values["title"], "status": values.get("status", "active"),
        }  # fmt: skip
        flat = Offer(
            id=uid(name), sources=[source],
            networks=[network] if network else [], mentions=[mention], **values,
        ).model_dump(mode="json")  # fmt: skip
        rows: list[SQLModel] = [
            OfferRow(
                id=uid(name), flat=flat, created_at=seen, changed_at=seen, merged_into=merged_into
            )
        ]
        self.add(*rows)
        with Session(self.engine) as session:
            enter(session, uid(name), flat)
            session.commit()
        self.add(
            ListingRow(
                id=listing, source_id=source, key=name, offer_id=uid(name), page_url=url,
                presence=presence, first_seen=seen - timedelta(days=90), last_seen=seen,
                missing_since=None if presence is Presence.PRESENT else seen,
            )
        )  # fmt: skip
        self.add(*self._statements(listing, source, url, values))
        self.log(uid(name))
        return uid(name)

    def _statements(
        self, listing: str, source: str, url: str, values: dict[str, Any]
    ) -> list[StatementRow]:
        return [
            StatementRow(
                subject=Subject.LISTING, subject_id=listing, field=field, position=position,
                value=value, quote=f"So steht es da: {value}", locator="main > p:nth-of-type(2)",
                page_url=url, source_id=source, extractor="wordpress@1", reader=f"{field}@1",
                first_seen=NOW - timedelta(days=90),
            )
            for field, one in values.items()
            for position, value in enumerate(one if isinstance(one, list) else [one])
            if field not in {"region_key", "status"}
        ]  # fmt: skip

    def fact(self, network: str, field: str, value: Any, quote: str, **row: Any) -> None:
        row = {"source_id": network, "page_url": f"https://{network}.example/ueber-uns"} | row
        self.add(
            StatementRow(
                subject=Subject.NETWORK, subject_id=network, field=field, value=value, quote=quote,
                extractor="html@1", reader="network@1", first_seen=NOW - timedelta(days=60), **row,
            )
        )  # fmt: skip

    def log(self, offer_id: str) -> None:
        self.add(
            ChangeRow(at=NOW, operation=Operation.ADD, subject=Subject.OFFER, subject_id=offer_id)
        )

    def publish(self) -> int:
        return catch_up(self.engine, self.index, "tantivy")


def fill(record: Record) -> None:
    """Three networks (one ended), five sources in different health, 47 offers."""
    record.network(
        "pankow", "11003", name=SITES["pankow"], carrier="Familienwerk Nord", founded="2017-08",
        programme="Netzwerke wirksamer Hilfen", coordinating_body="Bezirksamt, Koordination",
        partners=["Jobcenter", "Jugendamt", "Beratungsstelle Kompass", "Familienzentrum Lindenhof"],
        working_groups=["AG Arbeit", "AG Wohnen"], fields_of_action=["Kinderbetreuung", "Wohnen"],
        milestones=[{"date": "2019-05-14", "text": "Erste Fachkonferenz"}],
        contacts=[{"role": "Büro", "phone": "+493023125199", "email": "netz@pankow.example"}],
        sources=["pankow"],
    )  # fmt: skip
    record.network("lichtenberg", "11011", name=SITES["lichtenberg"], carrier="Kiezverein e. V.")
    ended = {"status": "ended", "ended": "2013-03-31"}
    record.network("wuppertal", "05124", name="Netzwerk Wuppertal", **ended)
    counts = {
        "pages": 61, "fetched": 12, "not_modified": 47, "failed": 2, "records": 42, "added": 3,
        "changed": 1, "unchanged": 38, "missing": 1, "withdrawn": 0, "returned": 0,
    }  # fmt: skip
    accepted = {"last_accepted_at": NOW - timedelta(days=1)}
    record.source(
        "pankow", "11003", SITES["pankow"], network_id="pankow", last_run_id="pankow-2",
        last_accepted_run_id="pankow-2",
        declared={"licence": {"name": "CC BY 4.0", "url": "https://lizenz.example/by"}},
        **accepted,
    )  # fmt: skip
    record.run("pankow-1", "pankow", 8, Verdict.ACCEPTED, counts=counts)
    record.run(
        "pankow-2", "pankow", 1, Verdict.WARNED, counts=counts,
        reasons=[{
            "check": "shared_contact", "verdict": "warned", "value": 0.2, "bound": 0.1,
            "message": "+493023125101 steht bei 9 von 42 Angeboten; ist das die Geschäftsstelle?",
        }],
        failures=[
            {"url": "https://pankow.example/alt", "failure": "gone", "reason": "404"},
            {"url": "https://pankow.example/intern", "failure": "robots", "reason": ""},
        ],
        doubts=[{
            "code": "hours_not_understood", "field": "hours_text", "title": "Schuldnerberatung",
            "quote": "jeden zweiten Dienstag, außer wenn nicht",
            "page_url": "https://pankow.example/schulden", "listing_id": "x",
        }],
    )  # fmt: skip
    record.source(
        "lichtenberg", "11011", SITES["lichtenberg"], network_id="lichtenberg", failures=1,
        last_run_id="lichtenberg-2", last_accepted_run_id="lichtenberg-1",
        stale_since=NOW - timedelta(days=3), last_accepted_at=NOW - timedelta(days=10),
    )  # fmt: skip
    record.run("lichtenberg-1", "lichtenberg", 10, Verdict.ACCEPTED, counts=counts)
    record.run(
        "lichtenberg-2", "lichtenberg", 3, Verdict.QUARANTINED, counts={**counts, "records": 0},
        reasons=[{
            "check": "count", "verdict": "quarantined", "value": 0, "bound": 1,
            "message": "Die Seiten kamen, aber die Angebote werden nicht mehr erkannt.",
        }],
    )  # fmt: skip
    record.source("wuppertal", "05124", "Netzwerk Wuppertal (Archiv)", network_id="wuppertal")
    record.source("broken", "11", "Stadtportal", failures=4, last_run_id="broken-1")
    record.run("broken-1", "broken", 2, Verdict.FAILED)
    record.source("off", "11", "Alter Wegweiser", declared={"disabled": True})
    record.add(
        PageRow(
            id=1, source_id="pankow", url="https://pankow.example/ueber-uns", sha256="0" * 64,
            archive="pankow.warc.gz", offset=0, first_seen=NOW - timedelta(days=60), last_seen=NOW,
        )
    )  # fmt: skip
    record.fact("pankow", "carrier", "Familienwerk Nord", "Träger ist das Familienwerk Nord.")
    record.fact("pankow", "founded", "2017-08", "Seit August 2017 gibt es uns.", page_id=1)
    record.fact("pankow", "partners", "Jobcenter", "Mit dabei: Jobcenter, Jugendamt")
    record.fact(
        "wuppertal", "ended", "2013-03-31", "Das Projekt endete am 31.03.2013.",
        source_id="declaration", page_url="", reason="https://archiv.example/bericht",
    )  # fmt: skip
    samples = yaml.safe_load((HERE / "offers.yml").read_text("utf-8"))
    for number in range(42):
        sample = dict(samples[number % 4])
        source = "pankow" if sample["district"] == "Pankow" else "lichtenberg"
        if number >= 4:
            sample["title"] = f"{sample['title']} {number}"
        record.offer(f"offer-{number}", source, source, **sample)
    record.add(
        StatementRow(
            subject=Subject.LISTING, subject_id=uid("listing offer-1"), field="plain_words",
            value=PLAIN, quote=PLAIN, locator="main > h2 + p", source_id="pankow",
            page_url="https://pankow.example/leicht/offer-1", extractor="html@3",
            reader="plain_words@1", first_seen=NOW - timedelta(days=90),
        )
    )  # fmt: skip
    record.offer("ended", "wuppertal", "wuppertal", status="inactive", **samples[4])
    record.offer("gone", "pankow", presence=Presence.WITHDRAWN, status="defunct", title="Weg")
    record.offer("missing", "pankow", presence=Presence.MISSING, title="Verschollener Kurs")
    record.offer("older", "pankow", title="Bleibender Eintrag")
    record.offer("merged", "pankow", merged_into=uid("older"), title="Doppelter Eintrag")
    record.offer(
        "evil", "pankow", title=f"Boshaft {EVIL}", provider=EVIL, description=f"{EVIL}</script>",
        urls=["javascript:alert(3)", "https://gut.example/?a=1&b=2"],
        emails=['a@b.example"onload=x'], hours_text=EVIL, page_url="javascript:alert(4)",
    )  # fmt: skip


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def record(settings: Settings) -> Iterator[Record]:
    engine = connect(settings.database)
    record = Record(engine, settings.index_dir)
    fill(record)
    record.publish()
    yield record
    engine.dispose()


@pytest.fixture
def sqlite_record(tmp_path: Path) -> Iterator[Record]:
    """A record of a test's own, in `tmp_path`."""
    settings = Settings(data_dir=tmp_path)
    engine = connect(settings.database)
    record = Record(engine, settings.index_dir)
    fill(record)
    record.publish()
    yield record
    engine.dispose()


@pytest.fixture(scope="session")
def client(settings: Settings, record: Record) -> Iterator[TestClient]:
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    """The app behind a real server on loopback; its address."""
    with served(settings) as address:
        yield address


@pytest.fixture(scope="session")
def portal(settings: Settings, record: Record) -> Iterator[str]:
    """The filled record behind a real server; its address."""
    with running(settings) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        unavailable("Chromium is not installed (Debian: apt install chromium)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()
