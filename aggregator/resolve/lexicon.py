"""What words of names weigh: `words.yml`, read once, and the names of known places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz.distance import OSA

from aggregator.places.places import load_gazetteer
from aggregator.vocabulary.compounds import atoms, fold_letters
from aggregator.vocabulary.folding import fold, words
from aggregator.vocabulary.regions import REGIONS
from aggregator.vocabulary.stemming import stem

SILENT_WEIGHT = -1.0
AUDIENCE_WEIGHT = 0.15
FORM_WEIGHT = 0.25
WHERE_WEIGHT = 0.0
TELLING = 0.6
"""A word of at least this weight tells one offer from another."""


CONFESSION = re.compile(r"\b(evangelisch|katholisch)e[nrsm]?\b")
"""Its adjective in any case, so that long names are known by their short ones."""

_OWN_STEMS = {"kurs": "kurs", "kurse": "kurs"}  # no Kur


@lru_cache(maxsize=100_000)
def term(word: str) -> str:
    """The stem of a folded word."""
    return _OWN_STEMS.get(word) or stem(fold_letters(word))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words, as stems."""

    weights: Mapping[str, float]
    known: frozenset[str]
    """Words that are spelt right, so that one of them is no misspelling of another."""
    contrasts: tuple[tuple[str, str, str], ...]
    """Axis, reading, beginning of a word."""
    short: tuple[tuple[str, str], ...]
    authority: frozenset[str]
    association: frozenset[str]
    confession: frozenset[str]
    meeting: frozenset[str]
    alike: Mapping[str, str]
    """Stem to the stem of the word that stands for all of its meaning."""
    people: Mapping[str, tuple[str, ...]]
    """Stem to whom it names."""
    kinds: Mapping[str, tuple[str, ...]]
    """Stem to the kind of thing that it is a word for."""
    federations: frozenset[str]
    """What providers of every town are called."""
    english: tuple[tuple[re.Pattern[str], str], ...]
    any_english: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """The shipped words."""
    data: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text("utf-8"))
    weights = {term(fold(word)): WHERE_WEIGHT for word in [*data["where"], *_place_names()]}
    weights |= {term(fold(word)): FORM_WEIGHT for word in data["form"]}
    weights |= {term(fold(word)): AUDIENCE_WEIGHT for word in data["audience"]}
    weights |= {term(fold(word)): SILENT_WEIGHT for word in data["silent"]}
    return Lexicon(
        weights,
        frozenset((*weights, *map(term, atoms().known))),
        tuple(
            (axis, reading, fold_letters(fold(beginning)))
            for axis, readings in data["contrasts"].items()
            for reading, beginnings in readings.items()
            for beginning in beginnings
        ),
        tuple(
            (CONFESSION.sub(r"\1", fold(long)), fold(brief))
            for long, brief in data["short"].items()
        ),
        frozenset(term(fold(word)) for word in data["authority"]),
        frozenset(term(fold(word)) for word in data["association"]),
        frozenset(term(fold(word)) for word in data["confession"]),
        frozenset(term(fold(word)) for word in data["meeting"]),
        {
            term(fold(word)): term(fold(one))
            for one, others in data["alike"].items()
            for word in others
        },
        _by_stem(data["people"]),
        _by_stem(data["kinds"]),
        frozenset(term(fold(brief)) for brief in data["short"].values()),
        tuple(
            (re.compile(rf"\b{english}\b"), fold(german))
            for english, german in data["english"].items()
        ),
        re.compile(rf"\b(?:{'|'.join(data['english'])})\b"),
    )


def _by_stem(listed: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """Name to words, as stem to names."""
    found: dict[str, tuple[str, ...]] = {}
    for name, named in listed.items():
        for word in named:
            found[term(fold(word))] = (*found.get(term(fold(word)), ()), name)
    return found


_SHORTEST_PLACE = 4
_HOMONYMS = frozenset(("buch", "essen", "hof", "mitte", "singen", "wedding", "park", "berg"))


def _place_names() -> set[str]:
    """Words that are names of known towns, Kreise and districts and nothing else."""
    gazetteer = load_gazetteer()
    names = [*gazetteer.towns, *gazetteer.districts, *(region.name for region in REGIONS.values())]
    found = {word for name in names for word in words(fold(name)) if len(word) >= _SHORTEST_PLACE}
    return found - _HOMONYMS


def is_place(word: str) -> bool:
    """Say whether a stem is known as the name of a place."""
    return lexicon().weights.get(word) == WHERE_WEIGHT


def is_audience(word: str) -> bool:
    """Say whether a stem is a word for the people that half of all offers are for."""
    return lexicon().weights.get(word) == AUDIENCE_WEIGHT


_SHORTEST_MISSPELT, _LONG = 5, 10


def is_misspelling(one: str, other: str) -> bool:
    """Say whether one of two stems is most likely the other with a letter wrong, or two turned.

    Two words that are both spelt right are two: Erziehung is no misspelt Beziehung.
    """
    short = min(len(one), len(other))
    if short < _SHORTEST_MISSPELT or abs(len(one) - len(other)) > 1 or one == other:
        return False
    most = 2 if short >= 2 * _LONG else 1
    if OSA.distance(one, other, score_cutoff=most) > most:
        return False
    return not (is_known(one) and is_known(other))


def is_known(word: str) -> bool:
    """Say whether a stem is one of a word that is spelt right, as far as we know words."""
    return word in lexicon().known
