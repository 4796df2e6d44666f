"""What visitors ask: made requests in the shares of a portal, each from an address of its own."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate
from urllib.parse import quote

from aggregator.bench.made_offers import Maker
from api.bench.client import get

_SHARES = {
    "suggest": 250,
    "search": 250,
    "page": 150,
    "facets": 100,
    "offer": 100,
    "offer page": 80,
    "widget": 40,
    "fragment": 28,
    "download": 2,
}
"""Requests of a thousand, as far as one can say before there are visitors: three suggestions while
a question is typed, a third of those who search open an offer, a file of a release is rare."""
_QUESTIONS = 3_000
_FAVOURED = 0.4
"""Exponent of the law by which few questions are asked by many (Pareto)."""
_VISITORS = 20_000


class Visits:
    """Requests over so many made offers and the files of a release; the same in each run."""

    def __init__(self, offers: int, edition: str, files: Sequence[str]) -> None:
        maker = Maker()
        self._draw = random.Random(7)  # noqa: S311 - reproducible, not secret
        self._questions = list(dict.fromkeys(map(maker.question, range(_QUESTIONS))))
        self._offers = offers
        self._files = [f"/daten/{edition}/{name}" for name in files]
        self._kinds, self._until = list(_SHARES), list(accumulate(_SHARES.values()))

    def next(self, port: int) -> tuple[str, bytes]:
        """The next request: its kind, and its bytes."""
        (kind,) = self._draw.choices(self._kinds, cum_weights=self._until)
        visitor = self._draw.randrange(_VISITORS)
        accept = "text/html" if "page" in kind else "*/*"
        headers = (
            f"X-Forwarded-For: 10.7.{visitor >> 8}.{visitor & 255}",
            "Accept-Encoding: gzip",
            f"Accept: {accept}",
        )
        return kind, get(self._path(kind), port, *headers)

    def _path(self, kind: str) -> str:
        if kind == "widget":
            return "/einbetten/v1/angebot-suche.js"
        if kind == "download":
            return self._draw.choice(self._files)
        if kind in {"offer", "offer page"}:
            number = self._draw.randrange(self._offers)
            return f"/api/v1/offers/made-{number}" if kind == "offer" else f"/angebot/made-{number}"
        asked = self._question()
        if kind == "suggest":
            asked = asked[: self._draw.randint(3, 8)]
        said = quote(asked)
        return {
            "suggest": f"/api/v1/suggest?q={said}",
            "search": f"/api/v1/offers?q={said}",
            "facets": f"/api/v1/offers?q={said}&facets=topics,region",
            "page": f"/?q={said}",
            "fragment": f"/einbetten/fragment?q={said}&limit=5",
        }[kind]

    def _question(self) -> str:
        rank = int(self._draw.paretovariate(_FAVOURED)) * self._draw.randint(1, 7)
        return self._questions[rank % len(self._questions)]
