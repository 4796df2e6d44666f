"""The words of a comparison, German and English: titles, definitions, methods; read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from aggregator.comparison.line import Kind, Line
from aggregator.comparison.table import Head, Words
from aggregator.vocabulary.topics import TOPICS


@cache
def said(part: str) -> Mapping[str, Any]:
    """A part of words.yml."""
    text = files("aggregator.comparison").joinpath("words.yml").read_text("utf-8")
    read: dict[str, Any] = yaml.safe_load(text)[part]
    return read


def title(table: str) -> Words:
    """What a table is called."""
    words: Words = said("tables")[table]["title"]
    return words


def note(table: str) -> Words:
    """What to know of a table."""
    words: Words = said("tables")[table].get("note", {})
    return words


def head_of(line: Line) -> Head:
    """The head of a line of a comparison."""
    if line.kind in {Kind.NETWORK, Kind.REGION}:
        return Head(line.key, {"de": line.name, "en": line.name})
    words = said("lines")[line.kind.value]
    return Head(line.key, {code: text.format(name=line.name) for code, text in words.items()})


def topic_heads() -> list[Head]:
    """The fourteen topics."""
    return [Head(topic.code, topic.label) for topic in TOPICS.values()]


def head(part: str, key: str) -> Head:
    """The head of a column whose words are those of `part`."""
    words = said(part)[key]
    return Head(key, words.get("title", words))
