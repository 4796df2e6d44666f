"""Ids that do not change when a page is corrected."""

from __future__ import annotations

from uuid import UUID, uuid5

from aggregator.vocabulary.bodies import one_spelling

EDITORIAL = "redaktionell"
"""The source of what our own editors state; it outranks every site."""

_NAMESPACE = UUID("6f1d7a52-3a0e-5c4b-9b1e-6e65747a6c6f")


def listing_id(source_id: str, key: str) -> str:
    """UUIDv5 (RFC 9562, 5.5) of a source and the raw platform key of a record in it."""
    return str(uuid5(_NAMESPACE, f"listing\n{source_id}\n{key}"))


def offer_id(listing: str) -> str:
    """The id of the offer that a listing would be if no other listing told of it."""
    return str(uuid5(_NAMESPACE, f"offer\n{listing}"))


def organization_id(name: str, region: str | None) -> str:
    """The id of a provider: its name without spelling and legal form, and where it works.

    `region` is a region key. Names that many towns know ("Diakonie", "AWO") are one body within a
    Kreis; in Berlin within the Land, but for the authorities that each district has its own of.
    """
    key, reach = one_spelling(name), region or ""
    if reach.startswith(_BERLIN) and not key.startswith(_OF_A_DISTRICT):
        reach = _BERLIN
    return part_id("organization", key, reach)


def location_id(street: str | None, postcode: str | None, city: str | None) -> str:
    """The id of a place as an address names it; all offers there share it."""
    return part_id("location", *(one_spelling(part or "") for part in (street, postcode, city)))


def part_id(kind: str, *names: str) -> str:
    """The id of a part of a published document: what it is, of what, and which of them.

    >>> part_id("phone", "an offer", "+493023125000") == part_id("phone", "an offer", "")
    False
    """
    return str(uuid5(_NAMESPACE, "\n".join((kind, *names))))


_BERLIN = "11"
_OF_A_DISTRICT = (
    "bezirksamt", "jugendamt", "gesundheitsamt", "sozialamt", "standesamt", "schulamt",
    "jobcenter", "volkshochschule", "vhs",
)  # fmt: skip
