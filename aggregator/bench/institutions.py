"""A made set of German offers as several sites would list them, with its truth.

Offices of invented Träger in real towns offer some services each; a listing tells of one in the
words of its source: legal form or none, abbreviated streets, umlauts written out, typing errors,
the district or the Träger in the title, other lines, missing values, an address that is no longer
true. What must not be merged is made as well: other services at one address and phone, one group
on two days, one course on two dates, one name in two towns and in two branches.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from aggregator.listing import Listing

_SHARES = ((0.62, 1), (0.25, 2), (0.10, 3), (0.03, 4))
"""In how many sources an offer is listed."""
_DATA: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text("utf-8"))
_TOWNS: list[tuple[str, str, int]] = [tuple(one) for one in _DATA["towns"]]
_DISTRICTS: list[str] = _DATA["districts"]
_NAMES: list[tuple[str, str, str]] = [tuple(one) for one in _DATA["names"]]
_BRANDS: tuple[list[str], list[str]] = tuple(_DATA["brands"])
_STREETS: list[str] = _DATA["streets"]
_SERVICES: list[tuple[str, str, list[str]]] = [tuple(one) for one in _DATA["services"]]
_GROUPS: list[list[str]] = _DATA["groups"]
_COURSES: list[list[str]] = _DATA["courses"]
_DAYS = ("Mo", "Tu", "We", "Th", "Fr")
_SPANS = ("09:00-12:00", "10:00-12:00", "15:00-17:00", "16:00-18:00", "14:00-17:00")
_DAY_ZERO = date(2027, 1, 4)


@dataclass(frozen=True, slots=True)
class Offer:
    """What is true of an offer."""

    number: int
    titles: Sequence[str]
    topic: str | None
    kind: str
    names: tuple[str, str, str]
    street: str
    house: int
    postcode: str
    town: str
    district: str
    phone: str
    central: str
    mail: str
    page: str
    hours: str
    starts: date | None = None
    twin: bool = False
    """Another offer here is told apart from it by day or date alone: every source says which, or
    nobody could tell from the listings. In the vague set sources leave it out as elsewhere."""


def institutions(
    count: int, seed: int = 1, *, vague: bool = False
) -> Iterator[tuple[int, Listing]]:
    """`count` listings, each with the number of the offer that it tells of.

    `vague`: also of two groups that differ in nothing but their day, sources leave the day out.
    Listings of one offer come one after the other; their ids are in no order.
    """
    dice = random.Random(seed)  # noqa: S311 - a made set, no secret
    made = 0
    for told in _offers(dice):
        offer = replace(told, twin=False) if vague else told
        sources = _sources(offer, dice)
        for source in sources:
            yield offer.number, _listing(offer, source, dice)
            made += 1
            if made == count:
                return


def _offers(dice: random.Random) -> Iterator[Offer]:
    number = 0
    while True:
        town, code, prefix = dice.choice(_TOWNS)
        brand = dice.choice(_BRANDS[0]) + dice.choice(_BRANDS[1])
        names = dice.choice(_NAMES)
        told = names[0].format(town=town, brand=brand), names[1].format(town=town, brand=brand)
        full = (*told, names[2].format(town=town, brand=brand))
        phone = f"+49{code}{dice.randrange(10**5, 10**7)}"
        domain = f"{brand.lower()}-{dice.randrange(10**5)}.example"
        office = Offer(
            0, (), None, "", full, dice.choice(_STREETS), dice.randint(1, 180),
            f"{prefix:02}{dice.randint(0, 999):03}", town, dice.choice(_DISTRICTS),
            phone, phone.rstrip("0123")[:-2] + "0", f"info@{domain}", f"https://{domain}/", "",
        )  # fmt: skip
        for offer in _of_office(office, dice):
            number += 1
            yield replace(offer, number=number)
        if dice.random() < 0.06:  # a branch in another town, with the same names and central number
            other, _, other_prefix = dice.choice([one for one in _TOWNS if one[0] != town])
            branch = replace(
                office, town=other, postcode=f"{other_prefix:02}{dice.randint(0, 999):03}",
                street=dice.choice(_STREETS), house=dice.randint(1, 180),
                names=tuple(name.replace(town, other) for name in full),  # type: ignore[arg-type]
            )  # fmt: skip
            for offer in _of_office(branch, dice):
                number += 1
                yield replace(offer, number=number)


def _of_office(office: Offer, dice: random.Random) -> Iterator[Offer]:
    for topic, kind, titles in dice.sample(_SERVICES, dice.choice((1, 1, 2, 2, 3, 4))):
        own_line = dice.random() < 0.25
        yield replace(
            office, titles=titles, topic=topic, kind=kind, hours=_hours(dice),
            phone=f"{office.phone[:-2]}{dice.randint(10, 99)}" if own_line else office.phone,
        )  # fmt: skip
    for titles in dice.sample(_GROUPS, dice.choice((0, 0, 1, 1, 2))):
        days = dice.sample(_DAYS, 2 if dice.random() < 0.15 else 1)
        for day in days:  # a Monday and a Thursday group of one name are two
            yield replace(
                office, titles=titles, topic="austausch", kind="group",
                hours=f"{day} {dice.choice(_SPANS)}", twin=len(days) > 1,
            )  # fmt: skip
    if dice.random() < 0.2:
        titles, start = dice.choice(_COURSES), _DAY_ZERO + timedelta(days=dice.randrange(100))
        turns = dice.choice((1, 1, 2))
        for turn in range(turns):
            yield replace(
                office, titles=titles, topic="erziehung", kind="course",
                starts=start + timedelta(weeks=10 * turn), twin=turns > 1,
            )  # fmt: skip


def _hours(dice: random.Random) -> str:
    days = sorted(dice.sample(range(5), dice.choice((1, 2, 5))))
    return f"{','.join(_DAYS[day] for day in days)} {dice.choice(_SPANS)}"


def _sources(offer: Offer, dice: random.Random) -> list[str]:
    (many,) = dice.choices([many for _, many in _SHARES], [share for share, _ in _SHARES])
    own = (
        f"netz-{offer.town}-{offer.district}", f"stadt-{offer.town}", f"land-{offer.postcode[0]}",
        "bund", f"portal-{offer.postcode[:2]}",
    )  # fmt: skip
    return dice.sample(own, many)


def _listing(offer: Offer, source: str, dice: random.Random) -> Listing:
    """What one source says: true, but in its own words and not all of it."""
    chance = dice.random
    moved = chance() < 0.01
    street = _street(offer, dice) if not moved else _STREETS[dice.randrange(16)].format(s="straße")
    house = offer.house if not moved else dice.randint(1, 180)
    postcode = offer.postcode if not moved else f"{offer.postcode[:3]}{dice.randint(0, 99):02}"
    located = chance() < 0.92
    dated = offer.starts
    return Listing(
        id=str(UUID(int=dice.getrandbits(128), version=4)),
        source=source,
        page_url=f"https://{source}.example/{offer.number}",
        title=_title(offer, dice),
        provider=_spelling(dice.choice(offer.names), dice) if chance() < 0.95 else None,
        street=f"{street} {house}" if located else None,
        postcode=postcode if located or chance() < 0.3 else None,
        city=offer.town if chance() < 0.98 else None,
        phones=[offer.phone if chance() < 0.95 else offer.central] if chance() < 0.92 else [],
        emails=[offer.mail] if chance() < 0.6 else [],
        urls=[offer.page] if chance() < 0.35 else [],
        topics=[offer.topic] if offer.topic and chance() < 0.9 else [],
        formats=[offer.kind] if chance() < 0.85 else [],
        hours_osm=offer.hours if offer.hours and (chance() < 0.7 or offer.twin) else None,
        valid_from=dated if dated and (chance() < 0.9 or offer.twin) else None,
    )


def _title(offer: Offer, dice: random.Random) -> str:
    text = dice.choice(offer.titles)
    drawn = dice.random()
    if drawn < 0.08:
        text = f"{text} {offer.town}"
    elif drawn < 0.13:
        text = f"{text} {offer.district}"
    elif drawn < 0.18:
        text = f"{offer.names[1]}: {text}"
    elif drawn < 0.22:
        text = f"{text} ({offer.names[1]})"
    return _spelling(text, dice)


def _spelling(text: str, dice: random.Random) -> str:
    """Umlauts written out, or a typing error, now and then."""
    drawn = dice.random()
    if drawn < 0.05:
        for char, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
            text = text.replace(char, written)
    elif drawn < 0.09 and len(text) > 8:
        at = dice.randrange(2, len(text) - 2)
        if text[at].isalpha() and text[at + 1].isalpha():
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    elif drawn < 0.11:
        text = text.upper().replace("ẞ", "SS")
    return text


def _street(offer: Offer, dice: random.Random) -> str:
    form = offer.street.split("{")[0]
    written = ("straße", "str.") if form and form[-1].isalpha() else ("Straße", "Str.")
    return _spelling(offer.street.format(s=dice.choice(written)), dice)
