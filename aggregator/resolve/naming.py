"""Titles and providers as they are compared: each word with what it weighs, spellings made one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from aggregator.resolve.ages import Ages, ages
from aggregator.resolve.lexicon import (
    AUDIENCE_WEIGHT,
    CONFESSION,
    SILENT_WEIGHT,
    TELLING,
    WHERE_WEIGHT,
    Lexicon,
    is_known,
    is_misspelling,
    is_place,
    lexicon,
    term,
)
from aggregator.vocabulary.compounds import atoms, fold_letters, parts
from aggregator.vocabulary.folding import WORD, fold, words
from aggregator.vocabulary.topics import RULES

NAME_WEIGHT = 1.5
_WHOLE_WEIGHT = 0.4  # of a compound as such, beside its parts
_WHOM_SHARE = 0.3  # of the weight of words that only say whom the named service is for
_SHORTEST_DOUBTFUL = 7
_LONGEST = 300
"""Characters of a name that are read; what follows is no name."""

_NAMES_A_SUBJECT = 4  # points, see aggregator/vocabulary/topics.yml
_ENUMERATION = 3
_QUOTED = re.compile(r"[\"„“”»«‚‘]([^\"„“”»«‚‘]{3,60})[\"„“”»«‚‘]")
_APART = re.compile(r"^[^:–—|(]{3,40}(?=:| [-–—|] )|\([^()]{3,40}\)")
_LEGAL = re.compile(
    r"\b(?:e\.?\s?v\.?|eingetragener verein|g?gmbh|gemeinnuetzige gmbh|g?ug|ag|e\.?\s?g\.?|kdoer|"
    r"k\.d\.oe\.r\.|stiftung buergerlichen rechts|haftungsbeschraenkt|mbh|co kg)(?=\W|$)"
)
_STATUTE = re.compile(
    r"§+\s*\d+\s?[a-z]?\b(?:[\s,]*(?:abs\.?|satz|nr\.?|i\.?v\.?m\.?|ff?\.?|"
    r"§+|\d+\s?[a-z]?\b))*\s*(?:(?:sgb|bgb|uvg|famfg|kkg)\b\s*[ivx]{0,4}\b)?"
)
_ABBREVIATIONS = (
    (re.compile(r"\bev(?:\.|ang\.?)(?=[-\s])\s?"), "evangelisch "),
    (re.compile(r"\bkath\.\s?"), "katholisch "),
    (CONFESSION, r"\1"),
    (re.compile(r"\bbhf\b\.?"), "bahnhof"),
    (re.compile(r"\b(?:ein|1)-?\s?eltern-?\s?(?=f|$)"), "eineltern"),
    (
        re.compile(
            r"\b(montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)s?-?"
            r"(?=[a-z]{4})"
        ),
        r"\1 ",
    ),
)
_ABBREVIATED = re.compile("|".join(pattern.pattern for pattern, _ in _ABBREVIATIONS))
# Berater*innen, Lots:innen, PatInnen: the male form, which the stems of both share. In front of a
# further part (Bürger*innenberatung) nothing but the mark and the ending goes.
_ERS = re.compile(r"(?<=er)(?:[*:_·]|/-?)innen(?=[a-zäöü]|\b)|(?<=er)Innen")
_INNEN = re.compile(r"(?<=[a-zäöüß])(?:(?:[*:_·]|/-?)innen|Innen)(?=[a-zäöü]|\b)")
_SHORTEST_CUT = 3
_JOINING = frozenset(("und", "oder", "u.", "&", "bzw.", "sowie"))
_COUNTED = re.compile(r"[abc][12][12]?|\d{1,3}")
_HALF_LEVEL = re.compile(r"\b([abc][12])[./]([12])\b")
_CAMEL = re.compile(r"(?<=[a-zäöüß]{3})(?=[A-ZÄÖÜ][a-zäöüß]{2})")  # SoloMamas, no PEKiP
_YEAR = re.compile(r"20\d\d")
_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])")
_WITH_OR_WITHOUT = re.compile(r"\b(mit|ohne)\s(?:eine[mnr]?\s|ihre[mnr]?\s)?(\w{3,})")
_DOTTED = re.compile(r"\b[a-z](?:\.[a-z])+\.?(?=\W|$)")  # S.O.S.
_ROMAN = re.compile(r"\b(I{1,3}|IV|VI{0,3})\b(?=\s*(?:$|[:(–-]))")
_SHORT_DAY = re.compile(r"(?<![\w.])(Mo|Di|Mi|Do|Fr|Sa|So)(?=\.|\)|\s*$|\s+\d)")
_DAYS = {"Mo": "Mo", "Di": "Tu", "Mi": "We", "Do": "Th", "Fr": "Fr", "Sa": "Sa", "So": "Su"}
_PLACE_ENDING = re.compile(r".{4,}(?:kiez|viertel|strasse|str|platz|allee)$")
# Where something takes place is not what it is: Nähtreff im Mehrgenerationenhaus Lindenau.
_VENUE = re.compile(
    r"(?<=[a-z)] )(?:im|in der|in dem|in|beim|bei der|an der)\s[^\s,:(]*(?:zentrum|haus|staette|"
    r"laden|buero|kirche|gemeinde|raum|saal|schule|kita|buecherei|bibliothek|klinik|mgh)\b[^,:|(]*"
)
_WHOM = re.compile(r"\bfuer\s[^:|(–—]*")
_PART = re.compile(r":\s|\s[–—|-]\s")
_WITH = re.compile(r"(?<=[a-z0-9)] |.\()mit\s[^:|()–—]*")  # who comes along is not whom it is for


@dataclass(frozen=True, slots=True, eq=False)
class Title:
    """A title, read once. Terms are stems; words of one meaning have one stem."""

    words: frozenset[str]
    """All its terms."""
    weights: Mapping[str, float]
    """Term to weight, to 1.5 for a name in quotes; without those that weigh nothing."""
    places: frozenset[str]
    """Terms that are known as names of places."""
    letters: str
    """The telling words in one run, for typing errors and gaps within compounds: without quoted
    names, venue and whom it is for, where something telling is left."""
    extras: frozenset[str]
    """Telling terms that `letters` leaves out."""
    plain: frozenset[str]
    """All terms but places and compounds as a whole."""
    quoted: frozenset[str]
    names: frozenset[str]
    """Terms set apart as a proper name: in quotes or brackets, or before a dash or colon."""
    counted: frozenset[str]
    """Numbers and levels: "A1", "2"."""
    ages: Ages | None
    kinds: frozenset[str]
    """What kind of thing it is in its own words, see `kinds` in words.yml."""
    readings: Mapping[str, frozenset[str]]
    """Axis to readings, see `contrasts` in words.yml."""
    people: frozenset[str]
    """Whom it is for, see `people` in words.yml."""
    compounds: Mapping[str, frozenset[str]]
    """Head of a compound to what stands before it."""
    beginnings: frozenset[str]
    """What stands before any head."""
    subjects: frozenset[str]
    """Words that name a subject by the topic vocabulary; none for an enumeration, which describes
    a service rather than naming it."""
    enumerates: bool
    meanings: Mapping[str, frozenset[str]]
    """Topics that a term speaks for, where it speaks for any."""
    topics: frozenset[str]
    """Of all its words that speak for any."""
    telling: tuple[str, ...]
    """The terms that tell one offer from another."""
    folded: str
    """As it was written, but for case, umlauts and gender forms."""
    doubtful: tuple[str, ...]
    """Its telling words that nobody knows: names, or misspelt."""

    def spelt_as(self, other: Title) -> Title:
        """The title with those words mended that are misspelt ones of another title's."""
        folded = self.folded
        for word in self.doubtful:
            for right in words(other.folded):
                if right not in other.doubtful and is_misspelling(word, right):
                    folded = re.sub(rf"\b{word}\b", right, folded)
        return title(folded) if folded != self.folded else self


class _Word(NamedTuple):
    """A word of a title, read once for all titles."""

    terms: tuple[tuple[str, float], ...]
    """Its parts, or itself, with what they weigh; silent ones left out."""
    compound: tuple[str, frozenset[str], str] | None
    """Head, what stands before it, the whole."""
    weight: float
    """Of the word as such."""
    letters: str
    readings: tuple[tuple[str, str], ...]
    people: tuple[str, ...]
    kinds: tuple[str, ...]
    meaning: frozenset[str]
    counted: bool
    doubtful: bool


_NOTHING: frozenset[str] = frozenset()
_NO_MAP: Mapping[str, frozenset[str]] = {}


@lru_cache(maxsize=200_000)
def title(text: str) -> Title:
    """Read a title."""
    raw = _INNEN.sub("en", _ERS.sub("", text[:_LONGEST].strip()))
    full = _full(raw)
    quoted = _quoted(raw)
    emphatic = {term(word) for name in quoted for word in name.split()} if quoted else _NOTHING
    apart = {term(w) for match in _APART.finditer(raw) for w in words(_full(match[0]))}
    found = [(_word(match[0]), match[0], match.start()) for match in WORD.finditer(full)]
    aged, where = ages(full)
    venue, whom, along = (_span(pattern, full) for pattern in (_VENUE, _WHOM, _WITH))
    # "Beratung für Erziehungsfragen" names its subject behind "für", "Mietrecht für alle" does not;
    # "SkF Ulm: Gruppe für Trennungskinder (Gruppenraum 2)" neither.
    part = max((match.end() for match in _PART.finditer(full, 0, whom[0])), default=0)
    led = any(
        word.weight >= TELLING or any(weight >= TELLING for _, weight in word.terms)
        for word, _, at in found
        if part <= at < whom[0] and not venue[0] <= at < venue[1]
    )
    terms: dict[str, float] = {}
    meanings: dict[str, frozenset[str]] = {}
    compounds: dict[str, frozenset[str]] = {}
    wholes: set[str] = set()
    for word, _, at in found:
        share = _WHOM_SHARE if led and whom[0] <= at < whom[1] else 1.0
        if venue[0] <= at < venue[1]:
            share = 0.0
        for piece, weight in word.terms:
            named = piece in emphatic and weight >= TELLING
            own = NAME_WEIGHT if named else weight * share
            terms[piece] = max(terms.get(piece, 0.0), own)
            if word.meaning:
                meanings[piece] = word.meaning
        if word.compound and share:
            head, modifiers, whole = word.compound
            compounds[head] = compounds.get(head, _NOTHING) | modifiers
            terms.setdefault(whole, _WHOLE_WEIGHT * share)
            wholes.add(whole)
    listed = tuple(word for _, word, _ in found)
    subjects, topics = _subjects(listed)
    # What the topics know by its name alone, no word of it being one: Kinderfee, Opstapje.
    subjects -= {term(one) for word, one, _ in found if word.doubtful}
    enumerates = text.count(",") + (" und " in text) >= _ENUMERATION - 1
    letters, extras = _core(found, quoted, venue, whom if led else (0, 0))
    readings = _axes(found, raw)
    return Title(
        frozenset(terms),
        {one: weight for one, weight in terms.items() if weight > 0},
        frozenset(filter(is_place, terms)),
        letters,
        extras,
        frozenset(one for one, weight in terms.items() if weight > 0 and one not in wholes),
        quoted,
        frozenset(one for one in {*emphatic, *apart} if terms.get(one, 0) >= TELLING),
        frozenset(
            word
            for one, word, at in found
            if one.counted and not any(start <= at < end for start, end in where)
        )
        | _roman(raw),
        aged,
        frozenset(
            kind for one, _, at in found if not venue[0] <= at < venue[1] for kind in one.kinds
        ),
        readings or _NO_MAP,
        frozenset(
            one for word, _, at in found if not along[0] <= at < along[1] for one in word.people
        ),
        compounds or _NO_MAP,
        frozenset().union(*compounds.values()) if compounds else _NOTHING,
        _NOTHING if enumerates else subjects,
        enumerates,
        meanings or _NO_MAP,
        topics,
        tuple(one for one, weight in terms.items() if weight >= TELLING),
        fold(raw),
        tuple(one for word, one, _ in found if word.doubtful),
    )


def _quoted(raw: str) -> frozenset[str]:
    found = (" ".join(words(fold(match[1]))) for match in _QUOTED.finditer(raw))
    return frozenset(name for name in found if name)


def _span(pattern: re.Pattern[str], full: str) -> tuple[int, int]:
    match = pattern.search(full)
    return match.span() if match else (0, 0)


def _core(
    found: list[tuple[_Word, str, int]],
    quoted: frozenset[str],
    venue: tuple[int, int],
    whom: tuple[int, int],
) -> tuple[str, frozenset[str]]:
    """The letters of what is named, and the telling terms beside it."""
    names = {word for name in quoted for word in name.split()}
    told = [one for one in found if one[0].weight >= AUDIENCE_WEIGHT]
    core = [
        one
        for one in told
        if one[1] not in names
        and not venue[0] <= one[2] < venue[1]
        and not whom[0] <= one[2] < whom[1]
    ]
    if not any(weight >= TELLING for word, _, _ in core for _, weight in word.terms):
        core = told
    left = {at for _, _, at in told} - {at for _, _, at in core}
    extras = frozenset(
        piece
        for word, _, at in told
        if at in left and not venue[0] <= at < venue[1]
        for piece, weight in word.terms
        if weight >= TELLING
    )
    return "".join(word.letters for word, _, _ in core), extras


def _axes(found: list[tuple[_Word, str, int]], raw: str) -> dict[str, frozenset[str]]:
    readings: dict[str, frozenset[str]] = {}
    for word, _, _ in found:
        for axis, reading in word.readings:
            readings[axis] = readings.get(axis, _NOTHING) | {reading}
    years = frozenset(word for _, word, _ in found if _YEAR.fullmatch(word))
    if years:
        readings["year"] = years
    for joined, word in _WITH_OR_WITHOUT.findall(fold(raw)):
        axis = f"with {term(word)}"
        readings[axis] = readings.get(axis, _NOTHING) | {joined}
    days = frozenset(_DAYS[match[1]] for match in _SHORT_DAY.finditer(raw))
    if days:
        readings["weekday"] = readings.get("weekday", _NOTHING) | days
    return readings


def _roman(raw: str) -> frozenset[str]:
    return frozenset(match[1].lower() for match in _ROMAN.finditer(raw))


@lru_cache(maxsize=100_000)
def provider(name: str) -> frozenset[str]:
    """The terms of a provider's name that tell it from others; its places among them."""
    known, folded = lexicon(), _full(name)
    for long, brief in known.short:
        if long in folded:
            folded = folded.replace(long, brief)
        elif "-" in folded and long.replace("-", "") in (joined := _HYPHEN.sub("", folded)):
            folded = joined.replace(long.replace("-", ""), brief)  # Familien-Bildungsstätte
    terms = {term(word) for word in words(folded)}
    office = terms & known.authority
    terms = {
        t for t in terms - known.association - office if known.weights.get(t, 1.0) != SILENT_WEIGHT
    }
    return frozenset(terms | ({"amt"} if office else set()))


def _full(text: str) -> str:
    """Folded, abbreviations written out, legal forms left out, cut compounds made whole."""
    folded = _HALF_LEVEL.sub(r"\1\2", fold(_CAMEL.sub("-", text[:_LONGEST])))
    if "§" in folded:
        folded = _STATUTE.sub(" ", folded)
    if _ABBREVIATED.search(folded):
        for pattern, full in _ABBREVIATIONS:
            folded = pattern.sub(full, folded)
    known = lexicon()
    if known.any_english.search(folded):
        for english, german in known.english:
            folded = english.sub(german, folded)
    folded = _DOTTED.sub(lambda match: match[0].replace(".", ""), _LEGAL.sub(" ", folded))
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


@lru_cache(maxsize=100_000)
def _word(word: str) -> _Word:
    """Read a folded word."""
    known = lexicon()
    doubtful = _is_doubtful(word, known)
    if doubtful and (meant := _untwisted(word)):
        return _word(meant)
    pieces = _pieces(word, known)
    if len(pieces) > 2 and _placeless(word) != word:
        pieces = pieces[:-1]
    weighed = [(known.alike.get(term(p), term(p)), _weight(p, known)) for p in pieces]
    compound = None
    if len(pieces) > 1:
        head = weighed[-1][0]
        compound = (head, frozenset(one for one, _ in weighed[:-1]), term(_placeless(word)))
    stems = {one for one, _ in weighed} | {term(word)}
    return _Word(
        tuple((one, weight) for one, weight in weighed if weight >= 0),
        compound,
        _weight(word, known),
        fold_letters(word),
        _readings(word),
        tuple(sorted({who for one in stems for who in known.people.get(one, ())})),
        known.kinds.get(weighed[-1][0], ()),
        _NOTHING if doubtful else _subjects((word,))[1],
        _COUNTED.fullmatch(word) is not None,
        doubtful,
    )


def _is_doubtful(word: str, known: Lexicon) -> bool:
    """Say whether a word or a part of it is none that we know: a name, or misspelt."""
    if len(word) < _SHORTEST_DOUBTFUL or _weight(word, known) < TELLING or is_known(term(word)):
        return False
    return not all(is_known(term(piece)) for piece in parts(fold_letters(word)) or (word,))


def _untwisted(word: str) -> str:
    """The word with two letters turned back, where that alone makes all of its parts known."""
    letters = fold_letters(word)
    turned = (
        f"{letters[:at]}{letters[at + 1]}{letters[at]}{letters[at + 2 :]}"
        for at in range(len(letters) - 1)
        if letters[at] != letters[at + 1]
    )
    known = atoms().known
    found = [one for one in turned if known.issuperset(parts(one) or (one,))]
    return found[0] if len(found) == 1 else ""


def _placeless(word: str) -> str:
    """Familienberatung for a Familienberatungsstelle."""
    return word.removesuffix("sstelle") if word.endswith("ungsstelle") else word


def _pieces(word: str, known: Lexicon) -> tuple[str, ...]:
    """The parts of a compound, or the word alone; words that are weighed whole stay whole."""
    if term(word) in known.weights or term(word) in known.alike:
        return (word,)
    return parts(fold_letters(word)) or _begun(fold_letters(word)) or (word,)


_SHORTEST_BEGINNING, _SHORTEST_REST = 5, 4


def _begun(word: str) -> tuple[str, ...]:
    """A known word and a rest that no list knows: Steuer|tipps."""
    known = atoms().known
    if word in known or not word.isalpha():
        return ()
    for end in range(len(word) - _SHORTEST_REST, _SHORTEST_BEGINNING - 1, -1):
        if word[:end] in known:
            rest = word[end:]
            return (word[:end], rest.removeprefix("s") if rest[0] == "s" and end > 6 else rest)
    return ()


def _weight(word: str, known: Lexicon) -> float:
    """What a word weighs; below 0: nothing, and it is no term at all."""
    if len(word) == 1 or _COUNTED.fullmatch(word) or _YEAR.fullmatch(word):
        return SILENT_WEIGHT
    if _PLACE_ENDING.match(word):
        return WHERE_WEIGHT
    stem = term(word)
    if stem in known.authority or stem in known.association:
        return WHERE_WEIGHT
    return known.weights.get(known.alike.get(stem, stem), known.weights.get(stem, 1.0))


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
