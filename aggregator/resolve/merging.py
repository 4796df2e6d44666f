"""What an offer says when several sites tell of it: the best statement of each field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aggregator.listing import LIST_FIELDS, Listing, Status, StoredListing
from aggregator.offer import Mention, Offer
from aggregator.resolve import whereabouts
from aggregator.resolve.voice import Voice

_SHARED = tuple(name for name in Offer.model_fields if name in Listing.model_fields)
_DERIVED = {"id", "status", "first_seen", "last_seen", "last_confirmed"}
_LIVELINESS = (Status.ACTIVE, Status.TEMPORARILY_CLOSED, Status.INACTIVE, Status.DEFUNCT)


_GROUPS = (
    ("hours_text", "hours_osm", "hours_qualifiers"),
    ("cost", "cost_amount"),
    ("valid_from", "valid_until"),
)
"""Values that must come from one listing: a derived one must not outlive its text."""
_PLACE = ("postcode", "street", "city", "district", "region_key", "lat", "lon")
_TOLD = 80
"""Characters from which on a description tells something."""
_CUT_SHORT = ("…", "...", "[…]", "[...]", "mehr", "weiterlesen")


def merge(offer_id: str, voices: Sequence[Voice]) -> Offer:
    """The offer that these listings tell of. Raises ValueError for none."""
    if not voices:
        raise ValueError(f"offer {offer_id} has no listing")
    best_first = sorted(voices, key=lambda voice: voice.rank)
    ranked = [voice.listing for voice in best_first]
    values: dict[str, Any] = {}
    for name in _SHARED:
        if name in _DERIVED:
            continue
        told = _for_field(best_first, name)
        values[name] = _all(told, name) if name in LIST_FIELDS else _first(told, name)
    values["description"] = _description(_for_field(best_first, "description"))
    values |= _place(_for_field(best_first, *_PLACE))
    for group in _GROUPS:
        best = _telling(_for_field(best_first, *group), group)
        values |= {name: getattr(best, name) for name in group}
    return Offer(
        **values,
        id=offer_id,
        status=min((one.status for one in ranked), key=_LIVELINESS.index),
        networks=_distinct(ranked, lambda one: one.network),
        sources=_distinct(ranked, lambda one: one.source),
        mentions=[_mention(one) for one in ranked],
    )


def _for_field(ranked: Sequence[Voice], *names: str) -> list[StoredListing]:
    """Whose word counts for these fields: where our editors set one of them, only theirs."""
    corrected = [voice.listing for voice in ranked if not voice.corrected.isdisjoint(names)]
    return corrected or [voice.listing for voice in ranked]


def _first(listings: Sequence[Listing], name: str) -> Any:  # noqa: ANN401 - any field
    return next((v for one in listings if (v := getattr(one, name)) is not None), None)


def _all(listings: Sequence[Listing], name: str) -> list[Any]:
    return list(dict.fromkeys(value for one in listings for value in getattr(one, name)))


def _telling(listings: Sequence[Listing], names: Sequence[str]) -> Listing:
    """The first listing that states the first of these fields that any listing states."""
    return next(
        (one for name in names for one in listings if getattr(one, name) is not None), listings[0]
    )


def _place(listings: Sequence[Listing]) -> dict[str, Any]:
    """The place of the best listing that has an address, never one mixed of two.

    Only what stands at the same address in another listing fills its gaps.
    """
    best = _telling(listings, _PLACE)
    same = [best, *(one for one in listings if _address(one) and _address(one) == _address(best))]
    return {name: _first(same, name) for name in _PLACE}


def _address(listing: Listing) -> tuple[str, str, str] | None:
    if not listing.postcode or not listing.street:
        return None
    return listing.postcode, *whereabouts.street(listing.street)


def _description(listings: Sequence[Listing]) -> str | None:
    """The first description that is more than a teaser, else the longest."""
    told = [one.description for one in listings if one.description]
    full = (
        text for text in told if len(text) >= _TOLD and not text.rstrip(" »>").endswith(_CUT_SHORT)
    )
    return next(full, max(told, key=len, default=None))


def _distinct(listings: Sequence[Listing], of: Callable[[Listing], str | None]) -> list[str]:
    return sorted({value for one in listings if (value := of(one))})


def _mention(listing: StoredListing) -> Mention:
    return Mention(
        listing_id=listing.id,
        source=listing.source,
        network=listing.network,
        page_url=listing.page_url,
        title=listing.title,
        via=listing.via,
        status=listing.status,
    )
