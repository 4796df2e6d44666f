"""What a house says once of all that it offers: that it costs nothing, whether one registers."""

from __future__ import annotations

import re

from crawlers.finder.stemmed import Stemmed

TERM = Stemmed(
    "kostenlos|kostenfrei|gebührenfrei|unentgeltlich|umsonst|anmeldung|anzumelden",
    r"\b(?:kostenlos|kostenfrei|gebührenfrei|unentgeltlich|umsonst|(?:vor)?anmeldung|anzumelden)",
)
"""What it says of cost or registration."""
_OF_ALL = re.compile(
    r"\b(?:alle[ns]?|sämtliche[ns]?|unsere[nr]?)\b|\bbei uns\b|\bberaten\b", re.IGNORECASE
)
_LONG = 400  # characters of a line; more is a text about something


def names_terms(line: str) -> bool:
    """True for a line that may say on which terms all is offered; the normaliser understands it."""
    return len(line) <= _LONG and TERM.found(line.lower()) and _OF_ALL.search(line) is not None
