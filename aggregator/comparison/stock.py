"""What is compared: the rows of one state of the record, as a release has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from aggregator.listing import Status
from aggregator.vocabulary.regions import COUNTRY

Row = Mapping[str, Any]
Point = tuple[float, float]
"""Latitude and longitude, WGS 84."""
CURRENT = frozenset({Status.ACTIVE.value, Status.TEMPORARILY_CLOSED.value})
"""What the portal shows unless asked for more; only that is compared."""


def kreis(region: str | None) -> str | None:
    """The key at which regions are compared: Kreis or Bezirk, Land, or the country.

    A Land that is a town has two keys, of which the Land's is used: 02000 is 02, Hamburg.
    """
    if not region or region == COUNTRY:
        return region or None
    return region[:2] if region[2:5] == "000" else region[:5]


@dataclass(frozen=True, slots=True)
class Postcode:
    """Where a postcode lies, and in which region (Kreis, or Bezirk of Berlin)."""

    code: str
    region: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Stock:
    """The tables of a release by their names there, and the places that distances need.

    `past` are offers that are no longer shown; what comes and goes is counted with them.
    """

    as_of: date
    rows: Mapping[str, Sequence[Row]]
    release: str | None = None
    """Id of the release it is; None: the present."""
    postcodes: Sequence[Postcode] = ()
    centres: Mapping[str, Point] = field(default_factory=dict)
    """The middle of regions, by key."""

    @cached_property
    def offers(self) -> list[Row]:
        """The offers that are shown."""
        return [row for row in self.rows["offers"] if row["status"] in CURRENT]

    @cached_property
    def past(self) -> list[Row]:
        """Those that are not."""
        return [row for row in self.rows["offers"] if row["status"] not in CURRENT]

    @cached_property
    def networks(self) -> dict[str, Row]:
        """The frame by id."""
        return {row["id"]: row for row in self.rows["frame"]}

    @cached_property
    def _statistics(self) -> dict[str, Row]:
        latest: dict[str, Row] = {}
        rows = sorted(
            self.rows.get("statistics", ()), key=lambda row: (row["as_of"], row["source"])
        )
        for row in rows:
            key = str(row["region_key"])
            # A Gemeinde is not compared, and its families are not those of its Kreis.
            latest[key if len(key) == 8 else kreis(key) or ""] = row
        return latest

    def families(self, region: str | None) -> Row | None:
        """The latest count of single-parent families of a region; None where there is none.

        Of two counts of one day the source that is last by name is taken.
        """
        return self._statistics.get(region) if region else None

    @property
    def counted(self) -> bool:
        """Whether anybody imported how many families there are."""
        return bool(self._statistics)
