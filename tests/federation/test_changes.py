"""An upstream aggregator is asked for what changed; now and then for everything."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sqlmodel import Session, SQLModel, select

from aggregator.store.engine import connect
from aggregator.store.tables import ListingRow, OfferRow, RunRow
from tests.crawlers.test_crawl import OFFERS, TITLES, page
from tests.federation.conftest import Installation
from tests.federation.test_aggregators import await_answer, node
from tests.loopback import Handler, Reply, serve


@contextmanager
def served(installation: Installation) -> Iterator[str]:
    """`netzlotse serve` for an installation; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}"
    process = installation.start("serve", "--port", base.rpartition(":")[2])
    try:
        await_answer(f"{base}/healthz")
        yield base
    finally:
        process.terminate()
        process.communicate(timeout=60)


def presences(installation: Installation) -> dict[str, str]:
    """Title -> presence of everything an installation ever listed."""
    with Session(connect(installation.settings.database)) as session:
        return {row.flat["title"]: str(row.presence) for row in session.exec(select(ListingRow))}


def shift(
    installation: Installation, table: type[SQLModel], columns: tuple[str, ...], days: int
) -> None:
    """Let what is in a table have happened earlier."""
    with Session(connect(installation.settings.database)) as session:
        for row in session.exec(select(table)):
            for name in columns:
                setattr(row, name, getattr(row, name) - timedelta(days=days))
        session.commit()


def test_our_own_api_is_asked_for_what_changed_since(tmp_path: Path) -> None:
    with serve({"/angebote": page(OFFERS)}) as site:
        pankow = node(tmp_path / "pankow", netz=f"{site.base_url}/angebote")
        pankow.crawl("--all")
        shift(pankow, OfferRow, ("changed_at",), 2)
        with served(pankow) as base:
            berlin = node(tmp_path / "berlin", pankow=f"{base}/hsds/")
            first = berlin.crawl("--all")["pankow"]["counts"]
            assert first["records"] == first["added"] == 3
            assert "since" not in first
            began = datetime.fromisoformat(berlin.crawl("--all")["pankow"]["started_at"])

            site.paths["/angebote"] = page(
                OFFERS.replace("030 23125 102", "030 23125 999").replace(
                    "</main>",
                    "<article><h2>Nähwerkstatt</h2><p>Für Eltern, Mo 9-11 Uhr.</p>"
                    "<p>Beispielstr. 8, 13187 Berlin<br>Telefon: 030 23125 104</p></article>"
                    "</main>",
                )
            )
            pankow.crawl("--all")
            run = berlin.crawl("--all")["pankow"]
            counts = run["counts"]
            assert run["verdict"] == "accepted"
            assert (counts["records"], counts["added"], counts["changed"]) == (2, 1, 1)
            assert (counts["missing"], counts["withdrawn"]) == (0, 0)
            # An accepted run moves the time on, to when it began and not to when it ended.
            assert 0 <= began.timestamp() - counts["since"] <= 660
            assert set(presences(berlin).values()) == {"present"}
            assert sorted(presences(berlin)) == sorted([*TITLES, "Nähwerkstatt"])
            told = {one["title"]: one for one in berlin.listings()}
            assert "999" in json.dumps(told["Schuldnerberatung"]["phones"])

            again = berlin.crawl("--full", "pankow")["pankow"]["counts"]
            assert again["records"] == 4
            assert "since" not in again
            shift(berlin, RunRow, ("started_at", "finished_at"), 8)
            assert "since" not in berlin.crawl("--all")["pankow"]["counts"]  # its time has come


def upstream(services: dict[str, dict[str, Any]], asked: list[str]) -> dict[str, Handler]:
    """An HSDS API that tells of changes: `services` by id, each with a day on which it changed."""

    def root(_: BaseHTTPRequestHandler) -> Reply:
        return _json({"version": "3.1", "profile": "https://p.example/", "openapi_url": "x"})

    def listed(request: BaseHTTPRequestHandler) -> Reply:
        since = dict(parse_qsl(urlsplit(request.path).query)).get("modified_after", "")
        asked.append(since)
        found = [
            {name: value for name, value in one.items() if name != "changed"}
            for one in services.values()
            if (one["changed"] >= since if since else one["status"] != "defunct")
        ]
        return _json({"page_number": 1, "total_pages": 1, "contents": found})

    class Paths(dict[str, Handler]):
        def get(self, path: str, default: Any = None) -> Handler:
            where = urlsplit(path).path.rstrip("/")
            return {"/hsds": root, "/hsds/services": listed}.get(where, default)

    return Paths()


def _json(value: object) -> Reply:
    return Reply(json.dumps(value).encode(), headers={"Content-Type": "application/json"})


def service(name: str, changed: str = "2020-01-01T00:00:00Z") -> dict[str, Any]:
    return {
        "id": f"00000000-0000-4000-8000-{sum(map(ord, name)):012d}",
        "name": name,
        "status": "active",
        "description": f"Beratung für Alleinerziehende: {name}.",
        "phones": [{"number": f"030 23125 {sum(map(ord, name)) % 900 + 100}"}],
        "schedules": [{"description": "Mo 9-11 Uhr"}],
        "changed": changed,
    }


def test_what_is_gone_is_told_or_found_by_asking_for_everything(tmp_path: Path) -> None:
    names = ("Elterncafé", "Schuldnerberatung", "Nähkurs", "Chor", "Ausflug", "Kochabend", "Spiel")
    services = {name: service(name) for name in names}
    services["Chor"]["status"] = "inactive"
    asked: list[str] = []
    with serve({}) as server:
        server.paths = upstream(services, asked)
        berlin = node(tmp_path / "berlin", oben=f"{server.base_url}/hsds/")
        berlin.crawl("--all")
        assert asked == [""]
        # One says that it ended, one goes without a word; nothing else changed.
        services["Nähkurs"] |= {
            "status": "defunct",
            "changed": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        }
        del services["Ausflug"]
        run = berlin.crawl("--all")["oben"]
        assert run["verdict"] == "accepted", run["reasons"]
        assert (run["counts"]["withdrawn"], run["counts"]["missing"]) == (1, 0)
        there = presences(berlin)
        assert there.pop("Nähkurs") == "withdrawn"
        assert set(there.values()) == {"present"}
        for _ in range(2):  # pulls without any change; what was said of a status still holds
            run = berlin.crawl("--all")["oben"]
            assert (run["verdict"], run["counts"]["changed"]) == ("accepted", 0)
        told = {one["title"]: one["status"] for one in berlin.listings()}
        assert told["Chor"] == "inactive"
        assert len([since for since in asked if since]) == 3
        shift(berlin, RunRow, ("started_at", "finished_at"), 8)
        run = berlin.crawl("--all")["oben"]
        assert asked[-1] == ""
        assert (run["verdict"], run["counts"]["missing"]) == ("accepted", 1)
        assert presences(berlin)["Ausflug"] == "missing"


def test_a_pull_that_failed_in_part_moves_nothing_on(tmp_path: Path) -> None:
    services = {name: service(name) for name in ("Elterncafé", "Schuldnerberatung")}
    asked: list[str] = []
    with serve({}) as server:
        server.paths = upstream(services, asked)
        berlin = node(tmp_path / "berlin", oben=f"{server.base_url}/hsds/")
        berlin.crawl("--all")
        began = datetime.fromisoformat(berlin.crawl("--all")["oben"]["started_at"])
        working, server.paths = server.paths, {"/hsds/": Reply(b"down", 500)}
        berlin.crawl("--all", expect=1)
        server.paths = working
        berlin.crawl("--all")
    assert asked[2] == f"{began - timedelta(minutes=10):%Y-%m-%dT%H:%M:%SZ}"
