"""Colours that a host chooses, and which text can be read on them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
_BLACK, _WHITE = "#000000", "#ffffff"


class Colours(BaseModel):
    """Colours as `#rrggbb`; what is not chosen is the host's or the system's."""

    model_config = ConfigDict(extra="ignore")

    accent: Colour | None = None
    """Of buttons."""
    text: Colour | None = None
    surface: Colour | None = None
    """Behind the text. Together with `text` or not at all."""

    def chosen(self) -> Mapping[str, str]:
        """The colours that are set by name, with the text on the accent."""
        found = {"text": self.text, "surface": self.surface} if self.text and self.surface else {}
        if self.accent:
            found |= {"accent": self.accent, "on-accent": on(self.accent)}
        return {name: colour for name, colour in found.items() if colour}


def _channel(value: int) -> float:
    share = value / 255
    return float(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)


def _luminance(colour: str) -> float:
    red, green, blue = (_channel(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def on(colour: str) -> str:
    """Black or white, whichever is read better on a colour; one of them has 4.5:1 on any."""
    return max((_WHITE, _BLACK), key=lambda text: contrast(text, colour))


def style(chosen: Mapping[str, str]) -> str:
    """The colours as custom properties of the frame's page."""
    said = ";".join(f"--{name}:{colour}" for name, colour in chosen.items())
    return f":root{{{said}}}" if said else ""


def permission(css: str) -> str:
    """What a policy's `style-src` says to let this one style element in (CSP 3, hash sources)."""
    if not css:
        return ""
    return f" 'sha256-{base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()}'"
