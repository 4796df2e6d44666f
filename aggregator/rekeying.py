"""A listing that comes back under another key: its page moved, or its title was corrected.

Pure. Of one source, a record that vanished and a new one are the same where they agree in contact
and wording, nothing that they state contradicts it, and no third one could be meant. An id that is
kept wrongly is worse than a new one: whatever is unclear is left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from aggregator.listing import Listing
from aggregator.resolve import service
from aggregator.resolve.profile import profile

_SAME_WORDS = 90.0
"""Similarity (0-100) of two descriptions of one offer, one of them slightly corrected."""
_LIKE_TITLES = 60.0
_RELATED = 60.0
_TOLD = 40
"""Characters from which on a description can be told from others."""
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Rekeying:
    """A new record that is a known listing, and what they agree in (German)."""

    new_id: str
    listing_id: str
    reason: str


def rekeyed(
    vanished: Iterable[Listing], new: Iterable[Listing], others: Iterable[Listing]
) -> list[Rekeying]:
    """Which new records are vanished listings.

    `others` are the listings of the source that are there as before: a record that agrees with one
    of them as well has its wording from a template, and is left alone.
    """
    gone, there = list(vanished), list(others)
    pairs: list[Rekeying] = []
    for record in new:
        found = [(old, reason) for old in gone if (reason := agreement(old, record))]
        if len(found) == 1 and not any(agreement(old, record) for old in there):
            ((old, reason),) = found
            pairs.append(Rekeying(record.id, old.id, reason))
    claims = Counter(pair.listing_id for pair in pairs)
    return [pair for pair in pairs if claims[pair.listing_id] == 1]


def agreement(old: Listing, new: Listing) -> str:
    """In what two records of one source agree so far that they are one listing; "" where not."""
    if _contradict(old, new) or service.contradiction(profile(old), profile(new)):
        return ""
    wording, contact = _wording(old, new), _contact(old, new)
    return f"gleich sind {contact} und {wording}" if contact and wording else ""


def _contradict(old: Listing, new: Listing) -> bool:
    """Whether they state different places, times or bodies, or count differently in titles."""
    for name in ("valid_from", "valid_until", "hours_osm", "postcode", "street", "provider"):
        before, after = getattr(old, name), getattr(new, name)
        if before and after and _words(str(before)) != _words(str(after)):
            return True
    return _NUMBER.findall(old.title) != _NUMBER.findall(new.title)


def _contact(old: Listing, new: Listing) -> str:
    """Which contact they share; where neither has any, the place has to do."""
    if set(old.phones) & set(new.phones):
        return "Telefonnummer"
    if set(old.emails) & set(new.emails):
        return "E-Mail-Adresse"
    if any((old.phones, old.emails, new.phones, new.emails)):
        return ""
    return "Anschrift" if old.street and old.street == new.street else ""


def _wording(old: Listing, new: Listing) -> str:
    before, after = _words(old.description), _words(new.description)
    told = min(len(before), len(after)) >= _TOLD
    alike = told and fuzz.ratio(before, after) >= _SAME_WORDS
    if _words(old.title) == _words(new.title):
        # Two texts that differ throughout are two offers of one name.
        related = not told or fuzz.token_set_ratio(before, after) >= _RELATED
        return "Titel" if alike or related else ""
    titles = fuzz.token_sort_ratio(_words(old.title), _words(new.title))
    return "Beschreibung" if alike and titles >= _LIKE_TITLES else ""


def _words(text: str | None) -> str:
    return " ".join(_WORD.findall((text or "").casefold()))
