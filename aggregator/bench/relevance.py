"""How good the search is: judged queries over the offers of the sample federation.

A set of queries is data (YAML: kind -> query -> right offers): what somebody types, and the offers
of which one must be among the first three. An entry is the beginning of a title, or "@topic" for
any offer whose main topic it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aggregator.bench.sites import load_sites
from aggregator.index.base import Query, Searcher
from aggregator.index.stored import LISTED_FOR
from aggregator.places.places import load_gazetteer

_FIRST = 3
_DEEP = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A query and the offers that are right for it."""

    kind: str
    query: str
    right: tuple[str, ...]

    def fits(self, offer: Mapping[str, Any]) -> bool:
        """Whether an offer is one of those."""
        main = next(iter(offer.get("topics") or ()), "")
        return any(
            main == entry[1:] if entry.startswith("@") else str(offer["title"]).startswith(entry)
            for entry in self.right
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a query was answered."""

    kind: str
    query: str
    titles: tuple[str, ...]
    fitting: tuple[bool, ...]
    """For each of the first ten, whether it is right."""
    possible: int
    """Right offers there are, ten at most."""

    @property
    def hit(self) -> bool:
        """Whether a right offer is among the first three."""
        return any(self.fitting[:_FIRST])

    @property
    def ndcg(self) -> float:
        """Normalised discounted cumulative gain of the first ten, with gains of 0 and 1."""
        ideal = sum(_discount(place) for place in range(self.possible))
        gained = sum(_discount(place) for place, fits in enumerate(self.fitting) if fits)
        return gained / ideal if ideal else 0.0


def judged_queries(path: Path) -> list[Judged]:
    """Read a set of judged queries."""
    data: dict[str, dict[str, list[str]]] = yaml.safe_load(path.read_text("utf-8"))
    return [
        Judged(kind, query, tuple(right))
        for kind, queries in data.items()
        for query, right in queries.items()
    ]


def sample_offers() -> Iterator[dict[str, Any]]:
    """The offers that the sample federation truly has, placed as the harvest places them."""
    gazetteer = load_gazetteer()
    for site in load_sites():
        beside = {LISTED_FOR: [str(site.declared["region"])]}
        for number, offer in enumerate(site.truth):
            place = gazetteer.locate(offer.get("postcode"), offer.get("city"), offer.get("street"))
            known = {} if place is None else {
                "region_key": place.region_key, "district": place.district,
                "lat": place.lat, "lon": place.lon,
            }  # fmt: skip
            stated = {name: value for name, value in offer.items() if value is not None}
            yield {**known, **stated, **beside, "id": f"{site.folder.name}-{number}"}


def measure(searcher: Searcher, queries: Sequence[Judged]) -> list[Judgement]:
    """Ask them all."""
    offers = list(sample_offers())
    found: list[Judgement] = []
    for one in queries:
        items = searcher.search(Query(one.query, limit=_DEEP)).items
        found.append(
            Judgement(
                one.kind,
                one.query,
                tuple(str(hit.offer["title"]) for hit in items),
                tuple(one.fits(hit.offer) for hit in items),
                min(_DEEP, sum(map(one.fits, offers))),
            )
        )
    return found


def score(answers: Sequence[Judgement]) -> tuple[int, float, float]:
    """How many there are, the share with a right offer in the first three, the mean nDCG@10."""
    number = len(answers)
    hits = sum(one.hit for one in answers)
    return number, hits / max(1, number), sum(one.ndcg for one in answers) / max(1, number)


def _discount(place: int) -> float:
    return 1 / math.log2(place + 2)
