"""The dates of an offer as a calendar file (RFC 5545), for offers that have dates of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from aggregator.harvest import BERLIN
from aggregator.index.opening import entry, open_on
from aggregator.listing import Status
from aggregator.offer import Offer
from api.facts import place

_DATED = re.compile(r"\b20\d\d\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d")
_LONGEST = 366  # days that are looked at
_MOST = 60  # events in one file


def dated(offer: Offer) -> bool:
    """Whether an offer has dates that fit into a calendar: it begins on a day, or names days."""
    names_days = bool(offer.hours_osm and _DATED.search(offer.hours_osm))
    return offer.status is Status.ACTIVE and (offer.valid_from is not None or names_days)


def calendar(offer: Offer, url: str, today: date) -> bytes | None:
    """The dates of an offer from `today` on; None where there are none left.

    Times stand only where the hours were understood for certain; else whole days.
    """
    if not dated(offer):
        return None
    file = Calendar()
    file.add("prodid", "-//netzlotse//DE")
    file.add("version", "2.0")
    for starts, ends in _spans(offer, today):
        event = Event()
        event.add("uid", f"{offer.id}-{starts:%Y%m%d%H%M}@netzlotse")
        event.add("dtstamp", datetime.combine(today, datetime.min.time(), UTC))
        event.add("dtstart", starts)
        event.add("dtend", ends)
        event.add("summary", offer.title)
        if where := place(offer.model_dump(mode="json")):
            event.add("location", where)
        if offer.hours_text:
            event.add("description", offer.hours_text)
        event.add("url", url)
        file.add_component(event)
    return file.to_ical() if file.subcomponents else None


def _spans(offer: Offer, today: date) -> Sequence[tuple[date, date]]:
    first = max(today, offer.valid_from or today)
    last = min(offer.valid_until or date.max, first + timedelta(days=_LONGEST))
    hours = entry({
        "hours_osm": offer.hours_osm,
        "hours_qualifiers": offer.hours_qualifiers,
        "region_key": offer.region_key,
    })  # fmt: skip
    found: list[tuple[date, date]] = []
    day = first
    while hours and day <= last and len(found) < _MOST:
        for opens, closes in open_on(hours, day) or ():
            found.append((opens.replace(tzinfo=BERLIN), closes.replace(tzinfo=BERLIN)))
        day += timedelta(days=1)
    if found:
        return found
    begins = offer.valid_from
    until = offer.valid_until or begins
    if begins is None or until is None or until < today:
        return []
    return [(begins, until + timedelta(days=1))]
