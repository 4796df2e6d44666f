"""What somebody typed, taken apart: words, quoted phrases, words that must not occur."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import MappingProxyType

from aggregator.index.analysis import LONGEST_WORD, Form, Word, clean, words
from aggregator.vocabulary.stemming import stem

MOST_WORDS = 24
"""Words of a query that count; nobody reads results for more."""

LONGEST_QUERY = 1000
"""Characters of a query that are read."""

_LONGEST_SENTENCE = 5
_YEAR = 4
"""Digits of a year; a postcode has more."""

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
    "alleinerziehende", "alleinerziehenden", "alleinerziehender", "allein", "alleine",
    "frau", "frauen", "leute", "mama", "mami", "mutti", "mutter",
    "wieder", "wann", "warum", "danke", "nun", "dazu", "davon", "damit", "beide", "zwei", "drei",
    "jahr", "jahre", "alt", "tag", "tage", "woche", "wochen", "monat", "uhr", "zeit", "lieber",
    "bald", "sofort", "kann", "nix", "nichts", "nich", "net", "finde", "finden", "suche", "sucht",
    "gesucht", "brauche", "jemand", "jemanden", "keiner", "niemand", "seit", "schon", "nachste",
    "umgebung", "meine", "neu", "neue", "weiter", "gehts", "geht", "lauft",
    "worden", "geworden", "gewesen", "hatten", "ware", "waren", "wurden", "konnten", "sollten",
    "mochten", "durfen", "darf", "durfte", "bleibt", "bleiben", "steht", "stehe", "stehen", "liegt",
    "liegen", "sitze", "sitzt", "sitzen", "laufen", "nehmen", "nimmt", "nehme", "geben", "gebe",
    "gegeben", "holen", "bringen", "bringt", "kriegen", "krieg", "kriege", "kriegt", "griag",
    "bekam", "gekriegt", "glaube", "denke", "denken", "meint", "heisst", "passiert", "funktioniert",
    "klappt", "fuhle", "fuhlt", "fuhlen", "versuche", "versuchen", "schauen", "schaue", "gucken",
    "sehen", "sieht", "zeigen", "erklaren", "erklart", "fragen", "frage", "wenden", "melden",
    "hingehen", "hin", "her", "gehort", "ging", "gegangen", "kam", "gekommen", "gemacht", "gesagt",
    "gedacht", "gewusst", "gefunden", "standig", "dauernd", "oft", "manchmal", "plotzlich",
    "mittlerweile", "inzwischen", "vielleicht", "bestimmt", "allerdings", "sonst", "trotzdem",
    "deshalb", "deswegen", "damals", "vorher", "nachher", "danach", "davor", "erst", "erste",
    "ersten", "erster", "eben", "zurst", "zunachst", "irgendwo", "irgendwie", "irgendwas",
    "irgendwann", "irgendjemand", "nirgends", "uberall", "bereits", "fast", "kaum", "besonders",
    "ziemlich", "gern", "besser", "schlimm", "schlecht", "schnell", "richtig", "grossen", "grosser",
    "grosse", "gross", "lange", "langer", "kurz", "viele", "wenig", "genug", "ganze", "ganzen",
    "eigene", "eigenen", "eigener", "notig", "wichtig", "moglich", "keinerlei", "ihm", "ihn",
    "ihnen", "dir", "dich", "deren", "dessen", "jede", "jeder", "jedes", "jedem", "jeden", "manche",
    "einige", "anderer", "anderes", "welchen", "welchem", "solche", "solchen", "selbe", "gleiche",
    "wessen", "worum", "wobei", "wofur", "wodurch", "daher", "dahin", "dorthin", "hierher",
    "gestern", "morgen", "stunde", "stunden", "minuten", "monate", "monaten", "monats", "jahren",
    "jahrig", "jahrige", "jahriger", "jahriges", "jahrigen", "tagen", "eins", "vier", "funf",
    "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwolf", "zwolfte", "zwee", "zwoa", "ned",
    "nimmer", "koa", "keen", "kei", "koin", "koine", "ois", "wat", "dat", "dit", "ick", "icke",
    "isch", "mei", "moi", "dei", "hob", "ham", "mia", "eich", "a", "i", "aufm", "aufn", "ausm",
    "mim", "vorm", "furn", "nem", "ner", "nen", "ne", "the", "my", "me", "we", "our", "your", "is",
    "are", "for", "with", "without", "at", "of", "on", "from", "to", "and", "or", "not", "dos",
    "do", "did", "how", "where", "what", "who", "when", "can", "get", "have", "has", "need", "want",
    "please", "looking", "find", "help", "billig", "billige", "billiger", "billiges", "gunstig",
    "gunstige", "gunstiger", "gunstiges", "preiswert", "preiswerte", "preisgunstig",
))  # fmt: skip
"""Words that nearly every offer could be asked with; folded. They count where they occur, but
beside others an offer need not have them, unless they are part of a phrase (Kind krank)."""


_PARTICLES = frozenset(
    ("einfach", "echt", "so", "gar", "halt", "doch", "mal", "schon", "auch", "nur", "langsam",
     "denn", "jetzt", "eigentlich", "wirklich", "bald", "da", "uberhaupt", "total", "eh"),
)  # fmt: skip
"""Words that may stand anywhere in a sentence without changing it; folded."""

WEAK_TERMS = frozenset(map(stem, WEAK))


RELATIONS = frozenset(
    ("am", "an", "ans", "auf", "aufs", "aus", "bei", "beim", "durch", "fur", "gegen", "im", "in",
     "ins", "mit", "nach", "ohne", "seit", "uber", "um", "unter", "vom", "von", "vor", "zu", "zum",
     "zur", "zwischen"),
)  # fmt: skip
"""Small words that change what the one beside them means: nach der Schule, auf der Straße."""


def counts(form: Form) -> bool:
    """Whether a word says something by itself."""
    return form.folded not in STOP and form.terms[0] not in WEAK_TERMS


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
    said: str = ""
    """The key of the phrase that it is the heart of ("nach der Schule"), where there is one."""

    @property
    def weak(self) -> bool:
        """Whether it says little by itself: see `WEAK`; a number up to a year does neither."""
        return self.term in WEAK_TERMS or (self.folded.isdigit() and len(self.folded) <= _YEAR)


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
        hearts, whole = self._said(sentences)
        wanted = [
            Wanted(form.terms[0], form.folded, form.surface, open_end and at == len(found) - 1, at,
                   hearts.get(at, ""))
            for at, (form, _, _) in enumerate(found)
        ]  # fmt: skip
        left = [word for at, word in enumerate(wanted) if at not in read]
        meant = [word for word in left if word.folded not in STOP]
        meant += (Wanted(key, key, key) for key in whole)
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

    def _said(self, sentences: Mapping[tuple[str, ...], str]) -> tuple[dict[int, str], list[str]]:
        """The phrases that were said as they are written.

        Of those with one word that counts its position and their key, of all others the keys.
        """
        written = [
            (at, word.form) for at, word in enumerate(self.found)
            if word.form.folded not in _PARTICLES
        ]  # fmt: skip
        terms = tuple(form.terms[0] for _, form in written)
        hearts: dict[int, str] = {}
        whole: list[str] = []
        for start in range(len(terms)):
            for end in range(start + 1, min(len(terms), start + _LONGEST_SENTENCE) + 1):
                if key := sentences.get(terms[start:end]):
                    heart = [at for at, form in written[start:end] if counts(form)]
                    if len(heart) == 1:
                        hearts[heart[0]] = max(key, hearts.get(heart[0], ""), key=len)
                    else:
                        whole.append(key)
        return hearts, whole


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


def folded(text: str) -> tuple[str, ...]:
    """All words, folded, in order."""
    return tuple(word.form.folded for word in words(clean(text)))


def stems(text: str) -> tuple[str, ...]:
    """The stems of all words, in order."""
    return tuple(word.form.terms[0] for word in words(clean(text)))


def _stems(text: str) -> tuple[str, ...]:
    return tuple(word.form.terms[0] for word in islice(words(text), MOST_WORDS))
