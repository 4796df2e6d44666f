"""A body by where its name stands: before an address, on a line of its own, in a title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aggregator.normalise.body.found import (
    MOST,
    SENTENCES,
    Found,
    texts,
    titles,
)
from aggregator.normalise.body.name import (
    AFTER_SENTENCE,
    AUTHORITY,
    GENERIC,
    KNOWN,
    LEGAL,
    ORGANISED,
    SHORT,
    bare,
    is_body,
    is_common,
    is_name,
    named,
    nominative,
)
from aggregator.normalise.cues import seen, watch
from aggregator.normalise.needed import needed
from aggregator.normalise.streets import find_streets
from aggregator.normalise.text import clean
from crawlers.record import Passage, Record, Role, of_roles

_LOCATED = re.compile(
    r"^(?:(?:Anschrift|Adresse|Kontakt|So erreichen Sie uns|Sie (?:erreichen|finden) uns)\s?[:?]"
    r"|c/o|(?:Treffen|Treffpunkt|Beratung|Sprechstunde|Termine?|Kurs|Gruppe)(?:\sist)?"
    r"(?=\s(?:im|in der|beim|bei der)\s))\s"
)
# "Familienzentrum tam": houses write their names as they like.
_OWN_WORD = re.compile(r"(?:(?<=zentrum)|(?<=treff)|(?<=haus)|(?<=stelle))\s[a-zäöü]{2,12}$")


# "Offener Treff" is what is offered, "Sechs Zimmer in der Langen Straße 3" a sentence.
_TOPICAL = re.compile(
    r"Offene[rs]?\s|.*\s(?:in|an|auf|am|im|der|die|dem|den|zur|zum|bei|beim|Ecke)$|.*[a-zäöüß]{4}\.$"
)


def of_address(record: Record) -> Found | None:
    """The name before the street, on its line or above; else a line that names an institution."""
    lines, title = texts(record), record.title
    for at, passage in enumerate(lines):
        text = clean(passage.text[:MOST])
        streets = find_streets(text)
        if not streets:
            continue
        before = _LOCATED.sub("", text[: streets[0].start]).rpartition("; ")[2]
        before = AFTER_SENTENCE.sub("", before.rstrip(" ,;|·•*–-"))
        above = _LOCATED.sub("", clean(lines[at - 1].text)) if at else ""
        for name, source in ((bare(before), passage), (bare(above), lines[at - 1])):
            if GENERIC.fullmatch(name) or _TOPICAL.match(name):
                continue
            if is_common(name) and not is_body(name):
                continue
            if name and name != title and (is_name(name) or is_name(_OWN_WORD.sub("", name))):
                return Found(name, source, 0.7)
            if name and source is passage:
                break
        break
    return _at_address(lines, title) or _institution(lines, title)


_DIGIT = re.compile("[0-9]")
# "… im Frauentreff Brückenhof, Brückenhofstraße 84, 34132 Kassel": a name right before an address.
_ABBREVIATED = r"(?:(?<=St)|(?<=Kath)|(?<=kath)|(?<=Ev)|(?<=[Ll]uth))\."
_AT_ADDRESS = re.compile(
    r"(?:^|[;:?]\s|(?P<listed>,\s)|(?<!St)(?<!Kath)(?<!kath)(?<!Ev)(?<![Ll]uth)\.\s|\bUhr,\s"
    r"|\b(?P<at>im|in der|beim|bei|bei der|bei dem|[Oo]rt:|[Ww]o\s?[:?])\s)"
    rf"(?P<name>[A-ZÄÖÜ](?:[^,.;:?|\d]|{_ABBREVIATED}){{3,60}}"
    r"(?:,\s(?:Abteilung|Amt|Fachbereich|Fachdienst|(?:Jugend|Sozial|Gesundheits)amt)\b[^,.;:?|\d]{0,60})?),"
    r"\s[A-ZÄÖÜ](?:[^,;:|.]|(?<=[Ss]tr)\.|(?<=St)\.|(?<=\b\w)\.){2,40}?\s\d{1,3}\s?[a-z]?(?:\s?[-–]\s?\d{1,3})?(?:,|\.(?!\d)|\s\(|$)"
)


def _at_address(lines: Sequence[Passage], title: str) -> Found | None:
    """The name right before an address inside a line."""
    for passage in lines:
        if ", " not in passage.text or not _DIGIT.search(passage.text):
            continue
        for place in _places(passage.text[:MOST]):
            name = place["name"].strip()
            apart = place["at"] is None and place["listed"] is None and " " in name
            told = apart or is_body(name) or "treff" in name.lower()
            told = told and not (GENERIC.fullmatch(name) or _TOPICAL.match(name))
            if told and name != title and not _is_hall(name) and is_name(name):
                return Found(_with_unit(place, bare(name)), passage, 0.7)
    return None


# "Fachstelle Hafenlicht, Stadt Nord, Am Wall 3": the office of an authority, before it.
_UNIT = re.compile(r"(?:^|[.;|]\s)(?P<unit>[A-ZÄÖÜ][^,.;:?|\d]{3,60})(?:,\s)?$")


def _with_unit(place: re.Match[str], name: str) -> str:
    """An authority at an address with the office of it that is named before."""
    unit = _UNIT.search(place.string[: place.start("name")]) if AUTHORITY.match(name) else None
    return f"{unit['unit']}, {name}" if unit and is_body(unit["unit"]) else name


def _places(text: str) -> Iterator[re.Match[str]]:
    """Names before an address, also those within what seemed to be one."""
    place = _AT_ADDRESS.search(text)
    while place:
        yield place
        place = _AT_ADDRESS.search(text, place.start("name") + 1)


_HALL = re.compile(
    r"(?:[Kk]ultur(?:haus|zentrum|hof|scheune|fabrik|forum)|Dorfgemeinschaftshaus|[Bb]ürgerhaus"
    r"|[Ss]chützenhaus|[Ff]euerwehr(?:geräte)?haus|[Kk]urhaus|[Gg]asthaus|[Gg]asthof|[Ww]irtshaus"
    r"|[Bb]rauhaus|[Gg]emeindehaus|[Pp]farrhaus|[Ss]ynagoge|[Ss]cheune|[Hh]erberge|[Ss]chloss"
    r"|[Ss]aal|[Hh]alle|[Kk]üche|[Kk]irche|(?<!hoch)[Ss]chule|[Pp]ark|[Bb]ad(?!\s[A-ZÄÖÜ])|[Cc]afé|[Hh]afen"
    r"|[Mm]useum"
    r"|[Pp]latz|[Rr]aum"
    r"|[Bb]ahnhof|[Ss]tadion|[Ee]ingang)\b"
)
_BESIDE = re.compile(r"\s(?:an der|am|im|in der|bei der|zur)\s.*$")
_HOUSE_OF_STAY = re.compile(r"Haus\s(?!der\b|des\b|für\b)[A-ZÄÖÜ][\w-]+")  # "Haus Wartburg"


def _is_hall(name: str) -> bool:
    """Whether a name is that of a place to meet in, not of a house "an der Kirche"."""
    return (
        _HALL.search(_BESIDE.sub("", name)) is not None
        or _HOUSE_OF_STAY.fullmatch(name) is not None
    )


_INSTITUTIONS = watch(*sorted(needed(ORGANISED.pattern) | needed(AUTHORITY.pattern)))
_VENUE = re.compile(r"^(?:Ort|Wo)\s?[:?]\s")
_REACHED = re.compile(r"[,:]\s(?=(?:Tel\b|Fon\b|Telefon|Mobil|\(?0\d|\+49|\S+@))")


def _institution(lines: Sequence[Passage], title: str) -> Found | None:
    """A line or sentence that only names an institution."""
    for passage in lines:
        text = clean(passage.text[:MOST])
        if not seen(text) & _INSTITUTIONS:
            continue
        for said in SENTENCES.split(text):
            piece = _REACHED.split(_VENUE.sub("", said))[0]
            if len(piece) > SHORT:
                continue
            told = ORGANISED.match(piece) or AUTHORITY.match(piece)
            placed = _HALL.search(piece) and not AUTHORITY.match(piece)
            if piece != title and told and not placed and is_name(piece):
                return Found(bare(named(piece) or piece), passage, 0.6)
    return None


# As in "Treff am Sonntag (Kath. Familienbildung)" or "Wohnen: Mieterverein Nord".
_IN_TITLE = re.compile(r"\((?P<name>[^()]{4,60})\)\W*$|:\s(?P<name2>[^:]{4,60})$")


def in_title(record: Record) -> Found | None:
    """The body that a title names behind what is offered."""
    for passage in titles(record):
        said = _IN_TITLE.search(passage.text)
        name = (said["name"] or said["name2"]).strip() if said else ""
        if name and " " in name and is_body(name):
            return Found(name, passage, 0.8)
    return None


# What a house or a service of its own is called, with the name that tells it from others.
_CALLED = re.compile(
    r"(?:[\w-]+e[rs]?\s|[A-ZÄÖÜ]\w+-\sund\s)?[\w-]*(?:[Zz]entrum|[Hh]aus|[Nn]otruf|[Tt]elefonseelsorge|[Ss]telle|[Vv]erein|[Dd]ienst"
    r"|[Bb]üro|[Ss]tätte|[Ss]tiftung|[Kk]linik|[Ww]erk|[Vv]erband|[Ff]orum|[Bb]ibliothek|[Bb]ücherei|[Mm]ission|[Aa]gentur|[Tt]afel)\s(?!für\b|im\b|am\b|in\b|vor\b|mit\b|zu[rm]?\b)"
    r"(?:d(?:er|es)\s)?[„“\"]?[A-ZÄÖÜ][\w.-]+[“”\"]?(?:\s[A-ZÄÖÜ][\w.-]+){0,2}"
)


def called(record: Record) -> Found | None:
    """The body that a title is the name of: "Frauennotruf Nord"."""
    for passage in titles(record):
        called_so = _CALLED.fullmatch(passage.text) or AUTHORITY.match(passage.text)
        if called_so and is_name(passage.text):
            return Found(passage.text, passage, 0.6)
    return None


# "Angebote des Familienzentrums Nord", over what it offers.
_ITS_OFFERS = re.compile(
    r"(?:(?:Die|Unsere|Weitere)\s)?(?:Angebote|Termine|Veranstaltungen|Kurse|Gruppen|Hilfen"
    r"|Beratung(?:en|sangebote)?|Treffs?)\s(?P<by>der|des|vom|von der|von|im|in der|beim|bei der)\s"
    r"(?=[A-ZÄÖÜ„])"
)


def by_section(record: Record) -> Found | None:
    """The only body that a heading above the record names: "Nachbarschaftshaus Nord"."""
    named_so = {}
    for passage in of_roles(record.passages, Role.SECTION):
        offers = _ITS_OFFERS.match(passage.text)
        name = nominative(passage.text[offers.end() :], offers["by"]) if offers else passage.text
        full = KNOWN.match(name) or LEGAL.search(name) or _CALLED.fullmatch(name)
        if full and " " in name and is_body(name):
            named_so[named(name)] = passage
    if len(named_so) != 1:
        return None
    return next(Found(name, passage, 0.6) for name, passage in named_so.items() if name)
