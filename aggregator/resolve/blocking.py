"""Blocking: keys that two listings of one offer share at least one of, cheap to look up."""

from __future__ import annotations

from collections.abc import Iterator

from aggregator.listing import Listing
from aggregator.resolve.naming import provider, street, telling, title, town
from crawlers.keys import url_key


def keys(listing: Listing) -> set[str]:
    """The blocking keys of a listing."""
    return set(_keys(listing))


def _keys(listing: Listing) -> Iterator[str]:
    for phone in listing.phones:
        yield f"phone:{phone}"
    for mail in listing.emails:
        yield f"mail:{mail.lower()}"
    for url in listing.urls:
        if key := url_key(url):
            yield f"url:{key}"
    if listing.postcode and listing.street:
        yield f"street:{listing.postcode}:{''.join(street(listing.street))}"
    # Where no word tells the offer from others, the weak ones have to do.
    read = title(listing.title)
    terms = [*telling(read.terms)] or [*read.terms]
    # The town too: the other source may know no postcode, or the offer has moved.
    for place in {listing.postcode, listing.city and town(listing.city)}:
        if place:
            for term in terms:
                yield f"place+title:{place}:{term}"
    if listing.provider:
        name = "-".join(sorted(provider(listing.provider)))
        for term in terms:
            yield f"provider+title:{name}:{term}"
