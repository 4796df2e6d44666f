"""Regions by official key: Länder, Kreise and towns, and Berlin's districts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

_FILE = Path(__file__).with_name("regions.yml")
COUNTRY = "DE"


class RegionKind(StrEnum):
    """What a region is in the administration."""

    COUNTRY = "country"
    LAND = "land"
    TOWN = "town"
    """A kreisfreie Stadt."""
    DISTRICT = "district"
    """A Kreis, or a Bezirk of Berlin."""


@dataclass(frozen=True, slots=True)
class Region:
    """One region. `key` is its official key, `parent` the key of the region that holds it.

    `short` is the usual abbreviation of a Land (ISO 3166-2:DE without "DE-"), "" for others.
    """

    key: str
    name: str
    kind: RegionKind
    parent: str | None
    short: str = ""


def _read() -> dict[str, Region]:
    data: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    found = [Region(COUNTRY, "Deutschland", RegionKind.COUNTRY, None, COUNTRY)]
    found += (
        Region(key, land["name"], RegionKind.LAND, COUNTRY, land["short"])
        for key, land in data["laender"].items()
    )
    for group, kind in (
        ("berlin_districts", RegionKind.DISTRICT),
        ("towns", RegionKind.TOWN),
        ("districts", RegionKind.DISTRICT),
    ):
        found += (Region(key, name, kind, key[:2]) for key, name in data[group].items())
    return {region.key: region for region in sorted(found, key=lambda region: region.key)}


REGIONS: Mapping[str, Region] = MappingProxyType(_read())
"""Every known region by key, in the order of the keys."""

_WITHIN = re.compile(r"(?P<around>[^/-]+?)\s*[/-]\s*(?P<name>.+)")
_KINDS = {
    "stadt": {RegionKind.TOWN, RegionKind.LAND},
    "land": {RegionKind.LAND},
    "kreis": {RegionKind.DISTRICT},
    "landkreis": {RegionKind.DISTRICT},
    "bezirk": {RegionKind.DISTRICT},
}
_OF_A_KIND = re.compile(rf"(?P<kind>{'|'.join(_KINDS)})\s+(?P<name>.+)")
_KEYS = {region.name.casefold(): region.key for region in reversed(tuple(REGIONS.values()))}


def region_name(key: str) -> str:
    """The name of a region; for one that is not listed, that of the region it lies in."""
    # A Land that is a town has its own key with zeros behind it as a Kreis: 11000 is Berlin.
    region = REGIONS.get(key) or REGIONS.get(key.rstrip("0").ljust(2, "0"))
    if region:
        return region.name
    around = ancestors(key)
    return f"{REGIONS[around[0]].name} ({key})" if around and around[0] != COUNTRY else key


def region_key(said: str) -> str:
    """The key that a region's key or name means; what nobody knows stays as it was said.

    The region that holds it may stand before the name, or what it is: Berlin has a Mitte, and so
    has Hamburg, which is another one.

    >>> region_key("Pankow"), region_key("Berlin-Pankow"), region_key("Kreis Mettmann")
    ('11003', '11003', '05158')
    """
    name = said.strip().casefold()
    if (key := _KEYS.get(name)) is not None:
        return key
    if match := _WITHIN.fullmatch(name):
        key = _KEYS.get(match["name"])
        if key and REGIONS[key].parent == _KEYS.get(match["around"]):
            return key
    if match := _OF_A_KIND.fullmatch(name):
        key = _KEYS.get(match["name"])
        if key and REGIONS[key].kind in _KINDS[match["kind"]]:
            return key
    return said.strip()


def ancestors(key: str) -> tuple[str, ...]:
    """The known regions that hold `key`, the nearest first; () for the country and odd keys.

    A key that is not listed itself (a Gemeinde, a Kreis nobody declared) still lies in the known
    regions whose key it starts with: the official key is built that way.
    """
    if not key.isascii() or not key.isdigit():
        return ()
    prefixes = (key[:length] for length in (8, 5, 2) if length < len(key))
    inside = tuple(prefix for prefix in prefixes if prefix in REGIONS)
    return (*inside, COUNTRY) if inside or key in REGIONS else ()
