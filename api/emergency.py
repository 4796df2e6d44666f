"""Whom to call at once: a small list that people keep, with the day it was last revised."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

_FILE = Path(__file__).parent / "data" / "notfall.yml"
URGENT = "krise"
SENSITIVE = frozenset({URGENT, "recht"})
"""Topics that somebody at home may have to read unseen."""


class Number(BaseModel):
    """A number as it is dialled, and as it is shown."""

    model_config = ConfigDict(extra="forbid")

    tel: str
    shown: str = ""


class Line(Number):
    """One service. `what` and `hours` are German and looked up in the catalogues."""

    name: str
    what: str
    hours: str
    urgent: bool = False
    also: Number | None = None


class Emergency(BaseModel):
    """The whole list."""

    model_config = ConfigDict(extra="forbid")

    revised: date
    numbers: list[Line] = Field(min_length=1)

    def words(self) -> Iterator[str]:
        """What is to be translated."""
        for line in self.numbers:
            yield line.what
            yield line.hours


@cache
def emergency() -> Emergency:
    """Read the list."""
    return Emergency.model_validate(yaml.safe_load(_FILE.read_text("utf-8")))


def sensitive(topics: Collection[str]) -> bool:
    """Whether a page on these topics has a quick way out and a title that tells nothing."""
    return not SENSITIVE.isdisjoint(topics)
