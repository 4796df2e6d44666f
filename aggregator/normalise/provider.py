"""Who carries an offer: the Träger, as the page names it."""

from __future__ import annotations

import re

from aggregator.normalise.context import Context
from aggregator.normalise.person import names_person, strip_persons
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.text import clean
from crawlers.record import Passage, Record, Role

_READER = "provider@1"
_MOST = 1_000  # characters of one line that are looked at
_LABEL = re.compile(
    r"(?:^|[.|;•]\s)(?:träger(?:in|schaft)?|veranstalter(?:/-?in|[:*_]in|in|innen)?|"
    r"anbieter(?:/-?in|[:*_]in|in)?|"
    r"organisation|einrichtung|durchgeführt von|ausrichter|verein|"
    r"institution)\s?:\s*(?P<name>[^|;•]{3,120})",
    re.IGNORECASE,
)
_LABEL_ALONE = re.compile(
    r"^(?:träger(?:in)?|veranstalter(?:in)?|anbieter(?:in)?|organisation|einrichtung)\s?:?$",
    re.IGNORECASE,
)
_OFFERED = re.compile(
    r"\b(?:ein(?:e)?\s(?:\w+\s)?(?:angebot|projekt|einrichtung|initiative|kooperation|"
    r"veranstaltung|dienst)|angeboten|getragen|in trägerschaft)\s"
    r"(?P<by>von|vom|der|des|von der|von dem)\s(?:(?:der|dem|"
    r"des)\s)?(?P<name>[A-ZÄÖÜ][^|;•!?:()]{2,100})",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"(?P<name>(?:[A-ZÄÖÜ][\w&.’'/-]{0,40}|[„“\"][^„“\"]{2,40}[“”\"]|und|für|in|im|der|die|"
    r"des|zur|zum|von|&|-|–)(?:\s(?:[A-ZÄÖÜ(][\w&.’'/()-]*|"
    r"[„“\"][^„“\"]{2,40}[“”\"]|und|für|in|im|der|die|des|zur|zum|von|&|-|"
    r"–)){0,9}\s(?:e\.\s?V\.?|gGmbH|gemeinnützige GmbH|gUG|eG|GmbH|KdöR|gAG))(?!\w)"
)
_KNOWN = re.compile(
    r"(?<![\w-])(?P<name>(?:Caritas(?:verband)?|Diakonie|Diakonisches Werk|"
    r"Diakonieverband|AWO|Arbeiterwohlfahrt|SkF|SKF|"
    r"Sozialdienst katholischer Frauen|DRK|Deutsches Rotes Kreuz|VAMV|SHIA|"
    r"pro familia|Pro Familia|profamilia|"
    r"Kinderschutzbund|Der Kinderschutzbund|Jugendamt|Bezirksamt|Gesundheitsamt|"
    r"Jobcenter|Paritätischer?|ASB|"
    r"Volkssolidarität|Humanistischer Verband|Volkshochschule|VHS|donum vitae|IN VIA|"
    r"Agentur für Arbeit|"
    r"Familienkasse|Evangelische Kirchengemeinde|Katholische Kirchengemeinde)"
    r"(?:[- ](?:[A-ZÄÖÜ][\w-]+|im|in|am|für|der|die|den|des|von)){0,5})"
)
_TRAILING = re.compile(r"\s(?:im|in|am|für|der|die|den|des|von|und|zur|zum)$")
_LEADING = re.compile(r"^(?:(?:und|für|in|im|der|die|des|zur|zum|von|&|-|–)\s)+")
_NO_NAME = re.compile(r"^(?:siehe|s\.|auf|bitte|mehr|http|www|tel|e-?mail|\d)", re.IGNORECASE)


def read_provider(record: Record, context: Context) -> Reading:  # noqa: ARG001 - readers share one form
    """State the provider. Order: markup, label, "Ein Angebot von …", legal form, known body."""
    for passage in record.passages:
        if passage.role is Role.PROVIDER and (name := _named(passage.text)):
            return _reading(name, passage, 1.0)
    texts = [p for p in record.passages if p.role is Role.TEXT]
    label_before = False
    for passage in texts:
        match = _LABEL.search(passage.text[:_MOST])
        name = _named(match["name"]) if match else ""
        if label_before and not name:
            name = _named(passage.text) if len(passage.text) < 120 else ""
        if name:
            return _reading(name, passage, 0.97)
        label_before = bool(_LABEL_ALONE.match(passage.text))
    for pattern, confidence in ((_OFFERED, 0.9), (_LEGAL, 0.8), (_KNOWN, 0.7)):
        for passage in texts if pattern is _OFFERED else (*_titles(record), *texts):
            match = pattern.search(passage.text[:_MOST])
            if match and (name := _named(match["name"])):
                return _reading(name, passage, confidence)
    return Reading()


def _titles(record: Record) -> list[Passage]:
    return [p for p in record.passages if p.role in {Role.TITLE, Role.VENUE}]


def _reading(name: str, passage: Passage, confidence: float) -> Reading:
    quote = strip_persons(passage.text)[:300]
    return Reading([Statement("provider", name, quote, passage.locator, _READER, "", confidence)])


_END = re.compile(
    r"\s*(?:,\s(?=[A-ZÄÖÜ][\wäöüß.-]*(?:straße|str\.|weg|platz|allee)|\d|Tel|E-Mail)|"
    r"\s[-–|]\s(?=\d|Tel|www)|"
    r"\.\s(?=[A-ZÄÖÜ][a-zäöü]+\s[a-zäöü])|\bTel(?:efon)?\b|\bE-?Mail\b|\bwww\.|"
    r"https?:|\bin Kooperation\b|\bund richtet\b).*$"
)


def _named(text: str) -> str:
    """A provider's name without what follows it; "" where the text names none."""
    name = _END.sub("", clean(text))
    name = _LEADING.sub("", name).strip(" ,;:|–-")
    while shorter := _TRAILING.sub("", name):
        if shorter == name:
            break
        name = shorter
    if not name.endswith((".V.", "e. V.")):
        name = name.removesuffix(".") if not re.search(r"\be\.\s?V$", name) else name
    if re.search(r"\be\.\s?V$", name):
        name += "."
    if len(name) < 3 or len(name) > 120 or _NO_NAME.match(name):
        return ""
    return strip_persons(name) if names_person(name) else name
