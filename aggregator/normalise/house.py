"""What an institution says once for all that it offers: where its house stands, how it is reached.

On the site of one house few offers repeat its street and its telephone. The frame of its pages
names them, or its imprint; they hold for an offer that names none of its own and nothing else
speaks against it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from statistics import mean
from typing import NamedTuple

from aggregator.normalise.address import read_address
from aggregator.normalise.context import Context
from aggregator.normalise.email import read_emails
from aggregator.normalise.institution import LEGAL_FORM, is_institution, owner_of
from aggregator.normalise.person import strip_persons
from aggregator.normalise.phone import read_phones
from aggregator.normalise.place import place_of, read_place
from aggregator.normalise.shelter import names_shelter
from aggregator.normalise.statement import Reading
from aggregator.normalise.streets import find_streets
from aggregator.normalise.text import clean
from aggregator.normalise.wheelchair import read_wheelchair
from aggregator.normalise.wording import RecordText, word_list
from aggregator.places.addressbook import split_street
from aggregator.places.places import Gazetteer, Place
from aggregator.vocabulary.regions import COUNTRY
from crawlers.record import FRAME, Passage, Record, RecordKind, Role, located

_HERE = "im Haus der Einrichtung; die Adresse steht"
_REACHED = "über die Einrichtung; so steht es"
_FRAMED = "am Rand jeder Seite"
_NOTED = "im Impressum oder unter „Kontakt“"
# What holds for a part of the house alone.
_STOREY = re.compile(
    r"\b(?:[1-9]\. ?(?:og|stock|etage|obergeschoss)|obergeschoss|dachgeschoss|keller"
    r"|untergeschoss|(?:das|unser|nur im|räume im) erdgescho(?:ss|ß))\b",
    re.IGNORECASE,
)
_ACCESS = "gilt für das Haus"
_SURE = 0.6
_TOLD = frozenset({Role.TITLE, Role.TEXT, Role.SECTION})
_SHARE = 0.5  # of a site's records: what stands in the frame of more is the site's own
_AWAY = 0.2  # of a site's offers: so many may be met elsewhere, as in a gymnasium
_EXTENSION = 2  # digits behind the number of a house, mostly
_BODY = 0.85  # from this confidence on a record says itself who offers it
# Where it is instead: a place that is named, or one that everybody is met at.
_ELSEWHERE = re.compile(
    r"\b(?:treffpunkt|abfahrt|start)\s?[:?]"
    r"|\b(?:(?<!planen )(?<!planen wir )ausfl[uü]g\w*(?! planen)"
    r"|wanderung\w*|spaziergang\w*|radtour\w*|fahrt\b"
    r"|(?:familien|ferien)freizeit(?:en)?\b|übernachtung\w*|jugendherberge|vollpension"
    r"|reise\w*|\w*camp\b|zelt\w*|besuch (?:im|in|des|der)\b|stadtführung)"
    r"|\b(?:im|in der|in den|auf dem|an der|am|zum|zur) (?:[\wäöüß-]+ )?[\wäöüß-]*(?:halle"
    r"|hallenbad|schwimmbad|freibad|park|spielplatz|wald|zoo|tierpark|museum|bauernhof|rathaus|bücherei"
    r"|bibliothek|kirche|gemeindehaus|pfarrheim|pfarrhaus|grundschule|gesamtschule|kitas?|schulen"
    r"|kindergärten|kindertagesstätte|klinik|klinikum|krankenhaus|gericht|jobcenter)\b"
    r"|\b(?:findet|finden|treffen|trifft)\b[^.]{0,60}\b(?:im|in der|in den|auf dem|bei der|beim) "
    r"(?!haus\b|unse|uns\b|garten\b|hof\b|eg\b|erdgeschoss|saal\b|\w*café|\w*raum|\w*räume|\w*küche|\d)"
    r"[\wäöüß-]*(?:haus|zentrum|heim|verein|amt|stelle|schule|kita|treff)\b",
    re.IGNORECASE,
)


# A further way beside the house: "Bei Bedarf kommt sie auch zu Ihnen nach Hause".
_ALSO = re.compile(
    r"\b(?:auch|auf wunsch|bei bedarf|gerne?)\b[^.]{0,60}?(?:\bzu (?:ihnen|dir|euch)\b|\bhause\b"
    r"|hausbesuch|telefonisch|am telefon|\bonline|per (?:video|telefon|mail))",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\b(?:veranstaltungsort|kursort|ort|wo)\s?[:?]\s*(?P<where>[^.;|]{2,80})", re.IGNORECASE
)
_ROOM = re.compile(
    r"\b(?:\w*(?:saal|raum|räume[n]?|zimmer|café|küche|foyer|werkstatt|stube|bistro)|erdgeschoss"
    r"|(?<!\w)büro|geschäftsstelle|\w*geschoss|stock|etage|eg|[1-4]\. ?og|keller|garten|hof"
    r"|innenhof|haus|bei uns|hier)\b",
    re.IGNORECASE,
)
_NAME = 5  # letters of a word by which a house is known


class House(NamedTuple):
    """Where an institution is, if there is one place, and how it is reached."""

    address: Reading
    place: Place | None
    said: str
    """Where the address stands."""
    desk: Reading
    """Its telephone numbers and mails in the frames of its pages, the first one first."""
    noted: Reading
    """Those that stand beside the address in the imprint or under "Kontakt"."""
    access: Reading
    """Whether it can be used in a wheelchair."""


def house_of(
    told: Sequence[tuple[Record, Reading]],
    shelters: Sequence[Record],
    context: Context,
    gazetteer: Gazetteer,
) -> House | None:
    """The house whose own site these records are from, as they were read; None on a site of many.

    Its seat is the only address that the frames of most records name; where they name none, the
    only one of its imprint and its page "Kontakt". `shelters` are those of the records that tell of
    one, with all that they say: where one is, nothing else is said to be.
    """
    records = [record for record, _ in told]
    offers = [record for record in records if record.kind is RecordKind.OFFER]
    owned = sum(owner_of(record, context) is not None for record in offers)
    if not offers or not (is_institution(context.site) or owned > _SHARE * len(offers)):
        return None
    framed = _common(offers, Role.SEAT)
    seats = framed or _noted_seats(told)
    # Of several houses nobody says in which of them an offer is.
    streets = {split_street(seat.text.partition(",")[0]) for seat in seats}
    secret = names_shelter(context.site) or not streets.isdisjoint(_streets(shelters))
    known = len(streets) == 1 and not secret
    seat = [replace(seats[0], role=Role.ADDRESS)] if known else []
    address = read_address(seat, context)
    place = place_of(address, context, gazetteer)
    if not framed and not _is_near(address, place, context):
        address, place = Reading(), None
    desk = _ways(_common(offers, Role.DESK), context, place)
    noted = _ways(_noted(records, Role.DESK), context, place) if address.statements else Reading()
    said = _FRAMED if framed else _NOTED
    return House(address, place, said, desk, noted, _access(records, context))


def _noted(records: Sequence[Record], role: Role) -> list[Passage]:
    """What imprint and "Kontakt" say in this role."""
    houses = [record for record in records if record.kind is RecordKind.HOUSE]
    return [p for record in houses for p in _located(record) if p.role is role]


def _noted_seats(told: Sequence[tuple[Record, Reading]]) -> list[Passage]:
    """The addresses of imprint and "Kontakt", where the offers do not say that they are elsewhere.

    An association's office is no house: where several offers name streets, one is to be its.
    """
    seats = _noted([record for record, _ in told], Role.SEAT)
    streets = {split_street(seat.text.partition(",")[0]) for seat in seats}
    offers = [reading for record, reading in told if record.kind is RecordKind.OFFER]
    own = [split_street(str(street)) for one in offers for street in one.values("street")]
    apart = len(own) > _AWAY * len(offers) and streets.isdisjoint(own)
    return [] if apart else seats


def _is_near(address: Reading, place: Place | None, context: Context) -> bool:
    """Whether a seat lies where the site's offers are, as far as anybody says where that is."""
    city = address.value("city")
    if city is None:
        return False
    if set(word_list(str(city))) <= set(word_list(context.site)):
        return True
    region = place.region_key if place else None
    return region is not None and context.region != COUNTRY and region.startswith(context.region)


def _ways(lines: Sequence[Passage], context: Context, place: Place | None) -> Reading:
    """Telephone numbers and mails of lines."""
    told = [replace(line, role=Role.TEXT) for line in lines]
    found = read_phones(told, context, place)
    found.extend(read_emails(told, context))
    return found


def _streets(records: Sequence[Record]) -> set[tuple[str, str]]:
    """The streets, with their numbers, that records name themselves, not in their pages' frame."""
    texts = (clean(p.text) for one in records for p in one.passages if p.role not in FRAME)
    return {split_street(street.value) for text in texts for street in find_streets(text)}


def _access(records: Sequence[Record], context: Context) -> Reading:
    """Whether the house can be used in a wheelchair, where its pages agree on it."""
    found = [
        read_wheelchair(RecordText(replace(record, passages=(line,))), context).statements
        for record in records
        if record.kind is RecordKind.HOUSE
        for line in _located(record)
        if not _STOREY.search(line.text)
    ]
    said = [one for statements in found for one in statements]
    return Reading(said[:1] if len({one.value for one in said}) == 1 else [])


def at_home(
    record: Record, reading: Reading, house: House, context: Context, gazetteer: Gazetteer
) -> Reading:
    """Where an offer is, because its house says it: the offer names no place."""
    found = Reading()
    if house.address.statements and _is_here(record, reading, house.address, context):
        why = f"{_HERE} {house.said}"
        found.extend(because(house.address, why, record))
        place = read_place(house.address, record, house.place, gazetteer)
        found.extend(because(place, why, record))
    street = reading.value("street") or found.value("street")
    here = street is not None and street == house.address.value("street")
    if here and reading.value("wheelchair") is None:
        found.extend(because(house.access, _ACCESS, record))
    return found


def at_desk(record: Record, reading: Reading, house: House, context: Context) -> Reading:
    """How an offer is reached, because its house says it.

    The offer names no way, or is in the house and named only a line or a mailbox of that.
    """
    if set(reading.values("modes")) == {"online"}:
        return Reading()
    ways = [(one, _FRAMED) for one in house.desk.statements]
    ways += [(one, _NOTED) for one in house.noted.statements]
    desk = {str(one.value) for one, _ in ways}
    kin = set(map(_kin, desk))
    own = [*reading.values("phones"), *reading.values("emails")]
    street = reading.value("street")
    here = street is not None and street == house.address.value("street")
    if not (here or desk.issuperset(own)):
        return Reading()
    if any(_kin(str(way)) not in kin for way in own) or is_of_another(record, reading, context):
        return Reading()
    lacked = [name for name in ("phones", "emails") if not reading.values(name)]
    found = Reading()
    for name in lacked:
        if way := next((way for way in ways if way[0].field == name), None):
            found.extend(because(Reading([way[0]]), f"{_REACHED} {way[1]}", record))
    return found


def _kin(way: str) -> str:
    """What the ways to one house share: the domain of its mails, its number without extension."""
    return way.rpartition("@")[2] if "@" in way else way[:-_EXTENSION]


def _common(records: Sequence[Record], role: Role) -> list[Passage]:
    """What the frames of most records say in this role, what mostly stands first first."""
    places: dict[str, list[int]] = defaultdict(list)
    first: dict[str, Passage] = {}
    for record in records:
        told = {p.text: p for p in _located(record) if p.role is role}
        for place, (text, passage) in enumerate(told.items()):
            places[text].append(place)
            first.setdefault(text, passage)
    common = [text for text, found in places.items() if len(found) > _SHARE * len(records)]
    return [first[text] for text in sorted(common, key=lambda text: mean(places[text]))]


def _located(record: Record) -> list[Passage]:
    """The passages of a record with the page on which each of them stands."""
    return [replace(p, locator=located(p.locator, record.page_url)) for p in record.passages]


def _is_here(record: Record, reading: Reading, address: Reading, context: Context) -> bool:
    """Whether an offer is in the house: it names no other place and no other way to it."""
    if any(reading.value(name) is not None for name in ("street", "postcode")):
        return False
    if any(doubt.code == "shelter_address_suppressed" for doubt in reading.doubts):
        return False
    city, modes = reading.value("city"), reading.values("modes")
    told = [p.text for p in record.passages if p.role in _TOLD]
    away = modes and "onsite" not in modes and not any(_ALSO.search(text) for text in told)
    if away or city not in {None, address.value("city")}:
        return False
    if any(p.role in {Role.ADDRESS, Role.LATITUDE} for p in record.passages):
        return False
    held = [p.text for p in record.passages if p.role is Role.VENUE]
    held += [label["where"] for text in told for label in _WHERE.finditer(text)]
    if any(not _is_room(where, context) for where in held):
        return False
    away_to = (place[0] for text in told for place in _ELSEWHERE.finditer(text))
    return all(_is_room(place, context) for place in away_to)


def _is_room(where: str, context: Context) -> bool:
    """Whether a venue is a part of the house, or goes by its name."""
    called = {word for word in word_list(context.site) if len(word) >= _NAME}
    return _ROOM.search(where) is not None or not called.isdisjoint(word_list(where))


def is_of_another(record: Record, reading: Reading, context: Context) -> bool:
    """Whether a record says itself that somebody else than the owner of the site offers it."""
    provider = next((s for s in reading.statements if s.field == "provider"), None)
    if provider is None or provider.confidence < _BODY:
        return False
    owner = owner_of(record, context)
    called = {*word_list(context.site), *(word_list(clean(owner.text)) if owner else ())}
    return not set(word_list(LEGAL_FORM.sub("", str(provider.value)))) <= called


def because(reading: Reading, reason: str, record: Record) -> Reading:
    """A reading of the frame as one of an offer: less sure, and why.

    What the frame of the offer's own page says, too, is quoted from there.
    """
    frame = [p for p in record.passages if p.role in FRAME]
    told = [
        one._replace(
            quote=strip_persons(one.quote),
            locator=next((p.locator for p in frame if one.quote in p.text), one.locator),
            reason=f"{one.reason}; {reason}" if one.reason else reason,
            confidence=_SURE,
        )
        for one in reading.statements
    ]
    return Reading(told)
