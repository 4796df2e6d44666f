"""Gender forms: what is written for women, men and everybody becomes one word.

Written: Berater*innen, Berater:in, Berater_innen, Berater/-innen, Berater(innen), BeraterInnen,
Alleinerziehende:r, jede*n. Spelt out: Beraterinnen, Ärztin.
"""

from __future__ import annotations

import re

SUFFIX = r"(?<=[^\W\d_])(?:[*:_·•]|/-?|\(-?)(?:innen|in|en|er|e|r|n|s|m)\)?(?![^\W_])"
"""A marked ending after the letters of a word, for the tokeniser's pattern."""

INFIX = r"[*:_·](?=innen[^\W\d_])"
"""A mark inside a compound: Bürger*innenberatung."""

_MARKED = re.compile(rf"{SUFFIX}$")
_INNER = re.compile(INFIX)
_BINNEN_I = re.compile(r"(?<=[a-zäöüß])I(?:nnen|n)(?![a-zäöüß])")
_BINNEN_I_INSIDE = re.compile(r"(?<=[a-zäöüß])I(?=nnen[a-zäöüß])")

# Alleinerziehende:r, Berater*innen, Schuldner_innen, Berater/-innen, Teilnehmer(innen): the mark
# and a masculine ending go, a feminine ending stays. BeraterInnen needs nothing but lower case.
# The mark stands first in the pattern, so that the engine finds where to look.
_FOLDED = re.compile(
    r"[*:_·/(](?<=[a-z]{3}.)(?:(?<=/)-)?(?:(inn?en|in)\)?|(?:r|n|s|m|e)\)?)(?![a-z])"
)
_MARKS = frozenset("*:_·/(")

# Nouns for persons whose female form adds -in to the male one; anything else in -in is left alone
# (Termin, Berlin, Medizin). Endings are folded: anwält- has become anwalt-.
_PERSON = re.compile(
    r"(?:(?<=..)(?:er|or|ist|ent|ant|eut|log|gog|iat)|arzt|walt|wirt|freund|kund|kolleg|nachbar|"
    r"koch|expert|gatt|genoss|vormund|lots|pat)$"
)
_VERBS = frozenset(
    ("beginnen", "gewinnen", "besinnen", "entrinnen", "gerinnen", "zerrinnen", "spinnen", "drinnen")
)


def unmarked(word: str) -> str:
    """The word without its gender mark and the ending behind it; other words as they are."""
    marked = _MARKED.search(word)
    if marked:
        base = word[: marked.start()]
        return _male(base) if "in" in marked[0] else base
    if "I" in word[1:]:
        word = _BINNEN_I_INSIDE.sub("i", _BINNEN_I.sub("", word))
    return _INNER.sub("", word)


def without_marks(folded: str) -> str:
    """A folded text with its gender marks and masculine endings gone; feminine endings stay."""
    return folded if _MARKS.isdisjoint(folded) else _FOLDED.sub(_feminine, folded)


def _feminine(marked: re.Match[str]) -> str:
    return marked[1] or ""


def person(folded: str) -> str:
    """The form without -in or -innen, where a person is meant; `folded` is lower case."""
    for ending in ("innen", "in"):
        if folded.endswith(ending):
            base = folded[: -len(ending)]
            if len(base) >= 3 and folded not in _VERBS and _PERSON.search(base):
                return _male(base)
            return folded
    return folded


def _male(base: str) -> str:
    """Lots- becomes Lotse: without its e the s would be taken for an ending."""
    return f"{base}e" if base.endswith("s") else base
