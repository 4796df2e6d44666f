"""German compounds: the parts of a word, from a list of atoms that ships with the program.

A word is split when all of it is atoms and linking letters (Kinder|betreuung, Arbeit|s|amt), or
when its tail is an atom that may follow any word (Ernährung|s|beratung). Everything else stays
whole: a wrong part finds wrong offers, a missing one costs little beside the whole word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

PATH = Path(__file__).with_name("compounds.txt")

LONGEST = 48
"""Letters; longer words are no German compounds that anybody searches by a part."""

_SHORTEST_UNKNOWN_HEAD = 4
_LINKS = ("", "s", "es", "n", "en", "er", "e", "ns", "ens", "innen")
_INFLECTIONS = frozenset(("", "e", "n", "en", "s", "es", "er", "ern", "em", "in", "innen"))
_LINKING_S = re.compile(r"(?:ung|heit|keit|schaft|ion|tat|ling|tum)s$")
_HAS_VOWEL = re.compile(r"[aeiouy]")
_DIGRAPH = re.compile(r"(?<![aeq])([aou])e")


@dataclass(frozen=True, slots=True)
class Atoms:
    """The words that compounds are made of, folded."""

    known: frozenset[str]
    tails: tuple[str, ...]
    """Atoms that may follow a word we do not know; longest first."""
    whole: frozenset[str]
    """Words that look like compounds of atoms and are none."""
    longest: int


def fold_letters(word: str) -> str:
    """Lower-case letters with ä/ae/a, ö/oe/o, ü/ue/u and ß/ss made one.

    A digraph counts unless a vowel or q stands before it (Frauen, neue, Quelle keep theirs).
    """
    return _DIGRAPH.sub(_vowel, word.translate(_UMLAUTS))


def _vowel(digraph: re.Match[str]) -> str:
    return digraph[1]


_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


@cache
def atoms() -> Atoms:
    """The shipped list: an atom a line, `+` before a tail, `=` before a word that stays whole."""
    known: set[str] = set()
    tails: set[str] = set()
    whole: set[str] = set()
    for line in PATH.read_text("utf-8").splitlines():
        for entry in line.partition("#")[0].split():
            word = fold_letters(entry.lstrip("+=").lower())
            if entry.startswith("="):
                whole.add(word)
                continue
            known.add(word)
            if entry.startswith("+"):
                tails.add(word)
    ordered = tuple(sorted(tails, key=lambda tail: (-len(tail), tail)))
    return Atoms(frozenset(known), ordered, frozenset(whole), max(map(len, known)))


@lru_cache(maxsize=200_000)
def parts(folded: str) -> tuple[str, ...]:
    """The parts of a folded word in order, without linking letters; empty if it stays whole."""
    if not 6 <= len(folded) <= LONGEST or not folded.isalpha():
        return ()
    table = atoms()
    if folded in table.whole or folded in table.known:
        return ()
    found = _chain(folded, table)
    return found or _open_head(folded, table)


def _chain(word: str, table: Atoms) -> tuple[str, ...]:
    """Atoms and linking letters from end to end: fewest parts, then the longest first ones."""
    best: list[tuple[str, ...] | None] = [None] * (len(word) + 1)
    for start in range(len(word) - 2, -1, -1):
        for end in range(min(len(word), start + table.longest), start + 2, -1):
            atom = word[start:end]
            if atom not in table.known:
                continue
            if word[end:] in _INFLECTIONS:
                tail: tuple[str, ...] | None = ()
            else:
                tail = _after(word, end, best)
            if tail is None:
                continue
            current = best[start]
            if current is None or len(tail) + 1 < len(current):
                best[start] = (atom, *tail)
    chain = best[0]
    return chain if chain is not None and len(chain) > 1 else ()


def _after(word: str, end: int, best: list[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    """The best chain that starts behind some linking letters."""
    found: tuple[str, ...] | None = None
    for link in _LINKS:
        if word.startswith(link, end):
            chain = best[end + len(link)]
            if chain is not None and (found is None or len(chain) < len(found)):
                found = chain
    return found


def _open_head(word: str, table: Atoms) -> tuple[str, ...]:
    """A tail that may follow any word; the unknown head is given without its linking s."""
    for tail in table.tails:
        at = word.rfind(tail)
        if at < _SHORTEST_UNKNOWN_HEAD or word[at + len(tail) :] not in _INFLECTIONS:
            continue
        head = word[:at]
        if not _HAS_VOWEL.search(head):
            return ()
        if _LINKING_S.search(head):
            head = head[:-1]
        return (*(parts(head) or (head,)), tail)
    return ()
