"""A body that a line names, with its legal form or because all know it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aggregator.normalise.body.found import MOST, Found, cued, mentioning
from aggregator.normalise.body.name import (
    DEPARTMENT,
    KNOWN,
    LEGAL,
    LEGAL_ENDING,
    NO_BODY,
    OFFICE,
    SHORT,
    STAFF,
    is_name,
    named,
    nominative,
    strong,
)
from aggregator.normalise.body.verb import INVITES
from aggregator.normalise.cues import seen
from aggregator.normalise.text import clean
from crawlers.bodies import WELFARE
from crawlers.record import Passage, Role

LAWFUL = cued(LEGAL.pattern)
"""A name with its legal form."""
FAMOUS = cued(KNOWN.pattern)
"""A name that all know."""
_APART_BEFORE = re.compile(r"[.!?,:;]\s$|\($")
_APART_BEHIND = re.compile(
    r"\)?\.?\s*$|\)|[,;]\s(?:[A-ZÄÖÜ][\w-]*(?:stelle|kasse|amt|dienst|büro|abteilung),\s)?(?=Tel|Fon\b|Ruf\b|E-Mail|\S+@|0\d|\+49"
    r"|[A-ZÄÖÜ][\w.-]*(?:\s[A-ZÄÖÜ][\w.-]*)?\s\d)"
)


def is_apart(match: re.Match[str]) -> bool:
    """Whether a name stands alone in its sentence, but for how its bearer is reached."""
    text = match.string
    before = match.start() == 0 or _APART_BEFORE.search(text, 0, match.start())
    return bool(before and _APART_BEHIND.match(text, match.end()))


# "Solo Kiel e. V. (Fördeverband)": what stands in brackets right behind is part of the name.
BRACKET = re.compile(r"\s\([A-ZÄÖÜ][a-zäöüß]+(?:[\s-][A-ZÄÖÜ][a-zäöüß]+)?\)")


def _whole_name(match: re.Match[str]) -> str:
    bracket = BRACKET.match(match.string, match.end("name"))
    return match["name"] + (bracket[0] if bracket else "")


# A line that ends in its legal form and is no sentence.
_WHOLE = re.compile(r"[„“\"A-ZÄÖÜ][^.:!?;|•0-9]{3,70}(?:e\.\s?V\.?|\w{0,6}GmbH|gUG|eG|KdöR|gAG)\s*")
_ADDRESSED = re.compile(r",\s[A-ZÄÖÜ][^,;:|.]{2,40}?\.?\s\d{1,3}\s?[a-z]?\b")
_ARTICLE = re.compile(r"^(?:[Dd]er|[Dd]ie|[Dd]as|Dem|Den)\s")
# "Bei Lichtblick e.V. sortieren Sie Ihre Briefe."
_AT = re.compile(r"^(?:Bei|Beim|Bei der|Im|In der|Am|Vom|Von|Von der|Durch)\s(?=[A-ZÄÖÜ„“\"])")
_PLACED = re.compile(
    r"\s(?!Beratung|Büro|Geschäftsstelle|Team|Termin|Angebot|Kontakt)[A-ZÄÖÜ][\w-]+\s*"
)
# "Der Verein Sonnenblume e.V." is called Sonnenblume.
_ITS_KIND = re.compile(
    r"\b(?:[Dd]er|[Dd]em|[Dd]es|[Vv]om|[Bb]eim|[Uu]nser|[Uu]nserem)\s(?:Vereine?s?|Trägers?"
    r"|Trägervereine?s?)\s(?=[A-ZÄÖÜ„“\"])"
)
# "am Projekt „Kompass“ der Bildung Nord gGmbH", "ein Berater des Lichtblick e.V.": what or who it
# is, and whose.
_ITS_OFFER = cued(
    r"^(?!\w*(?:[Vv]erein|[Vv]erband|[Ff]örder|[Gg]esellschaft|[Bb]und\b|[Ii]nitiative)).*?"
    r"(?<![\w-])[\w-]*(?:[Pp]rojekte?|[Kk]urse?|[Aa]ngebote?|[Gg]ruppen?|[Tt]reffs?|[Bb]eratung"
    r"|[Pp]rogramm|[Mm]aßnahme|[Ss]tandorte?|[Tt]eams?|[Ff]rauenhaus|[Ss]prechstunde|[Rr]äumen?"
    r"|[Cc]afé|[Ll]aden|[Bb]üros?|[Dd]ienste?|[Dd]ienststelle|[Ee]inrichtung"
    r"|(?:[Bb]eratungs|[Aa]nlauf|[Kk]ontakt|[Ff]ach|[Ss]ervice|[Aa]ußen|[Nn]eben|[Zz]weig|[Gg]eschäfts"
    r"|[Vv]ermittlungs|[Ii]nterventions|[Kk]oordinierungs)stellen?|[Ff]amilienzentrum|[Vv]ortrag"
    r"|[Bb]etreuung|[Hh]ilfe|[Ff]reizeit|[Ww]erkstatt|[Ss]eminare?|[Vv]eranstaltung"
    rf"|{STAFF})"
    r"(?:\s[„“\"][^„“\"]{2,40}[“”\"])?(?:\sfür\s[A-ZÄÖÜ][\w-]+(?:(?:,\s|\sund\s|\s&\s)[A-ZÄÖÜ][\w-]+)*)?"
    r"\s(?P<by>der|des|vom|von der|von)\s(?=[A-ZÄÖÜ„“\"]|donum|pro)"
)
# "Babysitter vermittelt der Lichtblick e.V."
_OFFERS_IT = re.compile(rf"^.*\b{INVITES}(?:der|die|das)\s(?=[A-ZÄÖÜ„“\"])")
# "Im Auftrag der Stadt berät der Lichtblick e.V."
_ON_BEHALF = re.compile(
    r"^.*\bdurch\s(?:den|die|das)\s(?=[A-ZÄÖÜ„“\"])|^(?:im\s|in\s)?(?:Auftrag|Namen|Kooperation|Zusammenarbeit|Abstimmung|Absprache|Verbindung)\s"
    r"(?:mit\s)?(?:der|des|dem|vom|von)\s.*\s(?:der|die|das)\s(?=[A-ZÄÖÜ„“\"])"
)
_SHORT_NAME = re.compile(
    r"(?!(?:der|die|das|im|am|in|an|bei|vom|von|zum|zur|ein|mit|und)\s)[a-z]{2,4}\s"
)
# "Der Sozialdienst katholischer Frauen e.V. Nordstadt bietet …": the town belongs to the name.
_TOWN = r"(\s[A-ZÄÖÜ][a-zäöüß]+(?:-[A-ZÄÖÜ][a-zäöüß]+)?)"
_SEAT = re.compile(rf"{_TOWN}(?=\s[a-zäöü]{{3,}}t\b)")
_SEAT_OF_KNOWN = re.compile(rf"{_TOWN}(?=\s[a-zäöü]{{3,}}t\b|[.,;)]|$)")


# Who gives money or is a partner offers nothing: "Gefördert durch die Aktion Nord e.V."
_BACKED = re.compile(
    r"\b(?:Mitglied(?:er)?|[Gg]efördert|[Uu]nterstützt|[Ff]inanziert|[Bb]ezuschusst|[Gg]esponsert"
    r"|Unterstützung|Spenden?|Dank)\s(?:\w+\s){0,3}(?:im|in|der|dem|den|des|von|vom|durch|das|die|an)\s$"
    r"|\boder\s(?:(?:die|das|der|den|dem|bei der|beim|zur|zum|vom)\s)?$"
)
_BACKING = re.compile(r"(?:Unterstützung|Spenden?)\s(?:der|des|von|an)\s")


def lawful(match: re.Match[str], passage: Passage) -> str:
    """The name that ends in a legal form: its line, or a part of it; "" of who only helps."""
    helps = _BACKED.search(passage.text[: match.start()]) or _BACKING.match(match["name"])
    return "" if helps else _lawful(match, passage.text)


def _lawful(match: re.Match[str], text: str) -> str:
    if _SHORT_NAME.fullmatch(text, 0, match.start()):
        return named(text[: match.end()])  # "keb Kreis Nord e.V."
    whole = match.end() >= len(text.rstrip())
    head = text[: match.end()].rpartition(": ")[2]  # "Wer / wo: Hilfe für …"
    if _ADDRESSED.match(text, match.end()) and _WHOLE.fullmatch(head) and not NO_BODY.search(head):
        return named(head)  # "Hilfe für wohnungslose Familien e.V., Am Wall 3"
    if kind := _ITS_KIND.search(text, max(0, match.start() - len("unserem ")), match.end()):
        return named(text[kind.end() : match.end()])
    if (whole and _WHOLE.fullmatch(text) and not NO_BODY.search(text)) or _PLACED.fullmatch(
        text, match.end()
    ):
        # "Zu Hause gesund werden Isartal gGmbH", "Sozialdienst katholischer Frauen e.V. Köln"
        return named(_whose(text))
    if whole:
        return named(_whose(match["name"]))
    short = KNOWN.fullmatch(LEGAL_ENDING.sub("", match["name"]))
    seat = (_SEAT_OF_KNOWN if short else _SEAT).match(text, match.end())
    name = _whose(_whole_name(match)) + (seat[1] if seat else "")
    return named(_unarticled(_AT.sub("", name)))


def _unarticled(name: str) -> str:
    article = _ARTICLE.match(name)
    return strong(name[article.end() :], article[0].rstrip()) if article else name


def _whose(name: str) -> str:
    """The name of a body without what it offers or who works for it before it."""
    name = _ON_BEHALF.sub("", _OFFERS_IT.sub("", name))
    offer = _ITS_OFFER.pattern.match(name) if seen(name) & _ITS_OFFER.cue else None
    return nominative(name[offer.end() :], offer["by"]) if offer else name


# What one goes to is not who offers it: "Begleitung zum Jugendamt".
_GONE_TO = re.compile(
    r"\b(?:zum|zur|im|beim|ans|ins|an|vom|der|des|ihre?m?|deine?m?|eure?m?|jedem|"
    r"(?:das|dem) (?:zuständigen?|örtlichen?)|über das|mit dem|vor dem|an das|bei dem"
    r"|\w*(?:übernahme|förderung|finanzierung|zuschuss|unterstützung) (?:durch|von) (?:das|die|der)"
    r"|partner(?:in)? (?:sind|ist) (?:das|die|der)"
    r"|(?:zahlt|übernimmt|trägt|bezahlt|fördert|bewilligt|genehmigt) (?:das|die|der))\s$",
    re.IGNORECASE,
)
_PAYS = re.compile(
    r"(?:\s(?:oder|und|bzw\.)\s(?:das|die|der)\s[\w ]{3,30}?)?"
    r"\s(?:zahlt|übernimmt|trägt|bezahlt|fördert|bewilligt|genehmigt|kommt|finanziert"
    r"|(?:\w+\s){0,2}?(?:übernehmen|übernommen|zahlen|bezahlen|finanzieren|bezuschussen|bewilligen))\b"
)
_ASIDE = re.compile(r"\s\((?![A-ZÄÖÜ]\w+\)$).*$")
# "Regionale Diakonie Nord", at the beginning of a line or a sentence.
_QUALIFIED = re.compile(
    r"(?:^|[.;:]\s)(?P<kind>(?!(?:Eine|Keine|Ihre|Unsere|Diese|Jede|Alle|Liebe)\b)"
    r"[A-ZÄÖÜ][a-zäöüß]{4,}(?:e|er|es)\s)$"
)
# What a known name is a part of: "Landkreis Nord, Gesundheitsamt", "Haus der Diakonie".
_PART_OF = re.compile(
    r"(?:(?:Landeshauptstadt|Stadt|Landkreis|Kreis|Gemeinde|Bezirksamt)\s[A-ZÄÖÜ][\w-]+"
    r"(?:\s(?:am|an|der|im|[A-ZÄÖÜ][\w-]+)){0,3}(?:,|\s[–-])\s(?:Fach(?:bereich|dienst)\s)?"
    r"|\bHaus\sder\s)$"
)


def wellknown(match: re.Match[str], passage: Passage) -> str:
    """The name of a body that all know; "" where the words only speak of it."""
    text = passage.text
    before = text[: match.start()]
    visited = _GONE_TO.search(before) or _PAYS.match(text, match.end())
    if _BACKED.search(before) or (visited and OFFICE.match(match["name"])):
        return ""
    if match.start() == 0 and is_name(text) and len(text) < SHORT:
        return named(_ASIDE.sub("", text))  # "Bezirksamt Musterstadt, Jugendamt"
    if (part := _PART_OF.search(text[: match.start()])) is not None:
        return named(text[part.start() : match.end()])
    if (kind := _QUALIFIED.search(text, 0, match.start())) is not None:
        return named(text[kind.start("kind") : match.end()])
    if passage.role is Role.TEXT and len(text) > SHORT and match.start() and not is_apart(match):
        return ""  # "… und Zuschüsse vom Jobcenter."
    name = nominative(strong(_whole_name(match), "der"), "des")
    part = DEPARTMENT.match(text, match.end()) if OFFICE.match(name) else None
    return named(name) + (part[0] if part else "")


# "Koordinierungsstelle Frauen und Beruf", on a line of its own "… Nordheim".
_IN_FULL = re.compile(r"(?:\s(?:[A-ZÄÖÜ][\w-]+|e\.\s?V\.|g?GmbH)){1,3}$")
_FOR_SHORT = re.compile(WELFARE)
LONG_NAMES = {
    "caritas": "Caritasverband", "diakonie": "Diakonisches Werk", "awo": "Arbeiterwohlfahrt",
    "drk": "Deutsches Rotes Kreuz", "skf": "Sozialdienst katholischer Frauen",
    "asb": "Arbeiter-Samariter-Bund", "kinderschutzbund": "Deutscher Kinderschutzbund",
    "dksb": "Deutscher Kinderschutzbund", "profamilia": "pro familia", "vhs": "Volkshochschule",
    "fbs": "Familienbildungsstätte", "mgh": "Mehrgenerationenhaus",
    "vamv": "Verband alleinerziehender Mütter und Väter",
}  # fmt: skip
"""What those are called in full whom all know by a short name that they do not begin with."""
_PIECE_OF_LINE = re.compile(r"[,;|]\s|(?<=[a-zäöüß]{4}\.)\s(?=[A-ZÄÖÜ])")


def by_full_name(found: Found, read: Sequence[Passage]) -> Found:
    """A body that is only called for short, as the record names it elsewhere.

    "Schuldnerberatung der AWO" and, above the address, "AWO Kreisverband Nord".
    """
    name = found.name
    if " " in name and not KNOWN.search(name):
        for other in read:
            line = other.text
            if line.startswith(name) and _IN_FULL.match(line, len(name)) and is_name(line):
                return Found(line, other, found.confidence)
    if KNOWN.fullmatch(name) and (" " not in name or _FOR_SHORT.fullmatch(name)):
        long = LONG_NAMES.get(name.casefold(), name)
        for other in mentioning(read, FAMOUS):
            line = clean(other.text[:MOST])
            for piece in (line, *_PIECE_OF_LINE.split(line)):
                called = next((one for one in (name, long) if piece.startswith(one)), None)
                longer = called and piece[len(called) : len(called) + 1] not in {"", "-"}
                if longer and is_name(piece):
                    return Found(piece, other, found.confidence)
    return found
