"""When an offer takes place: RFC 5545 parts, with the OSM value and the source's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from aggregator.hsds.document import Document, document
from aggregator.hsds.taxonomy import attribute
from aggregator.identity import part_id
from aggregator.normalise.hours import Schedule, parse
from aggregator.offer import Offer
from aggregator.vocabulary.facets import label

_ZONE = "Europe/Berlin"
_BERLIN = ZoneInfo(_ZONE)
_WINTER = date(2000, 1, 1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# "2026 Nov 24 19:00-21:00", what a calendar entry becomes.
_ONCE = re.compile(
    r"(?P<year>\d{4}) (?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}) "
    r"(?P<opens>\d\d:\d\d)(?:-(?P<closes>\d\d:\d\d)|\+)"
)


def schedules(offer: Offer) -> list[Document]:
    """The HSDS `schedule` objects of an offer.

    Derived parts stand there only where the published OSM value was understood from the same
    words; otherwise one schedule holds the words alone. Clock times carry the offset that
    Europe/Berlin has on the schedule's first day, or on the day the offer was last seen.
    """
    if not (offer.hours_text or offer.hours_osm or offer.valid_from or offer.valid_until):
        return []
    derived = _derived(offer) or [None]
    return [_schedule(offer, number, times) for number, times in enumerate(derived)]


def _derived(offer: Offer) -> list[Schedule | None]:
    if not offer.hours_osm:
        return []
    for day in _days(offer):
        hours = parse(offer.hours_text, day) if offer.hours_text else None
        if hours is not None and hours.osm == offer.hours_osm:
            return [*hours.schedules]
    once = _ONCE.fullmatch(offer.hours_osm)
    return [_one_day(once)] if once else []


def _days(offer: Offer) -> Iterator[date]:
    """Days on which the text was read; the years it does not write were inferred from one."""
    for day in dict.fromkeys((offer.first_seen, offer.last_seen)):
        if day is not None:
            yield day
    if offer.first_seen is None and offer.last_seen is None:
        yield offer.valid_from or _WINTER


def _one_day(once: re.Match[str]) -> Schedule | None:
    try:
        day = date(int(once["year"]), _MONTHS.index(once["month"]) + 1, int(once["day"]))
    except ValueError:
        return None
    return Schedule(None, None, None, None, once["opens"], once["closes"], day, day, day)


def _schedule(offer: Offer, number: int, times: Schedule | None) -> Document:
    known = part_id("schedule", offer.id, str(number))
    parts: Document = {}
    first = offer.valid_from
    if times is not None:
        first = times.valid_from or first
        day = times.dtstart or first or offer.last_seen or _WINTER
        parts = {
            "freq": times.freq,
            "interval": times.interval,
            "byday": times.byday,
            "byweekno": times.byweekno,
            "dtstart": times.dtstart,
            "wkst": "MO" if times.freq else None,
            "opens_at": _clock(times.opens_at, day),
            "closes_at": _clock(times.closes_at, day) if times.closes_at else None,
            "timezone": _offset(day, "12:00") // 60,
            "timezone_name": _ZONE,
        }
    marks = (
        attribute("schedule", known, "hours_qualifiers", f"hours_qualifiers:{code}")
        for code in offer.hours_qualifiers
    )
    return document(
        id=known,
        service_id=offer.id,
        **parts,
        valid_from=first,
        valid_to=(times.valid_to if times else None) or offer.valid_until,
        description=offer.hours_text,
        notes="; ".join(label("hours_qualifiers", code) for code in offer.hours_qualifiers),
        attributes=[mark for mark in marks if mark],
        opening_hours=offer.hours_osm,
    )


def _clock(clock: str, day: date) -> str:
    """Write "HH:MM" with the offset of that day, as HSDS asks."""
    minutes = _offset(day, clock)
    return f"{clock}+{minutes // 60:02}:{minutes % 60:02}"


def _offset(day: date, clock: str) -> int:
    """Minutes that Berlin is ahead of UTC at a clock time of a day."""
    hour, minute = int(clock[:2]) % 24, int(clock[3:])
    offset = datetime.combine(day, time(hour, minute), _BERLIN).utcoffset()
    return 0 if offset is None else int(offset.total_seconds()) // 60
