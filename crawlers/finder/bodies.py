"""Names of bodies that offer: associations, offices of the administration, houses."""

from __future__ import annotations

import re
from functools import lru_cache

from crawlers.bodies import ADULT_EDUCATION, AUTHORITIES, WELFARE

_LONG = 110  # characters; what is longer names nobody
_FORM = re.compile(
    r"\b(?:e\.\s?V\.?|e\.\s?G\.|g?GmbH|gUG|gAG|KdöR|AöR)(?!\w)|\w*[sS]tiftung\b(?!s)"
)
_KNOWN = re.compile(
    rf"(?:der |die |das )?(?:{WELFARE}|{AUTHORITIES}|{ADULT_EDUCATION}|sozialdienst|parität\w*"
    r"|amt für|fach(?:dienst|bereich|stelle für)"
    # "Hansestadt Rostock" alone heads what is there, not what the town offers.
    r"|(?:landeshaupt|hanse|universitäts)stadt [^,]{2,40},|stadt(?:verwaltung)?"
    r"|(?:land)?kreis|gemeinde"
    r"|(?:evangelische|katholische|ev\.|kath\.)[\w .-]{0,12} ?(?:kirchen|pfarr)?gemeinde"
    r"|(?:kreis|orts|landes|stadt)verband)(?!\w)(?! (?:und|&) )",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"(?:[\wäöüß]+[- ])?[\wäöüß]*(?:zentrum|haus|werk|verein|verband|büro|forum|akademie|stätte"
    r"|beratungsstelle|bildungsstätte|gemeinde|initiative)(?![\wäöü])",
    re.IGNORECASE,
)
_OFFERED_TOO = re.compile(
    r"(?:beratung|sprechstunde|treff|gruppe|kurs|café|frühstück|hotline|telefon|projekt|training"
    r"|coaching|frühförderung|betreuung|hilfe)(?:e|n|en|s)?\b(?!-)",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def names_body(text: str) -> bool:
    """True for the name of a body that all know by its form or its name, not of what it offers."""
    text = text.strip()
    if len(text) > _LONG or text.endswith(("?", "!", ":")):
        return False
    if _FORM.search(text):
        return True
    return bool(_KNOWN.match(text)) and not _OFFERED_TOO.search(text)


@lru_cache(maxsize=4096)
def names_house(text: str) -> bool:
    """True for a name that begins with a kind of house or association: "Familienzentrum Nord"."""
    return len(text) <= _LONG and _HOUSE.match(text.strip()) is not None
