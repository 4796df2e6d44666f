"""Who offers by what a sentence tells: whose it is, who does something, with whom one registers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from itertools import islice
from operator import or_
from typing import NamedTuple

from aggregator.normalise.body.found import MOST, Found, cued, is_person, mentioning, texts, titles
from aggregator.normalise.body.mention import (
    BRACKET,
    FAMOUS,
    LAWFUL,
    by_full_name,
    is_apart,
    lawful,
    wellknown,
)
from aggregator.normalise.body.name import (
    AUTHORITY,
    DEPARTMENT,
    GENERIC,
    OFFICE,
    ORGANISED,
    PEOPLE,
    first_sentence,
    is_body,
    is_name,
    named,
    nominative,
    strong,
)
from aggregator.normalise.body.subject import (
    COMES_FROM,
    INVERTED,
    SUBJECT,
    doing,
    inviting,
    sending,
)
from aggregator.normalise.cues import Cued, seen
from crawlers.record import Passage, Record

_OFFERED = cued(
    r"\b(?:ein(?:e)?\s(?:\w+\s)?(?:angebot|projekt|einrichtung|initiative|kooperation|"
    r"veranstaltung|dienst|(?P<loose>treff|gruppe|kurs|café|frühstück|abend|nachmittag|seminar|vortrag"
    r"|workshop|aktion|reihe|programm|fest|ausflug|freizeit|maßnahme|service))|(?P<done>angeboten|veranstaltet|getragen|organisiert|gestellt"
    r"|betrieben|durchgeführt|verantwortet)"
    r"(?:\s(?:wird|werden)\s(?:\w+\s){0,3}?\w+)?|in trägerschaft)\s"
    r"(?P<by>von|vom|der|des|von der|von dem):?\s(?:(?:der|dem|"
    r"des)\s)?(?P<name>[A-ZÄÖÜ][^|;•!?:()]{2,100})",
    re.IGNORECASE,
)
# "Die Freizeit wird von der Diakonie Nord veranstaltet."
_DONE_BY = cued(
    r"\b(?:wird|werden)\b[^.;|]{0,60}?\s(?P<by>von der|von dem|vom|von)\s"
    r"(?P<name>[A-ZÄÖÜ][^,;:|()]{2,80}?)\s(?:angeboten|veranstaltet|organisiert|durchgeführt|getragen"
    r"|betrieben|geleitet|verantwortet|ausgerichtet)\b"
)
# Whose course or service it is: "Kurberatung der Diakonie Nord".
_BELONGS = cued(
    r"(?:(?:^|[.;|•:,]\s)(?:[\w-]+[- ])?\w*(?:[Kk]urs|[Gg]ruppe|[Ss]eminar|[Bb]eratung"
    r"|[Ss]prechstunde|[Cc]afé|[Vv]ortrag|[Gg]eschäftsstelle|[Kk]ammer|[Mm]itarbeiterin(?:nen)?|[Ff]achkräfte"
    r"|[Ee]hrenamtliche|[Ll]aden|[Aa]ußenstelle|[Tt]eam)"
    r"|\b(?:im|in der|beim|bei der)\s\w*(?:[Ll]aden|[Kk]leiderkammer|[Ss]prechstunde))\s"
    r"(?P<by>der|des|vom|von der|von dem)\s(?P<name>[A-ZÄÖÜ][^|;•!?:(]{2,100})"
)
# Whose room it is, where nobody else is named: "Gemeindehaus der Kirchengemeinde St. Petri".
_ROOM = cued(
    r"(?:^|[.;|•:,]\s|\b(?:[Ii]m|[Ii]n den|[Ii]n der)\s)(?:[\w-]+[- ])?\w*"
    r"(?:[Gg]emeindehaus|[Gg]emeindezentrum|[Pp]farrheim|[Pp]farrhaus|[Ss]aal|[Rr]äume[n]?|[Rr]äumlichkeiten)\s"
    r"(?P<by>der|des|vom|von der|von dem)\s(?P<name>[A-ZÄÖÜ][^|;•!?:(]{2,100})"
)
_CONTACT = cued(
    r"(?P<label>Kontakt|(?:Kontakt|Anmeldung|Auskunft|Infos?|Information(?:en)?)"
    r"(?:(?: und | & |/)(?:Anmeldung|Kontakt|Beratung|Infos?|Information(?:en)?))?):\s"
    r"(?P<name>[A-ZÄÖÜ][^:@|;,]{3,80})(?P<end>$|[,|;])"
)
# With whom one registers: "Anmeldung bis 1. März bei der Katholischen Erwachsenenbildung, Tel. …".
_JOINED_AT = cued(
    r"\b(?:Vermittlung|Durchführung|Organisation|Anmeldung(?:en)?|Nachfragen|Rückfragen|Anfragen"
    r"|Auskunft|Auskünfte|Informationen|Infos?|Näheres|Termine?|Kontakt(?:aufnahme)?|[Aa]nmelden"
    r"|(?:[Ww]enden|[Mm]elden|[Ee]rkundigen|[Ii]nformieren)\sSie\ssich|(?:[Ww]ende|[Mm]elde)\s[Dd]ich"
    r"|(?:[Ww]endet|[Mm]eldet)\s[Ee]uch)\b(?:[^.;|]|(?<=\d)\.){0,40}?"
    r"\s(?:durch|über|bei|beim|an)\s(?:(?P<by>der|dem|den|das|die)\s)?(?P<name>[A-ZÄÖÜ][^,;:"
    r"|(]{3,80}?)"
    r"(?P<part>,\s(?:Amt\s)?(?:Fachbereich\s|Fachdienst\s)?[A-ZÄÖÜ][\w-]*(?:pflege|amt|hilfe|dienst|büro"
    r"|referat|stelle))?(?=[,;:|(]|\.?$|\.\s|\s(?:unter|bis|per)\b)"
)
# Who took a picture offers nothing: "Foto: Deutscher Caritasverband".
_CREDIT = cued(r"\W*(?:Foto|Bild|Grafik|Bildnachweis|Quelle|Illustration|Copyright)\w*\s?[:©]|\W*©")
# Who leads a course comes from somewhere, which need not offer it.
_LED = cued(r"\W*(?:\w*[Ll]eitung|\w*[Ll]eiter(?:in)?|Referent\w*|Dozent\w*)\s?:\s*")


class _Wording(NamedTuple):
    """A way to speak of a body: where it is heard, and the name it gives, "" if none."""

    pattern: Cued
    confidence: float
    name: Callable[[re.Match[str], Passage], str]
    titled: bool = True
    """Whether titles are worded so."""
    often: bool = False
    """Whether a line may name others before the one that stands alone in its sentence."""
    short: bool = False
    """Whether it may call a body for short, which the record names in full elsewhere."""


_Line = tuple[Passage, int]
"""A passage, and what is heard in it."""


def by_statement(record: Record) -> Found | None:
    """Whoever a sentence says offers, or names with a legal form."""
    return _first(*_told(record), _STATEMENTS)


def by_hint(record: Record) -> Found | None:
    """Whoever may offer: a contact, who does something, a body that is spoken of."""
    return _first(*_told(record), _HINTS)


def led_by(record: Record) -> Found | None:
    """Whom a course's leader comes from."""
    lines = _lines(mentioning(texts(record), _LED), led=True)
    for passage, _ in lines:
        if led := _LED.pattern.match(passage.text):
            name = named(first_sentence(passage.text[led.end() : MOST]))
            if is_body(name) and not GENERIC.fullmatch(name):
                return Found(name, passage, _LEADS)
    found = _first([], lines, (*_STATEMENTS, *_HINTS))
    return found._replace(confidence=_LEADS) if found else None


def _told(record: Record) -> tuple[list[_Line], list[_Line]]:
    return _lines(titles(record), led=False), _lines(texts(record), led=False)


def _first(titled: list[_Line], lines: list[_Line], wordings: Sequence[_Wording]) -> Found | None:
    read = titled + lines
    heard = reduce(or_, [said for _, said in read], 0)
    for wording in wordings:
        if heard & wording.pattern.cue:
            asked = read if wording.titled else lines
            if found := _worded(wording, asked):
                return by_full_name(found, [p for p, _ in asked]) if wording.short else found
    return None


def _lines(passages: Iterable[Passage], *, led: bool) -> list[_Line]:
    """Those that tell of a course's leader, or all others, but for credits."""
    found = []
    for passage in passages:
        said = seen(passage.text)
        if said & _CREDIT.cue and _CREDIT.pattern.match(passage.text):
            continue
        leads = bool(said & _LED.cue and _LED.pattern.match(passage.text))
        if leads is led:
            found.append((passage, said))
    return found


def _worded(wording: _Wording, lines: Sequence[_Line]) -> Found | None:
    for passage, heard in lines:
        if not heard & wording.pattern.cue:
            continue
        matches = wording.pattern.pattern.finditer(passage.text[:MOST])
        for nth, match in enumerate(matches if wording.often else islice(matches, 1)):
            if nth and not is_apart(match):
                continue
            name = wording.name(match, passage)
            if name and not is_person(name, passage.text):
                return Found(name, passage, wording.confidence)
    return None


def _offering(match: re.Match[str], _: Passage) -> str:
    bracket = BRACKET.match(match.string, match.end("name") - match["name"].endswith(" "))
    name = first_sentence(match["name"].rstrip())
    if match["done"] and match["by"].lower() == "der":
        name = strong(name, "der")  # "Das Fest veranstaltet der Evangelische Kirchenkreis"
    name = nominative(name, match["by"].lower())
    name = _without_audience(named(name + (bracket[0] if bracket else "")))
    if (other := _AND_OTHERS.search(name)) and is_body(name[: other.start()]):
        name = name[: other.start()]
    nobody = _NOBODY.fullmatch(name) or (match["loose"] and not is_body(name))
    return "" if nobody else name


# "Ein Angebot des Landes für alle Mütter": whoever it may be is not called so.
_NOBODY = re.compile(
    r"(?:Land|Bund|Stadt|Gemeinde|Kreis|Landkreis|Haus|Verein|Träger|Team|Kirche|Schule|Bezirk|Staat)"
    r"(?:e?s)?(?:\s(?:mit|in|im|für|und)\b.*)?"
)
# "Ein Angebot der Diakonie Nord für Mütter", but the "Netzwerk für Mütter" is called so.
_FOR_WHOM = re.compile(
    rf"(?P<last>[\w.-]+)\s(?:für|mit)\s(?:[a-zäöü]+(?:e|en|er)\s)?(?:{PEOPLE}"
    r"|[A-ZÄÖÜ]\w*(?:eltern|mütter|väter|familien|kinder[n]?|frauen))\b.*$"
)
_GATHERING = re.compile(r"(?:[Nn]etz|kreis|gruppe|initiative|stelle|hilfe|gemeinschaft)$")
# "Ein Angebot der Diakonie Nord und der Stadt": the first is who offers it.
_AND_OTHERS = re.compile(r"\sund\s(?:der|dem|des|vom|von der)\s")


def _without_audience(name: str) -> str:
    said = _FOR_WHOM.search(name)
    if said is None or ORGANISED.fullmatch(said["last"]) or _GATHERING.search(said["last"]):
        return name
    return name[: said.end("last")] if is_body(name[: said.end("last")]) else name


def _owning(match: re.Match[str], _: Passage) -> str:
    name = named(nominative(first_sentence(match["name"].rstrip()), match["by"]))
    return name if is_body(name) else ""


# As "KISS Nordheim" behind "Kontakt:".
_ACRONYM = re.compile(r"[A-ZÄÖÜ][A-ZÄÖÜ&]{2,7}(?:\s[A-ZÄÖÜ][\w-]+){1,2}")


def _reached(match: re.Match[str], _: Passage) -> str:
    if AUTHORITY.match(match["name"]):
        part = DEPARTMENT.match(match.string, match.end("name"))
        return match["name"].rstrip() + (part[0] if part else "")
    alone = match["label"] == "Kontakt" and not match["end"]
    told = (is_name if alone else is_body)(match["name"]) or _ACRONYM.fullmatch(match["name"])
    return match["name"] if told and not GENERIC.fullmatch(match["name"]) else ""


# "Anmeldung über die Beratungsstelle"
_ONE_OF_MANY = re.compile(r"\w*(?:stelle|gruppe|hilfe|gemeinschaft|kreis|netz)")


# "Wenden Sie sich wegen der Kosten an das Jugendamt Nord."
_PAYING = re.compile(r"Kosten|Zuschu|Zuschü|Förder|Ermäßig|übernahme")


def _joined(match: re.Match[str], _: Passage) -> str:
    name = named(nominative(match["name"], match["by"] or ""))
    name += (match["part"] or "") if name else ""
    vague = OFFICE.fullmatch(name) or _ONE_OF_MANY.fullmatch(name)
    vague = vague or (OFFICE.match(name) and _PAYING.search(match[0]))
    return name if is_body(name) and not vague else ""


HOSTING = 0.55
"""Of the confidence in whose room it is: on a house's own site it only hosts."""
_LEADS = 0.5  # of the confidence in whom a leader comes from
_STATEMENTS = (
    _Wording(_OFFERED, 0.9, _offering, titled=False),
    _Wording(_DONE_BY, 0.9, _owning, short=True),
    _Wording(_BELONGS, 0.85, _owning, short=True),
    _Wording(LAWFUL, 0.8, lawful),
    _Wording(COMES_FROM, 0.8, sending),
)
_HINTS = (
    _Wording(_CONTACT, 0.7, _reached),
    _Wording(SUBJECT, 0.7, doing, titled=False, short=True),
    _Wording(INVERTED, 0.7, inviting),
    _Wording(_JOINED_AT, 0.7, _joined, titled=False, short=True),
    _Wording(_ROOM, HOSTING, _owning, short=True),
    _Wording(FAMOUS, 0.7, wellknown, often=True, short=True),
)
"""From the surest to the least sure."""
