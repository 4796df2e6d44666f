"""What is read from a piece of text, and why: for coordinators, without a database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from aggregator import flat
from aggregator.listing import LIST_FIELDS, Listing
from aggregator.normalise.address import read_address
from aggregator.normalise.context import Context
from aggregator.normalise.offer import read_offer
from aggregator.normalise.statement import Doubt, Statement
from aggregator.normalise.text import plain
from aggregator.places.places import Gazetteer
from aggregator.vocabulary.regions import COUNTRY
from crawlers.record import Passage, Record, Role, Trust

_ASKED = "--place"  # locator of the postcode that was told beside the text
_LONGEST_TITLE = 100
# A line that says how, when or where to come is no title, however short.
_NO_TITLE = re.compile(
    r"@|https?://|www\.|\d{5}|\d\s?(?:[-–:.]\s?\d{1,2}\s?)?Uhr|\d{1,2}:\d\d|"
    r"^(?:Tel|Fon|Fax|Mobil|E-?Mail|Wann|Wo|Wer|Ort|Zeit|Datum|Kosten|Adresse|Anmeldung|Kontakt|"
    r"Träger|Veranstalter|Öffnungszeit|Sprechzeit)\w*\s?[.:]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The readings of a text: what is stated, each with its evidence, and what is doubtful."""

    statements: tuple[Statement, ...]
    doubts: tuple[Doubt, ...]

    @property
    def document(self) -> dict[str, Any]:
        """The keys of the flat form, unknown ones null or empty, and `statements`."""
        values: dict[str, Any] = {
            name: [] if name in LIST_FIELDS else None for name in Listing.model_fields
        }
        values |= flat.listing_values(self.statements)
        return values | {"statements": [statement._asdict() for statement in self.statements]}


def explain(
    text: str, gazetteer: Gazetteer, today: date, postcode: str | None = None
) -> Explanation:
    """Read a text as if it were one listing, a passage a line.

    The first of several lines is taken for the title where it looks like one: short, no sentence,
    no way to get in touch, no time, no label. `postcode` tells where the listing belongs, for area
    codes that a number lacks; it counts only where the text names no place, and nothing is stated
    from it alone.
    """
    passages = tuple(_passages(text))
    place = gazetteer.locate(postcode, None) if postcode else None
    context = Context("", (place and place.region_key) or COUNTRY, today)
    if postcode and not _places(passages, context):
        passages = (*passages, Passage(Role.POSTCODE, postcode, _ASKED))
        if place and place.city:
            passages = (*passages, Passage(Role.CITY, place.city, _ASKED))
    reading = read_offer(Record("", "", passages, "text@1", Trust.PAGE), context, gazetteer)
    return Explanation(
        tuple(s for s in reading.statements if s.locator != _ASKED),
        tuple(d for d in reading.doubts if d.locator != _ASKED),
    )


_MARKUP = re.compile(r"</(?:p|div|h[1-6]|li|ul|td|tr|table|span|a|b|body)\s*>|<br\b", re.IGNORECASE)
_LINE_END = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr|/dd|/dt)\b[^<>]{0,200}>", re.IGNORECASE)
_NEW_LINE = "\u2424"


def _shown(text: str) -> str:
    """The text of a piece of HTML as a reader sees it, a block a line; other text as it is."""
    if not _MARKUP.search(text):
        return text
    return plain(_LINE_END.sub(_NEW_LINE, text)).replace(_NEW_LINE, "\n")


def _passages(text: str) -> Iterator[Passage]:
    text = _shown(text)
    lines = [
        (number, " ".join(line.split()))
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]
    for index, (number, line) in enumerate(lines):
        titled = index == 0 and len(lines) > 1 and _is_title(line)
        yield Passage(Role.TITLE if titled else Role.TEXT, line, f"line {number}")


def _is_title(line: str) -> bool:
    return (
        len(line) <= _LONGEST_TITLE
        and any(c.isalpha() for c in line)
        and not line.endswith((".", ",", ";", ":"))
        and _NO_TITLE.search(line) is None
    )


def _places(passages: tuple[Passage, ...], context: Context) -> bool:
    """Whether the text names a place of its own."""
    address = read_address(passages, context)
    return any(address.value(name) for name in ("postcode", "city"))
