"""How German pages call what they say again in plain words: Leichte or einfache Sprache."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

_NAME = re.compile(
    r"(?:leicht|einfach)(?:e[rn]?)?\s+(?:deutsche[rn]?\s+)?sprache|einfachen?\s+worten|"
    r"(?:einfach|leicht)\s+(?:erklärt|gesagt|verständlich)",
    re.IGNORECASE,
)
_BESIDE = frozenset({
    "in", "auf", "und", "das", "dies", "dieses", "diese", "unser", "unsere", "angebot",
    "angebote", "text", "kurz", "gesagt", "erklärt", "zusammengefasst", "zusammenfassung",
    "information", "informationen", "infos", "beschreibung", "es", "worum", "geht", "was", "wir",
    "machen", "tun", "bieten", "noch", "einmal", "alles", "wichtige", "wichtiges", "wichtigste",
    "für", "alle", "deutsch", "erklärung", "über", "uns", "steht", "hier", "so", "ganz", "mal",
})  # fmt: skip
_OF_LINKS = frozenset({
    "dieser", "den", "die", "der", "seite", "artikel", "inhalt", "zur", "zum", "zu", "lesen",
    "anzeigen", "ansehen", "wechseln", "öffnen", "version", "fassung", "gibt", "mehr", "als",
    "auch",
})  # fmt: skip
_WORD = re.compile(r"\w+")
_LONGEST = 90  # characters; a longer line is a sentence


def calls_plain(text: str, also: AbstractSet[str] = frozenset()) -> bool:
    """True for a heading that says no more than that what follows is in plain words.

    `also` are words that may stand beside, case-folded: those of the title. Any other word makes
    it something else: a course in Leichte Sprache, a file to load.
    """
    lower = text.lower()
    may = len(text) <= _LONGEST and ("leicht" in lower or "einfach" in lower)
    found = _NAME.search(text) if may else None
    if found is None:
        return False
    beside = words(text[: found.start()] + " " + text[found.end() :])
    return all(word in _BESIDE or word in also for word in beside)


def leads_to_plain(text: str) -> bool:
    """True for the words of a link to the same page in plain words."""
    return calls_plain(text, _OF_LINKS)


def words(text: str) -> list[str]:
    """The words of a text, case-folded."""
    return _WORD.findall(text.casefold())
