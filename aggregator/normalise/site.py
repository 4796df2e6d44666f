"""The records of one site together: what one leaves out of its address another may state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from aggregator.normalise.context import Context
from aggregator.normalise.fullname import FullNames
from aggregator.normalise.house import at_desk, at_home, house_of
from aggregator.normalise.network import read_network
from aggregator.normalise.offer import read_offer
from aggregator.normalise.statement import Reading
from aggregator.normalise.terms import as_usual, of_one_hand, terms_of
from aggregator.normalise.withholding import Withheld, withhold_all
from aggregator.places.addressbook import split_street
from aggregator.places.places import Gazetteer
from crawlers.record import Record, RecordKind

Told = tuple[Record, Withheld]
"""A record, and what of it may be read."""
ReadEach = Callable[[Sequence[Told], Context, Gazetteer], list[Reading]]
"""Reads records each by itself, in their order: `read_each`, or several processes that do it."""


class Read(NamedTuple):
    """What was read of a record, and what of the record may be kept."""

    record: Record
    reading: Reading


def read_each(work: Sequence[Told], context: Context, gazetteer: Gazetteer) -> list[Reading]:
    """Read records of one site, each by itself."""
    return [_read(record, told, context, gazetteer) for record, told in work]


def read_site(
    records: Sequence[Record],
    context: Context,
    gazetteer: Gazetteer,
    each: ReadEach = read_each,
) -> list[Read]:
    """Read all records of one site, in their order.

    Where one names street and number alone, postcode and town are those that stand with them in
    others, if all of these agree. Where an offer says neither, it is in the house whose own site it
    is, unless something speaks against that. The terms that a site says once hold for each offer of
    its own. A body that one calls for short is called as the site does in full. What `withhold_all`
    keeps back is read of none.
    """
    work = list(zip(records, withhold_all(records), strict=True))
    readings = each(work, context, gazetteer)
    context = context._replace(towns=_towns(readings))
    again = [
        n
        for n, ((record, _), reading) in enumerate(zip(work, readings, strict=True))
        if record.kind is RecordKind.OFFER and _house(reading, alone=True) in context.towns
    ]
    anew = each([work[n] for n in again], context, gazetteer)
    for n, reading in zip(again, anew, strict=True):
        readings[n] = reading
    shelters = [record for record, told in work if told.shelter]
    kept = [told.record for _, told in work]
    heard = list(zip(kept, readings, strict=True))
    house = house_of(heard, shelters, context, gazetteer)
    own = house is not None or of_one_hand(heard, context)
    terms = terms_of(kept, context) if own else {}
    names = FullNames(kept, readings, context)
    found = []
    for (record, told), reading in zip(work, readings, strict=True):
        whole = reading
        if record.kind is RecordKind.OFFER:
            if house is not None and not told.shelter:
                whole.extend(at_home(told.record, whole, house, context, gazetteer))
                whole.extend(at_desk(told.record, whole, house, context))
            whole.extend(as_usual(told.record, whole, terms, context))
            whole = names.told(told.record, whole)
        found.append(Read(told.record, whole))
    return found


def _read(record: Record, told: Withheld, context: Context, gazetteer: Gazetteer) -> Reading:
    if record.kind is RecordKind.NETWORK:
        return read_network(told.record, context)
    if record.kind is RecordKind.HOUSE:
        return Reading()
    return read_offer(record, context, gazetteer, told)


def _towns(readings: Iterable[Reading]) -> dict[tuple[str, str], tuple[str, str]]:
    """Postcode and town of every house of which no two records tell something else."""
    found: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for reading in readings:
        postcode, city = reading.value("postcode"), reading.value("city")
        house = _house(reading) if postcode and city else None
        if house:
            found[house].add((str(postcode), str(city)))
    return {house: next(iter(told)) for house, told in found.items() if len(told) == 1}


def _house(reading: Reading, *, alone: bool = False) -> tuple[str, str] | None:
    """Street and number of a reading, with `alone` only where it has no postcode."""
    street = reading.value("street")
    if not street or (alone and reading.value("postcode")):
        return None
    name, number = split_street(str(street))
    return (name, number) if name and number else None
