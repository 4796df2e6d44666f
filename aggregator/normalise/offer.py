"""One record of an offer, read by every reader: the whole of normalising."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import TypeVar

from aggregator.normalise.address import read_address, read_seat
from aggregator.normalise.audience import read_audience
from aggregator.normalise.availability import read_availability
from aggregator.normalise.childcare import read_childcare
from aggregator.normalise.context import Context
from aggregator.normalise.cost import read_cost
from aggregator.normalise.dates import read_dates
from aggregator.normalise.description import read_description
from aggregator.normalise.email import read_emails
from aggregator.normalise.exclusivity import read_exclusivity
from aggregator.normalise.format import read_formats
from aggregator.normalise.hours.reader import days_alone, read_hours
from aggregator.normalise.language import read_languages
from aggregator.normalise.mode import read_modes
from aggregator.normalise.person import strip_persons
from aggregator.normalise.phone import read_phones
from aggregator.normalise.place import place_of, read_place
from aggregator.normalise.plainwords import read_plain_words
from aggregator.normalise.provider import read_provider
from aggregator.normalise.registration import by_appointment_only, read_registration
from aggregator.normalise.shelter import without_shelter_address
from aggregator.normalise.statement import Doubt, Reading, Statement
from aggregator.normalise.title import read_title
from aggregator.normalise.topic import read_topics
from aggregator.normalise.url import read_urls
from aggregator.normalise.wheelchair import read_wheelchair
from aggregator.normalise.withholding import Withheld, withhold
from aggregator.normalise.wording import RecordText
from aggregator.places.places import Gazetteer, Place
from crawlers.record import Record

logger = logging.getLogger(__name__)

Said = TypeVar("Said", Statement, Doubt)


def read_offer(
    record: Record, context: Context, gazetteer: Gazetteer, told: Withheld | None = None
) -> Reading:
    """Everything that a record states, with the evidence of each value.

    `told` is what of it may be read, where its neighbours have a say in that (`withhold_all`). A
    reader that fails on a record costs its own field there, is logged, and leaves the doubt
    "reader_failed". No quote holds the name of a private person or the address of a shelter.
    """
    context = context._replace(page_url=record.page_url)
    whole = Reading()
    told = told or withhold(record)
    shelter = told.shelter
    stated = record if shelter else told.record
    address = _tried("address", _address, stated, context, shelter)
    record = told.record
    statements, doubts = whole.statements, whole.doubts
    statements += address.statements
    doubts += address.doubts
    if told.streets and not address.doubts:
        doubts.append(Doubt("shelter_address_suppressed", "", "", "street"))
    for name, reader, asked in _readers(record, context, address, gazetteer, shelter=shelter):
        found = _tried(name, reader, *asked)
        statements += found.statements
        doubts += found.doubts
    whole.extend(days_alone(whole))
    whole.extend(by_appointment_only(whole))
    told_of = _at_origin(_shared(whole.statements, record), record)
    whole.statements = [_impersonal(statement) for statement in told_of]
    whole.doubts = [_impersonal(doubt) for doubt in whole.doubts]
    return whole


def _readers(
    record: Record, context: Context, address: Reading, gazetteer: Gazetteer, *, shelter: bool
) -> Iterator[tuple[str, Callable[..., Reading], tuple[object, ...]]]:
    """What is left to read once the address is known, which phone numbers need.

    A reader's name, the reader and what it is given.
    """
    passages = record.passages
    place = place_of(address, context, gazetteer)

    def seat() -> Place | None:
        return place_of(read_seat(passages), context, gazetteer)

    yield "place", read_place, (address, record, place, gazetteer, shelter)
    yield "phones", read_phones, (passages, context, place, seat)
    for name, read_lines in _OF_LINES:
        yield name, read_lines, (passages, context)
    for read in _OF_RECORD:
        yield read.__name__, read, (record, context)
    told = RecordText(record)
    for read_facet in _FACETS:
        yield read_facet.__name__, read_facet, (told, context)


_OF_LINES = (
    ("emails", read_emails),
    ("urls", read_urls),
    ("hours", read_hours),
    ("dates", read_dates),
)
_OF_RECORD = (read_title, read_provider, read_description, read_plain_words)
_FACETS = (
    read_topics,
    read_formats,
    read_cost,
    read_registration,
    read_childcare,
    read_exclusivity,
    read_modes,
    read_languages,
    read_wheelchair,
    read_audience,
    read_availability,
)


def _address(record: Record, context: Context, shelter: bool) -> Reading:
    address = read_address(record.passages, context)
    return without_shelter_address(address) if shelter else address


_SHARED = 0.8  # of the confidence in what a record says itself


def _shared(statements: list[Statement], record: Record) -> list[Statement]:
    """Statements with less confidence where the page says it once for several records."""
    told = {(passage.locator, passage.text) for passage in record.passages if passage.shared}
    if not told:
        return statements
    return [
        one._replace(
            confidence=_SHARED * one.confidence,
            reason=one.reason or "gilt für alle Angebote dieser Seite",
        )
        if any(one.locator == where and one.quote in text for where, text in told)
        else one
        for one in statements
    ]


def _at_origin(statements: list[Statement], record: Record) -> list[Statement]:
    """Statements with the words of the page that said it first, where an aggregator passed it on.

    A statement belongs to the passage that it quotes, whole or in part, at the same place.
    """
    told = [passage for passage in record.passages if passage.origin]
    if not told:
        return statements
    origins = {(p.locator, p.text): p.origin for p in told if p.origin}
    places = {p.locator: p.origin for p in reversed(told) if p.origin}
    found = []
    for one in statements:
        origin = origins.get((one.locator, one.quote))
        if origin is not None:
            one = one._replace(quote=origin.quote, first_source=origin.source)  # noqa: PLW2901
        elif behind := places.get(one.locator):
            one = one._replace(first_source=behind.source)  # noqa: PLW2901
        found.append(one)
    return found


def _impersonal(said: Said) -> Said:
    quote = strip_persons(said.quote)
    return said if quote == said.quote else said._replace(quote=quote)


def _tried(name: str, reader: Callable[..., Reading], *asked: object) -> Reading:
    try:
        return reader(*asked)
    except Exception:
        logger.exception("the reader of %s failed", name)
        return Reading(doubts=[Doubt("reader_failed", quote=name)])
