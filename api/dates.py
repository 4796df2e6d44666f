"""The dates of an offer as a calendar file (RFC 5545), for offers that have dates of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from aggregator.harvest import BERLIN
from aggregator.index.opening import entry, open_on
from aggregator.listing import Status
from aggregator.offer import Offer
from api.facts import place

_DATED = re.compile(r"\b20\d\d\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d")
_LONGEST = 366  # days that are looked at
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""What no text of a calendar may hold (RFC 5545, 3.1)."""
_MOST = 60  # events of one offer
_MOST_OF_ALL = 2_000


def dated(offer: Offer) -> bool:
    """Whether an offer has dates that fit into a calendar: it begins on a day, or names days."""
    names_days = bool(offer.hours_osm and _DATED.search(offer.hours_osm))
    return offer.status is Status.ACTIVE and (offer.valid_from is not None or names_days)


def calendar(offer: Offer, url: str, today: date) -> bytes | None:
    """The dates of an offer from `today` on; None where there are none left.

    Times stand only where the hours were understood for certain; else whole days.
    """
    file = _file(_events(offer, url, today))
    return file.to_ical() if file.subcomponents else None


def calendar_of(
    offers: Iterable[tuple[Offer, str]], today: date, title: str, address: str
) -> bytes:
    """The dates of many offers, each with its page, as a calendar to subscribe to.

    It may be empty, and ends after some thousand events: the earliest stay.
    """
    events = [event for offer, url in offers for event in _events(offer, url, today)]
    events.sort(key=lambda event: (str(event["dtstart"].to_ical()), str(event["uid"])))
    file = _file(events[:_MOST_OF_ALL])
    for name in ("name", "x-wr-calname"):  # RFC 7986, 5.1, and what programs knew before it
        file.add(name, title)
    file.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    file.add("source", address, parameters={"VALUE": "URI"})
    body: bytes = file.to_ical()
    return body


def _file(events: Iterable[Event]) -> Calendar:
    file = Calendar()
    file.add("prodid", "-//netzlotse//DE")
    file.add("version", "2.0")
    for event in events:
        file.add_component(event)
    file.add_missing_timezones()  # RFC 5545, 3.6.5: a TZID needs its VTIMEZONE
    return file


def _events(offer: Offer, url: str, today: date) -> Iterator[Event]:
    if not dated(offer):
        return
    for starts, ends in _spans(offer, today):
        event = Event()
        event.add("uid", f"{offer.id}-{starts:%Y%m%d%H%M}@netzlotse")
        event.add("dtstamp", datetime.combine(today, datetime.min.time(), UTC))
        event.add("dtstart", starts)
        event.add("dtend", ends)
        event.add("summary", _CONTROL.sub("", offer.title))
        if where := place(offer.model_dump(mode="json")):
            event.add("location", where)
        if offer.hours_text:
            event.add("description", offer.hours_text)
        event.add("url", url)
        yield event


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
