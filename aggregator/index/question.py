"""What somebody typed, taken apart: words, quoted phrases, words that must not occur."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aggregator.index.analysis import LONGEST_WORD, clean, words

MOST_WORDS = 24
"""Words of a query that count; nobody reads results for more."""

LONGEST_QUERY = 1000
"""Characters of a query that are read."""

_PIECE = re.compile(r'(?<![^\s(])(?P<minus>[-−–])?[„“"«»](?P<phrase>[^„“”"«»]{1,300})[“”"«»]')
_MINUS = re.compile(r"(?<!\S)[-−–](?=[^\W_])(?P<word>\S{1,80})")

# Words that say nothing about what is looked for; folded. They count inside a quoted phrase.
_STOP = frozenset((
    "aber", "alle", "allem", "allen", "aller", "alles", "als", "also", "am", "an",
    "auch", "auf", "aus", "bei", "beim", "bin", "bis", "bist", "bitte",
    "brauch", "brauche", "brauchen", "braucht", "bekomm", "bekomme", "bekommen", "bekommt",
    "da", "dabei", "dafur", "dann", "das", "dass", "dein", "deine", "dem", "den", "denn",
    "der", "des", "die", "dies", "diese", "diesem", "diesen", "dieser", "dieses", "doch",
    "dort", "du", "durch", "ein", "eine", "einem", "einen", "einer", "eines", "er", "es",
    "etwas", "euch", "fur", "gegen", "geht", "gerne", "gib", "gibt", "gibts", "hab", "habe",
    "haben", "hallo", "hat", "hatte", "helfen", "hier", "hilft", "ich", "ihr", "ihre", "ihrem",
    "ihren", "im", "in", "ins", "ist", "ja", "jemand", "jetzt", "kann", "kannst",
    "konnen", "konnte", "man", "mein", "meine", "meinem", "meinen", "meiner", "mich", "mir",
    "mit", "mochte", "muss", "mussen", "nach", "nah", "nahe", "naher", "noch", "nur", "ob",
    "oder", "ohne", "schon", "sehr", "seid", "sein", "seine", "seit", "sich", "sie", "sind",
    "so", "soll", "sowie", "suche", "suchen", "uber", "um", "und", "uns", "unser",
    "unsere", "viel", "vom", "von", "vor", "war", "was", "weil", "wegen", "welche", "welcher",
    "welches", "wenn", "wer", "werde", "werden", "wie", "will", "wir", "wird", "wo",
    "woher", "wohin", "womit", "wurde", "zu", "zum", "zur", "zwischen", "finde", "finden",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of the query that counts."""

    term: str
    folded: str
    surface: str
    last: bool = False
    """Nothing was typed behind it: it may be the beginning of a word."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query understood. Everything empty: all offers are wanted."""

    words: tuple[Wanted, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()
    """Each a word or phrase as stems; an offer that has one is not wanted."""

    @property
    def asks(self) -> bool:
        """Whether anything is looked for (and not only left out)."""
        return bool(self.words or self.phrases)


def query_terms(text: str) -> Question:
    """Take a query apart. Any text gives some question; operators are words, never syntax."""
    text = clean(text[:LONGEST_QUERY])
    phrases: list[tuple[str, ...]] = []
    excluded: list[tuple[str, ...]] = []

    def quoted(match: re.Match[str]) -> str:
        stems = _stems(match["phrase"])
        if stems:
            (excluded if match["minus"] else phrases).append(stems)
        return " "

    def minus(match: re.Match[str]) -> str:
        stems = _stems(match["word"])
        if stems:
            excluded.append(stems)
        return " "

    rest = _MINUS.sub(minus, _PIECE.sub(quoted, text))
    found = list(words(rest))[:MOST_WORDS]
    open_end = bool(found) and not rest[found[-1].end :]
    meant = [word for word in found if word.form.folded not in _STOP]
    if not meant and not phrases:
        meant = found
    unfinished = found[-1] if open_end else None
    distinct: dict[str, Wanted] = {}
    for word in meant:
        surface, folded, terms = word.form
        distinct[terms[0]] = Wanted(terms[0], folded, surface, last=word is unfinished)
    if not (distinct or phrases or excluded) and any(map(str.isalnum, rest)):
        # No word that an offer could have was typed, which is not the same as nothing.
        odd = rest.strip()[:LONGEST_WORD]
        distinct[odd] = Wanted(odd, odd, odd)
    return Question(tuple(distinct.values()), tuple(phrases), tuple(excluded))


def content_terms(text: str) -> tuple[str, ...]:
    """The stems of the words that count, in order: the key of a synonym."""
    forms = (word.form for word in words(clean(text)))
    return tuple(form.terms[0] for form in forms if form.folded not in _STOP)


def _stems(text: str) -> tuple[str, ...]:
    return tuple(word.form.terms[0] for word in words(text))[:MOST_WORDS]
