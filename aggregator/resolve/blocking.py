"""Blocking: keys that two listings of one offer share at least one of, cheap to look up."""

from __future__ import annotations

from collections.abc import Iterator

from aggregator.listing import Listing
from aggregator.resolve.profile import Profile, profile
from aggregator.resolve.whereabouts import town

PROVIDER = "provider+title"
TOWN = "town+title"
"""Keys of this rule serve listings without an address: two that both have one share another key
as well if they can be one offer (phone, mail, page, street, provider)."""

LARGEST = 200
"""Listings that share a key at most for it to bring them together. A key of more (the title word
"Beratung" in a city) says too little; those of one offer share another key as well."""

LARGEST_VAGUE = 40
"""The same for keys that name no place to turn to, but a word and a town or a provider. Where so
many share both, a provider has many offices, and a word and its name do not say which."""

_VAGUE = (TOWN, PROVIDER)


def is_vague(key: str) -> bool:
    """Say whether a key is of a rule that names no place to turn to."""
    return key.startswith(_VAGUE)


def largest(key: str) -> int:
    """How many listings may share a key for it to bring them together."""
    return LARGEST_VAGUE if is_vague(key) else LARGEST


def keys(listing: Listing | Profile) -> set[str]:
    """The blocking keys of a listing, each with the name of the rule that it is of."""
    return set(each_key(profile(listing) if isinstance(listing, Listing) else listing))


def each_key(one: Profile) -> Iterator[str]:
    """The blocking keys, some of them twice."""
    for phone in one.phones:
        yield f"phone:{phone}"
    for mail in one.emails:
        yield f"mail:{mail}"
    for page in one.pages:
        yield f"url:{page}"
    if one.postcode and one.street:
        yield f"street:{one.postcode}:{one.street[0]}{one.street[1]}"
    # Where no word tells the offer from others, the weak ones have to do.
    terms = one.title.telling or tuple(one.title.plain)
    for where in _places(one):
        for term in terms:
            yield f"{where}:{term}"


def is_addressed(one: Profile) -> bool:
    """Say whether keys of the town say nothing new of a listing."""
    return bool(one.postcode and one.street)


def _places(one: Profile) -> Iterator[str]:
    """What a word of the title is joined to."""
    if one.postcode:
        yield f"place+title:{one.postcode}"
    if one.city:  # the other source may know no postcode, or the offer has moved
        yield f"{TOWN}:{town(one.city)}"
    for cell in one.cells:
        yield f"cell+title:{cell}"
    if one.provider:
        yield f"{PROVIDER}:{'-'.join(sorted(one.provider))}"
