"""The sentences of a record, as they stand and folded: what all facet readers look at."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from aggregator.normalise.cues import heard
from aggregator.vocabulary.folding import fold, words
from crawlers.record import FRAME, Passage, Record, Role

_LIMIT = 20_000  # characters of one passage that are read; a passage is a visual line
# A sentence ends at a mark before white space and a capital or an opening quote.
# What divides stands first in the pattern, so that the engine finds where to look.
_END = re.compile(
    r"[.!?;…)€\s](?:(?<=\S)\s+(?=[A-ZÄÖÜ(„\"»])|(?<=[a-zäöüß]{5}\.)\s+(?=\d)|(?<=\s)[|•·▪]\s|(?<=\n))"
)
# Without one of these no sentence ends before its line does: a question found fast.
_MAY_END = re.compile(r"[.!?;…)€|•·▪\n](?:\s|(?<=\n))")
# No end: "z. B.", "30. Mai" (one or two letters, a number up to 31), a known abbreviation; and
# "Anmeldung? Nicht nötig!", a question with its answer.
_GOES_ON = re.compile(
    r"(?:(?<![^\W\d_])[^\W\d_]{1,2}|(?<!\d)(?:[12]?\d|3[01])|str|\b(?:tel|inkl|zzgl|evtl|ggf|bzw"
    r"|usw|max|min|nr|abs|vgl|insbes|insb|einschl|bspw"
    r"|kath))\.\s",
    re.IGNORECASE,
)
_ANSWER = ("Nicht", "Nein", "Ja", "Kein")
# "Anmeldung ab 1. März. Nur online.": a sentence without a verb of its own.
_ELLIPSIS = ("Nur online", "Nur telefonisch", "Nur per", "Nur mit", "Nur nach")


_KEPT = 4_096  # lines whose folded form is remembered: a site repeats them over its records
remembered = lru_cache(maxsize=_KEPT)
"""For what a reader makes of a sentence alone: half of those that matter are said again, too."""


class Sentence(NamedTuple):
    """A sentence of a passage: the words as they stand, and folded to be matched."""

    quote: str
    folded: str
    role: Role
    locator: str
    said: int
    """What is heard in it: see `aggregator.normalise.cues`."""


@lru_cache(maxsize=_KEPT)
def divide(text: str) -> tuple[tuple[str, str], ...]:
    """The sentences of a line, each with its folded form."""
    text = text[:_LIMIT]
    found: list[str] = []
    start = 0
    for mark in _END.finditer(text) if _MAY_END.search(text) else ():
        sign = mark[0][0]
        if sign == "." and _GOES_ON.search(text, max(start, mark.start() - 6), mark.end()):
            continue
        if sign == "?" and text.startswith(_ANSWER, mark.end()):
            continue
        if sign == "." and text.startswith(_ELLIPSIS, mark.end()):
            continue
        found.append(text[start : mark.start() + 1].strip())
        start = mark.end()
    found.append(text[start:].strip())
    if found == [text]:
        return ((text, fold_passage(text)),) if text else ()
    return tuple((part, fold(part)) for part in found if part)


@lru_cache(maxsize=_KEPT)
def fold_passage(text: str) -> str:
    """A whole passage folded: the cheap question whether a facet is spoken of at all."""
    return fold(text[:_LIMIT])


@lru_cache(maxsize=_KEPT)
def word_list(text: str) -> tuple[str, ...]:
    """The folded words of a whole passage."""
    return tuple(words(fold_passage(text)))


class RecordText:
    """A record as its readers share it: folded, divided and listened to once, whoever looks."""

    __slots__ = ("_divided", "_heard", "_lines", "passages", "record", "title")

    def __init__(self, record: Record) -> None:
        self.record = record
        self.passages = record.passages
        self.title = record.title
        self._divided: dict[int, list[Sentence]] = {}
        self._lines = []
        self._heard = 0
        for passage in record.passages:
            if passage.role in FRAME:  # no facet is told around a record
                continue
            folded = fold_passage(passage.text)
            said = heard(folded)
            self._heard |= said
            self._lines.append((said, folded, passage))

    def lines(self, cues: int, roles: frozenset[Role]) -> list[tuple[str, Passage]]:
        """The folded passages with these roles in which at least one cue stands."""
        if not self._heard & cues:
            return []
        return [(text, p) for said, text, p in self._lines if said & cues and p.role in roles]

    def sentences(self, cues: int, roles: frozenset[Role]) -> list[Sentence]:
        """The sentences of passages with these roles in which at least one cue stands."""
        found: list[Sentence] = []
        if self._heard & cues:
            for at, (said, _, passage) in enumerate(self._lines):
                if said & cues and passage.role in roles:
                    found += [one for one in self._sentences(at) if one.said & cues]
        return found

    def _sentences(self, at: int) -> list[Sentence]:
        known = self._divided.get(at)
        if known is None:
            passage = self._lines[at][2]
            known = self._divided[at] = [
                Sentence(quote, folded, passage.role, passage.locator, heard(folded))
                for quote, folded in divide(passage.text)
            ]
        return known
