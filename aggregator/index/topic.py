"""What a question is about: the topic rules that read offers, run over its words."""

from __future__ import annotations

from collections import Counter

from aggregator.vocabulary import folding
from aggregator.vocabulary.topics import RULES

_ENOUGH = 3
"""Points from which on a topic is meant: those of one word that mostly names it."""


def topics_of(text: str) -> tuple[str, ...]:
    """The topics that the words of a question speak for, the strongest first.

    >>> topics_of("Umschulung")
    ('arbeit',)
    """
    points: Counter[str] = Counter()
    for rule, _ in RULES.hits(folding.words(folding.fold(text))):
        points.update(rule.weights)
    return tuple(code for code, number in points.most_common() if number >= _ENOUGH)
