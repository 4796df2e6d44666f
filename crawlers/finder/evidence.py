"""Signs that a line belongs to an offer: how to reach it, where and when it is, what it costs."""

from __future__ import annotations

import re
from functools import lru_cache, reduce
from operator import or_

from crawlers.finder.stemmed import Stemmed, hints, starting


class Sign:
    """What a line shows: bits, combined with | over the lines of a unit."""

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
    """A link that leaves the site, but for maps and social media."""
    REMOTE = 1024
    """It is given online or on the phone."""


HINTS = Sign.LINK | Sign.REMOTE
"""Signs that say nothing each by itself."""
CONTACT = Sign.PHONE | Sign.MAIL | Sign.PLACE

# Where a number begins is said after its first character, as with `starting`. All but the names of
# towns and streets are sought in lower case.
_NUMBER = re.compile(r"[+0(](?<![\w/.,-].)(?:(?<=\+)49|(?<=0)049|(?<=\()0|(?<=0))[\d() /–-]{6,22}")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[\dA-Z]{2,4}){3,8}\b")  # ISO 13616
_LABELLED = Stemmed(
    "tel|fon|mobil|handy|hotline|ruf|☎|📞",
    rf"(?:{starting('tel', 'fon')}|telefon\w*|{starting('mobil')}|handy|hotline|☎|📞"
    rf"|(?:{starting('ruf')})(?:nummer)?)\W{{0,6}}[+(\d][\d() /.–-]{{4,20}}",
)
# Small towns have numbers of four and five digits, which nothing but the word before tells; no more
# tells of a line within a house.
_LOCAL = Stemmed(
    "tel|fon|ruf|☎|📞|durchwahl",
    rf"(?:(?:{starting('tel', 'fon', 'telefon', 'ruf')}|☎|📞)[.:]{{0,2}}\s?\d(?:[ /]?\d){{3,4}}"
    r"(?![.:/]?\d|[ –-]{1,3}\d|\s?(?:uhr|h)\b)|durchwahl[:.]?[ –-]{0,3}\d[\d –-]{0,9})",
    leads=True,
)
_MAIL = Stemmed(
    "@|at)|at]|at}|ät)|ät]|(a)|[a]|_at_| at ",
    r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\]|\{at\}|\(ät\)|\[ät\]|\(a\)|\[a\]|_at_"
    r"|\sat\s)\s?[\w-]{1,63}"
    r"(?:\.|\s?\(dot\)|\s?\[dot\]|\s?\(punkt\)|\sdot\s|\spunkt\s)",
)
_TOWN = re.compile(r"[0-9](?<!\d.)\d{4},?\s+[A-ZÄÖÜ][a-zäöüß]{2}")
_STREETS = (
    "stra", "str.", "weg", "platz", "allee", "damm", "ring", "ufer", "gasse", "chaussee",
    "promenade", "markt", "hof", "steig", "kamp", "graben", "berg",
)  # fmt: skip
_STREET = re.compile(
    r"(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|[Ww]eg|[Pp]latz|[Aa]llee|[Dd]amm|[Rr]ing|[Uu]fer|[Gg]asse"
    r"|[Cc]haussee|[Pp]romenade|[Mm]arkt|[Hh]of|[Ss]teig|[Kk]amp|[Gg]raben"
    r"|[Bb]erg)\s?\d{1,4}\b(?!\s*(?:Uhr|Euro|€|[:.]\d\d))"
)
# "Sonntagsbrunch" is a name.
_OF_DAY = r"(?:e?s|en?|(?:vor|nach)?(?:mittag|abend|morgen|früh|nacht)s?)?\b"
# Most lines that hold "tag" name no day: what stands before it is asked there, not at each letter.
_TAG = Stemmed(
    "tag",
    r"tag(?:(?<=\bmontag)|(?<=\bdienstag)|(?<=\bdonnerstag)|(?<=\bfreitag)|(?<=\bsamstag)"
    rf"|(?<=\bsonntag)|(?<=\bwerktag)){_OF_DAY}",
)
_DAY = Stemmed(
    "mittwoch|sonnabend|täglich|rund um die|wöchentlich|14-tägig",
    rf"(?:{starting('mittwoch', 'sonnabend')}){_OF_DAY}"
    rf"|(?:{starting('täglich', 'rund um die uhr', 'wöchentlich', '14-tägig')})\b",
    leads=True,
)
_SHORT_DAY = Stemmed(
    "mo|di|mi|do|fr|sa",
    rf"(?:{starting('mo', 'di', 'mi', 'do', 'fr', 'sa')})\b\.?"
    r"(?=\s*(?:[-–+&,/:]|und|u\.|bis|\d|von|ab|im\b))",
    alone=True,
)
_DAYS_ALONE = re.compile(r"(?:[\W\d]*\b(?:mo|di|mi|do|fr|sa|so)\b)+\W*", re.IGNORECASE)
_TIMES = re.compile(r"(?:uhr)?zeit(?:en)?|wann|beginn|von[ –-]+bis|stunden?", re.IGNORECASE)
_HOURS_ALONE = re.compile(r"\d{1,2}(?:[.:]\d\d)?(?:\s?(?:[-–]|bis)\s?\d{1,2}(?:[.:]\d\d)?)?")
_ALONE = 20  # characters of days or hours alone in a cell
_CLOCK = re.compile(
    r"[0-9](?<![\d.].)\d?(?:"
    r"(?:[:.]\d{2})?\s*(?:-|–|bis)\s*\d{1,2}[:.]\d{2}(?![.\d])"
    r"|(?:[:.]\d{2})?\s?(?:uhr|h)\b"
    r"|:\d{2}(?!\d))"
)
_SHORT_CLOCK = re.compile(r"(?:mo|di|mi|do|fr)\.?\s+\d{1,2}\s?[-–]\s?\d{1,2}\b")
_ALWAYS = Stemmed("rund um die|24 stunden", rf"(?:{starting('rund um die uhr', '24 stunden')})\b")
_DATE = re.compile(
    r"[0-9](?<!\d.)\d?\.\s?(?:\d{1,2}\.(?:\s?\d{2,4})?|januar|februar|märz|april|mai|juni"
    r"|juli|august|september|oktober|november|dezember|jan\b|feb\b|aug\b|sept?\b|okt\b"
    r"|nov\b|dez\b)"
)
_COST = Stemmed(
    "kosten|gebühr|unentgelt|beitrag|€|eur|eintritt",
    rf"kosten(?:los|frei)|gebührenfrei|unentgeltlich|(?:{starting('kosten', 'beitrag')})\b"
    r"|€(?:(?<=\d.)|(?<=\d\s.))|euro?(?:(?<=\d.{3})|(?<=\d\s.{3})|(?<=\d.{4})|(?<=\d\s.{4}))\b"
    r"|eintritt frei",
    leads=True,
)
_JOIN = Stemmed("meld", r"meld(?:(?<=anmeld)(?:ung|en|eschluss|efrist)|(?<=angemeld)et)")
_AGREED = Stemmed(
    "vereinbar|absprache",
    r"nach (?:\w+ ){0,2}(?:vereinbarung|absprache)"
    r"|vereinbaren sie (?:\w+ ){0,5}termin|termine? (?:\w+ ){0,5}vereinbaren\b",
)
_REGISTER = Stemmed(
    "terminvereinbarung|ohne termin|offene",
    r"terminvereinbarung|ohne termin|offene[rs]? (?:sprechstunde|treff|gruppe)",
    leads=True,
)
_PERSON = Stemmed(
    "ansprech|kontaktperson", "ansprechpartner|ansprechperson|ansprechbar|kontaktperson"
)
_REMOTE = Stemmed(
    "online|chat|video|e-mail-beratung|mailberatung|zoom",
    r"online|\bchat|video-?(?:beratung|konferenz|call|sprechstunde)|e-?mail-?beratung|\bzoom\b",
)
_DIGIT = re.compile("[0-9]")
_DIGITS = Stemmed("0|1|2|3|4|5|6|7|8|9", "[0-9]")
_NOT_DIGIT = re.compile(r"\D")


def signs(text: str) -> int:
    """All signs of one line."""
    return look(text)[0]


@lru_cache(maxsize=4096)  # frames, labels and hours come again on every page of a site
def look(text: str) -> tuple[int, int]:
    """All signs of one line, and the hints at patterns that may occur in it."""
    low = text.lower()
    hinted = hints(low)
    if not hinted & _ANY:
        return Sign.NONE, hinted
    found = _numbered(text, low) if hinted & _DIGITS.bit else Sign.NONE
    for pattern, sign in _TOLD:
        if hinted & pattern.bit and not found & sign and pattern.found(low):
            found |= sign
    return found, hinted


def of_cell(text: str, label: str) -> int:
    """What a cell tells that is so short only in a table: "Mo", and "16-18" below "Uhrzeit"."""
    if len(text) > _ALONE:
        return Sign.NONE
    if _DAYS_ALONE.fullmatch(text):
        return Sign.WEEKDAY
    timed = label and _TIMES.fullmatch(label) and _HOURS_ALONE.fullmatch(text)
    return Sign.CLOCK if timed else Sign.NONE


_TOLD = (
    (_TAG, Sign.WEEKDAY),
    (_DAY, Sign.WEEKDAY),
    (_SHORT_DAY, Sign.WEEKDAY),
    (_ALWAYS, Sign.CLOCK),
    (_MAIL, Sign.MAIL),
    (_COST, Sign.COST),
    (_JOIN, Sign.REGISTER),
    (_AGREED, Sign.REGISTER),
    (_REGISTER, Sign.REGISTER),
    (_PERSON, Sign.PERSON),
    (_REMOTE, Sign.REMOTE),
)
_ANY = _DIGITS.bit | reduce(or_, (pattern.bit for pattern, _ in _TOLD))


def _numbered(text: str, low: str) -> int:
    """The signs that need a digit."""
    found = Sign.PHONE if phones(text) or _LOCAL.found(low) else Sign.NONE
    if _TOWN.search(text) or (any(s in low for s in _STREETS) and _STREET.search(text)):
        found |= Sign.PLACE
    if _DATE.search(low):
        found |= Sign.DATE
    if _CLOCK.search(low) or _SHORT_CLOCK.search(low):
        found |= Sign.CLOCK
    return found


def names_date(text: str) -> bool:
    """Whether a line has the sign of a date; where no other sign matters, it is found sooner."""
    return _DATE.search(text.lower()) is not None


def may_reach(text: str) -> tuple[bool, bool]:
    """Whether a text has a digit, as telephone numbers do, and whether it may hold a mail."""
    hinted = hints(text.lower())
    return bool(hinted & _DIGITS.bit), bool(hinted & _MAIL.bit)


@lru_cache(maxsize=4096)
def phones(text: str) -> tuple[str, ...]:
    """The digits of what looks like telephone numbers, for comparison only."""
    if not _DIGIT.search(text):
        return ()
    text = _ACCOUNT.sub("", text) if "IBAN" in text else text
    numbers = _NUMBER.findall(text) + _LABELLED.all(text.lower())
    found = (_NOT_DIGIT.sub("", number) for number in numbers)
    return tuple(digits for digits in found if 6 <= len(digits) <= 16)


def _weight(found: int) -> float:
    total = 2.0 * ((found & Sign.PHONE) > 0) + 2.0 * ((found & Sign.MAIL) > 0)
    total += 2.0 * ((found & Sign.PLACE) > 0)
    timed, clock = found & (Sign.WEEKDAY | Sign.DATE), found & Sign.CLOCK
    total += 2.0 if timed and clock else 1.0 if timed or clock else 0.0
    total += 1.0 * ((found & Sign.COST) > 0) + 1.0 * ((found & Sign.REGISTER) > 0)
    total += 1.0 * (found & Sign.REMOTE > 0 and found & Sign.LINK > 0)
    return total + 0.5 * ((found & Sign.PERSON) > 0) + 0.5 * ((found & Sign.LINK) > 0)


_WEIGHTS = tuple(map(_weight, range(2 * Sign.REMOTE)))


def weight(found: int) -> float:
    """How much speaks for an offer: 2 for each way to reach it and for its times, 1 for hints."""
    return _WEIGHTS[found]


def reachable(found: int) -> bool:
    """True where somebody could go or call: a contact, a day with a time, the page of a service."""
    return bool(
        found & CONTACT
        or (found & (Sign.WEEKDAY | Sign.DATE) and found & Sign.CLOCK)
        or (found & Sign.REMOTE and found & Sign.LINK)
    )
