"""What kind of body offers something, by its name: public, welfare association, self-help."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from aggregator.comparison.words import said
from aggregator.vocabulary.folding import fold

OTHER = "other"
"""A name that tells no kind."""


def kind_of(name: str | None) -> str | None:
    """The kind of a provider, the first of providers in words.yml that fits; None: none is named.

    >>> kind_of("Bezirksamt Pankow"), kind_of("Nachbarschaftshaus Süd e. V.")
    ('public', 'association')
    """
    if not name:
        return None
    text = fold(name)
    return next((kind for kind, found in _rules().items() if found.search(text)), OTHER)


@cache
def _rules() -> Mapping[str, re.Pattern[str]]:
    kinds: Mapping[str, Any] = said("providers")
    return {
        kind: re.compile("|".join(rf"\b{word}" for word in told["names"]))
        for kind, told in kinds.items()
        if told.get("names")
    }
