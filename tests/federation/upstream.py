"""An installation's published offers behind an HSDS 3.1 API on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sqlmodel import Session, col, select

from aggregator.catalogue.offers import find_offer
from aggregator.hsds.service import Background, full_service, service
from aggregator.store.engine import connect
from aggregator.store.tables import OfferRow
from tests.federation.conftest import Installation
from tests.loopback import Handler, Reply, Server, serve

SIZE = 7
"""Services a page, whatever is asked for: so that there are pages to turn."""


def published(installation: Installation, *, full: bool = True) -> list[dict[str, Any]]:
    """Every offer of an installation as HSDS tells it."""
    engine = connect(installation.settings.database)
    made = []
    with Session(engine) as session:
        rows = session.exec(
            select(OfferRow).where(col(OfferRow.merged_into).is_(None)).order_by(OfferRow.id)
        )
        for row in rows:
            found = find_offer(session, row.id)
            if found is not None and found.offer.status != "defunct":
                known = Background({}, found.evidence, (), row.changed_at)
                made.append((full_service if full else service)(found.offer, known))
    engine.dispose()
    return made


@contextmanager
def api_of(installation: Installation, *, full: bool = True) -> Iterator[Server]:
    """Serve what an installation has published at the moment of each request.

    With `full` false the server knows no full form: lists are short, services whole.
    """

    def root(_: BaseHTTPRequestHandler) -> Reply:
        return _json(
            {
                "version": "3.1",
                "profile": "https://docs.openreferral.org/en/3.1/",
                "openapi_url": "https://raw.githubusercontent.com/openreferral/openapi.json",
            }
        )

    def services(request: BaseHTTPRequestHandler) -> Reply:
        asked = dict(parse_qsl(urlsplit(request.path).query))
        every = published(installation, full=full and asked.get("full") == "true")
        number = int(asked.get("page", "1"))
        total = max(1, -(-len(every) // SIZE))
        return _json(
            {
                "total_items": len(every),
                "total_pages": total,
                "page_number": number,
                "size": len(every[(number - 1) * SIZE : number * SIZE]),
                "first_page": number == 1,
                "last_page": number == total,
                "empty": not every,
                "contents": every[(number - 1) * SIZE : number * SIZE],
            }
        )

    def one(request: BaseHTTPRequestHandler) -> Reply:
        wanted = request.path.rpartition("/")[2]
        return next(
            (_json(found) for found in published(installation) if found["id"] == wanted),
            Reply(b"{}", 404),
        )

    class Paths(dict[str, Handler]):
        """Every path of the API, whatever its parameters."""

        def get(self, path: str, default: Any = None) -> Handler:
            where = urlsplit(path).path
            if where.rstrip("/") == "/hsds":
                return root
            if where == "/hsds/services":
                return services
            return one if where.startswith("/hsds/services/") else default

    with serve({}) as server:
        server.paths = Paths()
        yield server


def _json(value: object) -> Reply:
    return Reply(json.dumps(value).encode(), headers={"Content-Type": "application/json"})
