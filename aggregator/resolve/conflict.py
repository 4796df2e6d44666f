"""What the listings of one offer say differently: both values are kept, a person should ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel
from rapidfuzz import fuzz

from aggregator.listing import Listing, Status
from aggregator.resolve import whereabouts
from aggregator.resolve.schedule import schedule
from aggregator.resolve.voice import Voice

_ALIKE = 88


class Kind(StrEnum):
    """What two listings of one offer do not agree in."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    HOURS = "hours"
    COST = "cost"
    REGISTRATION = "registration"
    STATUS = "status"


class Claim(BaseModel):
    """What one listing says."""

    listing_id: str
    source: str
    page_url: str
    value: str
    """As a person reads it."""
    stated_at: datetime
    """When its source last stated something new."""
    seen_at: datetime | None = None
    """When it last stated this."""


class Conflict(BaseModel):
    """Two listings of one offer that contradict each other."""

    offer_id: str
    title: str
    kind: Kind
    published: Claim
    """The better voice: what the offer says."""
    other: Claim


def conflicts(offer_id: str, voices: Sequence[Voice]) -> list[Conflict]:
    """All contradictions to what is published of an offer, by kind, then from the best voice on.

    A value that only one listing states contradicts nothing.
    """
    ranked = sorted(voices, key=lambda voice: voice.rank)
    found: list[Conflict] = []
    for kind, (value, agree) in _KINDS.items():
        telling = [(voice, said) for voice in ranked if (said := value(voice.listing))]
        if not telling:
            continue
        best, published = telling[0]
        found += [
            Conflict(
                offer_id=offer_id,
                title=ranked[0].listing.title,
                kind=kind,
                published=_claim(best, published),
                other=_claim(voice, said),
            )
            for voice, said in telling[1:]
            if voice.listing.source != best.listing.source
            and not agree(best.listing, voice.listing)
        ]
    return found


def _claim(voice: Voice, value: str) -> Claim:
    listing = voice.listing
    return Claim(
        listing_id=listing.id,
        source=listing.source,
        page_url=listing.page_url,
        value=value,
        stated_at=voice.changed_at,
        seen_at=voice.seen_at,
    )


def _address(listing: Listing) -> str:
    if not listing.street or not listing.postcode:
        return ""
    return ", ".join((listing.street, " ".join(filter(None, (listing.postcode, listing.city)))))


def _one_address(a: Listing, b: Listing) -> bool:
    (one, house), (other, other_house) = (
        whereabouts.street(a.street or ""),
        whereabouts.street(b.street or ""),
    )
    return (
        a.postcode == b.postcode
        and fuzz.ratio(one, other) >= _ALIKE
        and (not house or not other_house or house == other_house)
    )


def _hours(listing: Listing) -> str:
    return (listing.hours_text or listing.hours_osm or "") if listing.hours_osm else ""


def _one_schedule(a: Listing, b: Listing) -> bool:
    return schedule(a.hours_osm or "").slots == schedule(b.hours_osm or "").slots


def _cost(listing: Listing) -> str:
    if listing.cost_amount is not None:
        return f"{listing.cost_amount:.2f} €".replace(".", ",")
    return listing.cost or ""


def _one_cost(a: Listing, b: Listing) -> bool:
    if a.cost_amount is not None and b.cost_amount is not None:
        return a.cost_amount == b.cost_amount
    return _is_free(a) == _is_free(b)


def _is_free(listing: Listing) -> bool:
    return listing.cost == "free" or listing.cost_amount == 0


def _shared(name: str) -> Callable[[Listing, Listing], bool]:
    return lambda a, b: not set(getattr(a, name)).isdisjoint(getattr(b, name))


def _usable(listing: Listing) -> bool:
    return listing.status in {Status.ACTIVE, Status.TEMPORARILY_CLOSED}


_KINDS: dict[Kind, tuple[Callable[[Listing], str], Callable[[Listing, Listing], bool]]] = {
    Kind.PHONE: (lambda one: ", ".join(one.phones), _shared("phones")),
    Kind.ADDRESS: (_address, _one_address),
    Kind.HOURS: (_hours, _one_schedule),
    Kind.STATUS: (lambda one: one.status.value, lambda a, b: _usable(a) == _usable(b)),
    Kind.COST: (_cost, _one_cost),
    Kind.REGISTRATION: (
        lambda one: one.registration or "",
        lambda a, b: a.registration == b.registration,
    ),
    Kind.EMAIL: (lambda one: ", ".join(one.emails), _shared("emails")),
}
"""What is compared, the most harmful first: its words, and whether two listings agree."""
