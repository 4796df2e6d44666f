"""What a German clause denies: one notion of the reach of "kein", "ohne" and "nicht"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aggregator.normalise.cues import Cues

# kein/ohne/weder reach the nouns that follow, over adjectives and "und"/"oder", up to a comma, a
# preposition, a verb or a contrast: "ohne Termin und Anmeldung" denies both, "keine Kosten,
# Anmeldung erforderlich" only the first.
_STOP = (
    r"(?:ist|sind|wird|werden|kann|koennen|bitte|aber|sondern|jedoch|sonst|mit|nur|bei|wegen|gibt)"
)
_BEFORE = re.compile(
    r"\b(?:kein(?:e[nrms]?|erlei)?|ohne|nicht|weder|noch|nie|niemand"
    rf"|entfaellt)[ \-]+(?:(?!{_STOP}\b)[\w\-]+[ /]+){{0,4}}$"
)
_NOT_ONLY = re.compile(r"\bnicht (?:nur|allein|ausschliesslich|zuletzt)\b")
# "… ist (leider) nicht nötig", "… können wir leider nicht anbieten", "… brauchen Sie nicht".
_ENDS = (
    r"(?:und|oder|erforderlich|notwendig|noetig|erbeten|gebeten|unter|bis|per|da|weil|wenn|falls)"
)
_AFTER = re.compile(
    rf"^[:?]{{0,2}}[ \-–]*(?:(?!{_ENDS}\b)[\w\-]+ ){{0,6}}?"
    r"(?:nicht|keine?|niemand|nein|noe|nee|entfaellt|unnoetig)\b(?! (?:nur|zuletzt))"
)
_CLAUSE = re.compile(r"[,;()]| – | - |\b(?:aber|sondern|jedoch|sonst)\b")
_WORDS = Cues(
    "kein",
    "ohne",
    "nicht",
    "weder",
    "noch",
    "nie",
    "nein",
    "noe",
    "nee",
    "entfaellt",
    "unnoetig",
)
_DENYING = frozenset({"kein", "keine", "keinen", "keiner", "keinem", "keinerlei", "ohne", "weder"})


def negated(sentence: str, start: int, end: int) -> bool:
    """True where the words sentence[start:end] (folded) are denied by their clause."""
    if not _WORDS.stand_in(sentence):
        return False
    before = sentence[max(0, start - 120) : start]
    opened = 0
    for mark in _CLAUSE.finditer(before):
        opened = mark.end()
    before = _NOT_ONLY.sub("", before[opened:])
    if _BEFORE.search(before):
        return True
    after = sentence[end : end + 120]
    closed = _CLAUSE.search(after)
    return _AFTER.match(after[: closed.start()] if closed else after) is not None


def denies(words: Sequence[str]) -> bool:
    """True where "kein" or "ohne" stands anywhere in a folded text: the cheap question before."""
    return not _DENYING.isdisjoint(words)


def denied(words: Sequence[str], at: int) -> bool:
    """True where "kein" or "ohne" stands up to two words before a word of a folded text."""
    return (at > 0 and words[at - 1] in _DENYING) or (at > 1 and words[at - 2] in _DENYING)
