"""A figure with what it is made of; an empty one says why it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Empty(StrEnum):
    """Why there is no figure. Absence of evidence is never shown as absence of help."""

    NONE_FOUND = "none_found"
    """Every source of this line was read to its end, and none is there."""
    NOT_CRAWLED = "not_crawled"
    """Not all sources of this line could be read."""
    NOT_STATED = "not_stated"
    """What was read does not say it."""
    NO_STATISTICS = "no_statistics"
    """Nobody imported how many families live there."""
    NO_POSTCODES = "no_postcodes"
    """No postcodes of the region are known: nobody imported them."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    `value` is what is compared (a count, a share of 1, a rate), None where `empty` says why there
    is none; `unknown` counts the offers of `base` that do not say what is asked.
    """

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    unknown: int = 0
    base: int = 0
    """Offers looked at."""
    empty: Empty | None = None


def count(number: int, why: Empty) -> Figure:
    """A number of offers; `why` there may be none."""
    return Figure(number or None, number, None, 0, number, None if number else why)


def share(answers: Iterable[bool | None], why: Empty) -> Figure:
    """The share of offers that say yes, of all: a lower bound while some do not say.

    Empty where there is no offer (`why`), or where none of them says anything.
    """
    told = list(answers)
    yes, unknown = told.count(True), told.count(None)
    if not told:
        return Figure(None, 0, 0, 0, 0, why)
    if unknown == len(told):
        return Figure(None, 0, len(told), unknown, len(told), Empty.NOT_STATED)
    return Figure(yes / len(told), yes, len(told), unknown, len(told))


def rate(amounts: Sequence[float | None], families: int | None, per: int, why: Empty) -> Figure:
    """What offers amount to for so many families (`per`); None is an offer that does not say.

    Empty where there is no offer (`why`), none that says, or nobody counted the families.
    """
    told = [amount for amount in amounts if amount is not None]
    base, unknown, whole = len(amounts), len(amounts) - len(told), sum(told)
    if not base:
        return Figure(None, 0, families, 0, 0, why)
    if not families:
        return Figure(None, whole, None, unknown, base, Empty.NO_STATISTICS)
    if not told:
        return Figure(None, 0, families, unknown, base, Empty.NOT_STATED)
    return Figure(whole * per / families, whole, families, unknown, base)
