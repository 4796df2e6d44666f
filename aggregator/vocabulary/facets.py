"""Labels of every coded value of a listing, and the word rules of formats, audience, languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from aggregator.vocabulary.rules import RuleSet, parse_rule
from aggregator.vocabulary.topics import SILENT

_data: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("facets.yml").read_text(encoding="utf-8")
)

LABELS: Mapping[str, Mapping[str, Mapping[str, str]]] = MappingProxyType(
    _data["labels"]
    | {
        "languages": {
            code: {"de": of["de"], "en": of["en"]} for code, of in _data["languages"].items()
        }
    }
)
"""Field of a listing -> value -> language ("de", "en") -> words. Booleans are "true", "false"."""

LANGUAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {name: code for code, of in _data["languages"].items() for name in of["names"]}
)
"""Folded name of a language, as German pages write it -> ISO 639-1."""


def label(field: str, value: object, language: str = "de") -> str:
    """The words for a value, in German unless told; the value itself where none are known.

    >>> label("childcare", True)
    'mit Kinderbetreuung'
    """
    code = str(value).lower() if isinstance(value, bool) else str(value)
    words = LABELS.get(field, {}).get(code)
    return words.get(language, words["de"]) if words else _age(code, language)


def _age(code: str, language: str) -> str:
    if not code.startswith("age:"):
        return code
    low, _, high = code.removeprefix("age:").partition("-")
    if not high:
        return f"Kinder ab {low} Jahren" if language == "de" else f"Children from {low} years"
    return f"Kinder {low}–{high} Jahre" if language == "de" else f"Children {low}–{high} years"


def _formats() -> RuleSet:
    weights: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for code, rules in _data["formats"].items():
        for points, patterns in rules.items():
            for pattern in patterns:
                weights[pattern][code] = points
    rules = [parse_rule(pattern, codes) for pattern, codes in weights.items()]
    silent = [parse_rule(pattern, {}) for pattern in _data["format_silent"]]
    return RuleSet([*rules, *silent, *SILENT], compounds=True)


def _audience() -> RuleSet:
    weights: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for code, patterns in _data["audience"].items():
        for pattern in patterns:
            weights[pattern][code] = 1
    return RuleSet(parse_rule(pattern, codes) for pattern, codes in weights.items())


def _verbs() -> RuleSet:
    return RuleSet(
        parse_rule(pattern, {code: 1})
        for code, patterns in _data["format_verbs"].items()
        for pattern in patterns
    )


FORMAT_RULES = _formats()
FORMAT_VERBS = _verbs()
"""What is done there, for offers whose words name no form."""
TIMELY: frozenset[str] = frozenset(_data["timely"])
"""Patterns that name an event on a single date, and a group where the offer comes again."""
AUDIENCE_RULES = _audience()
