"""The pieces of a record that may speak of times or dates: lines, and sentences of long lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from aggregator.normalise.cues import LINES, Cued, Cues, seen, watch
from aggregator.normalise.hours import qualifiers, tokens
from aggregator.normalise.hours.rule import Day
from aggregator.normalise.pattern import at_words
from crawlers.record import Passage, Role, of_roles

_SENTENCE = re.compile(
    # What a pattern needs stands first in it, so that the engine finds where to look.
    r"\s(?:(?<=[a-zäöüß]{4}[.!?].)\s*(?=[A-ZÄÖÜ][a-zäöü])|(?<=Uhr[.!?].)\s*(?=[A-ZÄÖÜ])"
    r"|(?<=\b[A-ZÄÖÜ][a-zäöüß]{3}[.!?].)(?<!Sept..)(?<!Prof..)(?<!Dipl..)(?<!Inkl..)(?<!Evtl..)"
    r"\s*(?=[A-ZÄÖÜ][a-zäöü])"
    r"|(?<=\s20\d\d[.!].)\s*(?=[A-ZÄÖÜ][a-zäöü])"
    # Behind the number of a telephone: "… unter 0361 55-30. In den Ferien …".
    r"|(?<=\d[\d-]\d\d\..)\s*(?=(?:In|Im|Am|Bitte|Die|Der|Das|Wir|Sie|Für|Es)\s)"
    # What a sentence ends with, and no abbreviation does: "… lädt um 15 Uhr ein. Es gibt …".
    r"|(?:(?<=\s(?:ein|aus|mit|ist|hat|los|uns|Sie|ihr|gut|Tag)[.!?].)|(?<=\s(?:an|da|zu)[.!?].))\s*"
    r"(?=[A-ZÄÖÜ][a-zäöü])"
    # Behind a bracket, "10 bis 12 h." and "ab 3 J.", and before a sum.
    r"|(?:(?<=\)\..)|(?<=Uhr\..)|(?<=\d\sh\..)|(?<=\dh\..)|(?<=\.20\d\d\..))\s*(?=[A-ZÄÖÜ][a-zäöü]"
    r"|\d+(?:,\d\d)?\s?(?:€|Euro|EUR)"
    r"|\d+er-)|(?<=\d\sJ\..)\s*(?=[A-ZÄÖÜ]))",
    re.DOTALL,
)
_TIME = re.compile(
    r"[0-9](?<!zimmer .)(?<!raum .)(?:\s?(?:uhr|h)\b|[:.][0-5]\d(?!\d|\.)|\s?°"
    r"|(?<=\b2)(?<!innerhalb von 2)(?<!binnen 2)(?<!innerhalb 2)4(?:/7|[\s-]?stunden))"
)
# "von neun bis zwölf Uhr"
_SPELT = re.compile(
    r"\b(?:von|bis|um|ab|gegen|zwischen)\s(?:eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn"
    r"|elf|zwölf)\b"
    r"[^.]{0,25}\buhr\b"
    # "dienstags von 9 bis halb zwölf": what is half past is a time of day.
    r"|\b(?:von|bis|um|ab|gegen|zwischen|und)\s(?:halb|viertel\s(?:vor|nach)|dreiviertel)\s"
    r"(?:eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)\b"
)
_SPOKEN_CUES = watch("uhr", "halb ", "viertel ")
_CLOCK = re.compile(
    r"\brund um die uhr"
    r"|\btag (?:und|&|\+|u\.) nacht|\bnur (?:nach|mit|auf|gegen) (?:\w+ )?(?:vor)?anmeldung"
    r"|\bnach\b.{0,40}(?:vereinbarung|absprache|terminbuchung)|\bn\.\s?v\."
    r"|\btermine?\b.{0,40}\b(?:vereinbar|auf anfrage|ausmachen|vergeben wir)"
    r"|\bvereinbar.{0,60}\btermin"
    r"|\b(?:beratungs|gesprächs)?termine?\b.{0,40}\bnach (?:\w+ )?(?:vor)?anmeldung\b"
    r"|\btermine? (?:nur )?(?:unter|per|telefonisch) (?:\w+\.?:? ){0,2}[(+\d]"
    r"|\btermin(?:vereinbarung|absprache)\b.{0,30}\b(?:erforderlich|notwendig|nötig|erbeten)"
    r"|\bnur mit (?:\w+ )?(?:termin(?:vereinbarung|absprache)?|(?:vor)?anmeldung)\b"
    r"|\bterminvergabe\b"
    r"|\bgeschlossen\b|\bruhetag|\b(?:in|während)\b.{0,40}ferien(?:zeit(?:en)?)?\b"
    r"|\bferien\b.{0,30}\b(?:kein|entfällt|entfallen|pause)"
    r"|\b(?:mo|di|mi|do|fr|sa|so|(?:mon|diens|donners|frei|sams|sonn)tags?"
    r"|mittwochs?)\b\.?:?,?\s{0,2}"
    r"(?:von\s)?\d{1,2}\s?(?:[-–]|bis)\s?\d",
)
# What only asks to register is no hours where something else says more of them.
_BOOKED = at_words(
    r"\bnur (?:nach|mit|auf|gegen) (?:\w+ )?(?:vor)?anmeldung\b|\bterminvergabe\b"
    r"|^\W*(?:um |die |bitte )?(?:verbindliche )?(?:vor)?anmeld\w*\b"
    r"(?:[^.\d]|\d(?!\s?uhr|[:.]\d\d))*\.?$"
    # "Den Link bekommen Sie nach Anmeldung."
    r"|^\W*(?:den|der|einen|die) (?:\w+-?)?(?:link|zugangsdaten|einwahldaten)\b[^\d]*$"
)
_CLOCK_CUES = watch(
    "rund", "nacht", "vereinbar", "absprache", "n.", "geschlossen", "ruhetag", "ferien", "bis", "-",
    "–", "termin", "nur mit", "nur nach",
)  # fmt: skip
_DAY = at_words(
    r"\b(?:mon|diens|donners|frei|sams|sonn)(?:tag|abend)|\bmittwoch|\btäglich|\bwerktag"
    r"|\bwochenend"
    r"|\b(?:mo|di|mi|do|fr|sa|so)\b\.?\s?(?:[-–/+&,:|]|u\.|und|bis|$)|\bwochentags"
    r"|\b\d{1,2}\.\s?(?:\d{1,2}\.|jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)|\bkw\b"
    r"|kalenderwoche",
)
_DAY_CUES = watch("tag", "abend", "mittwoch", "täglich", "wochen", "kw", "kalenderwoche")
_SMALL_DAY = re.compile(r"[mdfs][oiar](?<=\b..)\b")
_NTH = re.compile(r"\d\.")
_MONTHS = "(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)"
_DATE = re.compile(
    rf"[0-9](?<!\w.)(?:[0-9]?\.\s?(?:\d{{1,2}}\.|{_MONTHS})|(?<=2)0\d\d-\d\d-\d\d\b)"
)
_MONTH_OF_YEAR = re.compile(
    rf"\b(?:ab|bis|von)\s+(?:(?:ende\s+)?{_MONTHS}\w*|(?:jahres)?ende)\s+20\d\d"
)
_ON_DAY = (
    r"(?:\s+(?:spätestens|zum|\w{2,10}tag,?|mittwoch,?|dem|den))*\s+\d{1,2}\.\s?"
    r"(?:\d|[jfmasond][aepuok])"
)
# "bitte bis zum Vorabend"; apart, for what begins with any word costs time at each letter.
_EVE = Cued(r"(?:\w+\s){0,2}\bbis\b[^.;,]{0,25}\b(?:vorabend|vortag)", ear=LINES)
_DEADLINE = Cued(
    r"anmeldeschluss|anmeldefrist|anmeldestart|anmeldebeginn|"
    r"anmeld(?:ung(?:en)?|en)\W{1,3}(?:\w+\s+){0,3}(?:ab|vom)\s(?:dem\s)?\d{1,2}\.\s?(?:\d"
    r"|[jfmasond][aepuok])"
    r"|(?:bewerbung(?:en)?|bewerben)\W{1,3}(?:\w+\s+){0,3}(?:bis|zum)\b"
    r"|anmeld(?:ung(?:en)?|en)\W{1,3}(?:\w+\s+){0,3}"
    r"bis\b(?!\s(?:mo|di|mi|do|fr|sa|so|\w+tags?|mittwochs?)\b)"
    rf"|(?:\bmeldet?\b|meldung(?:en)?\b|\bmelden\b|\bantr[aä]g\w*|\bzusagen?\b|bescheid\b|\beinsend\w*)"
    rf"\W{{1,3}}(?:\w+\s+){{0,4}}bis{_ON_DAY}"
    rf"|\bbis(?:{_ON_DAY}|\s(?:\w+tag|mittwoch)\s(?:davor|vorher))[^;]{{0,25}}\banmelden\b"
    r"|\b(?:anfragen|anmeldungen|aufnahmen|bewerbungen)\b[^.;]{0,40}\bwieder\b[^.;]{0,15}"
    r"\b(?:ab|am|zum)\s(?:dem\s)?\d{1,2}\.|\bfreigegeben am\b"
    r"|\bfrist\b|stichtag|\bstand:?\s|aktualisier|(?:zuletzt|letztmals) \w|\bgeprüft (?:am|im)\b"
    r"|\bgeprüft:|letzte (?:änderung|bearbeitung|prüfung)|geändert am|eingestellt am"
    r"|erstellt(?: am|:)"
    r"|veröffentlicht|erschienen|gegründet|\bseit\b|geboren|"
    r"\bgesetz|eröffnet\s+wurde|wurden?\b.{0,60}\b(?:eröffnet|geschlossen)|redaktion",
    ear=LINES,
)
_DIGIT = re.compile("[0-9]")
# When a telephone or a mailbox is attended says nothing of when the offer itself is open.
_CHANNEL = re.compile(
    r"^\W*(?:tel|telefon|fon|mobil|hotline)\b[\W\d]{6,30}\("
    r"|\b(?:büro|sekretariat|geschäftsstelle)\b.{0,20}\bgeschlossen"
    r"|\b(?:online|chat|e-?mail|anrufbeantworter)\b.{0,60}\brund um die uhr\b"
    r"|\brund um die uhr\b.{0,60}\b(?:nachricht|online|chat|e-?mail|anrufbeantworter)\b"
)
_TELLING = (
    "tag", "woch", "Woch", "äglich", "rein", "rache", "acht", "it Termin", "erminv", "ermina",
    "nmeldung", "nfrage", "machen", "erien", "chlossen", "uhr", "Uhr", "buchung",
    ".V", ". V", ".v", ". v",
)  # fmt: skip
_CUES = Cues(*_TELLING)
_SPEAKS = watch(*(cue.lower() for cue in _TELLING))
_SHORT_DAY = re.compile(r"[MDFS][oiiara](?<=\b..)(?<=Mo|Di|Mi|Do|Fr|Sa|So)\b")
_SHORT = 60
"""Characters up to which a line that names only days belongs to the times beside it."""
# "Jeden zweiten Samstag gehen wir …": a sentence that begins with its day is about it.
_SAYS_WHEN = re.compile(
    r"\W*(?:immer |an )?jede[nm]? (?:\S+ ){0,3}?(?:(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|sonnabend)"
)
# Dates of a series, however long the line is: "So 13.12.2026, So 17.01.2027 und So 14.02.2027".
_SERIES = re.compile(
    rf"[0-9](?:\.\s?(?:\d{{1,2}}\.|{_MONTHS}\w*\.?)\s?(?:20\d\d)?)\s?(?:[,;/&+]|und)\s?(?:am\s)?"
    r"(?:(?:mo|di|mi|do|fr|sa|so)[a-z]*\.?,?\s)?(?:den\s)?"
    rf"\d{{1,2}}\.\s?(?:\d{{1,2}}\.|{_MONTHS})"
)
# A day that is left out, wherever it is said: "Acht Abende (nicht am 23. Februar) für alle, die …".
_SKIPS = Cued(
    rf"\b(?:nicht|außer|kein\w{{0,2}} \w+|entfällt) (?:am|vom) \d{{1,2}}\.\s?(?:\d|{_MONTHS})",
    ear=LINES,
)
_LONGEST = 600
_MOST = 60


class Segment(NamedTuple):
    """A line or sentence, verbatim, and where it stood."""

    text: str
    locator: str


def timely(passages: Iterable[Passage], seen_on: date) -> list[Segment]:
    """What speaks of opening hours: passages known to be hours, else lines that look like it.

    A day of its own above hours is when something was written, but a day to come whose day of the
    week they name: "12. Dezember 2026" above "Samstag, 14 Uhr".
    """
    known = [Segment(p.text, p.locator) for p in of_roles(passages, Role.HOURS) if p.text.strip()]
    if known:
        return known[:_MOST]
    found = [
        (Segment(piece.text, passage.locator), piece)
        for passage in _for_users(of_roles(passages, Role.TEXT))
        for piece in _pieces(passage.text)
        if piece.clocked or piece.day
    ]
    if found and _HOLIDAYS_AHEAD.fullmatch(found[-1][0].text):
        found.pop()  # the heading of what comes next
    if not any(piece.clocked for _, piece in found):
        return []
    timed = [one for one in found if not _books_only(one[0].text)]
    if any(piece.timed for _, piece in timed):
        found = timed  # that one has to register is told elsewhere
    found = [one for one in found if one[1].timed or not _frames(one[0].text)]
    texts = [one.text for one, _ in found]
    set_apart = [
        one
        for one, (text, below) in zip(found, pairwise([*texts, ""]), strict=True)
        if not _STAMP.fullmatch(text) or _on_that_day(text, below, seen_on)
    ]
    if len(set_apart) < len(found) and any(
        piece.timed and _NAMED_DAY.search(one.text.lower()) for one, piece in set_apart
    ):
        found = set_apart
    own = [one for one in found if not _of_channel(one[0].text)]
    if any(piece.timed for _, piece in own):
        found = own
    keys = _keys([segment.text for segment, _ in found])
    once = {key: one for key, (one, _) in zip(reversed(keys), reversed(found), strict=True)}
    return list(once.values())[::-1][:_MOST]


# When it goes on after a break, how long a project is paid for: no hours, unless a day is named.
_RESUMES = re.compile(
    r"\bweiter geht es\b|\bgeht (?:es )?(?:\w+ ){0,4}weiter\b"
    r"|\b(?:startet|starten|beginnt|beginnen|öffnet|öffnen) wieder\b"
)
_LASTS = re.compile(
    r"\b(?:\w*projekt|maßnahme|förderung|modell\w*)\b[^.;]{0,30}\b(?:läuft|endet|befristet|gefördert)\b"
)


# When one may write says nothing of when somebody is there.
_WRITES = re.compile(
    r"\brund um die uhr (?:\w+ ){0,5}(?:anfrage|nachricht|mail|antrag|anträge|formular|termin)\w*\b"
    r"[^.;]{0,20}\b(?:stellen|senden|schicken|schreiben|hinterlassen|ausfüllen|buchen|reservieren"
    r"|einreichen)\b"
)


def _frames(text: str) -> bool:
    """Whether a line tells of a break's end, of a project's, of a mailbox, and of no hours."""
    lower = text.lower()
    framed = _RESUMES.search(lower) or _LASTS.search(lower) or _WRITES.search(lower)
    return framed is not None and _NAMED_DAY.search(lower) is None


# When something was written, above "Di 9–12 Uhr"; above "9–12 Uhr" it is the day on which.
_STAMP = re.compile(r"\W*\d{1,2}\.\s?(?:\d{1,2}\.|[A-ZÄ][a-zä]{2,8}\.?)\s?20\d\d\W*")
# One day, not each of its name: "Samstag, 14 Uhr", "Sa 10–13 Uhr".
_ONE_DAY = re.compile(
    r"\W*(?:(?:Mon|Diens|Donners|Frei|Sams|Sonn)(?:tag|abend)|Mittwoch|Mo|Di|Mi|Do|Fr|Sa|So)\b"
)
# As systems write it, who put no dot behind the day: "Montag, 02 November 2026 10:12".
_POSTED = re.compile(
    r"\W*(?:[A-Z][a-z]{1,9},?\s)?\d{1,2}\s[A-ZÄ][a-zä]{2,8}\s20\d\d(?:\s\d{1,2}:\d\d)?\W*"
)
_NAMED_DAY = re.compile(
    r"\b(?:mon|diens|donners|frei|sams|sonn)(?:tag|abend)|\bmittwoch|\btägl|\bwerktag"
    r"|\b(?:mo|di|mi|do|fr|sa)\b(?!\.?,?\s?(?:den\s)?\d{1,2}\.\s?\d?\d?\.)"
)
_HEADING = 40  # characters
# When things are brought, as the heading above it says.
_GIVING = re.compile(
    r"\W*(?:(?:an|ab)nahme|abgabe)(?: von)? \w*spenden\W*|\W*\w*spendenannahme\W*", re.IGNORECASE
)
_HOLIDAYS_AHEAD = re.compile(r"\W*In den \w*[Ff]erien\W*")


def _for_users(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Passages without the hours below a heading that says they are for those who give."""
    giving = False
    for passage in passages:
        text = passage.text
        headed = len(text) <= _HEADING and "penden" in text and _GIVING.fullmatch(text) is not None
        giving = headed or (giving and any(piece.timed for piece in _pieces(text)))
        if not giving:
            yield passage


def _on_that_day(stamp: str, below: str, seen_on: date) -> bool:
    """Whether a date is a day to come, and what stands below names its day of the week."""
    named = _ONE_DAY.match(below)
    told = (token.value for token in tokens.tokenise(tokens.fold(stamp)))
    day = next((value.date() for value in told if isinstance(value, Day)), None)
    if named is None or day is None or day < seen_on:
        return False
    names = tokens.tokenise(tokens.fold(named[0]))
    return any(token.value == (day.weekday(),) for token in names)


def dated(passages: Iterable[Passage]) -> list[Segment]:
    """What names dates on which the offer takes place.

    Deadlines, histories and the end of a break are none.
    """
    found = [
        Segment(piece.text, passage.locator)
        for passage in passages
        if passage.role in _DATED
        for piece in _pieces(passage.text)
        if piece.dated and not _RESUMES.search(piece.text.lower())
    ][:_MOST]
    set_apart = [one for one in found if not _STAMP.fullmatch(one.text)]
    return set_apart or found


def trimmed(text: str) -> list[str]:
    """The lines of a text that speak of times, each once, without clauses that do not."""
    told = [line for line in map(_trim, text.split("\n")) if line]
    lines = unlike(told)
    telling = [line for line in lines if not timeless(line)]
    return telling or lines


def unlike(lines: Sequence[str]) -> list[str]:
    """Lines, each once, as it is said last; the hours below a day are that day's."""
    return list(dict(zip(_keys(lines), lines, strict=True)).values())


def _keys(lines: Sequence[str]) -> list[str]:
    """What each line says that may be said again; below a day alone it is told of that day."""
    if len(lines) == 1:
        return list(lines)  # nothing is said again
    keys: list[str] = []
    day = ""
    for line in lines:
        said = _said(line)
        if _DAY_ALONE.fullmatch(line.strip()):
            day = said
            keys.append(said)
            continue
        if not _HOURS_ALONE.fullmatch(line):
            day = ""
        keys.append(day + said)
    return keys


# Above hours on lines of their own: "Montag", "Di. und Do.:".
_DAY_ALONE = re.compile(
    r"(?:(?:(?:mon|diens|donners|frei|sams|sonn)(?:tag|abend)|mittwoch)s?"
    r"|(?:mo|di|mi|do|fr|sa|so)\b\.?|\s?(?:und|bis|[-–&+,/:])\s?)+",
    re.IGNORECASE,
)
_HOURS_ALONE = re.compile(
    r"(?:[\d\s.:,;–-]|und\b|bis\b|von\b|uhr\b|h\b)+|geschlossen\W*|(?:nur )?nach vereinbarung\W*"
    r"|keine (?:sprech|öffnungs)zeit(?:en)?\W*",
    re.IGNORECASE,
)


def _trim(text: str) -> str:
    """A line without the clauses at its ends that say nothing of times."""
    text = _behind_number(text)
    ends = [mark.end() for mark in _CLAUSE.finditer(text)]
    if not ends:
        return text
    bounds = list(pairwise([0, *ends, len(text)]))
    empty = [timeless(text[a:b]) or _NO_TIME.fullmatch(text[a:b]) is not None for a, b in bounds]
    if all(empty):
        return text
    first, last = empty.index(False), len(empty) - 1 - empty[::-1].index(False)
    kept = text[bounds[first][0] : bounds[last][1]].strip()
    return kept.rstrip(",;–|• ") if last < len(empty) - 1 else kept


# As in "Termin im Büro oder unter 0461 8194 (Mo–Fr 8–18 Uhr)": a number, and when it is attended.
_CALLED = re.compile(
    r"^[^\d\n]*(?:\+49|\(?0)\s?\d[\d /().–-]{4,18}\d(?:,\s(?P<then>\D.*)"
    r"|\s\((?P<within>[^()\n]+)\)\.?$)"
)


def _behind_number(text: str) -> str:
    """What a line says of times behind a number to ring, where it says none before it."""
    called = _CALLED.match(text)
    if called is None:
        return text
    group = "then" if called["then"] else "within"
    before = text[: called.start(group)].lower()
    told = called[group]
    if _TIME.search(told.lower()) and not _names_day(before, seen(before)):
        return str(told)
    return text


_HOLIDAY_HOUSE = re.compile(r"[Ff]erien(?:haus|wohnung|dorf|heim|park|anlage|freizeit|fahrt)\w*")
# Numbers of houses, towns and telephones, and sums.
_NO_TIME = re.compile(
    r"\W*(?:\d{1,4}(?:\s?/\s?\d{1,3})?\s?[a-z]?(?=,)|\d{5}\s[A-ZÄÖÜ]\D*|\d{1,4}(?:,\d\d)?\s?(?:€"
    r"|Euro)"
    r"|[A-ZÄÖÜ][\w.-]*(?:[Ss]tr(?:aße|\.)|weg|platz|allee)\s?\d{1,4}\s?[a-z]?"
    r"|(?:Tel(?:efon)?|Fon|Fax|Mobil)\.?:?\s[\d\s/()+–-]{5,}"
    # A house whose number has a letter: "Gemeindehaus An den Anlagen 14a".
    r"|[A-ZÄÖÜ][^\W\d_][^\d,;]{2,50}\s\d{1,3}\s?[a-g](?=[.,;]?\s*$)"
    # A street that ends like no other: "Fritzenwiese 9".
    r"|(?!(?:Januar|Februar|April|August|Termin\w*|Treffen|Abende|Woche\w*|\w+tags?|Mittwochs?"
    r"|\w+abend)\b)"
    r"[A-ZÄÖÜ][a-zäöüß]{4,}\s\d{1,3}\s?[a-z]?(?=\.?\s*$))\W*"
)
# What a clause must hold to say anything of times; found fast.
_MAY_CUES = watch(
    "tag", "woch", "monat", "uhr", "jed", "täg", "tgl", "ferien", "schul", "unterricht",
    "termin", "vereinb", "abspr", "anmeld", "frage", "gesch", "nacht", "mittag", "morgen", "abend",
    "früh", "jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez",
    "sommer", "winter", "variab", "wechsel", "regelm", "abweich", "verschied", "geleg", "manch",
    "teilw", "evtl", "event", "vorauss", "halb", "quartal", "saison", "pause", "advent", "oster",
    "weihn", "jahr", "herbst", "silvest", "karnev", "fasch", "altern", "frist", "ganzt", "durchg",
    "seit", "bereits", "derzeit", "vorüb", "ausn", "entf", "ausf", "fällt", "verleg", "versch",
    "abges", "heute", "nächst", "komm", "übrig", "restl", "jew", "außer", "ausser", "sonst",
    "rund um",
)  # fmt: skip
_MAY = re.compile(r"n\.\s?v|zu\b|\b(?:mo|di|mi|do|fr|sa|so)\b")


@lru_cache(maxsize=2048)
def timeless(clause: str) -> bool:
    """Whether a clause says nothing of times."""
    clause = _HOLIDAY_HOUSE.sub(" ", clause) if "erien" in clause else clause
    lower = clause.lower()
    if not (_DIGIT.search(clause) or seen(clause) & _MAY_CUES or _MAY.search(lower)):
        return True
    if _TIME.search(lower):
        return False
    plain, found = qualifiers.replace(tokens.fold(clause))
    return not found and tokens.timeless(plain)


@lru_cache(maxsize=512)
def _said(text: str) -> str:
    """What two lines have in common that differ in marks only."""
    return _MARKS.sub("", text).replace("–", "-").casefold()


_CLAUSE = re.compile(
    r"[,;.!?\s](?:(?<=[,;])|(?<=[^\W\d]{3}[.!?])(?<!\b[Tt]el\.)(?<!tr\.)(?!\s20\d\d\b)|(?:(?<=[)\d€][.!])|(?<=\d[a-g]\.))"
    r"(?=\s(?!(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Woche|\w+tag|Mittwoch"
    r"|Stock|Etage|[OU]G\b|(?:Ober|Unter)ge|Klasse|Lebensj|Schulj))[A-ZÄÖÜ])"
    r"|(?<=\s)[–|•·](?=\s\D))\s"
)
_MARKS = re.compile(r"[\s,;.:|]+")
_DATED = frozenset({Role.TEXT, Role.HOURS, Role.TITLE})


def _in_words(lower: str, said: int) -> bool:
    """Whether a line, in lower case, says without a time in digits when something is open."""
    if said & _SPOKEN_CUES and _SPELT.search(lower):
        return True
    return bool(said & _CLOCK_CUES) and _CLOCK.search(lower) is not None


def _books_only(text: str) -> bool:
    if not seen(text) & _BOOKING:
        return False
    lower = text.lower()
    left = _BOOKED.sub("", lower)
    return left != lower and not _TIME.search(left) and not _in_words(left, seen(left))


_BOOKING = watch("anmeld", "terminvergabe", "link", "daten")


def _of_channel(text: str) -> bool:
    """Whether a line says when someone answers, beside "Di 17-19 Uhr" of the offer itself."""
    return ("(" in text or "rund um" in text or "geschlossen" in text) and _CHANNEL.search(
        text.lower()
    ) is not None


def _names_day(lower: str, said: int) -> bool:
    """Whether a short line, in lower case, names days or dates."""
    may = said & _DAY_CUES or _SMALL_DAY.search(lower) or _NTH.search(lower)
    return bool(may) and _DAY.search(lower) is not None


def _is_dated(lower: str) -> bool:
    if _DATE.search(lower):
        return True
    return "20" in lower and _MONTH_OF_YEAR.search(lower) is not None


class _Piece(NamedTuple):
    """A line or sentence, up to where it comes to deadlines and histories, and what it names."""

    text: str
    timed: bool
    """Times of day."""
    clocked: bool
    """When something is open."""
    day: bool
    """Days or dates, in a line so short that it may belong to the times beside it."""
    dated: bool


@lru_cache(maxsize=4_096)  # asked for hours and again for dates
def _pieces(text: str) -> tuple[_Piece, ...]:
    """The lines of a text, long ones by sentences, that may speak of time."""
    if not _may_speak(text):
        return ()
    return tuple(
        piece
        for line in text.split("\n")
        for part in (_SENTENCE.split(line) if len(line) > _SHORT else (line,))
        if 1 < len(part) <= _LONGEST and _speaks_of_time(part)
        if (piece := _piece(part.strip()))
    )


def _piece(text: str) -> _Piece | None:
    lower, said = text.lower(), seen(text)
    if "20" in text and _POSTED.fullmatch(text):
        return None
    deadlines = [m.start() for one in (_DEADLINE, _EVE) if (m := one.search(lower, said))]
    if deadlines:
        text = text[: min(deadlines)].strip() if len(lower) == len(text) else ""
        lower, said = text.lower(), seen(text)
    if not text or text.endswith("?"):  # what is asked tells nothing
        return None
    short = (len(text) <= _SHORT or _SAYS_WHEN.match(lower) is not None) and "@" not in lower
    short = short or _SERIES.search(lower) is not None or _SKIPS.search(lower, said) is not None
    timed = _TIME.search(lower) is not None
    clocked = timed or _in_words(lower, said)
    return _Piece(text, timed, clocked, short and _names_day(lower, said), _is_dated(lower))


def _may_speak(text: str) -> bool:
    """What a text must hold to speak of times at all; found fast."""
    if seen(text) & _SPEAKS or _DIGIT.search(text):
        return True
    return _SHORT_DAY.search(text) is not None


def _speaks_of_time(part: str) -> bool:
    """What a piece must hold to speak of times at all."""
    if _DIGIT.search(part) or _CUES.stand_in(part):
        return True
    return _SHORT_DAY.search(part) is not None
