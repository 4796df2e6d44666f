"""Whether two listings name one place to turn to: phone, mail, web page, address, provider."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from aggregator.resolve import whereabouts
from aggregator.resolve.evidence import Evidence
from aggregator.resolve.lexicon import is_misspelling, is_place, lexicon
from aggregator.resolve.profile import Profile
from aggregator.vocabulary.compounds import parts

LITTLE = 0.5
"""Points below which two listings name two places to turn to."""

AT_ONE_ADDRESS = Evidence(3.0, "one address")
_OTHER_TOWN = Evidence(-1.0, "towns of other names")
_OTHER_POSTCODES = Evidence(-3.0, "other postcodes")
OTHER_POSTCODES_HERE = Evidence(-2.0, "other postcodes in one town")
ONE_POSTCODE = Evidence(1.0, "one postcode")
_OTHER_STREETS = Evidence(-2.5, "other streets")
_OTHER_HOUSE = Evidence(-0.5, "other house numbers in one street")

_ADDRESSES_APART = (_OTHER_POSTCODES, _OTHER_STREETS, _OTHER_HOUSE)

_ROLES = frozenset((
    "info", "kontakt", "mail", "post", "office", "buero", "zentrale", "verwaltung", "beratung",
    "sekretariat", "poststelle", "service", "team",
))  # fmt: skip
_ANYBODYS = frozenset((
    "gmx.de", "gmx.net", "web.de", "gmail.com", "googlemail.com", "t-online.de", "hotmail.com",
    "hotmail.de", "outlook.com", "outlook.de", "yahoo.de", "yahoo.com", "freenet.de", "aol.com",
    "posteo.de", "icloud.com", "mailbox.org", "arcor.de",
))  # fmt: skip
"""Domains at which anybody may have a mailbox."""
_ALIKE = 88
_SHORTEST_STREET = 8
"""Letters of a street's name that are no street of another name's beginning."""
SHORTEST_EXCHANGE = 8
"""Characters of a number in E.164 that must be equal for two lines of one exchange."""


def contradiction(left: Profile, right: Profile) -> str:
    """What rules a pair out: towns that are not the same. "" for nothing."""
    if _two_towns(left, right) and not _one_door(left, right):
        return "two towns: " + ", ".join(sorted((left.city or "", right.city or "")))
    return ""


def _two_towns(left: Profile, right: Profile) -> bool:
    """Say whether the two name towns without a word in common, or told apart by what follows it."""
    if left.city == right.city or not left.city or not right.city:
        return False
    if left.postcode and left.postcode == right.postcode:
        return False
    return left.town.isdisjoint(right.town) or _two_namesakes(
        whereabouts.beside(left.city), whereabouts.beside(right.city)
    )


def _two_namesakes(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Frankfurt am Main is Frankfurt/M., and not Frankfurt (Oder)."""
    return bool(a and b) and not any(x.startswith(y) or y.startswith(x) for x in a for y in b)


def _one_door(left: Profile, right: Profile) -> bool:
    """Say whether phone, street and house number agree: a place that belongs to a larger one.

    Sites name the village or the quarter, others the municipality; two postcodes are two places.
    """
    return (
        not (left.postcode and right.postcode)
        and left.street is not None
        and right.street is not None
        and _shared(left.phones, right.phones)
        and one_street(left.street, right.street) == AT_ONE_ADDRESS
    )


def at_one_address(left: Profile, right: Profile) -> bool:
    """Say whether postcode, street and house number agree as far as they are known."""
    return _address(left, right) is AT_ONE_ADDRESS


def evidence(left: Profile, right: Profile) -> list[Evidence]:
    """What the two agree and differ in."""
    address = _address(left, right)
    provider = _provider(left, right)
    at_one = address is AT_ONE_ADDRESS and (
        provider == ONE_PROVIDER or (provider is None and _named(left, right))
    )
    found = (
        _OTHER_TOWN if _two_towns(left, right) else None,
        _phone(left.phones, right.phones, at_one=at_one),
        _mail(left.emails, right.emails),
        _page(left.pages, right.pages),
        address,
        provider,
    )
    return [one for one in found if one]


def two_places(left: Profile, right: Profile) -> bool:
    """Say whether both state where they are, and agree in nothing that one could turn to.

    A listing that says less than they do may fit both; it does not make one office of two.
    """
    if _address(left, right) not in (_OTHER_POSTCODES, _OTHER_STREETS):
        return False
    return _phone(left.phones, right.phones, at_one=False) == OTHER_PHONES and not may_have_moved(
        [one for one in (_mail(left.emails, right.emails), _page(left.pages, right.pages)) if one]
    )


def by_name(  # noqa: PLR0911 - each way out is a rule
    left: Profile, right: Profile, here: Sequence[Evidence], *, one_title: bool
) -> Evidence | None:
    """What a name in both titles says of the place: it moved, or only the town is known.

    `one_title`: the titles are the same but for spelling.

    Branches of one Träger share a phone number and a subject ("Erziehungsberatung" in two
    quarters), but hardly a name. Asked only of pairs whose services are alike.
    """
    if told := _by_hours(left, right, here):
        return told
    if not left.town or not right.town or _two_towns(left, right) or not _named(left, right):
        return None
    if apart := _apart(here):
        if one_title and apart != _OTHER_POSTCODES and _ONE_PHONE in here:
            return Evidence(-apart.points, "moved: one name at one phone")
        if apart != _OTHER_HOUSE:
            return Evidence(-0.5 - apart.points, "moved, or a branch of one name")
    if AT_ONE_ADDRESS in here and not (left.provider and right.provider):
        return Evidence(1.5, "one name at one address")
    if ONE_PROVIDER in here and not (left.street and right.street):
        return Evidence(1.0, "one name of one provider in one town")
    return None


def _by_hours(left: Profile, right: Profile, here: Sequence[Evidence]) -> Evidence | None:
    a, b = left.hours, right.hours
    if not a or not b or a.slots != b.slots or a.usual or ONE_PROVIDER not in here:
        return None
    apart = _apart(here)
    if apart is None or apart == _OTHER_HOUSE:
        return Evidence(1.0, "one provider at the same hours")
    if may_have_moved(here):
        return Evidence(-0.5 - apart.points, "moved: all but the address is the same")
    return None


def _apart(here: Sequence[Evidence]) -> Evidence | None:
    """What says that the two addresses are not one."""
    return next((one for one in _ADDRESSES_APART if one in here), None)


def is_doubtful(here: Sequence[Evidence]) -> bool:
    """Say whether a place is to be looked at all the same, whoever is named as its provider.

    A phone, a mail address or a page in common; or one house, of which one site may name who keeps
    it and another who pays for it, unless they have two phones as well.
    """
    return (AT_ONE_ADDRESS in here and OTHER_PHONES not in here) or may_have_moved(here)


def may_have_moved(here: Sequence[Evidence]) -> bool:
    """Say whether other addresses are no reason to look no further."""
    return not _TIES.isdisjoint(here)


def _named(left: Profile, right: Profile) -> bool:
    """Say whether both titles share a telling word that is no subject and no place."""
    a, b = left.title, right.title
    if a.places or b.places:
        return False
    shared = set(a.telling).intersection(b.telling)
    return any(term not in a.meanings and term not in b.meanings for term in shared)


def _shared(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    return any(one in right for one in left)


_ONE_PHONE = Evidence(3.0, "a phone number in common")
_ONE_MAIL = Evidence(3.0, "a mail address in common")
_GENERAL_MAIL = Evidence(1.5, "a general mail address in common")
ONE_DOMAIN = Evidence(1.0, "mail addresses of one domain")
OTHER_MAILS = Evidence(-0.5, "other mail addresses")
_ONE_PAGE = Evidence(4.0, "a web page in common")
_TIES = frozenset((_ONE_PHONE, _ONE_MAIL, _ONE_PAGE))
ONE_EXCHANGE = Evidence(1.5, "two lines of one exchange")
OTHER_LINE = Evidence(-0.5, "another line of one office")
OTHER_PHONES = Evidence(-1.5, "other phone numbers")


def _phone(left: tuple[str, ...], right: tuple[str, ...], *, at_one: bool) -> Evidence | None:
    if not left or not right:
        return None
    if _shared(left, right):
        return _ONE_PHONE
    if any(_exchange(a, b) or _exchange(b, a) for a in left for b in right):
        return ONE_EXCHANGE
    return OTHER_LINE if at_one else OTHER_PHONES


def _exchange(central: str, line: str) -> bool:
    """0211 899-0 or 0211 899 is the exchange of 0211 899-4711."""
    stem = central.rstrip("0")
    return len(stem) >= SHORTEST_EXCHANGE and len(line) > len(central) and line.startswith(stem)


def _mail(left: tuple[str, ...], right: tuple[str, ...]) -> Evidence | None:
    if not left or not right:
        return None
    shared = [mail for mail in left if mail in right]
    if not shared:
        domains = {mail.partition("@")[2] for mail in left} - _ANYBODYS
        if not domains.isdisjoint(mail.partition("@")[2] for mail in right):
            return ONE_DOMAIN
        return OTHER_MAILS
    if all(mail.partition("@")[0] in _ROLES for mail in shared):
        return _GENERAL_MAIL
    return _ONE_MAIL


def _page(left: tuple[str, ...], right: tuple[str, ...]) -> Evidence | None:
    shared = [page for page in left if page in right]
    if not shared:
        return None
    if any(page.partition("/")[2] for page in shared):
        return _ONE_PAGE
    return Evidence(1.5, "a web site in common")


def _address(left: Profile, right: Profile) -> Evidence | None:
    if left.postcode and right.postcode and left.postcode != right.postcode:
        if (not left.street or not right.street) and left.city and left.city == right.city:
            return OTHER_POSTCODES_HERE
        return _OTHER_POSTCODES
    if left.street and right.street:
        return one_street(left.street, right.street)
    return ONE_POSTCODE if left.postcode and right.postcode else None


def one_street(left: tuple[str, str], right: tuple[str, str]) -> Evidence:
    """What the names and house numbers of two streets of one town say of them being one."""
    (one, house), (other, other_house) = left, right
    if one != other and fuzz.ratio(one, other) < _ALIKE and not _one_beginning(left, right):
        return _OTHER_STREETS
    if house and other_house and house != other_house:
        if house.rstrip("abcdefgh") == other_house.rstrip("abcdefgh"):
            return Evidence(1.5, "one house number but for a letter")
        return _OTHER_HOUSE
    return AT_ONE_ADDRESS if house or other_house else Evidence(1.5, "one street")


def _one_beginning(left: tuple[str, str], right: tuple[str, str]) -> bool:
    """Say whether one adds to name and number of the other: a quarter, a side, how to get there."""
    (short, house), (long, other_house) = sorted((left, right), key=lambda one: len(one[0]))
    return len(short) >= _SHORTEST_STREET and house == other_house != "" and long.startswith(short)


ONE_PROVIDER = Evidence(2.0, "one provider")


def _provider(left: Profile, right: Profile) -> Evidence | None:
    if not left.provider or not right.provider:
        return None
    return one_provider(left.provider, right.provider, left.town | right.town)


@lru_cache(maxsize=200_000)
def one_provider(  # noqa: PLR0911 - each way out is a rule
    a: frozenset[str], b: frozenset[str], towns: frozenset[str] = frozenset()
) -> Evidence | None:
    """What the names of two providers (their terms) say of them being one.

    `towns`: terms of the towns that the two are in, which may be too small to be known.
    """
    if a == b:
        return ONE_PROVIDER
    places_a = {term for term in a if is_place(term) or term in towns}
    places_b = {term for term in b if is_place(term) or term in towns}
    if "amt" in a and "amt" in b:
        # What an authority is called by in one word beside its office is where it is.
        places_a = places_a or _sole(a - {"amt"})
        places_b = places_b or _sole(b - {"amt"})
        if not places_a or not places_b or not places_a.isdisjoint(places_b):
            return ONE_PROVIDER
    if places_a and places_b and places_a.isdisjoint(places_b):
        return Evidence(-2.0, "providers of two places")
    rest_a, rest_b = a - b - places_a, b - a - places_b
    if _run_together(rest_a, rest_b) or _run_together(rest_b, rest_a):
        return ONE_PROVIDER
    confession = lexicon().confession
    own_a, own_b = a - places_a - confession, b - places_b - confession
    if own_a and own_b and own_a.isdisjoint(own_b) and not (a - own_a).isdisjoint(b - own_b):
        return _alike(a, b) or Evidence(-3.0, "other providers")
    core_a, core_b = a - places_a, b - places_b
    if core_a and core_b and (core_a <= core_b or core_b <= core_a):
        return ONE_PROVIDER
    if alike := _alike(a, b):
        return alike
    if core_a & core_b:
        return None
    if any(is_misspelling(x, y) for x in own_a for y in own_b):
        return ONE_PROVIDER
    return Evidence(-3.0, "other providers")


_JOINTS = re.compile(r"(?:e?[ns]|er?n?)?(?:verein|stadt|kreis)?")
_SHORTEST_PART = 4
_ACRONYM = range(3, 6)
"""Letters of a name of initials."""


def _run_together(long: frozenset[str], short: frozenset[str]) -> bool:
    """Say whether one name has in one word what the other has in several, or in its initials.

    Frauenberatungsstelle is the Beratungsstelle für Frauen, the MGT a Mehrgenerationentreff.
    """
    long = long - lexicon().federations or long
    if len(long) != 1 or not short:
        return False
    (compound,) = long
    if len(short) == 1 and len(*short) in _ACRONYM:
        (letters,) = short
        return "".join(piece[0] for piece in parts(compound)).startswith(letters)
    for part in sorted(short, key=len, reverse=True):
        if len(part) < _SHORTEST_PART or part not in compound or part == compound:
            return False
        compound = compound.replace(part, " ", 1)
    return all(_JOINTS.fullmatch(rest) for rest in compound.split())


def _sole(terms: frozenset[str]) -> set[str]:
    return set(terms) if len(terms) == 1 else set()


def _alike(a: frozenset[str], b: frozenset[str]) -> Evidence | None:
    one, other = sorted((" ".join(sorted(a)), " ".join(sorted(b))))
    return ONE_PROVIDER if fuzz.ratio(one, other) >= _ALIKE else None
