"""Whether two listings name one place to turn to: phone, mail, web page, address, provider."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz

from aggregator.listing import Listing
from aggregator.resolve.evidence import Evidence
from aggregator.resolve.lexicon import is_place
from aggregator.resolve.naming import place, provider, street
from crawlers.keys import url_key

ONE_ADDRESS = "one address"

_ROLES = frozenset(("info", "kontakt", "mail", "post", "office", "buero", "zentrale", "verwaltung"))
_ALIKE = 88


def contradiction(left: Listing, right: Listing) -> str:
    """What rules a pair out: towns that are not the same. "" for nothing."""
    if (
        left.city
        and right.city
        and left.city != right.city
        and not (left.postcode and left.postcode == right.postcode)
        and not place(left.city) & place(right.city)
    ):
        return "two towns: " + ", ".join(sorted((left.city, right.city)))
    return ""


def evidence(left: Listing, right: Listing) -> list[Evidence]:
    """What the two agree and differ in."""
    found = [
        _phone(left, right),
        _mail(left, right),
        _page(left, right),
        _address(left, right),
        _provider(left, right),
    ]
    return [one for one in found if one]


def _phone(left: Listing, right: Listing) -> Evidence | None:
    if not left.phones or not right.phones:
        return None
    if not set(left.phones).isdisjoint(right.phones):
        return Evidence(3.0, "a phone number in common")
    return Evidence(-1.5, "other phone numbers")


def _mail(left: Listing, right: Listing) -> Evidence | None:
    if not left.emails or not right.emails:
        return None
    shared = {mail.lower() for mail in left.emails} & {mail.lower() for mail in right.emails}
    if not shared:
        return Evidence(-0.5, "other mail addresses")
    if all(mail.partition("@")[0] in _ROLES for mail in shared):
        return Evidence(1.5, "a general mail address in common")
    return Evidence(3.0, "a mail address in common")


def _page(left: Listing, right: Listing) -> Evidence | None:
    if not left.urls or not right.urls:
        return None
    shared = {url_key(url) for url in left.urls} & {url_key(url) for url in right.urls} - {""}
    if not shared:
        return None
    if any(key.partition("/")[2] for key in shared):
        return Evidence(4.0, "a web page in common")
    return Evidence(1.5, "a web site in common")


def _address(left: Listing, right: Listing) -> Evidence | None:
    if left.postcode and right.postcode and left.postcode != right.postcode:
        return Evidence(-3.0, "other postcodes")
    if not left.street or not right.street:
        return Evidence(1.0, "one postcode") if left.postcode and right.postcode else None
    (one, house), (other, other_house) = street(left.street), street(right.street)
    if one != other and fuzz.ratio(one, other) < _ALIKE:
        return Evidence(-2.5, "other streets")
    if house and other_house and house != other_house:
        return Evidence(-0.5, "other house numbers in one street")
    return Evidence(2.5, ONE_ADDRESS) if house or other_house else Evidence(1.5, "one street")


def _provider(left: Listing, right: Listing) -> Evidence | None:
    if not left.provider or not right.provider:
        return None
    return _providers(*sorted((left.provider, right.provider)))


@lru_cache(maxsize=50_000)
def _providers(left: str, right: str) -> Evidence | None:
    a, b = provider(left), provider(right)
    if not a or not b:
        return None
    if a == b:
        return Evidence(2.0, "one provider")
    places_a, places_b = set(filter(is_place, a)), set(filter(is_place, b))
    if places_a and places_b and places_a.isdisjoint(places_b):
        return Evidence(-2.0, "providers of two places")
    core_a, core_b = a - places_a, b - places_b
    if (core_a and core_b and (core_a <= core_b or core_b <= core_a)) or (
        fuzz.ratio(" ".join(sorted(a)), " ".join(sorted(b))) >= _ALIKE
    ):
        return Evidence(2.0, "one provider")
    return None if core_a & core_b else Evidence(-3.0, "other providers")
