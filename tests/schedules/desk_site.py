"""An installation with an admin area and a desk, beside a site that nobody declared yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from aggregator.settings import Settings
from aggregator.store.tables import OrderRow
from schedules.desk import Desk
from schedules.runner import Runner, open_runner
from tests.api.admin_site import sign_in, visitor
from tests.crawlers.test_crawl import OFFERS, page
from tests.loopback import Server

TOKEN = "anna-has-a-long-token"
FIRST = (
    "<title>Netz Eins</title><main><h1>Angebote</h1><article><h2>Hebammensprechstunde</h2>"
    "<p>Kostenlos. Telefon: 030 23125 109</p><p>Fr 9-11 Uhr</p></article></main>"
)


@dataclass
class Installation:
    """`runner` has the network; `portal` only writes orders and shows what came of them."""

    server: Server
    settings: Settings
    runner: Runner

    @property
    def engine(self) -> Engine:
        return self.runner.engine

    def work_off(self) -> None:
        Desk(self.runner, self.runner.run).work_off()

    def orders(self) -> list[OrderRow]:
        with Session(self.engine) as session:
            return list(session.exec(select(OrderRow).order_by(OrderRow.id)))  # type: ignore[arg-type]

    def portal(self) -> Portal:
        return Portal(visitor(self.settings))


class Portal:
    """The browser of an editor who is signed in."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.token = sign_in(client, TOKEN)

    def send(self, path: str, status: int = 303, **form: str) -> str:
        """Send a form; where it leads, or the page that says what is wrong."""
        answer = self.client.post(path, data={"form_token": self.token, **form})
        assert answer.status_code == status, answer.text
        return answer.headers["location"] if status == 303 else answer.text

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def found(self, words: str) -> list[str]:
        """What visitors find."""
        answer = self.client.get(f"/api/v1/offers?q={quote(words)}").json()
        return [item["title"] for item in answer["items"]]


def install(server: Server, home: Path) -> Installation:
    """Install with one declared source, whose site has one offer, and nothing harvested."""
    (home / "sources").mkdir()
    server.paths |= {"/eins": page(FIRST), "/": page(OFFERS)}
    declared = f'id: eins\ntitle: Netz Eins\nregion: "11003"\nstart: [{server.base_url}/eins]\n'
    (home / "sources" / "eins.yml").write_text(declared, "utf-8")
    settings = Settings(
        data_dir=home / "data",
        sources=home / "sources",
        download_delay=0,
        allowed_private_hosts=("127.0.0.1",),
        admin_token=f"Anna:{TOKEN}",
        rate_limit=0,
    )  # type: ignore[arg-type]
    return Installation(server, settings, open_runner(settings))
