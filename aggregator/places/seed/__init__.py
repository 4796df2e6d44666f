"""Hand-written places: the Länder, Berlin's districts, towns of the declared networks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent
LANDKREISE = frozenset({
    "01055", "01062", "03241", "03257", "03359", "03454", "03460", "05158", "05166", "05170",
    "05570", "05766", "06431", "06631", "10041",
})  # fmt: skip
"""Kreise of the seed that hold more than the one town listed there."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town of the seed; `postcodes` are inclusive ranges."""

    name: str
    region_key: str
    area_code: str
    lat: float
    lon: float
    postcodes: tuple[tuple[str, str], ...]

    def holds(self, postcode: str) -> bool:
        """Say whether a postcode is the town's."""
        return any(first <= postcode <= last for first, last in self.postcodes)


@dataclass(frozen=True, slots=True)
class District:
    """A Berlin district."""

    key: str
    name: str
    lat: float
    lon: float


def laender() -> dict[str, str]:
    """Return the sixteen Länder: region key to name."""
    return {key: name for key, _, name in _table(_FOLDER / "laender.tsv")}


def _table(file: Path) -> Iterable[list[str]]:
    for line in file.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def towns() -> Iterable[Town]:
    """Read the towns of the declared networks."""
    for name, key, code, lat, lon, ranges in _table(_FOLDER / "towns.tsv"):
        spans = (span.partition("-") for span in ranges.split(","))
        postcodes = tuple((first, last or first) for first, _, last in spans)
        yield Town(name, key, code, float(lat), float(lon), postcodes)


def berlin() -> tuple[dict[str, District], dict[str, tuple[District, float]]]:
    """Read Berlin: districts by folded name and locality; postcodes with district and certainty."""
    names: dict[str, District] = {}
    postcodes: dict[str, tuple[District, float]] = {}
    for key, entry in yaml.safe_load((_FOLDER / "berlin.yml").read_text("utf-8")).items():
        district = District(key, entry["name"], *entry["centre"])
        for name in (district.name, *entry["localities"]):
            names[name.casefold()] = district
        postcodes |= {str(p): (district, 0.97) for p in entry["postcodes"]}
        postcodes |= {str(p): (district, 0.7) for p in entry["shared"]}
    return names, postcodes
