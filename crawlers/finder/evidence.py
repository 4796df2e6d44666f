"""Signs that a line belongs to an offer: how to reach it, where and when it is, what it costs."""

from __future__ import annotations

import re
from enum import IntFlag


class Sign(IntFlag):
    """What a line shows. Combined with | over the lines of a unit."""

    NONE = 0
    PHONE = 1
    MAIL = 2
    PLACE = 4
    """A postcode with a town, or a street with a number."""
    WEEKDAY = 8
    CLOCK = 16
    DATE = 32
    COST = 64
    REGISTER = 128
    PERSON = 256
    LINK = 512
    """A link that leaves the site."""


CONTACT = Sign.PHONE | Sign.MAIL | Sign.PLACE

_NUMBER = re.compile(r"(?<![\w/.,-])(?:\+49|0049|\(0|0)[\d() /–-]{6,22}")
_LABELLED = re.compile(
    r"(?:\btel|\bfon|telefon\w*|\bmobil|handy|hotline|☎|📞|\bruf(?:nummer)?)\W{0,6}[+(\d][\d() /.–-]{4,20}",
    re.IGNORECASE,
)
_MAIL = re.compile(
    r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\]|\{at\}|\(ät\)|\[ät\]|\(a\)|\[a\]|_at_|\sAT\s)\s?[\w-]{1,63}"
    r"(?:\.|\s?\(dot\)|\s?\[dot\]|\s?\(punkt\))",
    re.IGNORECASE,
)
_TOWN = re.compile(r"(?<!\d)\d{5},?\s+[A-ZÄÖÜ][a-zäöüß]{2}")
_STREET = re.compile(
    r"(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|[Ww]eg|[Pp]latz|[Aa]llee|[Dd]amm|[Rr]ing|[Uu]fer|[Gg]asse"
    r"|[Cc]haussee|[Pp]romenade|[Mm]arkt|[Hh]of|[Ss]teig|[Kk]amp|[Gg]raben|[Bb]erg)\s?\d{1,4}\b(?!\s*(?:Uhr|Euro|€|[:.]\d\d))"
)
_WEEKDAY = re.compile(
    r"\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|werktag)\w{0,12}"
    r"|\b(?:täglich|rund um die uhr|wöchentlich|14-tägig)\b"
    r"|\b(?:mo|di|mi|do|fr|sa)\b\.?(?=\s*(?:[-–+&,/:]|und|u\.|bis|\d|von|ab))",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\d.])\d{1,2}(?:[:.]\d{2})?\s*(?:-|–|bis)\s*\d{1,2}[:.]\d{2}(?![.\d])"
    r"|(?<![\d.])\d{1,2}(?:[:.]\d{2})?\s?(?:uhr|h)\b|(?<![\d.])\d{1,2}:\d{2}(?!\d)"
    r"|\brund um die uhr\b|\b24 stunden\b|(?:mo|di|mi|do|fr)\.?\s+\d{1,2}\s?[-–]\s?\d{1,2}\b",
    re.IGNORECASE,
)
_ALWAYS = re.compile(r"\brund um die uhr\b", re.IGNORECASE)
_DATE = re.compile(
    r"(?<!\d)\d{1,2}\.\s?(?:\d{1,2}\.(?:\s?\d{2,4})?|januar|februar|märz|april|mai|juni"
    r"|juli|august|september|oktober|november|dezember|jan\b|feb\b|aug\b|sept?\b|okt\b|nov\b|dez\b)",
    re.IGNORECASE,
)
_COST = re.compile(
    r"kostenlos|kostenfrei|gebührenfrei|unentgeltlich|\bkosten:|\bkosten\b|\bbeitrag\b|\d\s?(?:€|euro\b)|eintritt frei",
    re.IGNORECASE,
)
_REGISTER = re.compile(
    r"anmeld(?:ung|en)|angemeldet|nach (?:\w+ ){0,2}(?:vereinbarung|absprache)"
    r"|terminvereinbarung|ohne termin|offene[rs]? (?:sprechstunde|treff|gruppe)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"ansprechpartner|ansprechperson|ansprechbar|kontaktperson", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_NOT_DIGIT = re.compile(r"\D")


def signs(text: str) -> Sign:
    """All signs of one line."""
    found = Sign.NONE
    if _DIGIT.search(text):
        if phones(text):
            found |= Sign.PHONE
        if _TOWN.search(text) or _STREET.search(text):
            found |= Sign.PLACE
        if _DATE.search(text):
            found |= Sign.DATE
        if _CLOCK.search(text):
            found |= Sign.CLOCK
    elif _ALWAYS.search(text):
        found |= Sign.CLOCK
    if _WEEKDAY.search(text):
        found |= Sign.WEEKDAY
    if len(text) > 7 and _MAIL.search(text):
        found |= Sign.MAIL
    if _COST.search(text):
        found |= Sign.COST
    if _REGISTER.search(text):
        found |= Sign.REGISTER
    if _PERSON.search(text):
        found |= Sign.PERSON
    return found


def phones(text: str) -> list[str]:
    """The digits of what looks like telephone numbers, for comparison only."""
    return [
        digits
        for pattern in (_NUMBER, _LABELLED)
        for match in pattern.findall(text)
        if 6 <= len(digits := _NOT_DIGIT.sub("", match)) <= 16
    ]


def weight(found: Sign) -> float:
    """How much speaks for an offer: 2 for each way to reach it and for its times, 1 for hints."""
    total = 2.0 * ((found & Sign.PHONE) > 0) + 2.0 * ((found & Sign.MAIL) > 0)
    total += 2.0 * ((found & Sign.PLACE) > 0)
    timed, clock = found & (Sign.WEEKDAY | Sign.DATE), found & Sign.CLOCK
    total += 2.0 if timed and clock else 1.0 if timed or clock else 0.0
    total += 1.0 * ((found & Sign.COST) > 0) + 1.0 * ((found & Sign.REGISTER) > 0)
    return total + 0.5 * ((found & Sign.PERSON) > 0) + 0.5 * ((found & Sign.LINK) > 0)


def reachable(found: Sign) -> bool:
    """True where somebody could go or call: a contact, or a day with a time."""
    return bool(found & CONTACT or (found & (Sign.WEEKDAY | Sign.DATE) and found & Sign.CLOCK))
