"""What somebody typed, taken apart: words, quoted phrases, words that must not occur."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import MappingProxyType

from aggregator.index.analysis import LONGEST_WORD, Word, clean, words
from aggregator.vocabulary.stemming import stem

MOST_WORDS = 24
"""Words of a query that count; nobody reads results for more."""

LONGEST_QUERY = 1000
"""Characters of a query that are read."""

_LONGEST_SENTENCE = 5

_PIECE = re.compile(r'(?<![^\s(])(?P<minus>[-−–])?[„“"«»](?P<phrase>[^„“”"«»]{1,300})[“”"«»]')
_MINUS = re.compile(r"(?<!\S)[-−–](?=[^\W_])(?P<word>\S{1,80})")

STOP = frozenset((
    "aber", "alle", "allem", "allen", "aller", "alles", "als", "also", "am", "an",
    "auch", "auf", "aus", "bei", "beim", "bin", "bis", "bist", "bitte",
    "brauch", "brauche", "brauchen", "braucht", "bekomm", "bekomme", "bekommen", "bekommt",
    "da", "dabei", "dafur", "dann", "das", "dass", "dein", "deine", "dem", "den", "denn",
    "der", "des", "die", "dies", "diese", "diesem", "diesen", "dieser", "dieses", "doch",
    "dort", "du", "durch", "ans", "aufs", "furs", "ums", "ein", "eine",
    "einem", "einen", "einer", "eines", "er", "es",
    "etwas", "euch", "fur", "gegen", "geht", "gerne", "gib", "gibt", "gibts", "hab", "habe",
    "haben", "hallo", "hat", "hatte", "helfen", "hier", "hilft", "ich", "ihr", "ihre", "ihrem",
    "ihren", "im", "in", "ins", "ist", "ja", "jemand", "jetzt", "kannst",
    "konnen", "konnte", "man", "mein", "meine", "meinem", "meinen", "meiner", "mich", "mir",
    "mit", "mochte", "muss", "mussen", "nach", "nah", "nahe", "naher", "noch", "nur", "ob",
    "oder", "ohne", "schon", "sehr", "seid", "sein", "seine", "seit", "sich", "sie", "sind",
    "so", "soll", "sowie", "suche", "suchen", "uber", "um", "und", "uns", "unser",
    "unsere", "viel", "vom", "von", "vor", "war", "was", "weil", "wegen", "welche", "welcher",
    "welches", "wenn", "wer", "werde", "werden", "wie", "will", "wir", "wird", "wo",
    "woher", "wohin", "womit", "wurde", "zu", "zum", "zur", "zwischen", "finde", "finden",
))  # fmt: skip
"""Words that say nothing about what is looked for; folded. They count inside a quoted phrase."""


WEAK = frozenset((
    "nicht", "kein", "keine", "keinen", "keiner", "keinem", "mehr", "nie", "immer", "ganz", "total",
    "gar", "weg", "los", "mal", "halt", "endlich", "gerade", "dringend", "gut", "gute", "guten",
    "bisschen", "einfach", "wirklich", "eigentlich", "machen", "mache", "mach", "macht", "tun",
    "kommen", "kommt", "komme", "gehen", "gehe", "lassen", "lasst", "sagen", "sagt", "weiss",
    "wissen", "sollte", "musste", "wollen", "wolle", "mag", "klar", "leider", "selber", "selbst",
    "hilfe", "hilfen", "unterstutzung", "info", "infos", "information", "informationen", "angebot",
    "angebote", "kind", "kinder", "kindern", "kindes", "sohn", "tochter", "alleinerziehend",
    "alleinerziehende", "alleinerziehenden", "alleinerziehender", "frau", "frauen", "leute",
    "wieder", "wann", "warum", "danke", "nun", "dazu", "davon", "damit", "beide", "zwei", "drei",
    "jahr", "jahre", "alt", "tag", "tage", "woche", "wochen", "monat", "uhr", "zeit", "lieber",
    "bald", "sofort", "kann", "nix", "nichts", "nich", "net", "finde", "finden", "suche", "sucht",
    "gesucht", "brauche", "jemand", "jemanden", "keiner", "niemand", "seit", "schon", "nachste",
    "umgebung", "meine", "neu", "neue", "weiter", "gehts", "geht", "lauft",
))  # fmt: skip
"""Words that nearly every offer could be asked with; folded. They count where they occur, but
beside others an offer need not have them, unless they are part of a phrase (Kind krank)."""


_PARTICLES = frozenset(
    ("einfach", "echt", "so", "gar", "halt", "doch", "mal", "schon", "auch", "nur", "langsam",
     "denn", "jetzt", "eigentlich", "wirklich", "bald", "da", "uberhaupt", "total", "eh"),
)  # fmt: skip
"""Words that may stand anywhere in a sentence without changing it; folded."""

WEAK_TERMS = frozenset(map(stem, WEAK))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of the query that counts."""

    term: str
    folded: str
    surface: str
    last: bool = False
    """Nothing was typed behind it: it may be the beginning of a word."""
    at: int = -2
    """Its place among the words that were typed; -2 for what stands for several."""

    @property
    def weak(self) -> bool:
        """Whether it says little by itself: see `WEAK`; numbers of few digits do neither."""
        return self.term in WEAK_TERMS or (self.folded.isdigit() and len(self.folded) < 4)


@dataclass(frozen=True, slots=True)
class Question:
    """A query understood. Everything empty: all offers are wanted."""

    words: tuple[Wanted, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()
    """Each a word or phrase as stems; an offer that has one is not wanted."""
    welcome: tuple[Wanted, ...] = ()
    """Words that need not occur, because they were read as a filter, but count where they do."""

    @property
    def asks(self) -> bool:
        """Whether anything is looked for (and not only left out)."""
        return bool(self.words or self.phrases)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query taken apart, before anybody says what its words mean."""

    text: str
    """Without phrases and words to leave out."""
    found: tuple[Word, ...]
    """The words of `text`."""
    phrases: tuple[tuple[str, ...], ...]
    excluded: tuple[tuple[str, ...], ...]

    def question(
        self,
        read: frozenset[int] = frozenset(),
        sentences: Mapping[tuple[str, ...], str] = MappingProxyType({}),
    ) -> Question:
        """What is looked for; the words at the positions in `read` are only welcome.

        `sentences` are stems that count together as one word: what is said with small words only.
        """
        found = self.found
        open_end = bool(found) and not self.text[found[-1].end :]
        wanted = [
            Wanted(form.terms[0], form.folded, form.surface, open_end and at == len(found) - 1, at)
            for at, (form, _, _) in enumerate(found)
        ]
        left = [word for at, word in enumerate(wanted) if at not in read]
        meant = [word for word in left if word.folded not in STOP]
        meant += self._said(sentences)
        if not meant and not self.phrases and not read:
            meant = left
        distinct = {word.term: word for word in meant}
        if not (distinct or read or self.phrases or self.excluded):
            # No word that an offer could have was typed, which is not the same as nothing.
            odd = self.text.strip()[:LONGEST_WORD]
            if any(map(str.isalnum, odd)):
                distinct[odd] = Wanted(odd, odd, odd)
        welcome = {w.term: w for at, w in enumerate(wanted) if at in read and w.folded not in STOP}
        return Question(
            tuple(distinct.values()), self.phrases, self.excluded, tuple(welcome.values())
        )

    def _said(self, sentences: Mapping[tuple[str, ...], str]) -> Iterator[Wanted]:
        written = (word.form for word in self.found if word.form.folded not in _PARTICLES)
        terms = tuple(form.terms[0] for form in written)
        for start in range(len(terms)):
            for end in range(start + 1, min(len(terms), start + _LONGEST_SENTENCE) + 1):
                if key := sentences.get(terms[start:end]):
                    yield Wanted(key, key, key)


@lru_cache(maxsize=1_000)
def parse(text: str) -> Parsed:
    """Take a query apart. Any text gives some result; operators are words, never syntax."""
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
    return Parsed(rest, tuple(islice(words(rest), MOST_WORDS)), tuple(phrases), tuple(excluded))


def query_terms(text: str) -> Question:
    """What a query looks for, every word of it taken as a word."""
    return parse(text).question()


def content_terms(text: str) -> tuple[str, ...]:
    """The stems of the words that count, in order: the key of a synonym."""
    forms = (word.form for word in words(clean(text)))
    return tuple(form.terms[0] for form in forms if form.folded not in STOP)


def stems(text: str) -> tuple[str, ...]:
    """The stems of all words, in order."""
    return tuple(word.form.terms[0] for word in words(clean(text)))


def _stems(text: str) -> tuple[str, ...]:
    return tuple(word.form.terms[0] for word in islice(words(text), MOST_WORDS))
