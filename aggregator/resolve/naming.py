"""Names as they are compared: what says nothing is left out, spellings become one."""

from __future__ import annotations

import re
from functools import lru_cache

from aggregator.vocabulary.folding import fold, words

_ABBREVIATIONS = (
    (re.compile(r"\bev\.\s*"), "evangelisch "),
    (re.compile(r"\bkath\.\s*"), "katholisch "),
    (re.compile(r"\bbhf\.?\b"), "bahnhof"),
    (re.compile(r"str(?:\.|asse\b)"), "str"),
    (re.compile(r"\btel\.\s*"), "telefon "),
)
_LEGAL = re.compile(
    r"\b(?:e\.?\s?v\.?|g?gmbh|g?ug|ag|e\.?\s?g\.?|kdoer|k\.d\.oe\.r\.|stiftung buergerlichen "
    r"rechts|haftungsbeschraenkt|mbh|co kg)(?=\W|$)"
)
_INFLECTION = re.compile(r"(?<=[a-z]{4})(?:innen|ende[rsn]?|en|er|es|e|n|s)$")

WEAK = frozenset(
    (
        *("der", "die", "das", "dem", "den", "des", "ein", "eine", "einer", "eines", "einem"),
        *("einen", "fuer", "und", "mit", "von", "vom", "im", "in", "am", "an", "auf", "bei"),
        *("zum", "zur", "aus", "ihre", "ihr", "unser", "unsere", "alle", "offen", "offene"),
        *("offener", "angebot", "angebote", "alleinerziehend", "alleinerziehende"),
        *("alleinerziehenden", "einelternfamilie", "einelternfamilien", "eltern", "familie"),
        *("familien", "muetter", "vaeter", "kind", "kinder", "kindern"),
    )
)
"""Words that half of all titles share; they may not make two titles alike on their own."""


@lru_cache(maxsize=100_000)
def tokens(name: str) -> tuple[str, ...]:
    """The words of a name that tell something, inflections cut, in alphabetical order."""
    text = fold(name)
    for pattern, full in _ABBREVIATIONS:
        text = pattern.sub(full, text)
    text = _LEGAL.sub(" ", text)
    return tuple(sorted({_INFLECTION.sub("", w) for w in words(text) if w not in WEAK}))


@lru_cache(maxsize=100_000)
def joined(name: str) -> str:
    """All told letters of a name in one run, in the name's own order: compounds lose their gaps."""
    text = _LEGAL.sub(" ", fold(name))
    return "".join(w for w in words(text) if w not in WEAK)
