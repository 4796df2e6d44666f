"""A badge that a network can put on its own site: what is listed of it, and when it was read."""

from __future__ import annotations

from html import escape

from aggregator.catalogue.sources import SourceState
from aggregator.health import Health
from api import german

_LABEL = "netzlotse"
_PER_LETTER, _EDGE = 6.7, 9
_COLOURS = {
    Health.HEALTHY: "#1f5f3a", Health.WARNED: "#1f5f3a", Health.STALE: "#8a3b12",
    Health.BROKEN: "#8a3b12",
}  # fmt: skip
_QUIET = "#655c54"


def badge(state: SourceState, offers: int) -> str:
    """The badge as SVG: no script, no style sheet, nothing loaded from anywhere."""
    said = _said(state, offers)
    left, right = _width(_LABEL), _width(said)
    whole = left + right
    colour = _COLOURS.get(state.health, _QUIET)
    name = escape(f"{_LABEL}: {said}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="22" role="img" '
        f'aria-label="{name}"><title>{name}</title>'
        f'<rect width="{whole}" height="22" rx="4" fill="#0c5a5e"/>'
        f'<path d="M{left} 0h{right - 4}a4 4 0 0 1 4 4v14a4 4 0 0 1-4 4H{left}z" fill="{colour}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{_EDGE}" y="15" textLength="{left - 2 * _EDGE}">{_LABEL}</text>'
        f'<text x="{left + _EDGE}" y="15" textLength="{right - 2 * _EDGE}">{escape(said)}</text>'
        "</g></svg>"
    )


def _said(state: SourceState, offers: int) -> str:
    if state.last_accepted_at is None:
        return "noch nicht gelesen"
    day = german.short_day(state.last_accepted_at)
    counted = german.counted(offers, "Angebot", "Angebote")
    return f"{counted}, Stand {day}"


def _width(text: str) -> int:
    return round(len(text) * _PER_LETTER) + 2 * _EDGE
