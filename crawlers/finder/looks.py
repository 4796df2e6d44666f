"""What an element looks like to a reader: bold, or a bar that opens a box below it."""

from __future__ import annotations

import re
from functools import lru_cache

_BOLD = frozenset({"b", "strong", "big"})
_TOGGLE = re.compile(r"accordion|toggle|collapse|akkordeon|elementor-tab-title", re.IGNORECASE)
_TOGGLE_TITLE = re.compile(
    r"(?:[\w-]{1,40}[-_])?(?:toggler|tab-title|spoiler-title|faq-question|panel-title"
    r"|(?:accordion|akkordeon|toggle|collapse)[-_]*(?:title|titel|header|heading|head"
    r"|button|trigger|label))",
    re.IGNORECASE,
)
_VARIABLE = re.compile(
    r"\d|^(?:category|cat|tag|term|format|status|odd|even|first|last|active|open|show|collapsed?"
    r"|current|clearfix|row|col|mb|mt|my|py|px|pb|pt|is|has|js|wp-block-\w+$|d-flex"
    r"|container(?:-fluid)?|text)"
    r"(?:-|_|$)",
    re.IGNORECASE,
)
_SIZE = re.compile(r"font-size\s*:\s*([\w.%-]+)", re.IGNORECASE)
_SLANTS = {"u": "u", "em": "i", "i": "i"}
_UNDERLINED = re.compile(r"text-decoration[\w-]*\s*:\s*underline", re.IGNORECASE)


@lru_cache(maxsize=2048)  # the same few classes come again on every page of a site
def steady(names: tuple[str, ...]) -> tuple[str, ...]:
    """The class names that tell what an element is, not which one it is."""
    return tuple(name for name in names if not _VARIABLE.search(name))


def bold(tag: str, attributes: dict[str, str | None], style: str) -> bool:
    """True for bold or large text; `style` is the style attribute without spaces."""
    if tag == "font":
        return (attributes.get("size") or "") in {"4", "5", "6", "+1", "+2", "+3"}
    return tag in _BOLD or "font-weight:bold" in style or "font-weight:700" in style


@lru_cache(maxsize=2048)
def _declared(style: str) -> str:
    """The size and underlining in a style attribute: "20px", "1.4em u", …; "" where it has none."""
    size = _SIZE.search(style)
    line = " u" if _UNDERLINED.search(style) else ""
    return f"{size[1].lower() if size else ''}{line}"


def style(tag: str, attributes: dict[str, str | None], around: str) -> str:
    """What letters look like inside an element: size, underlining, slant, as its markup says.

    `around` is what holds outside. The words are for comparison with other lines only.
    """
    if tag in _SLANTS:
        return f"{around} {_SLANTS[tag]}"
    if stated := attributes.get("style"):
        return _declared(stated) or around
    return around


def toggle(tag: str, names: tuple[str, ...], attributes: dict[str, str | None]) -> bool:
    """True for the title bar of an accordion or tab."""
    if (
        attributes.get("data-toggle") == "collapse"
        or attributes.get("data-bs-toggle") == "collapse"
    ):
        return True
    if attributes.get("role") in {"tab", "button"} or tag in {"button", "a"}:
        if "aria-expanded" in attributes or "aria-controls" in attributes:
            return True
        return tag in {"button", "div"} and any(_TOGGLE.search(name) for name in names)
    return bool(names) and _names_toggle_title(names)


@lru_cache(maxsize=2048)
def _names_toggle_title(names: tuple[str, ...]) -> bool:
    return any(_TOGGLE_TITLE.fullmatch(name) for name in names)
