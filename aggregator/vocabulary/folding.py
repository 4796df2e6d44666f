"""One spelling for German words: umlauts, ß and gender forms folded, so that rules match all."""

from __future__ import annotations

import re
import unicodedata

from aggregator.vocabulary import gender

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_ACCENTS = re.compile("[\u0300-\u036f]")
WORD = re.compile(r"[a-z0-9]{1,64}")


def fold(text: str) -> str:
    """Lower case, ä ö ü ß as ae oe ue ss, gender marks and invisible characters gone.

    >>> fold("Berater*innen für Alleinerziehende:r")
    'beraterinnen fuer alleinerziehende'
    """
    text = _umlauts(text.lower())
    if not text.isascii():
        text = _umlauts(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
        text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))  # Café
    return gender.without_marks(text)


def _umlauts(text: str) -> str:
    return text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")


def words(folded: str) -> list[str]:
    """The words of a folded text; everything else divides them."""
    return WORD.findall(folded)
