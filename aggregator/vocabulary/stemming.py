"""Stems of German words, as search and the comparison of names share them."""

from __future__ import annotations

import re
import threading
from functools import lru_cache

import snowballstemmer

from aggregator.vocabulary import gender

_PLURAL_S = re.compile(r"(?<=..[aioy])s$")

_STEMMER = snowballstemmer.stemmer("german")
_TURN = threading.Lock()  # the stemmer keeps the word it works on in itself


@lru_cache(maxsize=200_000)
def stem(folded: str) -> str:
    """The stem of a folded word: Snowball German, and the -s of Kitas, Babys, Infos."""
    with _TURN:
        stemmed: str = _STEMMER.stemWord(gender.person(folded))
    return _PLURAL_S.sub("", stemmed)
