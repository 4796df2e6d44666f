"""The lines of a comparison: who lists offers, or which region they serve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aggregator.comparison.figure import Empty
from aggregator.comparison.stock import Row, Stock, kreis
from aggregator.vocabulary.regions import COUNTRY, ancestors, region_name

ALL, NOBODY = "alle", "ohne"


class View(StrEnum):
    """By what offers are put into lines."""

    LISTED = "listed"
    """By the networks that list them; an offer of two networks is in both lines."""
    SERVED = "served"
    """By the region in which they are; what is for a whole Land has a line of its own."""


class Kind(StrEnum):
    """What a line stands for."""

    NETWORK = "network"
    NO_NETWORK = "no_network"
    REGION = "region"
    LAND_WIDE = "land_wide"
    COUNTRY_WIDE = "country_wide"
    NO_REGION = "no_region"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `name` is "" where the kind says all."""

    key: str
    kind: Kind
    name: str
    region: str | None
    """Whose families it is compared with."""
    offers: Sequence[Row]
    complete: bool
    """Whether every source of it was read and accepted."""
    networks: Sequence[str] = ()
    """Networks of the region."""
    unplaced: Sequence[Row] = ()
    """Offers of these networks that do not say where they are: they may be here."""

    @property
    def why(self) -> Empty:
        """Why something is not there."""
        return Empty.NONE_FOUND if self.complete else Empty.NOT_CRAWLED

    def why_topic(self, topic: str = "") -> Empty:
        """Why a topic is not there: an offer may be about it, or be here, and not say so."""
        silent = any(not offer["topics"] for offer in self.offers)
        if self.complete and (silent or any(topic in one["topics"] for one in self.unplaced)):
            return Empty.NOT_STATED
        return self.why


def lines(stock: Stock, view: View, land: str | None = None) -> list[Line]:
    """The lines of a view by region, then name; last what fits no line, and all together.

    `land` (a key of two digits) leaves only the lines that lie in it.
    """
    made = _listed(stock) if view is View.LISTED else _served(stock)
    if land:
        made = [line for line in made if line.region and line.region.startswith(land)]
    offers = {offer["id"]: offer for line in made for offer in line.offers}
    region = land or COUNTRY
    complete = all(line.complete for line in made) and bool(made)
    return [*made, Line(ALL, Kind.ALL, "", region, list(offers.values()), complete)]


def _listed(stock: Stock) -> list[Line]:
    mine: dict[str, list[Row]] = {network: [] for network in stock.networks}
    nobody: list[Row] = []
    for offer in stock.offers:
        for network in offer["networks"]:
            mine.setdefault(network, []).append(offer)
        if not offer["networks"]:
            nobody.append(offer)
    made = [
        Line(
            key, Kind.NETWORK, row["name"], kreis(row["region_key"]), mine[key],
            _read([s for s in stock.rows["sources"] if s["network"] == key]),
        )
        for key, row in stock.networks.items()
    ]  # fmt: skip
    made.sort(key=lambda line: (line.region or "", line.name, line.key))
    others = [source for source in stock.rows["sources"] if not source["network"]]
    if others or nobody:
        made.append(Line(NOBODY, Kind.NO_NETWORK, "", None, nobody, _read(others)))
    return made


def _served(stock: Stock) -> list[Line]:
    by_region: dict[str | None, list[Row]] = {}
    for offer in stock.offers:
        by_region.setdefault(kreis(offer["region_key"]), []).append(offer)
    networks: dict[str, list[str]] = {}
    for key, row in stock.networks.items():
        networks.setdefault(kreis(row["region_key"]) or "", []).append(key)
    keys = sorted({key for key in (*by_region, *networks) if key})
    keys.sort(key=lambda key: (key == COUNTRY, key))
    made = [
        Line(
            key, _kind(key), region_name(key), key, by_region.get(key, []),
            _read(_around(stock, key)), networks.get(key, []),
            [one for one in by_region.get(None, ())
             if not set(networks.get(key, ())).isdisjoint(one["networks"])],
        )
        for key in keys
    ]  # fmt: skip
    if None in by_region:
        every = _read(stock.rows["sources"])
        made.append(Line(NOBODY, Kind.NO_REGION, "", None, by_region[None], every))
    return made


def _kind(key: str) -> Kind:
    if key == COUNTRY:
        return Kind.COUNTRY_WIDE
    return Kind.LAND_WIDE if len(key) == 2 else Kind.REGION


def _around(stock: Stock, key: str) -> list[Row]:
    """The sources that tell of a region: its own, and those of what it lies in."""
    told = {key, *ancestors(key)} - ({COUNTRY} if key != COUNTRY else set())
    return [source for source in stock.rows["sources"] if kreis(source["region_key"]) in told]


def _read(sources: Sequence[Row]) -> bool:
    """Whether there are sources and all were read; what is renewed no more was read once."""
    return bool(sources) and all(source["last_accepted"] for source in sources)
