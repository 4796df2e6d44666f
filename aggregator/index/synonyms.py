"""Lay words and official terms: what else an offer may call the thing that was asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from aggregator.index.analysis import clean, words
from aggregator.index.question import RELATIONS, WEAK_TERMS, content_terms, folded, stems
from aggregator.vocabulary.topics import TOPICS

PATH = Path(__file__).parent.parent / "vocabulary" / "synonyms.yml"

_REACH = 4
"""Words between the first and the last of a phrase whose words are scattered."""

_TOPIC = "@"

ALIKE_PATH = PATH.with_name("alike.yml")

Terms = tuple[str, ...]
Table = dict[Terms, tuple[Terms, ...]]


def read(path: Path) -> list[tuple[list[str], list[str]]]:
    """The groups of a synonym file as (words, what they stand for).

    Raises ValueError that names the group when the file is not of the shape its head explains.
    """
    groups: list[tuple[list[str], list[str]]] = []
    for number, entry in enumerate(yaml.safe_load(path.read_text("utf-8")), 1):
        sides: list[Any] = [entry, entry]
        if isinstance(entry, dict):
            sides = [entry.get("said"), entry.get("means")]
        for side in sides:
            if not isinstance(side, list) or not all(isinstance(word, str) for word in side):
                raise ValueError(f"{path.name}: group {number} is no list of words: {entry!r}")
        groups.append((sides[0], sides[1]))
    return groups


@cache
def table() -> Table:
    """Stems of a word or phrase (see `key_of`) -> the stems of all that it may also be called.

    What is said leads to what it stands for, and to everything that may stand for that.
    """
    groups = [(list(map(key_of, said)), list(map(key_of, means)), said is means,
               list(map(_named, means))) for said, means in read(PATH)]  # fmt: skip
    equal: dict[Terms, dict[Terms, None]] = {}
    for keys, _, same, others in groups:
        if same:
            for key in keys:
                equal.setdefault(key, {}).update(dict.fromkeys(others))
    found: dict[Terms, dict[Terms, None]] = {}
    for keys, meant, same, others in groups:
        for key in keys:
            called = found.setdefault(key, {})
            called.update(dict.fromkeys(others))
            if not same:
                for other in meant:
                    called.update(equal.get(other, {}))
    return {
        key: tuple(other for other in others if other and other != key)
        for key, others in found.items()
        if key
    }


def prepare() -> None:
    """Learn what is made of the files: the first to ask would wait for it."""
    for made in (table, sentences, longest, _alike, _phrases, _single):
        made()


def topic_of(name: Terms) -> str | None:
    """The code of the topic that is meant, where it is no name that an offer may have."""
    return name[0][1:] if name[0].startswith(_TOPIC) else None


def _named(name: str) -> Terms:
    """What an offer may have in its text, or a topic that it may be about.

    Raises ValueError where there is no such topic.
    """
    if not name.startswith(_TOPIC):
        return content_terms(name)
    if name[1:] not in TOPICS:
        raise ValueError(f"{PATH.name}: no topic has the code {name[1:]}")
    return (name,)


def key_of(phrase: str) -> Terms:
    """What a word or phrase is looked up by.

    The stems of the words that count. Where none does ("wer hilft mir"), or one to which a small
    word gives another meaning ("auf der Straße"), the phrase is found as it is written.
    """
    terms = content_terms(phrase)
    strong = [term for term in terms if term not in WEAK_TERMS]
    if len(strong) == 1 == len(terms) and not RELATIONS.isdisjoint(folded(phrase)):
        return (" ".join(stems(phrase)),)
    if strong:
        return tuple(map(alike, terms)) if len(terms) > 1 else terms
    return (" ".join(stems(phrase)),)


@cache
def sentences() -> dict[Terms, str]:
    """The stems of the phrases that are found as they are written -> their key."""
    return {tuple(key.split(" ")): key for (key, *more) in table() if not more and " " in key}


def alike(term: str) -> str:
    """The stem that stands for this one inside a phrase."""
    return _alike().get(term, term)


@cache
def _alike() -> dict[str, str]:
    groups: list[list[str]] = yaml.safe_load(ALIKE_PATH.read_text("utf-8"))
    found: dict[str, str] = {}
    for first, *others in groups:
        for other in others:
            found.setdefault("".join(stems(other)), stems(first)[0])
    return found


@cache
def longest() -> int:
    """Words of the longest phrase in the table."""
    return max(map(len, table()))


@cache
def _phrases() -> dict[str, tuple[Terms, ...]]:
    """Stem -> the phrases of several words that have it, longest first."""
    found: dict[str, list[Terms]] = {}
    for key in table():
        if len(key) > 1:
            for term in set(key):
                found.setdefault(term, []).append(key)
    return {term: tuple(sorted(keys, key=lambda k: (-len(k), k))) for term, keys in found.items()}


@cache
def vocabulary() -> tuple[str, ...]:
    """The words of the file as written in lower case: a misspelt one can be recognised."""
    found: dict[str, None] = {}
    for said, _ in read(PATH):
        for phrase in said:
            found.update(dict.fromkeys(word.form.surface for word in words(clean(phrase))))
    return tuple(found)


def begins(letters: str) -> bool:
    """Whether any single word of the table begins so."""
    found = _single()
    at = bisect_left(found, letters)
    return at < len(found) and found[at].startswith(letters)


@cache
def _single() -> tuple[str, ...]:
    return tuple(sorted(key for (key, *more) in table() if not more))


@lru_cache(maxsize=2_000)
def groups(terms: Terms) -> tuple[tuple[tuple[int, ...], Terms], ...]:
    """Cut a query into known phrases and single words: (positions, key of the table).

    The longest phrases come first, where their words stand together; then those whose words stand
    close to each other in any order ("Kind ist schon wieder krank").
    """
    same = tuple(map(alike, terms))
    cut: dict[int, tuple[tuple[int, ...], Terms]] = {}
    taken: set[int] = set()
    start = 0
    while start < len(same):
        size = min(longest(), len(same) - start)
        while size > 1 and same[start : start + size] not in table():
            size -= 1
        if size > 1:
            positions = tuple(range(start, start + size))
            cut[start] = positions, same[start : start + size]
            taken.update(positions)
        start += size
    for at, term in enumerate(terms):
        if at not in taken and (near := _close(same, at, taken)):
            cut[near[0][0]] = near
            taken.update(near[0])
        elif at not in taken:
            cut[at] = (at,), (term,)
            taken.add(at)
    return tuple(cut[at] for at in sorted(cut))


def _close(terms: Sequence[str], at: int, taken: set[int]) -> tuple[tuple[int, ...], Terms] | None:
    if terms[at] not in _phrases():  # most words
        return None
    around = [
        position
        for position in range(at, min(len(terms), at + _REACH + 1))
        if position not in taken
    ]
    there = {terms[position] for position in around}
    for key in _phrases()[terms[at]]:
        if not there.issuperset(key):
            continue
        positions = [next((p for p in around if terms[p] == term), None) for term in key]
        if None not in positions and len(set(positions)) == len(key):
            return tuple(sorted(p for p in positions if p is not None)), key
    return None
