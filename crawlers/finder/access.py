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
    r"|\b\w*räume\b|\bzu uns\b|\bwir (?:sind|liegen)\b|\b(?:ein|zu)gang\b"
    r"|\b(?!kranken|warenhaus|kauf)\w*haus\b",
    re.IGNORECASE,
)
# "Barrierefreie Version", "Leichte Sprache": of the site, not of the house.
_SITE = re.compile(
    r"(?:web)?seite\b|website|version|internet|sprache|surfen|erklärung", re.IGNORECASE
)
_REMARK = 160  # characters of a remark beside an address
_LONG = 600  # characters of a line; more is no remark


def names_access(text: str) -> bool:
    """True for a line that says how a house is entered."""
    return len(text) <= _LONG and WAY.found(text.lower()) and _HOUSE.search(text) is not None


def remarks_access(line: str) -> bool:
    """True for a line beside an address that says no more than how the house is entered."""
    return len(line) <= _REMARK and WAY.found(line.lower()) and _SITE.search(line) is None
