"""Ids that do not change when a page is corrected."""

from __future__ import annotations

from uuid import UUID, uuid5

_NAMESPACE = UUID("6f1d7a52-3a0e-5c4b-9b1e-6e65747a6c6f")


def listing_id(source_id: str, key: str) -> str:
    """UUIDv5 (RFC 9562, 5.5) of a source and the raw platform key of a record in it."""
    return str(uuid5(_NAMESPACE, f"listing\n{source_id}\n{key}"))


def offer_id(listing: str) -> str:
    """The id of the offer that a listing would be if no other listing told of it."""
    return str(uuid5(_NAMESPACE, f"offer\n{listing}"))
