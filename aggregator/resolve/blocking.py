"""Blocking: keys that two listings of one offer share at least one of, cheap to look up."""

from __future__ import annotations

from collections.abc import Iterator

from aggregator.listing import Listing
from aggregator.resolve.naming import tokens
from crawlers.keys import url_key


def keys(listing: Listing) -> set[str]:
    """The blocking keys of a listing."""
    return set(_keys(listing))


def _keys(listing: Listing) -> Iterator[str]:
    for phone in listing.phones:
        yield f"phone:{phone}"
    for mail in listing.emails:
        yield f"mail:{mail}"
    for url in listing.urls:
        yield f"url:{url_key(url)}"
    place = listing.postcode or listing.city
    title = tokens(listing.title)
    if place:
        for token in title:
            yield f"place+title:{place}:{token}"
    if listing.provider:
        provider = "-".join(tokens(listing.provider))
        for token in title:
            yield f"provider+title:{provider}:{token}"
