"""What a page says once for all its records: where they are, how to join, when they pause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from crawlers.finder.evidence import Sign, signs
from crawlers.finder.flow import Flow
from crawlers.finder.units import Unit
from crawlers.record import Role

_LONG = 600  # characters of a line that is looked at
_THINGS = (
    r"(?:[\w-]*(?:angebote|kurse|gruppen|treffs?|treffen|termine|veranstaltungen|sprechstunden"
    r"|workshops|seminare|stunden|abende))"
)
_FOR_ALL = re.compile(
    r"\b(?:alle[rn]?|sämtliche[rn]?|unsere[rn]?|die|für) (?:[\w*:-]+ (?:und |& )?){0,2}?"
    rf"{_THINGS}\b"
    r"|\b(?:alles|das (?:ganze )?programm|der wochenplan)\b"
    r"|^(?:veranstaltungs|kurs|treff)ort(?: (?:ist|aller?|für) |:)",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\bfinde(?:n|t)\b|\bstatt\b|\btreffen (?:wir|uns|sich)"
    r"|\b(?:sind|ist) (?:immer )?(?:im|in|bei)\b|\bwerden\b.{0,80}\bdurchgeführt\b|[\w]*ort\b",
    re.IGNORECASE,
)
_PAUSE = re.compile(
    r"\b(?:[\w]*ferien|feiertag\w*)\b(?=.*\b(?:pause|pausier\w*|entf(?:a|ä)ll\w*|nicht|kein\w*|aus"
    r"|geschlossen)\b)"
    r"|\b(?:nicht|kein\w*|außer|ausser|ausgenommen|außerhalb|pause|pausier\w*|entf(?:a|ä)ll\w*)\b.*"
    r"\b(?:[\w]*ferien|feiertag\w*)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\W*(?:\(?(?:nicht|keine? \w+|außer|ausser|ausgenommen|außerhalb|während|in) .{0,40}ferien\b"
    r".{0,50})",
    re.IGNORECASE,
)
_REFERS = re.compile(r"\b(?:sie|diese|alle|alles)\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:büro\w*|sekretariat|geschäftsstelle|geschlossen|ferien(?:programm|spiele|betreuung"
    r"|angebot\w*|freizeit\w*|kurs\w*))\b",
    re.IGNORECASE,
)
_AT = re.compile(r"\b(?:ort|wo|treffpunkt|veranstaltungsort|raum|kursort)\s?[:?]", re.IGNORECASE)
_AT_LABEL = re.compile(r"(?:ort|wo|treffpunkt|veranstaltungsort|kursort)\W*", re.IGNORECASE)
_NAMELESS = re.compile(
    r"\b(?:im|in (?:der|den|unserem|unserer)|bei uns im) [A-ZÄÖÜ][\wäöüß]+,\s(?:in der |im )?"
    r"(?P<address>[A-ZÄÖÜ].+?)(?:,?\s(?:statt|durchgeführt)\b.*|[.!]?)$"
)
_FREE = re.compile(r"ferien", re.IGNORECASE)
_SENTENCE = re.compile(
    r"(?<=[\w)]{2}[.!?])(?<!\bSt\.)(?<![Ss]tr\.)(?<!Kath\.)(?<!kath\.)(?<!bzw\.)\s+(?=[A-ZÄÖÜ])"
)
_JOINS = re.compile(r"\b(?:an|vor)?(?:anmeld|gemeldet|melde)|\bauskunft", re.IGNORECASE)
_TIMED = Sign.WEEKDAY | Sign.CLOCK


class Notice(NamedTuple):
    """A sentence of a line that holds for all records of its page."""

    line: int
    text: str
    place: bool
    """It says where they take place; else when they do not."""
    role: Role
    contact: bool = False
    """It says how to reach whoever takes registrations for all."""


def notices_of(flow: Flow, units: Sequence[Unit], inside: AbstractSet[int]) -> list[Notice]:
    """The notices of a page beside its records, where most records lack what they say."""
    if len(units) < 2:
        return []
    found: list[Notice] = []
    for number, line in enumerate(flow.lines):
        if number in inside or line.menu or line.rank or len(line.text) > _LONG:
            continue
        general = False
        for text in _SENTENCE.split(line.text):
            general |= bool(_FOR_ALL.search(text))
            if signs(text) & Sign.PLACE and _FOR_ALL.search(text) and _HELD.search(text):
                found.append(_venue(number, text))
            elif general and _JOINS.search(text) and signs(text) & (Sign.PHONE | Sign.MAIL):
                found.append(Notice(number, text, place=False, role=Role.TEXT, contact=True))
            elif _pauses(text, general):
                found.append(Notice(number, text, place=False, role=Role.TEXT))
    return [n for n in found if 2 * sum(lacks(flow, unit, n) for unit in units) >= len(units)]


def lacks(flow: Flow, unit: Unit, notice: Notice) -> bool:
    """True for a unit that says itself nothing of what a notice says."""
    lines = flow.lines[unit.start : unit.end]
    if notice.place:
        said = unit.signs & Sign.PLACE or any(
            _AT.search(line.text) or _AT_LABEL.fullmatch(line.label) for line in lines
        )
        return not said
    if notice.contact:
        return not unit.signs & (Sign.PHONE | Sign.MAIL)
    told = unit.signs & _TIMED and not unit.signs & Sign.DATE
    return bool(told) and not any(_FREE.search(line.text) for line in lines)


def _venue(number: int, text: str) -> Notice:
    """Where all take place: of a house without a name of its own, the address alone.

    "im Familienzentrum, Markt 1" says whose house it is to those who know; it names nobody.
    """
    house = _NAMELESS.search(text)
    if house is None or not signs(house["address"]) & Sign.PLACE:
        return Notice(number, text, place=True, role=Role.TEXT)
    return Notice(number, house["address"], place=True, role=Role.ADDRESS)


def _pauses(text: str, general: bool) -> bool:
    if not _PAUSE.search(text) or _OTHERS.search(text):
        return False
    return bool(
        _FOR_ALL.search(text) or _BARE.fullmatch(text) or (general and _REFERS.search(text))
    )
