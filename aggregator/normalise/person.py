"""Names of private persons: found, so that they are not published. Roles stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from aggregator.normalise.cues import seen, watch
from aggregator.normalise.text import words

_NAMES = Path(__file__).parent.parent / "vocabulary" / "given_names.txt"

_U = "A-ZÄÖÜÀ-ÖØ-ÞŚŠŞŻŽĞÇÉŁİ"
_L = "a-zäöüßà-öø-ÿāćčđęğıłńřśşšźżž"
_WORD = rf"[{_U}][{_L}]+"
_PART = rf"{_WORD}(?:-{_WORD})?"
_OF = r"(?:(?:von|van|de|del|der|zu|el|al|ten)\s){0,2}"
_TITLE = (
    r"(?:(?:Prof|Dr|Dipl|Mag|Ing|med|jur|phil|rer|nat|päd|soz|psych|Päd|Soz|Psych|Sozpäd|M\.A|B\.A)"
    r"\.[-\s]?\s?){1,5}"
)
_INITIAL = rf"[{_U}]\.(?:-?[{_U}]\.)?"

# Words that make a name the name of a house, a street or a body.
_BODY = (
    r"(?:[-\s]{1,2}(?:und|&)?\s?)?(?:[-\s])?(?:Straße|Strasse|Str\b|Platz|Weg|Allee|"
    r"Ring|Damm|Ufer|Haus|"
    r"Hauses|Heim|Hof|Schule|Gymnasium|Grundschule|Oberschule|Gesamtschule|Realschule|Bibliothek|"
    r"Bücherei|Stift|Stiftung|Zentrum|Institut|Kirche|Kirchengemeinde|Gemeinde|Krankenhaus|Klinik|"
    r"Klinikum|Hospital|Park|Saal|Werk|Verein|Akademie|Kita|Kindergarten|Kinderhaus|"
    r"Kindertagesstätte|"
    r"Apotheke|Hochschule|Universität|Volkshochschule|Kolleg|Bildungsstätte|Familienzentrum|"
    r"Jugendhaus|Mehrgenerationenhaus|Turnhalle|Sporthalle|Siedlung|Brücke|Museum|Theater|"
    r"Preis|Fonds|Gesellschaft|Archiv|Brunnen|Zimmer|e\.\s?V|gGmbH|GmbH)"
)
# Capitalised words after a given name that are no surname.
_NO_SURNAME = words(
    "Haus Schule Kirche Stift Zentrum Straße Platz Weg Park Telefon Tel Fax Mobil Mail Email Uhr "
    "Beratung Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Hilf Heil "
    "Frieden Königin "
    "Magdalena Treff Café Cafe Gruppe Kurs Leitung Koordination Sozialpädagogin Sozialpädagoge "
    "Sozialarbeiterin Sozialarbeiter Pädagogin Erzieherin Hebamme Berlin Hamburg Köln München "
    "Verein Kita Büro"
)

_LABEL = (
    r"(?:Ansprech(?:partner(?:/-?in|[:*_]in|In|innen|in)?|person(?:en)?)|Kontaktperson|"
    r"Kursleit(?:ung|er(?:in)?)|Gruppenleit(?:ung|er(?:in)?)|Leitung|Leiter(?:/-?in|[:*_]in|in)?|"
    r"Referent(?:[:*_]in|in)?|Dozent(?:[:*_]in|in)?|Koordinat(?:ion|or(?:[:*_]in|in)?)|"
    r"Projektleit(?:ung|er(?:in)?)|Berater(?:[:*_]in|in)?|Trainer(?:[:*_]in|in)?|"
    r"Geschäftsführ(?:ung|er(?:in)?)|Verantwortlich|Vorsitzende[r]?|Vorstand|Kontakt|Hebamme|"
    r"Anmeldung bei|Anmeldung|Info(?:s|rmation(?:en)?)? bei)"
)
_FORM = re.compile(
    rf"(?<![\w-])(?P<form>(?:Frau|Herrn?|Fr\.|Hr\.)\s{{1,2}}(?:{_TITLE})?|{_TITLE})"
    rf"(?P<name>(?:(?:{_INITIAL}\s?|{_PART}\s){{0,2}}){_OF}{_PART})(?![\w-])"
)
_LABELLED = re.compile(
    rf"(?<![\w-])(?:{_LABEL})\s?:\s{{0,2}}(?P<name>(?:{_INITIAL}\s?|{_PART}\s){{1,2}}{_OF}{_PART})"
    rf"(?=\s*(?:$|[,;(|/–•]|\s-\s|\.\s|\.$|[Tt]el|Mobil|und\s|u\.\s|E-?Mail|Fon))"
)
_INITIALLED = re.compile(
    # Beginning with a capital, so that the engine finds where to look.
    rf"(?P<name>[{_U}]\.(?<![\w.-]..)(?<!\be\.\s..)(?:-?[{_U}]\.)?\s{_OF}{_PART})(?=\s*(?:$|[,;(|]|[Tt]el))"
)
_GIVEN = re.compile(
    rf"(?<![\w-])(?P<name>(?P<given>{_PART})\s(?:{_PART}\s|"
    rf"{_INITIAL}\s?)?{_OF}(?P<last>{_PART}))"
)
# A given name alone tells who somebody is where what she does there follows: "mit Jule, Hebamme".
_ALONE = re.compile(
    rf"\b(?:mit|bei|von|durch)\s(?P<name>{_PART})"
    rf"(?=\s?[,(]\s?(?:(?:unser|ein)e?r?\s|[{_L}]{{3,20}}e[rn]?\s){{0,2}}[\w-]{{0,20}}(?i:berater"
    rf"|trainer"
    r"|pädagog|hebamme|leiter|therapeut|lehrer|dozent|coach|psycholog|erzieher|sozialarbeiter"
    r"|referent|mediator|doula|anwält|anwalt|ärzt|arzt)(?:in)?\b)"
)
# Or where a label, a preposition or a greeting stands before and nothing of a name behind:
# "Info: Renate", "Meldet euch bei Sandra!", "Eure Lena", "Katrin und Mehmet freuen sich".
_LONE = re.compile(
    rf"(?:\b(?:{_LABEL}|Infos?|Wer|Trainer(?:in)?|Fragen an|Organisation|Team"
    rf"|Begleitung)\s?:\s{{0,2}}"
    rf"|\b(?:[Bb]ei|[Vv]on|[Aa]n|[Dd]urch|[Mm]it|[Ee]ure?|[Dd]eine?|[Ii]hre?)\s|^)"
    rf"(?P<name>{_PART}(?:\s(?:und|&)\s{_PART})?)"
    rf"(?P<then>\s*(?:$|[!?.,;(|/–]|\d|unter\b|[Tt]el)|\s(?:freu|lad|begleit|leit|berät|berat"
    rf"|hilft|helf)\w*|\svom\s)"
)
_FAMILY = re.compile(rf"\bFam\.\s(?P<name>{_PART})(?![\w-])")
# What ends like a house and is a surname all the same: Neuhaus, Grothaus.
_HOUSE_NAME = re.compile(r"(?!Rat|Pfarr|Kauf|Gast|Bad|Bau|Eltern|Kita|Land|Torhaus)\w{3,5}haus")
_FOLLOWS_BODY = re.compile(_BODY)
_PREFIX_BODY = re.compile(
    r"(?:\bSt\.|\bSankt|\bHl\.|\bHeilige[rn]?|\bKita|\bHaus|\bCafé|[„“\"‚»])\s?$"
)

_ORG_WORDS = re.compile(
    r"(?:stelle|zentrum|treff|verein|haus|beratung|büro|amt|verband|hilfe|gruppe|netzwerk|team|"
    r"dienst|schule|kita|werk|mission|caritas|diakonie|center|familie|eltern|kinder|frauen|mütter|"
    r"väter|jugend|telefon|bildung|arbeit|leitung|service|info|anmeldung|platz|straße|kreuz|"
    r"kirche|gemeinde|stadt|bezirk|land|bund|online|mail|kontakt|café|berlin)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Person:
    """A name found in a text: where it stands and its last part, case-folded."""

    start: int
    end: int
    surname: str


@cache
def given_names() -> frozenset[str]:
    """Frequent given names, as written."""
    lines = _NAMES.read_text("utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


@cache
def folded_given_names() -> frozenset[str]:
    """Given names as they stand in mail addresses: lower case, umlauts spelt out."""
    return frozenset(fold_name(name) for name in given_names())


_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ş": "s", "ł": "l", "é": "e"})


def fold_name(name: str) -> str:
    """A name as it stands in a mail address."""
    return name.lower().translate(_SPELT)


@lru_cache(maxsize=4_096)  # asked of a line for its phones, its provider, its quotes
def find_persons(text: str) -> tuple[Person, ...]:
    """Names of persons in a text, in order, not overlapping.

    A name is stated by a form of address or degree, by a label that asks for a person, by an
    initial, or by a frequent given name. Names of houses, streets and bodies are none.
    """
    capitalised = _CAPITALISED.findall(text)
    if not capitalised:
        return ()
    found = [*_candidates(text, capitalised)]
    if not found:
        return ()
    found.sort(key=lambda p: (p.start, -p.end))
    persons: list[Person] = []
    for person in found:
        if not persons or person.start >= persons[-1].end:
            persons.append(person)
    return tuple(persons)


def names_person(text: str) -> bool:
    """Say whether a text names a private person."""
    return bool(find_persons(text))


_CAPITALISED = re.compile(_WORD)
# A role and a given name: "Hebamme Wiebke".
_ROLED = re.compile(
    r"\b(?=[A-ZÄÖÜ])\w*(?:[Hh]ebamme|[Ll]ots(?:in|e)|[Ee]rzieherin|[Bb]eraterin|[Tt]rainerin|[Pp]ädagogin"
    r"|[Ll]eiterin|[Mm]itarbeiterin)\s(?P<name>[A-ZÄÖÜ][a-zäöüß]+)\b(?!-)"
)
_FORM_CUES = watch("frau", "herr", "fr.", "hr.", "dr.", "prof.", "dipl.", "mag.")
# Beginning with a capital, so that the engine finds where to look.
_FORM_HINT = re.compile(
    r"[DFHMP](?<!\w.)(?:(?<=F)rau|(?<=H)err|(?<=[DFH])r\.|(?<=P)rof\.|(?<=D)ipl\.|(?<=M)ag\.)"
)
# An initial: dots are rarer than capitals.
_INITIAL_HINT = re.compile(rf"\.(?<=[{_U}]\.)")
_LABEL_CUES = watch(
    "ansprech", "kontakt", "leit", "referent", "dozent", "koordinat", "berater", "trainer",
    "geschäftsf", "verantw", "vors", "hebamme", "anmeldung", "info",
)  # fmt: skip


def _candidates(text: str, capitalised: Sequence[str]) -> Iterator[Person]:
    said = seen(text)
    if said & _FORM_CUES and _FORM_HINT.search(text):
        for match in _FORM.finditer(text):
            yield from _person(text, match, match.start())
    if said & _LABEL_CUES and ":" in text:
        for match in _LABELLED.finditer(text):
            parts = match["name"].split()
            if not any(_is_body(w) or w in _NO_SURNAME for w in parts):
                yield from _person(text, match, match.start("name"))
    if "." in text and _INITIAL_HINT.search(text):
        for match in _INITIALLED.finditer(text):
            if not _ORG_WORDS.search(match["name"]):
                yield from _person(text, match, match.start())
    if "Fam." in text:
        for match in _FAMILY.finditer(text):
            yield from _person(text, match, match.start())
    if not given_names().isdisjoint(capitalised):
        yield from _given(text)


def _given(text: str) -> Iterator[Person]:
    names = given_names()
    for roled in _ROLED.finditer(text):
        if roled["name"] in names:
            yield from _person(text, roled, roled.start("name"))
    for alone in _ALONE.finditer(text):
        if alone["name"].partition("-")[0] in names:
            yield from _person(text, alone, alone.start("name"))
    for lone in _LONE.finditer(text):
        # At the beginning of a line only what somebody does tells that a person is meant.
        alone_there = lone.start() == lone.start("name") and not lone["then"].strip()[:1].isalpha()
        told = [part for part in re.split(r"\s(?:und|&)\s", lone["name"]) if part]
        if not alone_there and all(part.partition("-")[0] in names for part in told):
            yield from _person(text, lone, lone.start("name"))
    at = 0
    while match := _GIVEN.search(text, at):
        first = match["given"].partition("-")[0]
        last = match["last"]
        if first in names and last not in _NO_SURNAME and not _is_body(last):
            yield from _person(text, match, match.start())
            at = match.end()
        else:
            # The next word may be the given name.
            at = match.start("given") + len(match["given"])


def _is_body(word: str) -> bool:
    """True for a word that ends like the name of a body, and is no surname of that kind."""
    return _ORG_WORDS.search(word) is not None and not _HOUSE_NAME.fullmatch(word)


def _person(text: str, match: re.Match[str], start: int) -> Iterator[Person]:
    end = match.end("name")
    if _FOLLOWS_BODY.match(text, end) or _PREFIX_BODY.search(text, max(0, start - 12), start):
        return
    surname = match["name"].split()[-1]
    if surname in _NO_SURNAME or _FOLLOWS_BODY.fullmatch(" " + surname):
        return
    yield Person(start, end, fold_name(surname))


_PREPOSITION = re.compile(r"(?:\b(?:bei|mit|von|an|für|durch|über|unter|zu|vom)\s)$")
_JOINED = re.compile(r"\b(?:sowie|und|oder)\s$")
_GOES_ON = re.compile(r"\s+[a-zäöü]")
_TIDY = (
    (re.compile(r"(^|:)\s*(?:und|oder|sowie|u\.|&)\s*(?=$|[,;.(])"), r"\1 "),
    (re.compile(r"\(\s*[,;]?\s*\)"), ""),
    (re.compile(r"(^\s*|[:;,|–]\s*)\(([^()]{1,60})\)\s*(?=$|[,;|])"), r"\1\2"),
    (re.compile(r"(?:\s*,){2,}"), ","),
    (re.compile(r":\s*,\s*"), ": "),
    (re.compile(r":\s*(?=$|[;|.])"), ""),
    (re.compile(r"\s+([,;.])"), r"\1"),
    (re.compile(r"^[\s,;|/–-]+|[\s,;|/–-]+$"), ""),
    (re.compile(r"\s{2,}"), " "),
)


@lru_cache(maxsize=4_096)  # the same line is the quote of several statements
def strip_persons(text: str) -> str:
    """Remove names of private persons from a text that will be published; roles stay.

    Inside a sentence "…" stands for a name, so that the sentence can still be read.
    """
    persons = find_persons(text)
    if not persons:
        return text
    parts: list[str] = []
    at = 0
    for person in persons:
        before = text[at : person.start]
        parts.append(before)
        after = text[person.end : person.end + 3]
        if _PREPOSITION.search(before[-10:]) or (
            _JOINED.search(before[-8:]) and _GOES_ON.match(after)
        ):
            parts.append("…")
        at = person.end
    parts.append(text[at:])
    rest = "".join(parts)
    for pattern, new in _TIDY:
        rest = pattern.sub(new, rest)
    return rest.strip()
