"""What the index keeps of an offer to show it, beside what it is found by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic_core import to_json

COMPLETE_UNTIL = "complete_until"
"""Key beside those of the flat form: see `Hit.complete_until`."""
LISTED_FOR = "listed_for"
"""Key beside those of the flat form: the regions that the sites speak for which list an offer.

Who comes to people's homes, or is there by telephone, often has no place; the site of a network
says by itself where its offers are for. It is what an offer is found by, never where it is.
"""
_BESIDE = frozenset((COMPLETE_UNTIL, LISTED_FOR))
_NO_DAY = " " * len("2026-11-28")


class Stored(NamedTuple):
    """What was kept of an offer."""

    complete_until: str
    """See `Hit.complete_until`."""
    flat: bytes
    """The flat form as JSON."""


def packed(offer: Mapping[str, Any]) -> bytes:
    """What is kept of an offer: `Hit.complete_until` in ten bytes, and the flat form as JSON."""
    until = str(offer.get(COMPLETE_UNTIL) or _NO_DAY)
    return until.encode() + to_json(shown(offer))


def shown(offer: Mapping[str, Any]) -> dict[str, Any]:
    """The flat form alone, without the keys beside it."""
    return {key: value for key, value in offer.items() if key not in _BESIDE}


def unpacked(stored: bytes) -> Stored:
    """What was kept of an offer."""
    return Stored(stored[: len(_NO_DAY)].decode().strip(), stored[len(_NO_DAY) :])
