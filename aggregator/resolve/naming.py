"""Names as they are compared: each word with what it weighs, spellings made one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from aggregator.resolve.lexicon import (
    AUDIENCE_WEIGHT,
    SILENT_WEIGHT,
    TELLING,
    WHERE_WEIGHT,
    Lexicon,
    lexicon,
    term,
)
from aggregator.vocabulary.compounds import fold_letters, parts
from aggregator.vocabulary.folding import fold, words
from aggregator.vocabulary.topics import RULES

NAME_WEIGHT = 1.5
_WHOLE_WEIGHT = 0.4  # of a compound as such, beside its parts
_LONGEST = 300
"""Characters of a name that are read; what follows is no name."""

_NAMES_A_SUBJECT = 4  # points, see aggregator/vocabulary/topics.yml
_ENUMERATION = 3
_QUOTED = re.compile(r"[\"„“”»«‚‘]([^\"„“”»«‚‘]{3,60})[\"„“”»«‚‘]")
_APART = re.compile(r"^[^:–—|(]{3,40}(?=:| [-–—|] )|\([^()]{3,40}\)")
_LEGAL = re.compile(
    r"\b(?:e\.?\s?v\.?|g?gmbh|g?ug|ag|e\.?\s?g\.?|kdoer|k\.d\.oe\.r\.|stiftung buergerlichen "
    r"rechts|haftungsbeschraenkt|mbh|co kg)(?=\W|$)"
)
_ABBREVIATIONS = (
    (re.compile(r"\bev(?:\.|ang\.?)(?=[-\s])\s?"), "evangelisch "),
    (re.compile(r"\bkath\.\s?"), "katholisch "),
    (re.compile(r"\bbhf\b\.?"), "bahnhof"),
    (re.compile(r"\b(?:ein|1)-?\s?eltern-?\s?"), "eineltern"),
)
_SHORTEST_CUT = 3
_JOINING = frozenset(("und", "oder", "u.", "&", "bzw.", "sowie"))
_STREET = re.compile(r"(?<=[a-z])str(?:asse|\.)?(?=[\s\d]|$)|\bstr(?:asse|\.)")
_HOUSE = re.compile(r"\b(\d{1,4})(?!\d|\.\s)\s?([a-z]?)\b")  # not Straße des 17. Juni
_COUNTED = re.compile(r"[abc][12]|\d{1,3}")
_PLACE_ENDING = re.compile(r".{4,}(?:kiez|viertel|strasse|str|platz|allee)$")


@dataclass(frozen=True, slots=True)
class Title:
    """A title, read once. Terms are stems."""

    terms: Mapping[str, float]
    """Term to weight, 0 for a place to 1.5 for a name in quotes."""
    letters: str
    """The telling words in one run, for typing errors and gaps within compounds."""
    quoted: frozenset[str]
    names: frozenset[str]
    """Terms set apart as a proper name: in quotes or brackets, or before a dash or colon."""
    meanings: Mapping[str, frozenset[str]]
    """Topics that a term speaks for, where it speaks for any."""
    counted: frozenset[str]
    """Numbers, ages and levels: "A1", "2"."""
    readings: Mapping[str, frozenset[str]]
    """Axis to readings, see `contrasts` in words.yml."""
    compounds: Mapping[str, frozenset[str]]
    """Head of a compound to what stands before it."""
    beginnings: frozenset[str]
    """What stands before any head."""
    subjects: frozenset[str]
    """Words that name a subject by the topic vocabulary; none for an enumeration, which describes
    a service rather than naming it."""
    enumerates: bool
    topics: frozenset[str]
    """Of all its words that speak for any."""


@lru_cache(maxsize=30_000)
def title(text: str) -> Title:
    """Read a title."""
    known, folded = lexicon(), _full(text)
    quoted = {
        " ".join(words(fold(match[1]))) for match in _QUOTED.finditer(text[:_LONGEST].strip())
    }
    emphatic = {term(word) for name in quoted for word in name.split()}
    apart = {term(w) for match in _APART.finditer(text[:_LONGEST]) for w in words(_full(match[0]))}
    listed = words(folded)
    terms: dict[str, float] = {}
    meanings: dict[str, frozenset[str]] = {}
    compounds: dict[str, frozenset[str]] = {}
    readings: dict[str, set[str]] = {}
    for word in listed:
        pieces = _pieces(word, known)
        for axis, reading in _readings(word):
            readings.setdefault(axis, set()).add(reading)
        means = _meaning(word)
        for piece in pieces:
            weight = _weight(piece, known)
            if weight >= 0:
                piece_term = term(piece)
                named = piece_term in emphatic and weight >= TELLING
                terms[piece_term] = NAME_WEIGHT if named else weight
                meanings[piece_term] = means
        if len(pieces) > 1:
            head = term(pieces[-1])
            compounds[head] = compounds.get(head, frozenset()) | {term(p) for p in pieces[:-1]}
            terms[term(word)] = _WHOLE_WEIGHT
    subjects, topics = _subjects(tuple(listed))
    enumerates = text.count(",") + (" und " in text) >= _ENUMERATION - 1
    return Title(
        terms,
        "".join(fold_letters(w) for w in listed if _weight(w, known) >= AUDIENCE_WEIGHT),
        frozenset(name for name in quoted if name),
        frozenset(one for one in emphatic | apart if terms.get(one, 0) >= TELLING),
        meanings,
        frozenset(word for word in listed if _COUNTED.fullmatch(word)),
        {axis: frozenset(found) for axis, found in readings.items()},
        compounds,
        frozenset().union(*compounds.values()),
        frozenset() if enumerates else subjects,
        enumerates,
        topics,
    )


@lru_cache(maxsize=100_000)
def provider(name: str) -> frozenset[str]:
    """The terms of a provider's name that tell it from others; its places among them."""
    known, folded = lexicon(), _full(name)
    for long, brief in known.short:
        folded = folded.replace(long, brief)
    terms = {term(word) for word in words(folded)}
    office = terms & known.authority
    terms = {
        t for t in terms - known.association - office if known.weights.get(t, 1.0) != SILENT_WEIGHT
    }
    return frozenset(terms | ({"amt"} if office else set()))


@lru_cache(maxsize=100_000)
def place(name: str) -> frozenset[str]:
    """The terms of a town, district or street."""
    return frozenset(term(word) for word in words(_STREET.sub("str", fold(name[:_LONGEST]))))


@lru_cache(maxsize=100_000)
def street(text: str) -> tuple[str, str]:
    """A street's name in one run, and the first house number; each "" where there is none."""
    folded = _STREET.sub("str ", fold(text[:_LONGEST]))
    house = _HOUSE.search(folded)
    name = folded[: house.start()] if house else folded
    return "".join(words(name)), house[1] + house[2] if house else ""


@lru_cache(maxsize=20_000)
def town(name: str) -> str:
    """The word that a town is known by: frankfurt, berlin (for Berlin-Köpenick too), oldesloe."""
    folded = words(fold(name[:_LONGEST]))
    return next((word for word in folded if len(word) > _SHORTEST_CUT), " ".join(folded))


def _full(text: str) -> str:
    """Folded, abbreviations written out, legal forms left out, cut compounds made whole."""
    folded = fold(text[:_LONGEST])
    for pattern, full in _ABBREVIATIONS:
        folded = pattern.sub(full, folded)
    folded = _LEGAL.sub(" ", folded)
    return _completed(folded) if "-" in folded else folded


def _completed(folded: str) -> str:
    """Cut compounds with the head that they share: schuldner- und insolvenzberatung."""
    listed = folded.split()
    for at, word in enumerate(listed):
        if len(bare := word.rstrip(",/")) > _SHORTEST_CUT and bare.endswith("-"):
            following = (w for w in listed[at + 1 : at + 6] if w not in _JOINING)
            whole = next((words(w)[-1:] for w in following if not w.rstrip(",/").endswith("-")), [])
            if whole and (pieces := parts(fold_letters(whole[0]))):
                listed[at] = bare[:-1] + pieces[-1]
    return " ".join(listed)


def _pieces(word: str, known: Lexicon) -> tuple[str, ...]:
    """The parts of a compound, or the word alone; words that are weighed whole stay whole."""
    if term(word) in known.weights:
        return (word,)
    return parts(fold_letters(word)) or (word,)


def _weight(word: str, known: Lexicon) -> float:
    """What a word weighs; below 0: nothing, and it is no term at all."""
    if len(word) == 1 or _COUNTED.fullmatch(word):
        return SILENT_WEIGHT
    if _PLACE_ENDING.match(word):
        return WHERE_WEIGHT
    return known.weights.get(term(word), 1.0)


@lru_cache(maxsize=50_000)
def _readings(word: str) -> tuple[tuple[str, str], ...]:
    """Axes and readings of a word or of a part of it, see `contrasts` in words.yml."""
    known = lexicon()
    pieces = {fold_letters(piece) for piece in (word, *_pieces(word, known))}
    return tuple(
        (axis, reading)
        for axis, reading, beginning in known.contrasts
        if any(piece.startswith(beginning) for piece in pieces)
    )


@lru_cache(maxsize=50_000)
def _meaning(word: str) -> frozenset[str]:
    """The topics that a word alone speaks for."""
    return _subjects((word,))[1]


def _subjects(listed: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The words by which the vocabulary knows a subject, and the topics of all rules that hold."""
    subjects: set[str] = set()
    topics: set[str] = set()
    for rule, _ in RULES.hits(listed):
        best = max(rule.weights.values(), default=0)
        topics.update(code for code, points in rule.weights.items() if points == best)
        if best >= _NAMES_A_SUBJECT:
            subjects.update(term(word) for word, *_ in rule.parts if word)
    return frozenset(subjects), frozenset(topics)


def telling(terms: Mapping[str, float]) -> Iterator[str]:
    """The terms that tell one offer from another."""
    return (one for one, weight in terms.items() if weight >= TELLING)
