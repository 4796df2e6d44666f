"""German words as the index knows them: one analysis for documents and for queries.

text -> words (gender marks understood) -> folded letters -> parts of compounds -> stems.
Documents and queries must be analysed by the same version; `VERSION` is kept beside the index.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import NamedTuple

from aggregator.vocabulary import gender
from aggregator.vocabulary.compounds import fold_letters, parts
from aggregator.vocabulary.stemming import stem

VERSION = f"2/snowball-{version('snowballstemmer')}"
"""Raise the first number whenever the same text gives other tokens than before."""

LONGEST_TEXT = 100_000
"""Characters of one field that are read."""

LONGEST_WORD = 60
"""Letters; longer "words" are data, nobody searches for them."""

# Soft hyphens and zero-width characters are invisible inside a word; direction marks are not words.
_JOINED = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_INVISIBLE = dict.fromkeys(map(ord, _JOINED))
_WORD = re.compile(rf"[^\W_]+(?:(?:[{_JOINED}]+|{gender.INFIX})[^\W_]+)*(?:{gender.SUFFIX})?")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Token(NamedTuple):
    """A term at a position.

    Whole words stand where they were written, so that phrases find them; parts of compounds and
    hyphenated words as one stand behind them all, each alone. `start` and `end` are offsets in the
    NFC form of the text.
    """

    term: str
    position: int
    start: int
    end: int


class Form(NamedTuple):
    """What a written word comes to: lower case, folded, and its terms, the whole word first."""

    surface: str
    folded: str
    terms: tuple[str, ...]


class Word(NamedTuple):
    """A word of the text. Offsets as in `Token`."""

    form: Form
    start: int
    end: int


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
def _form(written: str) -> Form:
    surface = gender.unmarked(written.translate(_INVISIBLE)).lower()
    folded = fold(surface)
    return Form(surface, folded, (stem(folded), *part_terms(folded)))


def words(cleaned: str) -> Iterator[Word]:
    """The words of a cleaned text (see `clean`), over-long ones left out."""
    for match in _WORD.finditer(cleaned):
        start, end = match.span()
        if end - start <= LONGEST_WORD:
            form = _form(match[0])
            if form.folded:
                yield Word(form, start, end)


def tokens(text: str) -> list[Token]:
    """Terms of a text for the index: stems, parts of compounds, and hyphenated words as one."""
    text = clean(text)
    return arranged(text, list(words(text)))


def arranged(cleaned: str, found: Sequence[Word]) -> list[Token]:
    """The terms of words that are already found in a cleaned text, by position."""
    placed = [
        Token(form.terms[0], position, start, end)
        for position, (form, start, end) in enumerate(found)
    ]
    behind = [(term, start, end) for form, start, end in found for term in form.terms[1:]]
    if "-" in cleaned:
        behind += _joined(cleaned, found)
    # A gap between any two keeps them from making a phrase that nobody wrote.
    first = len(found) + 1
    placed += (
        Token(term, first + 2 * number, start, end)
        for number, (term, start, end) in enumerate(behind)
    )
    return placed


def _joined(cleaned: str, found: Sequence[Word]) -> Iterator[tuple[str, int, int]]:
    """Ein-Eltern-Familie is also Einelternfamilie: its term and offsets."""
    first = 0
    for after in range(1, len(found) + 1):
        end = found[after - 1].end
        if after < len(found) and found[after].start == end + 1 and cleaned[end] == "-":
            continue
        if 2 <= after - first <= 6:
            joined = "".join(word.form.folded for word in found[first:after])
            if len(joined) <= LONGEST_WORD:
                yield stem(joined), found[first].start, end
        first = after


def grams(text: str) -> list[str]:
    """Four-letter pieces of each folded word; words of three and four letters as they are."""
    found: dict[str, None] = {}
    for word in words(clean(text)):
        letters = word.form.folded
        if len(letters) >= 3:
            for start in range(max(1, len(letters) - 3)):
                found[letters[start : start + 4]] = None
    return list(found)
