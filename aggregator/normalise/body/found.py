"""A body that a record names, and where: what all who look for bodies have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from aggregator.normalise.cues import LINES, Cued, seen
from aggregator.normalise.person import given_names, strip_persons
from crawlers.record import Passage, Record, Role, of_roles

MOST = 1_000
"""Characters of one line that are looked at."""
SENTENCES = re.compile(
    # Beginning with what divides, so that the engine finds where to look.
    r"[.;\s](?:(?<=[\w)][\w)]\.)(?<!Kath.)(?<!Ev.)(?<![Ll]uth.)(?<!St.)(?<!ev.)(?<!kath.)"
    r"\s+(?=[A-ZÄÖÜ])|(?<=\s)[|•·]\s|(?<=;)\s)"
)
"""Where a line is divided into what it says one after the other."""


def cued(pattern: str, flags: int = 0) -> Cued:
    """A pattern that is asked only of lines that hold one of the strings it needs."""
    return Cued(pattern, flags, ear=LINES)


class Found(NamedTuple):
    """The name of a body, the passage that names it, and how sure it is that it offers."""

    name: str
    passage: Passage
    confidence: float


def mentioning(passages: Iterable[Passage], pattern: Cued) -> list[Passage]:
    """The passages in which a pattern may match: the cheap question before it."""
    return [passage for passage in passages if seen(passage.text) & pattern.cue]


def is_person(name: str, text: str) -> bool:
    """Whether what a text names is a person: "organisiert von Kim und Alex"."""
    given = name.split(maxsplit=1)[0] in given_names()
    return given and name in text and name not in strip_persons(text)


def texts(record: Record) -> list[Passage]:
    """The lines of a record."""
    return of_roles(record.passages, Role.TEXT)


def titles(record: Record) -> list[Passage]:
    """What a record is called, and the place where it is."""
    return of_roles(record.passages, Role.TITLE, Role.VENUE)
