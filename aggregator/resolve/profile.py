"""A listing as it is compared: names read, spellings made one, small enough to hold a million."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from aggregator.listing import Listing
from aggregator.resolve import naming, whereabouts
from aggregator.resolve.naming import Title
from aggregator.resolve.schedule import Schedule, schedule
from crawlers.keys import url_key

_NOTHING: frozenset[str] = frozenset()
_CELLS = 50
"""Geographic cells a degree of latitude, about 2 km; half as many a degree of longitude."""


class Profile(NamedTuple):
    """What is compared of a listing; None and empty: not stated."""

    id: str
    source: str
    title: Title
    postcode: str | None
    city: str | None
    town: frozenset[str]
    """The terms of the town's name."""
    district: frozenset[str]
    street: tuple[str, str] | None
    """Name in one run, house number."""
    street_terms: frozenset[str]
    cells: tuple[str, ...]
    """Geographic cells, of two grids that overlap; only where no street is known."""
    provider: frozenset[str]
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    pages: tuple[str, ...]
    topics: tuple[str, ...]
    formats: tuple[str, ...]
    hours: Schedule | None
    cost: str | None
    cost_amount: float | None
    modes: tuple[str, ...]
    languages: tuple[str, ...]
    valid_from: date | None


def profile(listing: Listing) -> Profile:
    """Read a listing for comparison."""
    return Profile(
        listing.id,
        intern(listing.source),
        naming.title(listing.title),
        listing.postcode and intern(listing.postcode),
        listing.city and intern(listing.city),
        whereabouts.place(listing.city) if listing.city else _NOTHING,
        whereabouts.place(listing.district) if listing.district else _NOTHING,
        whereabouts.street(listing.street) if listing.street else None,
        whereabouts.place(listing.street) if listing.street else _NOTHING,
        _cells(listing),
        _names(naming.provider(listing.provider)) if listing.provider else _NOTHING,
        _values(tuple(listing.phones)),
        _values(tuple(mail.lower() for mail in listing.emails)),
        _values(tuple(key for url in listing.urls if (key := url_key(url)))),
        _values(tuple(listing.topics)),
        _values(tuple(listing.formats)),
        schedule(listing.hours_osm) if listing.hours_osm else None,
        listing.cost,
        listing.cost_amount,
        _values(tuple(listing.modes)),
        _values(tuple(listing.languages)),
        listing.valid_from,
    )


@lru_cache(maxsize=50_000)
def _values(told: tuple[str, ...]) -> tuple[str, ...]:
    """What is equal, kept once: of a million listings few state anything that no other does."""
    return told


@lru_cache(maxsize=50_000)
def _names(told: frozenset[str]) -> frozenset[str]:
    return told


def _cells(listing: Listing) -> tuple[str, ...]:
    if listing.street or listing.lat is None or listing.lon is None:
        return ()
    lat, lon = listing.lat * _CELLS, listing.lon * _CELLS / 2
    return f"a{int(lat)}/{int(lon)}", f"b{int(lat + 0.5)}/{int(lon + 0.5)}"
