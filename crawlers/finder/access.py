"""Whether a house can be entered without steps, as a line of a page says it."""

from __future__ import annotations

import re

from crawlers.finder.stemmed import Stemmed

WAY = Stemmed(
    "rollstuhl|rolli|barrierefrei|stufenlos|ebenerdig|aufzug|fahrstuhl",
    r"rollstuhl|\brolli|barrierefrei(?!heit)|stufenlos|ebenerdig|\baufzug|\bfahrstuhl",
)
"""What a house offers those who come on wheels."""
_HOUSE = re.compile(
    r"\b(?:unser\w*|das|im|dem|ganze[ns]?) (?:\w+ )?(?:haus|gebäude|zentrum|räume\w*|treff)\b"
    r"|\b\w*räume\b|\bzu uns\b|\bwir (?:sind|liegen)\b|\b(?:ein|zu)gang\b|\bhaus\b",
    re.IGNORECASE,
)
_LONG = 600  # characters of a line; more is no remark


def names_access(text: str) -> bool:
    """True for a line that says how a house is entered."""
    return len(text) <= _LONG and WAY.found(text.lower()) and _HOUSE.search(text) is not None
