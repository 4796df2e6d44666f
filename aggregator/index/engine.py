"""What an engine must be able to do. Everything else (German, filters, places) is done above it."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from aggregator.index.stored import Stored
from aggregator.index.tree import Node

DEEPEST = 100_000
"""Hits that can be paged to; whoever wants more takes the download."""


class Order(StrEnum):
    """How found offers are put in order. Every order is total: the same in every build."""

    SCORE = "score"
    """Best first; among equals the higher rank (see `aggregator.index.document.rank`)."""
    TITLE = "title"
    """By title, then id."""
    FRESH = "fresh"
    """Last seen first; among equals the higher rank."""


class Found(NamedTuple):
    """A found offer: what it scores, and what was stored of it."""

    score: int
    stored: Stored


class Counts(NamedTuple):
    """What was counted of the offers that a tree finds."""

    total: int
    values: Mapping[str, Mapping[str, int]]
    """Raw field -> value -> how many of them have it."""


class Engine(Protocol):
    """A reader of one state of an index."""

    @property
    def size(self) -> int:
        """How many offers there are."""

    def frequency(self, term: str) -> int:
        """In how many offers a stem occurs."""

    def begins(self, letters: str) -> bool:
        """Whether any stem of any offer begins so."""

    def holds(self, field: str, value: str) -> bool:
        """Whether any offer has a value in a raw field."""

    def values(self, field: str, prefix: str, limit: int | None = None) -> list[tuple[str, int]]:
        """The values of a raw field that begin so, with their number of offers, commonest first."""

    def total(self, node: Node) -> int:
        """How many offers a tree finds."""

    def page(
        self, node: Node, offset: int, limit: int, order: Order, total: int | None = None
    ) -> tuple[Sequence[Found], int]:
        """A page of what a tree finds, and how many it finds: `total` where that is known."""

    def counts(self, node: Node, fields: Sequence[str]) -> Counts:
        """How many offers a tree finds, and how many of them have which value of raw fields."""

    def counted_page(
        self, node: Node, offset: int, limit: int, order: Order, fields: Sequence[str]
    ) -> tuple[Sequence[Found], Counts]:
        """A page of what a tree finds, and its `counts`: together they may take less time."""

    def settle(self) -> None:
        """Make now what many questions will need, where this state is to stay for a while."""


def tie(rank: int) -> float:
    """A rank (32 bits) as the fraction by which it lifts a score; never as much as a point."""
    return rank / 2**32 / 1000


def lifted(score: int, part: float) -> float:
    """A score with its tie: the number that offers are put in order by."""
    return score * math.log2(2 + part)


def shuffled(identity: str) -> int:
    """25 bits that order the otherwise equal: the same in every build of an index."""
    return zlib.crc32(identity.encode("utf-8", "replace")) >> 7
