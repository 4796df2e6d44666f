"""Who carries an offer: the Träger, as the page names it."""

from __future__ import annotations

import re

from aggregator.normalise.body.authority import authority_of, by_itself
from aggregator.normalise.body.found import Found
from aggregator.normalise.body.label import by_label, for_all
from aggregator.normalise.body.name import AUTHORITY, DEPARTMENT, OFFICE, is_body, named
from aggregator.normalise.body.place import by_section, called, in_title, of_address
from aggregator.normalise.body.sentence import HOSTING, by_hint, by_statement, led_by
from aggregator.normalise.context import Context
from aggregator.normalise.institution import (
    LEGAL_FORM,
    is_institution,
    is_part,
    owner_name,
    owner_of,
    site_name,
)
from aggregator.normalise.person import strip_persons
from aggregator.normalise.statement import Reading, Statement
from crawlers.bodies import AUTHORITIES, WELFARE
from crawlers.record import Passage, Record, Role, of_roles

_READER = "provider@10"
_SPOKEN = 0.7  # of the confidence in a body that the record itself speaks of
# A house that its own people run, wherever an offer takes place in it.
_ANOTHER = re.compile(
    r"(?:\w+\s)?\w*(?:praxis|kanzlei|klinik|bücherei|bibliothek|[Mm]ehrgenerationenhaus"
    r"|(?:[Bb]eratungs|[Ii]nterventions|[Kk]oordinierungs|[Ff]ach)stelle|(?<!Fach)[Dd]ienst|[Vv]erband|[Vv]erein|[Ww]erk|[Bb]und|[Ss]tiftung"
    r"|[Ss]eelsorge|[Kk]ammer|[Nn]otruf)\s(?:[A-ZÄÖÜ„“\"]|am|an|im|der|des)"
    rf"|(?:{WELFARE}|{AUTHORITIES})\s[A-ZÄÖÜ]"
)
# Numbers of the whole country, named on the site of whoever: nobody's own there.
_COUNTRYWIDE = re.compile(
    r"Telefonseelsorge|Hilfetelefon\b|Hilfe-Telefon|Nummer gegen Kummer|Elterntelefon$"
    r"|Kinder- und Jugendtelefon$|Pflegetelefon",
    re.IGNORECASE,
)
_FREE_NUMBER = re.compile(r"\b(?:0800|116)[ /-]?\d{3}\b|\b0800[ /-]?\d")
_OWN_SITE = "auf der eigenen Website dieser Einrichtung"


def read_provider(record: Record, context: Context) -> Reading:
    """State the provider.

    Order: markup, label, "Ein Angebot von …", legal form, known body, the name at an address; last,
    and least sure, the institution whose own site it is.
    """
    owner = None if _is_countrywide(record) else owner_of(record, context)
    if found := _told(record):
        return _reading(_in_full(found, owner, context))
    weak = _hinted(record)
    if weak is None or weak.confidence < _SPOKEN:
        weak = for_all(record) or weak
    name = owner_name(owner, context) if owner is not None else ""
    if owner is not None and not (weak and _is_another(weak, name)):
        return Reading(
            [Statement("provider", name, owner.text, owner.locator, _READER, _OWN_SITE, 0.6)]
        )
    weak = weak or led_by(record)
    if weak is None and (authority := authority_of(context.site)) is not None:
        weak = by_itself(record, authority)
    if weak is not None:
        return _reading(weak)
    if not context.site or not is_institution(context.site) or _is_countrywide(record):
        return Reading()
    name = site_name(context.site)
    return Reading([Statement("provider", name, name, "", _READER, _OWN_SITE, 0.5)])


def _is_countrywide(record: Record) -> bool:
    """Whether a record names a number that all the country calls."""
    if not _COUNTRYWIDE.match(record.title):
        return False
    return any(
        _FREE_NUMBER.search(p.text) for p in of_roles(record.passages, Role.TEXT, Role.PHONE)
    )


def _is_another(found: Found, owner: str) -> bool:
    """Whether a body offers on the site of another, and does not only host it or belong to it."""
    alone = found.confidence > HOSTING and _ANOTHER.match(found.name)
    return bool(alone) and not is_part(found.name, owner)


def _told(record: Record) -> Found | None:
    """Who offers, where the record says so in so many words."""
    for passage in of_roles(record.passages, Role.PROVIDER):
        if name := named(passage.text):
            return Found(name, passage, 1.0)
    return by_label(record) or by_statement(record) or in_title(record)


def _hinted(record: Record) -> Found | None:
    """Who may offer: a contact, a subject, a body that is spoken of, a name at the address."""
    if found := by_hint(record):
        return _in_its_seat(found, record) or _with_department(found)
    seat = of_address(record)
    if seat is not None and is_body(seat.name):
        return seat
    return called(record) or seat or by_section(record)


def _in_its_seat(found: Found, record: Record) -> Found | None:
    """Whose office it is: "Jugendamt", above the address of the "Stadtverwaltung Nord"."""
    titled = found.name == record.title
    seat = of_address(record) if titled or OFFICE.fullmatch(found.name) else None
    if seat is None or seat.confidence < found.confidence:
        return None
    return seat if (is_body(seat.name) if titled else AUTHORITY.match(seat.name)) else None


def _with_department(found: Found) -> Found:
    """An authority with the department of it that is named behind, where the line ends there."""
    text = found.passage.text
    at = text.find(found.name) + len(found.name)
    part = DEPARTMENT.match(text, at) if AUTHORITY.match(found.name) else None
    return found._replace(name=f"{found.name}{part[0]}") if part else found


def _in_full(found: Found, owner: Passage | None, context: Context) -> Found:
    """A name with its legal form, where it is that of the site's owner without it.

    What is called after the owner's association, or is one of many, is a part of the owner.
    """
    if owner is not None:
        name = owner_name(owner, context)
        if is_part(found.name, name):
            return found._replace(name=name)
        if LEGAL_FORM.sub("", name).casefold() == found.name.casefold() != name.casefold():
            return found._replace(name=name)
    return found


def _reading(found: Found) -> Reading:
    name, passage, confidence = found
    quote = strip_persons(passage.text)[:300]
    return Reading([Statement("provider", name, quote, passage.locator, _READER, "", confidence)])
