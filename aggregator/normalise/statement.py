"""What is read from a record: one value, the words that say it, and who read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

Value = str | float | int | bool | dict[str, str]


class Statement(NamedTuple):
    """One value of one field, with its evidence.

    `field` is a key of the flat form (`aggregator.listing.Listing`) or of a network
    (`aggregator.network.Network`); a list field has one statement an element, in order.
    `quote` is the text as it stood on the page, `locator` where it stood there (see
    `crawlers.record.Passage`). `reader` names the rule that understood it ("phone@1"), `reason`
    says in a few words why where that is not plain from the quote. `confidence` is 1.0 where the
    page states the value in a form that allows no other reading; below 0.5 nothing is stated.
    """

    field: str
    value: Value
    quote: str
    locator: str = ""
    reader: str = ""
    reason: str = ""
    confidence: float = 1.0
    first_source: str = ""
    """Who read the quote first, where it came through another aggregator."""


class Doubt(NamedTuple):
    """Something a coordinator should look at: a passage that was seen and not understood.

    `code` is stable and machine-readable ("hours_not_understood", "phone_area_unknown",
    "topic_unmapped"); `quote` is what stood there. Nothing is published from it but the text.
    """

    code: str
    quote: str
    locator: str = ""
    field: str = ""


@dataclass(slots=True)
class Reading:
    """What one reader, or all of them together, made of a record."""

    statements: list[Statement] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def extend(self, other: Reading) -> None:
        """Add what another reader found."""
        self.statements += other.statements
        self.doubts += other.doubts

    def value(self, name: str) -> Value | None:
        """The first value stated for a field, or None."""
        for one in self.statements:
            if one.field == name:
                return one.value
        return None

    def values(self, name: str) -> list[Value]:
        """All values stated for a list field, in order."""
        return [s.value for s in self.statements if s.field == name]
