"""Names of bodies and streets in one spelling: what the same body is called on two sites."""

from __future__ import annotations

import re

from aggregator.vocabulary.folding import fold, words

_LEGAL_FORM = re.compile(
    r"\b(?:e\.?\s?v|g?gmbh|gemeinnuetzige gmbh|g?ug|gag|e\.?\s?g|kdoer|k\.?d\.?oe\.?r|mbh|"
    r"haftungsbeschraenkt|eingetragener verein|stiftung buergerlichen rechts)\b\.?"
)
_ABBREVIATIONS = (
    (re.compile(r"\bev\.\s"), "evangelische "),
    (re.compile(r"\bkath\.\s"), "katholische "),
    (re.compile(r"str(?:asse\b|\b\.?)"), "str "),
)
_LONGEST = 300  # characters of a name; what follows is no name


def one_spelling(name: str) -> str:
    """All words of a name but its legal form, folded; abbreviations and streets spelled alike.

    >>> one_spelling("Nachbarschaftshaus Süd e. V.") == one_spelling("nachbarschaftshaus-sued e.V.")
    True
    """
    text = fold(name[:_LONGEST])
    for pattern, full in _ABBREVIATIONS:
        text = pattern.sub(full, text)
    return " ".join(words(_LEGAL_FORM.sub(" ", text)))
