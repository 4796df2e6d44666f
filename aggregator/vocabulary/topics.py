"""The fourteen topics: labels, definitions, cross-references and the rules that find them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from aggregator.vocabulary.rules import Rule, RuleSet, parse_rule


@dataclass(frozen=True, slots=True)
class Topic:
    """One field of action. Texts are keyed by language ("de", "en").

    `law` names the statutes that planners use as a secondary key, `open_eligibility` the nearest
    terms of Open Eligibility 2.0.
    """

    code: str
    label: Mapping[str, str]
    alt: Mapping[str, tuple[str, ...]]
    definition: Mapping[str, str]
    law: tuple[str, ...]
    open_eligibility: tuple[str, ...]


def _read() -> tuple[dict[str, Topic], list[Rule], tuple[Rule, ...], RuleSet]:
    path = Path(__file__).with_name("topics.yml")
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    topics: dict[str, Topic] = {}
    weights: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for entry in data["topics"]:
        code = entry["code"]
        topics[code] = Topic(
            code=code,
            label=entry["label"],
            alt={language: tuple(words) for language, words in entry["alt"].items()},
            definition=entry["definition"],
            law=tuple(entry["law"]),
            open_eligibility=tuple(entry["open_eligibility"]),
        )
        for points, patterns in entry["rules"].items():
            for pattern in patterns:
                weights[pattern][code] = max(points, weights[pattern].get(code, 0))
    rules = [parse_rule(pattern, codes) for pattern, codes in weights.items()]
    silent = tuple(parse_rule(pattern, {}) for pattern in data["silent"])
    neutral = RuleSet(parse_rule(pattern, {}) for pattern in data["neutral"])
    return topics, rules, silent, neutral


_topics, _rules, SILENT, NEUTRAL = _read()

RULES = RuleSet([*_rules, *SILENT])
"""What words and beginnings name a topic, as they stand."""

TEXT_RULES = RuleSet([*_rules, *SILENT], compounds=True)
"""The same for whole texts, where the end of a compound may speak for the word."""

TOPICS: Mapping[str, Topic] = MappingProxyType(_topics)
"""The topics by code, in the order in which they are shown."""
