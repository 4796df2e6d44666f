"""Hits on a map of our own: the outlines of the Länder, points, some names of towns. No tiles.

The plane is that of `static/laender.svg`: 100 units are one degree of latitude, x is shrunk by the
cosine of 51.2° so that Germany looks as on any map.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from aggregator.index.base import Hit
from aggregator.offer import Offer
from aggregator.places.seed import berlin, towns

_WEST, _NORTH, _SHRINK = 5.8, 55.1, 62.66
_HEIGHT = 790.0
_SHAPE = 0.8  # height by width
_NEAREST = 24.0  # units, a good 25 km: a view never comes nearer
_ROOM = 0.18  # of the view, around the points
_TOUCH = 0.07  # of the view's width: markers nearer than that are one
_NEAR = 70.0  # units: Berlin fills such a view
_NAMES = 9
_LETTER = 0.011  # of the view's width: half a letter of a name


@dataclass(frozen=True, slots=True)
class Marker:
    """One spot with hits; `first` is the place in the list of the first of them."""

    x: float
    y: float
    first: int
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Name:
    """A town, so that people know where they are."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn: the part of the plane that is shown, a marker's radius, markers, towns."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    markers: Sequence[Marker]
    names: Sequence[Name]


def plan(hits: Iterable[tuple[Offer, Hit]], first: int) -> Plan | None:
    """The map of a page of hits, numbered from `first`; None where none says where it is."""
    spots = [
        (at, offer.title, *_plane(offer.lat, offer.lon))
        for at, (offer, _) in enumerate(hits, first)
        if offer.lat is not None and offer.lon is not None
    ]
    if not spots:
        return None
    x, y, width, height = _view([(x, y) for _, _, x, y in spots])
    groups: list[list[tuple[int, str, float, float]]] = []
    for spot in spots:
        for group in groups:
            if _apart(group[0], spot) < width * _TOUCH:
                group.append(spot)
                break
        else:
            groups.append([spot])
    markers = [_marker(group) for group in groups]
    return Plan(
        x, y, width, height, round(width * _TOUCH / 2, 2),
        markers, _names(x, y, width, height, markers),
    )  # fmt: skip


def _plane(lat: float, lon: float) -> tuple[float, float]:
    return round((lon - _WEST) * _SHRINK, 2), round((_NORTH - lat) * 100, 2)


def _view(points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    """The smallest view of the right shape that holds the points with room around them."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width = max(_NEAREST, (max(xs) - min(xs)) * (1 + 2 * _ROOM))
    height = max(width * _SHAPE, (max(ys) - min(ys)) * (1 + 2 * _ROOM))
    width = max(width, height / _SHAPE)
    if height > _HEIGHT:
        width, height = _HEIGHT / _SHAPE, _HEIGHT
    x = (min(xs) + max(xs) - width) / 2
    y = (min(ys) + max(ys) - height) / 2
    return round(x, 1), round(y, 1), round(width, 1), round(height, 1)


def _apart(one: tuple[int, str, float, float], other: tuple[int, str, float, float]) -> float:
    distance: float = ((one[2] - other[2]) ** 2 + (one[3] - other[3]) ** 2) ** 0.5
    return distance


def _marker(group: Sequence[tuple[int, str, float, float]]) -> Marker:
    first, _, x, y = group[0]
    label = str(first) if len(group) == 1 else f"{first}+"
    return Marker(x, y, first, label, "; ".join(spot[1] for spot in group[:4]))


@cache
def _towns() -> Sequence[Name]:
    return [Name(*_plane(town.lat, town.lon), town.name) for town in towns()]


@cache
def _districts() -> Sequence[Name]:
    found = {district.key: district for district in berlin()[0].values()}
    return [Name(*_plane(one.lat, one.lon), one.name) for one in found.values()]


def _names(
    x: float, y: float, width: float, height: float, markers: Sequence[Marker]
) -> list[Name]:
    """Some towns of a view, in a near one Berlin's districts; none over another or a marker."""
    chosen: list[Name] = []
    taken: list[Name | Marker] = [*markers]
    for town in _districts() if width < _NEAR else _towns():
        edge = width * max(0.05, len(town.text) * _LETTER)
        inside = x + edge < town.x < x + width - edge and y < town.y < y + height
        free = all(
            abs(town.y - one.y) > height * 0.07 or abs(town.x - one.x) > width * 0.22
            for one in taken
        )
        if inside and free and len(chosen) < _NAMES:
            chosen.append(town)
            taken.append(town)
    return chosen
