"""What an offer says when several sites tell of it: the best statement of each field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aggregator.listing import LIST_FIELDS, Listing, Status
from aggregator.offer import Mention, Offer

_SHARED = tuple(name for name in Offer.model_fields if name in Listing.model_fields)
_DERIVED = {"id", "status", "first_seen", "last_seen", "last_confirmed"}
_LIVELINESS = (Status.ACTIVE, Status.TEMPORARILY_CLOSED, Status.INACTIVE, Status.DEFUNCT)


@dataclass(frozen=True, slots=True)
class Voice:
    """A listing with what decides whose word counts: the region its source speaks for."""

    listing: Listing
    source_region: str
    changed_at: datetime

    @property
    def rank(self) -> tuple[bool, int, float, str]:
        """Sorts the better voice first.

        A listing that can be used before one that cannot, the source of the smaller region before
        the larger one (a district's network knows its offers better than the Land's portal), the
        newer before the older.
        """
        return (
            self.listing.status not in {Status.ACTIVE, Status.TEMPORARILY_CLOSED},
            -len(self.source_region),
            -self.changed_at.timestamp(),
            self.listing.id,
        )


def merge(offer_id: str, voices: Sequence[Voice]) -> Offer:
    """The offer that these listings tell of. Raises ValueError for none."""
    if not voices:
        raise ValueError(f"offer {offer_id} has no listing")
    ranked = [voice.listing for voice in sorted(voices, key=lambda voice: voice.rank)]
    values = {
        name: _all(ranked, name) if name in LIST_FIELDS else _first(ranked, name)
        for name in _SHARED
        if name not in _DERIVED
    }
    # A derived value must not outlive the text it was derived from, nor a place be mixed of two.
    for group in (("hours_text", "hours_osm", "hours_qualifiers"), _PLACE, ("cost", "cost_amount")):
        best = next((one for one in ranked if getattr(one, group[0]) is not None), ranked[0])
        values |= {name: getattr(best, name) for name in group}
    return Offer(
        **values,
        id=offer_id,
        status=min((one.status for one in ranked), key=_LIVELINESS.index),
        networks=_distinct(ranked, lambda one: one.network),
        sources=_distinct(ranked, lambda one: one.source),
        mentions=[_mention(one) for one in ranked],
    )


_PLACE = ("postcode", "street", "city", "district", "region_key", "lat", "lon")


def _first(listings: Sequence[Listing], name: str) -> Any:  # noqa: ANN401 - any field
    return next((v for one in listings if (v := getattr(one, name)) is not None), None)


def _all(listings: Sequence[Listing], name: str) -> list[Any]:
    return list(dict.fromkeys(value for one in listings for value in getattr(one, name)))


def _distinct(listings: Sequence[Listing], of: Callable[[Listing], str | None]) -> list[str]:
    return sorted({value for one in listings if (value := of(one))})


def _mention(listing: Listing) -> Mention:
    return Mention(
        listing_id=listing.id,
        source=listing.source,
        network=listing.network,
        page_url=listing.page_url,
        title=listing.title,
        status=listing.status,
    )
