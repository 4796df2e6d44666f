"""German words as the index knows them: one analysis for documents and for queries.

text -> words (gender marks understood) -> folded letters -> parts of compounds -> stems.
Documents and queries must be analysed by the same version; `VERSION` is kept beside the index.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.metadata import version
from itertools import chain
from typing import NamedTuple, TypeVar

from aggregator.vocabulary import gender
from aggregator.vocabulary.compounds import fold_letters, parts
from aggregator.vocabulary.stemming import stem

VERSION = f"2/snowball-{version('snowballstemmer')}"
"""Raise the first number whenever the same text gives other tokens than before."""

LONGEST_TEXT = 100_000
"""Characters of one field that are read."""

LONGEST_WORD = 60
"""Letters; longer "words" are data, nobody searches for them."""

MOST_KNOWN = 100_000
"""Words that a `Known` remembers."""

# Soft hyphens and zero-width characters are invisible inside a word; direction marks are not words.
_JOINED = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_INVISIBLE = dict.fromkeys(map(ord, _JOINED))
# A look ahead spares most words the rest: marks are rare.
_MARKS = rf"(?:(?:[{_JOINED}]+|{gender.INFIX})[^\W_]+)*(?:{gender.SUFFIX})?"
_WORD = re.compile(rf"[^\W_]+(?:(?=[{_JOINED}*:_·•/(]){_MARKS})?")
_HYPHENATED = re.compile(r"[^\W_]+(?:-[^\W_]+){1,5}(?!-)")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Form(NamedTuple):
    """What a written word comes to: lower case, folded, and its terms, the whole word first."""

    surface: str
    folded: str
    terms: tuple[str, ...]


class Word(NamedTuple):
    """A word of a text; `start` and `end` are offsets in its NFC form."""

    form: Form
    start: int
    end: int


class Analysed(NamedTuple):
    """The terms of a text as an index stores them."""

    terms: list[str]
    """Those of the whole words in their order, so that phrases find them."""
    apart: set[str]
    """Parts of compounds, and hyphenated words as one. They stand alone."""
    written: set[str]
    """The different words as they are written ."""


_T = TypeVar("_T")


class Known(dict[str, _T]):
    """Words as they are written -> what they come to: the same words come again and again.

    As fast as a dictionary; emptied when it grows beyond `MOST_KNOWN`.
    """

    def __init__(self, make: Callable[[str], _T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, word: str) -> _T:
        if len(self) >= MOST_KNOWN:
            self.clear()
        made = self[word] = self._make(word)
        return made


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Letters that people mix up made one: case, accents, ä/ae/a, ß/ss."""
    lowered = word.lower()
    if not lowered.isascii():
        lowered = unicodedata.normalize("NFKD", lowered.replace("ß", "ss"))
        lowered = "".join(char for char in lowered if not unicodedata.combining(char))
    return fold_letters(lowered)


@lru_cache(maxsize=200_000)
def part_terms(folded: str) -> tuple[str, ...]:
    """The stems of a compound's parts, none twice and none equal to the whole."""
    whole = stem(folded)
    return tuple(term for term in dict.fromkeys(map(stem, parts(folded))) if term != whole)


def clean(text: str) -> str:
    """NFC and bounded; a lone surrogate (bad bytes of others) becomes a space."""
    text = text[:LONGEST_TEXT]
    return text if text.isascii() else unicodedata.normalize("NFC", _SURROGATE.sub(" ", text))


@lru_cache(maxsize=200_000)
def form_of(written: str) -> Form:
    """What a word comes to; nothing at all where it is over-long or only marks."""
    if len(written) > LONGEST_WORD:
        return _NO_FORM
    surface = gender.unmarked(written.translate(_INVISIBLE)).lower()
    folded = fold(surface)
    return Form(surface, folded, (stem(folded), *part_terms(folded))) if folded else _NO_FORM


_NO_FORM = Form("", "", ("",))


def words(cleaned: str) -> Iterator[Word]:
    """The words of a cleaned text (see `clean`), over-long ones left out."""
    for match in _WORD.finditer(cleaned):
        form = form_of(match[0])
        if form.folded:
            yield Word(form, *match.span())


def forms(cleaned: str) -> list[Form]:
    """What the words of a cleaned text come to, in order, over-long ones left out."""
    return [form for form in map(form_of, _WORD.findall(cleaned)) if form.folded]


_TERM: Known[str] = Known(lambda word: form_of(word).terms[0])
_APART: Known[tuple[str, ...]] = Known(lambda word: form_of(word).terms[1:])
_PIECES: Known[tuple[str, ...]] = Known(lambda word: tuple(_pieces(form_of(word).folded)))


def analysed(cleaned: str) -> Analysed:
    """The terms of a cleaned text (see `clean`)."""
    found = _WORD.findall(cleaned)
    different = set(found)
    # Most words have no parts.
    apart = set(chain.from_iterable(filter(None, map(_APART.__getitem__, different))))
    if "-" in cleaned:
        # Ein-Eltern-Familie is also Einelternfamilie.
        apart.update(
            stem("".join(map(fold, joined.split("-"))))
            for joined in _HYPHENATED.findall(cleaned)
            if len(joined) <= LONGEST_WORD
        )
        apart.discard("")
    return Analysed(list(filter(None, map(_TERM.__getitem__, found))), apart, different)


def grams(text: str) -> list[str]:
    """Four-letter pieces of each folded word; words of three and four letters as they are."""
    pieces = map(_PIECES.__getitem__, _WORD.findall(clean(text)))
    return list(dict.fromkeys(chain.from_iterable(pieces)))


def _pieces(letters: str) -> Iterator[str]:
    if len(letters) >= 3:
        yield from (letters[start : start + 4] for start in range(max(1, len(letters) - 3)))
