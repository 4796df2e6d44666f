"""Who does something or sends somebody: "Die Diakonie Nord berät", "Frau Weber vom Lichtblick"."""

from __future__ import annotations

import re

from aggregator.normalise.body.found import cued
from aggregator.normalise.body.name import (
    AUTHORITY,
    KNOWN,
    LEGAL,
    OFFICE,
    bare,
    is_body,
    is_common,
    is_name,
    named,
    nominative,
    strong,
)
from aggregator.normalise.body.verb import DOES, INVITES
from crawlers.record import Passage

# Who does what a sentence tells: "Das Freiwilligenzentrum Nord vermittelt …".
SUBJECT = cued(
    r"(?:^|[.!?:]\s)(?:(?P<by>Der|Die|Das|Beim?|Bei der|Bei dem)\s)?"
    r"(?P<name>[A-ZÄÖÜ][\w&.’'/-]*"
    r"(?:\s(?:[A-ZÄÖÜ][\w&.’'/-]*|[„“\"][^„“\"]{2,40}[“”\"]|und|für|gegen|in|im|am|an|der|die|des"
    r"|den"
    r"|zur|zum|von|vom|&|-|–)){0,9}?)(?P<carrier>\s\([A-ZÄÖÜ][^()]{3,60}\))?\s"
    rf"{DOES}\b"
)


# "Am Dienstag lädt die Gleichstellungsbeauftragte der Stadt Nord alle ein."
INVERTED = cued(
    rf"\b{INVITES}(?:(?P<by>[Dd]ie|[Dd]er|[Dd]as)\s)?"
    r"(?P<name>(?:donum vitae|pro familia|[A-ZÄÖÜ][\w&.’'/-]*)"
    r"(?:\s(?:[A-ZÄÖÜ][\w&.’'/-]*|und|für|gegen|der|die|des|im|in|am|von|vom)){0,7})"
)


# Who comes from a body: "Frau Weber von der Koordinierungsstelle Frauen und Wirtschaft".
COMES_FROM = cued(
    r"\b(?:(?:Frau|Herr)\s(?:Dr\.\s)?[A-ZÄÖÜ][\w-]+|(?:Berater|Mitarbeiter|Kolleg|Sozialarbeiter"
    r"|Sozialpädagog|Jurist|Anwält|Rechtsanwält|Expert)(?:in(?:nen)?|en?)?)\s"
    r"(?P<by>vom|von der|von|der|des)\s(?P<name>[A-ZÄÖÜ][\w&.’'/-]*(?:\s(?:[A-ZÄÖÜ][\w&.’'/-]*"
    r"|und|für"
    r"|gegen|der|die|des|im|in|am)){0,6})"
)


def sending(match: re.Match[str], _: Passage) -> str:
    """The body that somebody comes from."""
    name = nominative(match["name"], match["by"])
    return named(name) if AUTHORITY.match(name) and is_name(name) else _acting(name)


def doing(match: re.Match[str], _: Passage) -> str:
    """The body that a sentence begins with, and whose it is."""
    name = _acting(strong(bare(match["name"]), match["by"] or ""))
    carrier = match["carrier"] or ""
    if carrier and is_body(whose := carrier[2:-1]):
        # "Die Beratungsstelle Nord (Caritas Süd) berät", but "Die Kurberatung (Caritas Süd) berät"
        return name + carrier if name else _acting(whose)
    return name


_TOWN = re.compile(
    r"(?:Landeshauptstadt|Stadt|Landkreis|Gemeinde|Samtgemeinde)\s(?:Bad\s|Sankt\s|St\.\s)?[A-ZÄÖÜ][\w/-]+"
    r"(?:\s(?:am|an der|im|in der)\s[A-ZÄÖÜ]\w+(?=$|\s[a-zäöü]))?"
)


def inviting(match: re.Match[str], _: Passage) -> str:
    """The body behind a verb, without what it offers behind it."""
    # "… berät die Diakonie Nordheim Familien mit Schulden": the town ends the name.
    if town := _TOWN.match(match["name"]):
        return town[0]
    words = _AT_STREET.sub("", match["name"]).split()
    ends = [n for n, word in enumerate(words) if word[0].isupper() and not is_common(word)]
    if ends and len(words) > ends[-1] + 1 and ends[-1] > 0:
        words = words[: ends[-1] + 1]
    name = _acting(strong(" ".join(words), match["by"] or ""))
    return name or _acting(strong(match["name"], match["by"] or ""))


# "Die Beratungsstelle im Rathaus" and "Die Wohngeldstelle der Stadt" are some of many.
_NAMELESS = re.compile(
    r"\S+(?:\s(?:im|in|am|an|vor)\b.*|\s(?:der|des)\s(?:(?:Kreis|Stadt|Gemeinde)verwaltung|Stadt|Gemeinde"
    r"|Landkreises|Kreises|Bezirks|Bezirkes))?"
)


_OFFICER = re.compile(r"\b(?P<by>der|des|vom)\s$")


_UNIT = re.compile(r"\w*(?:stelle|dienst|büro|team)\s(?!der\b|des\b|vom\b)")


# "Das Haus der Jugend in der Langen Straße 5"
_AT_STREET = re.compile(
    r"\s(?:in|an)\s(?:der|dem)\s(?:[A-ZÄÖÜ][\w-]+\s)?[\w-]*(?:[Ss]traße|[Ss]tr\.|[Gg]asse|[Aa]llee|[Ww]eg)$"
)


def _acting(name: str) -> str:
    """The body that a sentence has as its subject, or whose officer: "… der Agentur für Arbeit"."""
    name = _AT_STREET.sub("", name)
    known = KNOWN.search(name)
    if known and (officer := _OFFICER.search(name[: known.start()])):
        if OFFICE.search(known["name"]) and _UNIT.match(name):
            return named(name)  # "Die Fachstelle Kindertagespflege des Jugendamtes"
        return named(nominative(known["name"], officer["by"]))
    if LEGAL.search(name) or OFFICE.fullmatch(name) or (_NAMELESS.fullmatch(name) and not known):
        return ""
    return named(name) if is_body(name) else ""
