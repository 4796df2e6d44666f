"""Distance: from which share of the postcodes of a region an offer of a topic is near."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aggregator.comparison.figure import Empty, Figure
from aggregator.comparison.line import Kind, Line, View, lines
from aggregator.comparison.stock import Point, Row, Stock, kreis
from aggregator.comparison.table import Cell, Table
from aggregator.comparison.table import Line as TableLine
from aggregator.comparison.words import head_of, note, title, topic_heads
from aggregator.index.around import EARTH
from aggregator.vocabulary.regions import REGIONS

WITHIN = (5, 10, 20)
"""Kilometres that can be asked for."""
_AT_ONCE = 2_000  # postcodes whose distances are held in memory


def reach(stock: Stock, within: int = 10, land: str | None = None) -> Table:
    """Regions by topics: the share of their postcodes with an offer of the topic near by.

    The offer may lie in another region: nobody asks at the border. Offers without a place are
    unknown; those for a whole Land are reached by other ways and count nowhere here.
    """
    columns = topic_heads()
    made = [line for line in lines(stock, View.SERVED, land) if _is_one(line)]
    regions = {line.region for line in made}
    codes = [code for code in stock.postcodes if kreis(code.region) in regions]
    points = [(code.lat, code.lon) for code in codes]
    near = {
        column.key: _near(points, _places(stock.offers, column.key), within) for column in columns
    }
    rows = []
    for line in made:
        mine = [at for at, code in enumerate(codes) if kreis(code.region) == line.region]
        cells = [
            Cell(_figure(line, [bool(near[column.key][at]) for at in mine], column.key))
            for column in columns
        ]
        rows.append(TableLine(head_of(line), cells))
    name = f"reach-{within}"
    return Table(name, title(name), "share", columns, rows, note(name))


def distances(points: Sequence[Point], others: Sequence[Point]) -> NDArray[np.float64]:
    """Great-circle distances in km (haversine), a row a point."""
    one, two = np.radians(np.array(points)), np.radians(np.array(others))
    lat = one[:, None, 0] - two[None, :, 0]
    lon = one[:, None, 1] - two[None, :, 1]
    chord = (
        np.sin(lat / 2) ** 2
        + np.cos(one[:, None, 0]) * np.cos(two[None, :, 0]) * np.sin(lon / 2) ** 2
    )
    found: NDArray[np.float64] = 2 * EARTH * np.arcsin(np.sqrt(chord))
    return found


def _is_one(line: Line) -> bool:
    """Whether it is a region to live in: a Land only where it is a town (Hamburg)."""
    inside = (key for key in REGIONS if key.startswith(line.region or "?") and len(key) == 5)
    return line.kind is Kind.REGION or (line.kind is Kind.LAND_WIDE and not any(inside))


def _near(points: Sequence[Point], offers: Sequence[Point], within: int) -> NDArray[np.bool_]:
    if not points or not offers:
        return np.zeros(len(points), dtype=np.bool_)
    return np.concatenate(
        [
            distances(points[start : start + _AT_ONCE], offers).min(axis=1) <= within
            for start in range(0, len(points), _AT_ONCE)
        ]
    )


def _places(offers: Sequence[Row], topic: str) -> list[Point]:
    return sorted(
        {(o["lat"], o["lon"]) for o in offers if topic in o["topics"] and o["lat"] is not None}
    )


def _figure(line: Line, near: Sequence[bool], topic: str) -> Figure:
    unknown = sum(topic in o["topics"] and o["lat"] is None for o in line.offers)
    if not near:
        return Figure(None, None, None, unknown, len(line.offers), Empty.NO_POSTCODES)
    found = sum(near)
    if not found:
        why = Empty.NOT_STATED if unknown else line.why_topic(topic)
        return Figure(None, 0, len(near), unknown, len(line.offers), why)
    return Figure(found / len(near), found, len(near), unknown, len(line.offers))
