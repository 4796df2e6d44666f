"""A site that is crawled for real, and whose page a test changes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, select

from aggregator.offer import Offer
from aggregator.settings import Settings
from aggregator.store.tables import OfferRow, RunRow
from crawlers.source import load_sources
from schedules.runner import open_runner
from tests.crawlers.test_crawl import OFFERS, page
from tests.loopback import Server

ADMIN = "Anna:anna-has-a-long-token"


@dataclass
class Site:
    """One source of three offers."""

    server: Server
    settings: Settings

    def crawl(self, body: str = OFFERS) -> RunRow:
        self.server.paths["/"] = page(body)
        runner = open_runner(self.settings)
        (source,) = load_sources(self.settings.sources)
        try:
            return runner.run(source)
        finally:
            runner.engine.dispose()

    def offers(self, engine: object) -> dict[str, Offer]:
        with Session(engine) as session:  # type: ignore[arg-type]
            rows = session.exec(select(OfferRow))
            return {row.flat["title"]: Offer.model_validate(row.flat) for row in rows}


def make_site(server: Server, home: Path) -> Site:
    (home / "sources").mkdir()
    declared = f'id: netz\ntitle: Netz\nregion: "11003"\nstart: [{server.base_url}/]\n'
    (home / "sources" / "netz.yml").write_text(declared, "utf-8")
    settings = Settings(
        data_dir=home / "data",
        sources=home / "sources",
        download_delay=0,
        allowed_private_hosts=("127.0.0.1",),
        admin_token=ADMIN,
    )  # type: ignore[arg-type]
    return Site(server, settings)
