"""The profile of a network: which steps and tasks of network building its pages tell of.

Items are data (`profile.yml`). An answer is "yes" where a fact that was read of the network, or an
offer that it lists, says so, "no" where its pages deny it, else nothing is said: silence is not no.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from aggregator.comparison.stock import CURRENT, Row
from aggregator.comparison.table import Words
from aggregator.normalise.negation import negated
from aggregator.vocabulary.folding import fold


class Answer(StrEnum):
    """What a network's pages say of an item."""

    YES = "yes"
    NO = "no"
    NOT_STATED = "not_stated"
    NOT_CRAWLED = "not_crawled"


@dataclass(frozen=True, slots=True)
class Fact:
    """What was read of a network: a field of `aggregator.network.Network`, and its words."""

    field: str
    quote: str
    page: str
    source: str


@dataclass(frozen=True, slots=True)
class Item:
    """A step of network building, or a task.

    `facts` are fields of a network that say yes, `denied` those that say no; `words` begin words
    of a quote (folded); an offer of `topics` says yes, too.
    """

    key: str
    group: str
    title: Words
    facts: frozenset[str]
    denied: frozenset[str]
    words: re.Pattern[str] | None
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """An answer with the words it rests on."""

    answer: Answer
    quote: str = ""
    page: str = ""
    source: str = ""


@cache
def groups() -> Mapping[str, Words]:
    """What each group of items is called."""
    return {name: told["title"] for name, told in _read().items()}


@cache
def items() -> Sequence[Item]:
    """All items in order."""
    return [
        Item(
            f"{group}-{key}", group, one["title"], frozenset(one.get("facts", ())),
            frozenset(one.get("denied", ())),
            re.compile("|".join(rf"\b{word}" for word in one["words"])) if "words" in one else None,
            frozenset(one.get("topics", ())),
        )
        for group, told in _read().items()
        for key, one in told["items"].items()
    ]  # fmt: skip


def profile(facts: Sequence[Fact], offers: Sequence[Row], *, crawled: bool) -> dict[str, Found]:
    """The answer to every item, from the facts of a network and the offers that it lists.

    `offers` are documents as `aggregator.offer.Offer` has them.
    """
    current = [offer for offer in offers if offer["status"] in CURRENT]
    silent = Found(Answer.NOT_STATED if crawled else Answer.NOT_CRAWLED)
    return {item.key: next(_answers(item, facts, current), silent) for item in items()}


def _answers(item: Item, facts: Sequence[Fact], offers: Iterable[Row]) -> Iterator[Found]:
    """What says something of an item, the strongest first."""
    for fact in facts:
        if fact.field in item.denied:
            yield _found(Answer.NO, fact)
    for fact in facts:
        if fact.field in item.facts:
            yield _found(Answer.YES, fact)
    no: list[Found] = []
    for fact in facts:
        text = fold(fact.quote)
        for match in item.words.finditer(text) if item.words else ():
            if not negated(text, *match.span()):
                yield _found(Answer.YES, fact)
            else:
                no.append(_found(Answer.NO, fact))
    for offer in offers:
        if offer["topics"] and offer["topics"][0] in item.topics:
            mention = offer["mentions"][0]
            yield Found(Answer.YES, offer["title"], mention["page_url"], mention["source"])
    yield from no


def _found(answer: Answer, fact: Fact) -> Found:
    return Found(answer, fact.quote, fact.page, fact.source)


@cache
def _read() -> Mapping[str, Any]:
    text = files("aggregator.comparison").joinpath("profile.yml").read_text("utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read
