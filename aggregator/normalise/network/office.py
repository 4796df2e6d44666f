"""How to reach a network's offices: role, number and mail; names of persons are taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import phonenumbers

from aggregator.normalise.context import Context
from aggregator.normalise.email import read_emails
from aggregator.normalise.network.enumeration import ORGANISATION
from aggregator.normalise.network.prose import Line
from aggregator.normalise.person import find_persons, fold_name
from aggregator.normalise.phone import read_phones
from aggregator.normalise.statement import Statement, Value
from aggregator.vocabulary.regions import REGIONS
from crawlers.record import Passage, Role

READER = "network.office@1"
DROPPED = "[…]"
"""Stands in a quote where a person's name stood on the page."""

_BLOCK = 6  # lines that one contact may span
_LABEL_HEAD = re.compile(
    r"\b(?:kontakt\w*|ansprech\w+|sie erreichen uns|so erreichen sie|erreichbar|koordination|"
    r"geschäftsstelle)\b",
    re.IGNORECASE,
)
_MAIL = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+){0,4}\s?(?:@|\(at\)|\[at\]|\{at\})\s?"
    r"[A-Za-z0-9-]+(?:\s?(?:\.|\(dot\)|\[dot\]|\(punkt\)|\[punkt\])\s?[A-Za-z0-9-]+){1,3}"
)
_AT = re.compile(r"\s?[(\[{]at[)\]}]\s?|\s?@\s?", re.IGNORECASE)
_LABEL = re.compile(
    r"\b(?:tele(?:fon|fax)|tel|fon|fax|mobil|handy|e-?mail|mail|kontakt\w*|ansprech(?:partner|"
    r"person)\w*(?:[*:]innen)?)\b\s*[.:]*\s*",
    re.IGNORECASE,
)
_ROLE = (
    r"(?:[\w*:-]*(?:[Ll]eitung|[Ll]eiter(?:in)?|[Kk]oordinat(?:ion|or|orin)|"
    r"[Kk]oordinierung(?:sstelle)?|[Mm]itarbeiter(?:in)?|"
    r"[Rr]eferent(?:in)?|[Bb]eauftragte[r]?|[Bb]erater(?:in)?|[Pp]ädagog(?:e|in)|"
    r"[Aa]rbeiter(?:in)?|[Ss]ekretariat|[Gg]eschäftsführ(?:ung|er|erin)|"
    r"[Ss]precher(?:in)?|[Vv]orsitzende[r]?|[Aa]ssisten(?:z|t|tin)|[Vv]erwaltung|[Bb]üro|"
    r"[Mm]anager(?:in)?|[Ss]tadtr[aä]t(?:in)?|"
    r"[Bb]ürgermeister(?:in)?|[Ll]ots(?:e|in)))"
)
# The office stands right before the number: it is the office's, whoever is named before that.
_OFFICE_NUMBER = re.compile(
    r"\b\w*(?:[Bb]üro|[Ss]telle|[Ss]ekretariat)\b[\s,:|–-]{1,4}"
    r"(?:(?:[Tt]ele|[Tt]el|[Ff]on|[Mm]obil)\w{0,4}[.:]{0,2}\s?)?(?=[+(]?\d)"
)
_ROLE_WORD = re.compile(rf"{_ROLE}$")
_ADDRESS = re.compile(r"^[^@]*\b\d{5}\s+[A-ZÄÖÜ][^@\d]*$")  # a line with a postcode and a town
_ADJECTIVE = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+(?:ische|liche|ige|ende|ierte|le|te)[rns]?$")
_NAME = r"[A-ZÄÖÜ][a-zäöüßà-öø-ÿ]+(?:-[A-ZÄÖÜ][a-zäöüßà-öø-ÿ]+)?"
_TITLED = r"(?:(?:Frau|Herrn?|Dr\.|Prof\.|Dipl\.-?[A-Z][a-zäö]*\.?)\s+)*"
# "Vorname Nachname Leitung der …" and "Koordinatorin Vorname Nachname": shapes that a list of
# given names misses where the name is rare.
_BEFORE_ROLE = re.compile(
    rf"^{_TITLED}({_NAME}\s+(?:von\s+|van\s+|de\s+)?{_NAME})"
    rf"(?=\s*[,(–:-]?\s+\(?(?:[A-ZÄÖÜ][a-zäöüß]+(?:ische|liche|ige|ende)[rn]?\s+)?{_ROLE}\b)"
)
_AFTER_ROLE = re.compile(
    rf"\b{_ROLE}\s*(?:[,:–-]\s*|\s){_TITLED}({_NAME}\s+(?:von\s+|van\s+|de\s+)?{_NAME})"
    rf"(?=\s*(?:$|[,;(–|]|(?:Tel|Fon|Mobil|Mail|E-Mail|Telefon|\+?\d)))"
)
_NO_NAME = re.compile(
    r"(?:stelle|netz|netzwerk|verein|verband|stadt|kreis|bezirk|haus|zentrum|amt|büro|team|"
    r"alleinerziehend\w*|projekt|"
    r"träger|straße|platz|weg|telefon|kontakt|familie\w*|frauen|kinder|jugend|soziales|"
    r"leitung|koordination|berlin|e\.V)$|"
    r"^(?:Das|Die|Der|Den|Dem|Unser\w*|Am|Im|In|Für|Und|Stadt|Bezirksamt|Landkreis|Sie|Wir|"
    r"Mit|Zur|Zum|Eine?|Seit|Bei)$",
    re.IGNORECASE,
)
_PLACES = frozenset(region.name for region in REGIONS.values())
_TIDY = (
    (re.compile(r"\(\s*\)"), ""),
    (re.compile(r"\s{2,}"), " "),
    (re.compile(r"\s+([,;.])"), r"\1"),
)


def read_offices(lines: Sequence[Line], body: str, context: Context) -> list[Statement]:
    """State `contacts`: {role, phone, email} of each office, without the names of persons.

    `body` is the role where a line with a number names none. A mail address made of a person's
    name is dropped with the name.
    """
    found: list[Statement] = []
    for block in _blocks(lines, context):
        if not _tells_office(block):
            continue
        text = " ".join(line.text for line in block)
        shown = conceal(text)
        phone, mail = _phone(text, context), _mail(text, context)
        if mail and not _MAIL.search(shown):
            mail = None
        if phone is None and mail is None:
            continue
        told = " ".join(line.text for line in block if not _ADDRESS.search(line.text))
        value: dict[str, str] = {"role": _role(conceal(told), body)}
        if phone:
            value["phone"] = phone
        if mail:
            value["email"] = mail
        if all(statement.value != value for statement in found):
            found.append(Statement("contacts", value, shown, block[0].locator, READER))
    return found


def _blocks(lines: Sequence[Line], context: Context) -> Iterator[list[Line]]:
    """Lines that tell of one office: a line with number or mail, and the short ones before it."""
    open_: list[Line] = []
    reached: list[Line] = []
    has_mail = has_phone = False
    for line in lines:
        mail, phone = _mail(line.text, context), _phone(line.text, context)
        if mail or phone:
            repeats = (mail and has_mail) or (phone and has_phone)
            if reached and (repeats or open_):
                yield reached
                reached, has_mail, has_phone = [], False, False
            reached += [*open_[-_BLOCK:], line]
            has_mail, has_phone = has_mail or bool(mail), has_phone or bool(phone)
            open_ = []
            continue
        if reached and (line.title or len(line.text) > 100 or _LABEL_HEAD.search(line.text)):
            yield reached
            reached, has_mail, has_phone = [], False, False
        open_ = [*open_, line] if _may_open(line) else []
    if reached:
        yield reached


def _may_open(line: Line) -> bool:
    """A short line in a contact section can be the role or the office of a number below it."""
    if _LABEL.fullmatch(line.text) or line.title or line.text.endswith(":"):
        return False
    if len(line.text) > 90:
        return False
    headed = _LABEL_HEAD.search(f"{line.heading} {line.text}")
    return headed is not None or re.search(rf"\b{_ROLE}\b", line.text) is not None


def _tells_office(block: Sequence[Line]) -> bool:
    """A contact section, a role, or nothing but a number; not the number of some offer."""
    text = " ".join(line.text for line in block)
    if _LABEL_HEAD.search(f"{block[0].heading} {text}") or re.search(rf"\b{_ROLE}\b", text):
        return True
    return not any(char.isalpha() for char in _LABEL.sub("", _MAIL.sub("", text)))


def _phone(text: str, context: Context) -> str | None:
    office = _OFFICE_NUMBER.search(text)
    own = text[office.start() :] if office else text
    stated = read_phones([Passage(Role.TEXT, own)], context, None).value("phones")
    return str(stated) if stated else None


def _mail(text: str, context: Context) -> str | None:
    stated = read_emails([Passage(Role.TEXT, text)], context).value("emails")
    return str(stated) if stated else None


def _role(shown: str, body: str) -> str:
    """What is left of a contact without numbers, mails, names and labels."""
    text = _MAIL.sub(" ", shown.replace(DROPPED, " "))
    for match in phonenumbers.PhoneNumberMatcher(text, "DE"):
        text = text.replace(match.raw_string, " ")
    text = re.sub(r"\s\(?\+?\d[\d\s/()-]{4,}$", " ", _LABEL.sub(" ", text))
    text = re.sub(r"\b(?:Frau|Herrn?|unter|oder|per)\b", " ", text)
    for pattern, new in _TIDY:
        text = pattern.sub(new, text)
    text = text.strip(" ,;:–-|/.()")
    return text if 3 <= len(text) <= 120 else body


def names_in(text: str) -> list[str]:
    """The names of persons in a text, as written, without the role that stands beside them."""
    found = [_trim(text[person.start : person.end]) for person in find_persons(text)]
    for pattern in (_BEFORE_ROLE, _AFTER_ROLE):
        found += (match[1] for match in pattern.finditer(text) if _may_be_name(match[1]))
    return [name for name in dict.fromkeys(found) if len(name) > 3]


def _may_be_name(text: str) -> bool:
    words = text.split()
    if ORGANISATION.search(text) or words[-1] in _PLACES:
        return False
    return not any(_NO_NAME.search(word) or _ROLE_WORD.search(word) for word in words)


def _trim(name: str) -> str:
    """Leave out of "Anna Muster Pädagogische" what begins the role: it is no surname."""
    words = name.split()
    for number, word in enumerate(words):
        if number >= 2 and (_ROLE_WORD.search(word) or _ADJECTIVE.search(word)):
            return " ".join(words[:number])
    return name


def conceal(text: str, known: Sequence[str] = ()) -> str:
    """`text` with "[…]" for every name of a person, and for the mail addresses made of one."""
    names = [*names_in(text), *known]
    if not names:
        return text
    shown = text
    for name in names:
        shown = shown.replace(name, DROPPED)
    parts = {fold_name(part) for name in names for part in re.findall(r"[^\W\d_]{3,}", name)}
    for match in _MAIL.finditer(text):
        local = fold_name(_AT.split(match[0])[0])
        if any(part in local for part in parts):
            shown = shown.replace(match[0], DROPPED)
    return shown


def without_names(statements: Sequence[Statement], known: Sequence[str]) -> list[Statement]:
    """The statements with "[…]" for names in quotes; in values the name is left out."""
    return [
        one._replace(value=_value(one.value, known), quote=conceal(one.quote, known))
        for one in statements
    ]


def _value(value: Value, known: Sequence[str]) -> Value:
    if isinstance(value, dict):
        return {
            key: text if key in {"phone", "email", "date"} else _cut(text, known)
            for key, text in value.items()
        }
    return _cut(value, known) if isinstance(value, str) else value


def _cut(text: str, known: Sequence[str]) -> str:
    shown = conceal(text, known)
    if shown == text:
        return text
    for pattern, new in ((re.compile(rf"\(?\s*{re.escape(DROPPED)}\s*\)?"), " "), *_TIDY):
        shown = pattern.sub(new, shown)
    return shown.strip(" ,;:–-")
