"""Telephone numbers: German notations to E.164.

Most German numbers on the web lack their area code (58 % of those measured): it is taken from the
record's place, from the record's other numbers, or from the source's region, in this order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import unquote

import phonenumbers

from aggregator.normalise.context import Context
from aggregator.normalise.person import given_names, names_person
from aggregator.normalise.phonetext import (
    Candidate,
    candidates,
    closing_label,
    continues,
    direct_lines,
    further_line,
    readable,
)
from aggregator.normalise.statement import Doubt, Reading, Statement
from aggregator.places.places import Place, load_gazetteer
from crawlers.record import Passage, Role

_READER = "phone@2"
_READ = frozenset({Role.TEXT, Role.PHONE, Role.ADDRESS, Role.VENUE, Role.HOURS, Role.TITLE})
_THREE_DIGITS = re.compile(r"[0-9][^0-9]{0,6}[0-9][^0-9]{0,6}[0-9]")
_LINE_OF_OFFER = re.compile(
    r"hotline|(?:krisen|sorgen|beratungs|eltern|info|notruf|hilfe|dienst|büro|team|bereitschafts|"
    r"service)[- ]?(?:telefon|handy|mobil|nummer)",
    re.IGNORECASE,
)
_AT_SOMEBODY = re.compile(r"\b(?:bei|mit)\s([A-ZÄÖÜ][a-zäöüß]+)\b(?!\s\d)")  # "bei Katrin"
_AREA_NAMED = re.compile(r"\bVorwahl:?\s(0[1-9]\d{1,4})\b")
# Numbers of national services are dialled without an area code (Bundesnetzagentur, 116xxx: EU).
_SHORT = re.compile(r"115|116\d{3}")
_MOBILE_START = re.compile(r"(?:\+49|0049|0)1[567]")
_MOBILE = re.compile(r"\+491[567]")
_UNPLACED = re.compile(r"\+491|\+49[89]00|\+49[^1-9]")


class _Found(NamedTuple):
    e164: str
    passage: Passage
    quote: str
    reason: str = ""
    confidence: float = 1.0


def read_phones(
    passages: Sequence[Passage],
    context: Context,
    place: Place | None,
    seat: Callable[[], Place | None] = lambda: None,
) -> Reading:
    """Read the telephone numbers of a record; fax numbers are none.

    A number without area code is completed or doubted ("phone_area_unknown"), never guessed. A
    mobile number beside a person's name is dropped ("personal_data_dropped", without a quote).
    `seat` tells where the owner of the site sits: last, numbers are of that town.
    """
    gathered = _gather(passages)
    reading = Reading()
    area, why = _area(gathered.found, context, place, seat) if gathered.local else ("", "")
    for at, candidate, passage in reversed(gathered.local):
        item = _completed(candidate, passage, area, why)
        if item is None:
            reading.doubts.append(_doubt(candidate, passage))
        else:
            gathered.found.insert(at, item)
    fax = gathered.fax - gathered.spoken
    for item in _unique(f for f in _own(gathered.found, passages) if f.e164 not in fax):
        if item.e164 in gathered.private:
            doubt = Doubt("personal_data_dropped", "", item.passage.locator, "phones")
            reading.doubts.append(doubt)
        else:
            reading.statements.append(_statement(item, place))
    return reading


# National lines to which a page sends whoever finds it closed: Telefonseelsorge, Nummer gegen
# Kummer, Hilfetelefone (bmfsfj.de), medical service, police.
_HELPLINES = frozenset(
    f"+49{number}"
    for number in (
        "116016", "116111", "116117", "116123", "116006", "8000116016", "8001110111", "8001110222",
        "8001110333", "8001110550", "8002255530", "8004040020",
    )
)  # fmt: skip
_IS_ONE = re.compile(
    r"(?:hilfe|krisen|eltern|sorgen)-?telefon|nummer gegen|seelsorge", re.IGNORECASE
)


def _own(found: Sequence[_Found], passages: Sequence[Passage]) -> Sequence[_Found]:
    """The numbers without the helplines of others, on an offer that has a number of its own."""
    own = [one for one in found if one.e164 not in _HELPLINES]
    if not own or len(own) == len(found):
        return found
    title = next((p.text for p in passages if p.role is Role.TITLE), "")
    return found if _IS_ONE.search(title) else own


@dataclass(slots=True)
class _Gathered:
    """All numbers of a record, before it is known which of them are the offer's."""

    found: list[_Found] = field(default_factory=list)
    local: list[tuple[int, Candidate, Passage]] = field(default_factory=list)
    """Numbers without area code, and how many complete ones stand before each."""
    fax: set[str] = field(default_factory=set)
    private: set[str] = field(default_factory=set)
    spoken: set[str] = field(default_factory=set)
    """Numbers that a text gives as telephone: a combined "Tel./Fax" is one."""

    def add(self, candidate: Candidate, passage: Passage, *, private: bool) -> None:
        e164 = _e164(candidate.number)
        if e164 is None:
            if not candidate.fax:
                self.local.append((len(self.found), candidate, passage))
            return
        if candidate.fax:
            self.fax.add(e164)
            return
        if passage.role is not Role.PHONE:
            self.spoken.add(e164)
        if private and _MOBILE.match(e164):
            self.private.add(e164)
        self.found.append(_Found(e164, passage, _quote(passage, candidate)))


def _gather(passages: Sequence[Passage]) -> _Gathered:
    gathered = _Gathered()
    label = previous = extended = number = ""
    for passage in passages:
        if passage.role not in _READ:
            continue
        text = passage.text
        linked = passage.role is Role.PHONE
        if not linked and not extended and not _THREE_DIGITS.search(text):
            label, previous = closing_label(text), text
            continue
        text = readable(text)
        if extended and continues(text, number):
            label = "phone"
        if extended and (further := further_line(text, extended, number)):
            gathered.add(further, passage, private=False)
            continue
        if not linked and not _THREE_DIGITS.search(text):
            label, previous, extended = closing_label(text), text, ""
            continue
        found = list(candidates(_href(text) if linked else text, label, stated=linked))
        found += direct_lines(text, found) if found and "-" in text else ()
        private = bool(found) and _has_mobile(found) and _is_private(text, readable(previous))
        for candidate in found:
            gathered.add(_with_area(candidate, text), passage, private=private)
        if not linked:
            label, previous = "", text
            last = found[-1] if found and not found[-1].fax else None
            extended, number = (text, last.number) if last else ("", "")
    return gathered


def _with_area(candidate: Candidate, text: str) -> Candidate:
    """A local number with the area code that its line names: "66969-51 (Vorwahl 040)"."""
    if candidate.number[0] in "+0" or not (named := _AREA_NAMED.search(text)):
        return candidate
    return candidate._replace(number=named[1] + candidate.number)


def _has_mobile(found: Iterable[Candidate]) -> bool:
    return any(_MOBILE_START.match(candidate.number) for candidate in found)


def _statement(item: _Found, place: Place | None) -> Statement:
    reason, confidence = item.reason, item.confidence
    code = place.area_code if place else None
    elsewhere = code and not _UNPLACED.match(item.e164) and not item.e164.startswith(f"+49{code}")
    if elsewhere and not reason:
        reason, confidence = f"Vorwahl ist nicht die des Ortes (0{code})", 0.9
    return Statement(
        "phones", item.e164, item.quote, item.passage.locator, _READER, reason, confidence
    )


def _unique(found: Iterable[_Found]) -> Iterator[_Found]:
    """Each number once, quoted from the text where it stands in text and link."""
    kept: dict[str, _Found] = {}
    for item in found:
        first = kept.get(item.e164)
        if first is None:
            kept[item.e164] = item
        elif first.passage.role is Role.PHONE and item.passage.role is not Role.PHONE:
            kept[item.e164] = item._replace(confidence=max(item.confidence, first.confidence))
    return iter(kept.values())


def _quote(passage: Passage, candidate: Candidate) -> str:
    if passage.role is Role.PHONE:
        return passage.text
    return passage.text[candidate.start : candidate.end]


def _is_private(text: str, previous: str) -> bool:
    if _LINE_OF_OFFER.search(text):
        return False
    # A name alone on the line above belongs to the number; a sentence above does not.
    if any(name in given_names() for name in _AT_SOMEBODY.findall(text)):
        return True
    return names_person(text) or (len(previous) < 80 and names_person(previous))


def _doubt(candidate: Candidate, passage: Passage) -> Doubt:
    international = candidate.number.startswith(("+", "0"))
    code = "phone_not_plausible" if international else "phone_area_unknown"
    return Doubt(code, _quote(passage, candidate), passage.locator, "phones")


def _completed(candidate: Candidate, passage: Passage, area: str, why: str) -> _Found | None:
    digits = candidate.number
    if digits.startswith(("+", "0")):
        return None
    if _SHORT.fullmatch(digits):
        return _Found(f"+49{digits}", passage, _quote(passage, candidate), "Servicenummer")
    e164 = _e164(f"0{area}{digits}") if area and len(digits) >= 3 else None
    if e164 is None:
        return None
    return _Found(e164, passage, _quote(passage, candidate), why, 0.9)


def _area(
    found: Iterable[_Found],
    context: Context,
    place: Place | None,
    seat: Callable[[], Place | None],
) -> tuple[str, str]:
    """The area code of numbers that state none, and why; "" where none is known."""
    if place and place.area_code:
        return place.area_code, f"Vorwahl 0{place.area_code} aus dem Ort ({place.city})"
    for item in found:
        if code := _area_code(item.e164):
            return code, f"Vorwahl 0{code} aus anderer Nummer des Eintrags"
    if regional := load_gazetteer().area_code(context.region):
        return regional, f"Vorwahl 0{regional} aus der Region der Quelle"
    if (home := seat()) and home.area_code:
        return home.area_code, f"Vorwahl 0{home.area_code} vom Sitz der Einrichtung ({home.city})"
    return "", ""


def _area_code(e164: str) -> str:
    if not e164.startswith("+49") or _UNPLACED.match(e164):
        return ""
    number = phonenumbers.PhoneNumber(country_code=49, national_number=int(e164[3:]))
    return e164[3 : 3 + phonenumbers.length_of_geographical_area_code(number)]


def _href(text: str) -> str:
    """The number in a tel: URI (RFC 3966) or a bare value."""
    number = unquote(_SCHEME.sub("", text)).partition(";")[0].partition("?")[0]
    return _BARE_COUNTRY.sub("+49", number)


_SCHEME = re.compile(r"^\s*(?:tel|callto|phone|fon)\s*:\s*/{0,2}", re.IGNORECASE)
_BARE_COUNTRY = re.compile(r"^\s*49(?=\s*[1-9](?:\D{0,3}\d){7,})")


@lru_cache(maxsize=4096)
def _e164(number: str) -> str | None:
    """A number with country or area code to E.164; None where it has none or cannot exist."""
    if number.startswith("00"):
        number = "+" + number[2:]
    if number.startswith("+"):
        country = next((c for c in (number[1:2], number[1:3], number[1:4]) if _is_country(c)), "")
        national = number[1 + len(country) :]
        national = national.lstrip("0") if country == "49" else national
    elif number.startswith("0"):
        country, national = "49", number[1:]
    else:
        return None  # a local number
    if not country or not national or not 4 <= len(national) <= 13:
        return None
    if country == "49" and _is_ordinary(national):
        return f"+49{national}"
    parsed = phonenumbers.PhoneNumber(country_code=int(country), national_number=int(national))
    # For +49 the library need not ask which of the countries with one code it is.
    german = country == "49" and phonenumbers.is_valid_number_for_region(parsed, "DE")
    if not german and (country == "49" or not phonenumbers.is_valid_number(parsed)):
        return None
    return f"+{country}{national}"


def _is_ordinary(national: str) -> bool:
    """Whether a number exists in Germany as one of a town or a mobile, as nearly all do.

    The library, whose plan this is, asks for eight rarer kinds first.
    """
    every, *kinds = _plan()
    return every.fits(national) and any(kind.fits(national) for kind in kinds)


class _Kind(NamedTuple):
    """What the numbers of a kind look like."""

    pattern: re.Pattern[str]
    lengths: Collection[int]

    def fits(self, national: str) -> bool:
        return len(national) in self.lengths and self.pattern.fullmatch(national) is not None


@cache
def _plan() -> Sequence[_Kind]:
    """All German numbers, then those of towns, then those of mobiles."""
    plan = phonenumbers.PhoneMetadata.metadata_for_region("DE", None)
    kinds = (plan.general_desc, plan.fixed_line, plan.mobile) if plan else ()
    return [
        _Kind(re.compile(kind.national_number_pattern, re.ASCII), frozenset(kind.possible_length))
        for kind in kinds
        if kind is not None and kind.national_number_pattern
    ]


def _is_country(digits: str) -> bool:
    return digits.isdigit() and int(digits) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE
