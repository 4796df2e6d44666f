"""Circles around a place: which offers lie inside, exactly, and how far away they are.

Every offer that says where it is has a spot (its coordinates, to a metre) in a cell of a twentieth
of a degree. A circle is the cells that lie wholly inside it and, of those that its edge cuts, the
single spots that do.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from aggregator.index.base import Origin
from aggregator.index.engine import Engine
from aggregator.index.tree import UNKNOWN, Node, Values, best

_STEP = 0.05
EARTH = 6371.0088
"""Kilometres: the mean radius (IUGG)."""
_DEGREE = 110.5
"""Kilometres of a degree of latitude; slightly too few, so that no cell is left out."""
_SEPARATOR = ":"


def distance(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Kilometres between two points on the sphere (haversine)."""
    phi, other_phi = math.radians(lat), math.radians(other_lat)
    across = math.sin((other_phi - phi) / 2) ** 2
    along = math.sin(math.radians(other_lon - lon) / 2) ** 2
    root = across + math.cos(phi) * math.cos(other_phi) * along
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(root)))


def position(offer: Mapping[str, Any]) -> tuple[float, float] | None:
    """Where an offer is, to a metre; None if it does not say."""
    lat, lon = offer.get("lat"), offer.get("lon")
    if not (isinstance(lat, int | float) and isinstance(lon, int | float)):
        return None
    inside = -90 <= lat <= 90 and -180 <= lon < 180
    return (round(float(lat), 5), round(float(lon), 5)) if inside else None


def spot(lat: float, lon: float) -> str:
    """Coordinates as a value of the index, behind their cell."""
    return f"{cell(lat, lon)}{_SEPARATOR}{lat:.5f},{lon:.5f}"


def cell(lat: float, lon: float) -> str:
    """The cell that a point lies in."""
    return _cell(_row(lat), _column(lon))


def spot_distance(origin: Origin, value: str) -> float:
    """Kilometres from the origin to a spot."""
    lat, _, lon = value.partition(_SEPARATOR)[2].partition(",")
    return distance(origin.lat, origin.lon, float(lat), float(lon))


def circle(engine: Engine, origin: Origin, radius: float) -> Node:
    """The offers within a radius in kilometres."""
    inside: list[str] = []
    cut: list[str] = []
    for row, column in _box(origin, radius):
        near, far = _reach(origin, row, column)
        if far <= radius:
            inside.append(_cell(row, column))
        elif near <= radius:
            cut += (
                value
                for value, _ in engine.values("spot", _cell(row, column) + _SEPARATOR)
                if spot_distance(origin, value) <= radius
            )
    return best(Values("cell", tuple(inside)), Values("spot", tuple(cut)))


def nowhere() -> Node:
    """The offers that do not say where they are."""
    return Values("spot", (UNKNOWN,))


def _box(origin: Origin, radius: float) -> Iterator[tuple[int, int]]:
    height = radius / _DEGREE
    farthest = min(89.0, abs(origin.lat) + height)
    width = height / math.cos(math.radians(farthest))
    for row in range(_row(origin.lat - height), _row(origin.lat + height) + 1):
        for column in range(_column(origin.lon - width), _column(origin.lon + width) + 1):
            yield row, column


def _reach(origin: Origin, row: int, column: int) -> tuple[float, float]:
    """The least and the greatest distance of a cell's points, the least never too great."""
    south, west = row * _STEP - 90, column * _STEP - 180
    north, east = south + _STEP, west + _STEP
    far = max(
        distance(origin.lat, origin.lon, lat, lon) for lat in (south, north) for lon in (west, east)
    )
    lat = min(max(origin.lat, south), north)
    lon = min(max(origin.lon, west), east)
    # On the sphere the nearest point of a meridian lies a little beside the same latitude.
    return distance(origin.lat, origin.lon, lat, lon) * 0.999, far


def _row(lat: float) -> int:
    return math.floor((lat + 90) / _STEP + 1e-9)


def _column(lon: float) -> int:
    return math.floor((lon + 180) / _STEP + 1e-9)


def _cell(row: int, column: int) -> str:
    return f"{row:04d}{column:04d}"
