"""A trend as a small picture: drawn by the server, readable by all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.catalogue.board import Point
from aggregator.health import PUBLISHED
from api import german, labels

WIDTH, HEIGHT = 120, 32
_EDGE = 4


@dataclass(frozen=True, slots=True)
class Dot:
    """One run: where it stands, and whether it was published."""

    x: float
    y: float
    published: bool


@dataclass(frozen=True, slots=True)
class Sparkline:
    """What the template draws. `words` tell the same to who does not see it."""

    dots: Sequence[Dot]
    line: str
    """`points` of an SVG polyline through the published runs."""
    words: str


def sparkline(points: Sequence[Point]) -> Sparkline | None:
    """The picture of a trend; None where there is nothing to see yet."""
    if not points:
        return None
    most = max(1, *(point.found for point in points))
    step = (WIDTH - 2 * _EDGE) / max(1, len(points) - 1)
    dots = [
        Dot(
            round(_EDGE + place * step, 1) if len(points) > 1 else WIDTH / 2,
            round(HEIGHT - _EDGE - point.found / most * (HEIGHT - 2 * _EDGE), 1),
            point.verdict in PUBLISHED,
        )
        for place, point in enumerate(points)
    ]
    line = " ".join(f"{dot.x},{dot.y}" for dot in dots if dot.published)
    held = sum(not dot.published for dot in dots)
    words = "Gefundene Angebote in den letzten Läufen: " + ", ".join(
        german.number(point.found)
        + ("" if point.verdict in PUBLISHED else f" ({labels.VERDICTS[point.verdict]})")
        for point in points
    )
    return Sparkline(dots, line if len(dots) - held > 1 else "", words)
