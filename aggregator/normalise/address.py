"""Postal addresses: street with house number, postcode, town, district."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from aggregator.normalise import locality
from aggregator.normalise.context import Context
from aggregator.normalise.cues import seen, watch
from aggregator.normalise.locality import Locality
from aggregator.normalise.person import strip_persons
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.streets import Street, Town, find_streets, find_towns, parse_city
from aggregator.normalise.text import clean
from aggregator.places.addressbook import split_street
from aggregator.places.places import load_gazetteer
from crawlers.record import Passage, Role, of_roles

_READER = "address@3"
_READ = frozenset(
    {Role.TEXT, Role.ADDRESS, Role.VENUE, Role.HOURS, Role.STREET, Role.POSTCODE, Role.CITY}
)
_MARKED = frozenset({Role.ADDRESS, Role.VENUE, Role.STREET})
_PARTS = frozenset({Role.POSTCODE, Role.STREET, Role.CITY})
_DIGIT = re.compile(r"\d")
_VENUE = re.compile(
    r"(?:^|[\s(])(?:(?:veranstaltungs|treff|kurs|beratungs)?ort|wo|treffpunkt|adresse|"
    r"anschrift|besuch(?:er|s)?adresse|"
    r"hier finden sie uns|so finden sie uns|findet .{0,30}statt)\s?[:?]|\bwir treffen uns\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:träger|veranstalter(?:in)?|post(?:anschrift|adresse)|geschäftsstelle|sitz|"
    r"impressum|verwaltung|"
    r"rechnungs(?:anschrift|adresse)|anmeldung|herausgeber|zentrale)\b",
    re.IGNORECASE,
)
_POSTBOX = re.compile(r"\bPostfach\b|\bP\.?\s?F\.?\s\d", re.IGNORECASE)
_DISTRICT = re.compile(
    r"\b(?:Bezirk|Stadtbezirk|Ortsteil|Stadtteil|"
    r"OT)\s?:?\s(?P<name>[A-ZÄÖÜ][a-zäöüß]+(?:[ -][A-ZÄÖÜ][a-zäöüß]+){0,2})"
)
_DISTRICT_CUES = watch("ezirk", "ortsteil", "stadtteil")
_REACH = 3  # lines between a street and its postcode: "Haus B", "2. OG", "Hinterhof"


class _Address(NamedTuple):
    line: int
    street: Street | None = None
    street_line: int = 0
    town: Town | None = None
    rank: int = 0


def read_address(passages: Sequence[Passage], context: Context) -> Reading:
    """Read where an offer is: street, postcode, city, district.

    Of several addresses the one labelled as venue comes first ("Ort:", "Treffpunkt:"), else the
    first. A post box gives no street. Shelters are the caller's to sort out (`shelter.is_shelter`).
    """
    lines = [p for p in passages if p.role in _READ]
    texts = [clean(p.text) for p in lines]
    reading = Reading()
    numbered = [at for at, text in enumerate(texts) if _DIGIT.search(text)]
    addresses = _addresses(lines, texts, numbered)
    best = max(addresses, key=lambda a: a.rank, default=None)
    if best is not None and (street := best.street) is not None:
        line = lines[best.street_line]
        quote = _quote(line, texts[best.street_line], street)
        reading.statements.append(Statement("street", street.value, quote, line.locator, _READER))
    if best is not None and (town := best.town) is not None:
        line = lines[best.line]
        quote = _quote(line, texts[best.line], town)
        for name, value in (("postcode", town.postcode), ("city", town.city)):
            reading.statements.append(Statement(name, value, quote, line.locator, _READER))
        if town.quarter:
            _district(reading, town.quarter, town.city, line)
    if best is not None and best.town is None and best.street is not None:
        at = best.street_line
        _town_alone(reading, locality.behind(lines[at], texts[at], best.street.end))
        _seated(reading, passages, best.street)
    _marked(reading, lines, texts)
    if reading.value("city") is None and reading.value("postcode") is None:
        _town_alone(reading, locality.labelled(lines, texts) or locality.heading(passages, context))
    if context.towns:
        _town_from_elsewhere(reading, context)
    if reading.value("district") is None:
        _labelled_district(reading, lines, texts)
    return reading


def read_seat(passages: Sequence[Passage]) -> Reading:
    """The only address that the frame of the page names."""
    seats = of_roles(passages, Role.SEAT)
    found = [(passage, town) for passage in seats for town in find_towns(clean(passage.text))]
    reading = Reading()
    if len({town.postcode for _, town in found}) == 1:
        _from_seat(reading, *found[0])
    return reading


def _seated(reading: Reading, passages: Sequence[Passage], street: Street) -> None:
    """Postcode and town of a street that the frame of the page names with them."""
    for passage in of_roles(passages, Role.SEAT):
        text = clean(passage.text)
        for town in find_towns(text):
            near = _beside(text, 0, town, set())
            city = reading.value("city")
            if (
                near
                and split_street(near.value) == split_street(street.value)
                and city in {None, town.city}
            ):
                reading.statements = [s for s in reading.statements if s.field != "city"]
                _from_seat(reading, passage, town)
                return


def _from_seat(reading: Reading, passage: Passage, town: Town) -> None:
    for name, value in (("postcode", town.postcode), ("city", town.city)):
        reading.statements.append(
            Statement(name, value, passage.text, passage.locator, _READER, "am Rand der Seite", 0.9)
        )


def _addresses(
    lines: Sequence[Passage], texts: Sequence[str], numbered: Sequence[int]
) -> list[_Address]:
    """The addresses in the lines that hold a digit and are no part of one by themselves."""
    found: list[_Address] = []
    taken: set[tuple[int, int]] = set()
    whole = [at for at in numbered if lines[at].role not in _PARTS]
    for at in whole:
        text = texts[at]
        for town in find_towns(text):
            street, line = _street_of(texts, at, town, taken)
            if street is None and not _stands_alone(text, town, lines[at]):
                continue
            if street is not None:
                taken.add((line, street.start))
            postbox = bool(_POSTBOX.search(text[: town.start])) and street is None
            rank = _rank(lines, texts, min(at, line), street) - 4 * postbox
            found.append(_Address(at, street, line, town, rank))
    for at in whole:
        text = texts[at]
        weak = lines[at].role in _MARKED or _is_venue(text)
        for street in find_streets(text, weak=weak):
            if (at, street.start) not in taken:
                rank = _rank(lines, texts, at, street) - 2
                found.append(_Address(at, street, at, None, rank))
    return found


def _street_of(
    texts: Sequence[str], at: int, town: Town, taken: set[tuple[int, int]]
) -> tuple[Street | None, int]:
    """The street that belongs to a postcode: on its line, on lines above, on the line below."""
    text = texts[at]
    before = text[: town.start]
    if _POSTBOX.search(before[-40:]):
        return None, at
    street = _beside(text, at, town, taken)
    if street is not None:
        return street, at
    if len(before) < 25:
        street, line = _above(texts, at, taken)
        if street is not None or _POSTBOX.search(texts[line]):
            return street, line
    if town.end >= len(text.rstrip()) - 1:
        return _below(texts, at)
    return None, at


def _beside(text: str, at: int, town: Town, taken: set[tuple[int, int]]) -> Street | None:
    if _DIGIT.search(text, 0, town.start):
        for street in reversed(find_streets(text[: town.start], weak=True)):
            if (at, street.start) not in taken and town.start - street.end <= 60:
                return street
    for street in find_streets(text[town.end : town.end + 80], weak=True):
        return street._replace(start=street.start + town.end, end=street.end + town.end)
    return None


def _above(texts: Sequence[str], at: int, taken: set[tuple[int, int]]) -> tuple[Street | None, int]:
    for line in range(at - 1, max(-1, at - 1 - _REACH), -1):
        text = texts[line]
        if _POSTBOX.search(text):
            return None, line
        if len(text) > 90 or not _DIGIT.search(text):
            continue
        if find_towns(text):
            break
        streets = [
            s for s in find_streets(text, weak=line == at - 1) if (line, s.start) not in taken
        ]
        if streets and (streets[-1].sure or _begins(text, streets[-1])):
            return streets[-1], line
    return None, at


def _below(texts: Sequence[str], at: int) -> tuple[Street | None, int]:
    if at + 1 < len(texts) and len(texts[at + 1]) < 90:
        streets = find_streets(texts[at + 1])
        if streets and streets[0].start < 3 and not _town_follows(texts, at + 1):
            return streets[0], at + 1
    return None, at


def _town_follows(texts: Sequence[str], at: int) -> bool:
    return any(find_towns(t) for t in texts[at : at + 2])


def _begins(text: str, street: Street) -> bool:
    """Say whether a street stands at the beginning of its line or of a part of it."""
    return street.start == 0 or text[street.start - 2 : street.start] in {", ", ": ", "| ", "- "}


def _stands_alone(text: str, town: Town, passage: Passage) -> bool:
    """Postcode and town without a street: the line begins with them, or it is marked as a place."""
    lead = text[: town.start].rstrip(" (")
    return (
        passage.role in _MARKED or not lead or lead[-1] in ",:;|–-•" or lead.endswith((" in", "D"))
    )


def _rank(lines: Sequence[Passage], texts: Sequence[str], at: int, street: Street | None) -> int:
    near = texts[at] if at == 0 else f"{texts[at - 1][-60:]}\n{texts[at]}"
    rank = 3 if street is not None else 0
    rank += 2 if lines[at].role in _MARKED else 0
    if _is_venue(texts[at]) or (at and _is_venue(texts[at - 1][-60:]) and len(texts[at - 1]) < 60):
        rank += 4
    elif _is_office(near):
        rank -= 3
    return rank


@lru_cache(maxsize=4_096)  # asked again of a line for each of its addresses
def _is_office(text: str) -> bool:
    return _OFFICE.search(text) is not None


@lru_cache(maxsize=4_096)
def _is_venue(text: str) -> bool:
    """Say whether a line labels what follows as the place to come to."""
    labelled = ":" in text or "?" in text or "reffen" in text.lower()
    return labelled and _VENUE.search(text) is not None


def _town_alone(reading: Reading, town: Locality | None) -> None:
    """State a town that is named without a postcode."""
    if town is None:
        return
    line = town.passage
    reading.statements.append(
        Statement("city", town.name, town.quote, line.locator, _READER, confidence=town.confidence)
    )
    if town.quarter:
        _district(reading, town.quarter, town.name, line)


def _town_from_elsewhere(reading: Reading, context: Context) -> None:
    """State what other records of the site say of the same street and number."""
    street = next((s for s in reading.statements if s.field == "street"), None)
    known = context.towns.get(split_street(str(street.value))) if street else None
    city = reading.value("city")
    if street is None or known is None or city not in {None, known[1]}:
        return
    for name, value in (("postcode", known[0]), ("city", known[1])):
        if reading.value(name) is None:
            reading.statements.append(
                Statement(name, value, street.quote, street.locator, _READER, _ELSEWHERE, _ONCE)
            )


_ELSEWHERE = "steht an anderer Stelle der Seite bei derselben Straße und Nummer"
_ONCE = 0.8


def _marked(reading: Reading, lines: Sequence[Passage], texts: Sequence[str]) -> None:
    """Fields that markup states one by one win over what text says."""
    roles = {p.role for p in lines}
    for role, name in ((Role.STREET, "street"), (Role.POSTCODE, "postcode"), (Role.CITY, "city")):
        if role not in roles:
            continue
        at = next((i for i, p in enumerate(lines) if p.role is role and texts[i]), None)
        if at is None:
            continue
        text = texts[at]
        if role is Role.STREET:
            streets = find_streets(text, weak=True)
            value = streets[0].value if streets else ""
            if not value and not _POSTBOX.search(text) and len(text) < 80:
                value = text
        elif role is Role.POSTCODE:
            digits = re.search(r"(?<!\d)\d{5}(?!\d)", text)
            value = digits[0] if digits else ""
        else:
            parsed = parse_city(re.sub(r"^(?:D-)?\d{5}\s", "", text))
            value = parsed[0] if parsed else ""
            if parsed and parsed[1]:
                _district(reading, parsed[1], parsed[0], lines[at])
        if value:
            reading.statements = [s for s in reading.statements if s.field != name]
            reading.statements.append(
                Statement(name, value, lines[at].text, lines[at].locator, _READER)
            )


def _quote(passage: Passage, text: str, span: Street | Town) -> str:
    """The words on the page; the whole line where cleaning moved them."""
    return text[span.start : span.end] if text == passage.text else strip_persons(text)


def _known(name: str) -> bool:
    return load_gazetteer().district(name) is not None


def _labelled_district(reading: Reading, lines: Sequence[Passage], texts: Sequence[str]) -> None:
    for passage, text in zip(lines, texts, strict=True):
        if not seen(text) & _DISTRICT_CUES and "OT" not in text:
            continue
        if (match := _DISTRICT.search(text)) and _known(match["name"]):
            _district(reading, match["name"], str(reading.value("city") or ""), passage)
            return


def _district(reading: Reading, quarter: str, city: str, passage: Passage) -> None:
    """State the district; a Berlin locality is told as the district it belongs to."""
    if reading.value("district") is not None:
        return
    district = load_gazetteer().district(quarter) if city in {"Berlin", ""} else None
    value = district.name if district else quarter
    reason = f"{quarter} gehört zum Bezirk {value}" if value != quarter else ""
    reading.statements.append(
        Statement(
            "district", value, strip_persons(passage.text[:300]), passage.locator, _READER, reason
        )
    )
