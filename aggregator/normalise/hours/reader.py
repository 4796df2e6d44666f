"""Opening and consultation hours of a record."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aggregator.normalise.context import Context
from aggregator.normalise.cues import seen, watch
from aggregator.normalise.hours import osm, parse, qualifiers, tokens
from aggregator.normalise.hours.column import gathered
from aggregator.normalise.hours.echo import without_echoes
from aggregator.normalise.hours.episode import without_episodes
from aggregator.normalise.hours.moment import first, rule
from aggregator.normalise.hours.segment import Segment, timeless, timely, trimmed, unlike
from aggregator.normalise.person import strip_persons
from aggregator.normalise.statement import Doubt, Reading, Statement
from crawlers.record import Passage, Role, origin

READER = "hours@6"
# What only says that times follow; "Telefonische Sprechzeit:" says more and stays.
_HEADING = re.compile(
    r"^(?:(?:öffnungs|sprech|beratungs|geschäfts|service|büro|kurs|treff)?zeit(?:en|raum)?"
    r"|termine?(?:\s(?:im|für)\s[^:\d]{3,20}(?:20\d\d)?)?|wann"
    r"|datum|geöffnet|sonst)\s?[:?]\s{0,3}(?=\S)",
    re.IGNORECASE,
)
# A number at the end of a line belongs to the contacts: "Mo-Fr 8-15 Uhr unter 0361 5554177".
_NUMBER_BEHIND = re.compile(
    r"(?:\s+unter|[,:]?\s*(?:Tel(?:efon)?|Mobil)\.?:?|:)?\s*"
    r"(?:\+49[\d /().-]{7,20}\d|\(?0\d{2,5}\)?[ /-]{1,3}\d[\d /-]{4,15}\d)\.?$"
)


def read_hours(passages: Sequence[Passage], context: Context) -> Reading:
    """State hours_text, hours_osm and hours_qualifiers of a record.

    hours_text is what the page says, a line each; hours_osm stands only where all of it was
    understood. The record's own page speaks before others that say it more briefly, and a calendar
    entry's own start and end where the text does not.
    """
    reading = Reading()
    segments = without_episodes(timely(passages, context.seen_on), passages)
    if segments:
        title = next((p.text for p in passages if p.role is Role.TITLE), "")
        reading = _read_text(segments, title, context)
    if reading.value("hours_osm") is None and not reading.doubts:
        _read_calendar(passages, reading)
    return reading


def _read_text(segments: Sequence[Segment], title: str, context: Context) -> Reading:
    own = [segment for segment in segments if not origin(segment.locator)]
    if 0 < len(own) < len(segments):
        reading = _read_text(own, title, context)
        if reading.value("hours_osm"):
            return reading
    reading = Reading()
    text = "\n".join(segment.text for segment in segments)
    where = segments[0].locator
    lines = trimmed(text)
    hours = parse(gathered(lines), context.seen_on)
    if hours is not None and hours.doubts and len(lines) > 1:
        lines, hours = without_echoes(lines, hours, context.seen_on)
    if hours is None:
        return reading
    told = "\n".join(unlike([_told(line, title) for line in _own(lines)]))
    if not _APPOINTED.fullmatch(told):
        reading.statements.append(Statement("hours_text", told, text, where, READER))
    if hours.osm:
        reading.statements.append(Statement("hours_osm", hours.osm, text, where, READER))
    for qualifier in hours.qualifiers:
        source = segments[0]
        if len(segments) > 1:
            source = next((one for one in segments if _says(one, qualifier)), source)
        reading.statements.append(
            Statement("hours_qualifiers", qualifier, source.text, source.locator, READER)
        )
    reading.doubts.extend(Doubt(code, text, where, "hours_osm") for code in hours.doubts)
    return reading


def _own(lines: list[str]) -> list[str]:
    """The lines that tell this offer's times, where there are any.

    "In den Schulferien macht der Wochenplan Pause" is said of the whole page, "Bitte vereinbaren
    Sie einen Termin" of how to come: the qualifiers tell it.
    """
    timed = [line for line in lines if tokens.clocks(_plain(line))]
    return [line for line in lines if line in timed or not _aside(line)] if timed else lines


def _aside(line: str) -> bool:
    plain, found = qualifiers.replace(tokens.fold(line))
    if not found or tokens.dated(plain) or _EXCEPT.match(line):
        return False
    return found != ("by_appointment",) or _ASKS.search(line) is not None


def _plain(line: str) -> str:
    return qualifiers.replace(tokens.fold(line))[0]


_ASKS = re.compile(
    r"\b(?:bitte\w*|hinweis|nur|müssen|vorher|terminvereinbarung (?:ist )?(?:\w+ )?\w*(?:wendig"
    r"|lich|nötig))\b",
    re.IGNORECASE,
)
# Where what is said of times begins, in lower case: "wir treffen uns | an jedem 2. dienstag".
_BEGINS = re.compile(
    r"\b(?:(?:immer|jeweils|stets"
    r"|(?:an )?jede[mnrs]?(?! alter)|alle|am|an|vom|von|ab|zwischen|nach|nur|start"
    r"|und nach|einmal|zweimal|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf"
    r"|in (?:un)?geraden|in der|monatlich|wöchentlich|tägl|tgl"
    r"|(?<!ohne )(?<!anderen )(?<!weitere )termine?(?!\W*$)|mo|di|mi|do|fr"
    r"|sa|so)\b"
    r"|täglich|vierzehntägig|werktags|wochentags"
    r"|unter der woche|(?:erst|zweit|dritt|viert|letzt|vorletzt)e[rnms]?\b"
    r"|(?:mon|diens|donners|frei|sams|sonn)(?:tag|abend)|mittwoch|rund um|tag (?:und|\+|&)"
    r"|jederzeit|\d)",
)
# What kind of hours they are: a label that says more than "Zeiten:" stays.
_QUALIFIES = re.compile(
    r"^(?:telefon\w*|persönliche|anmeldung)\b[^:]{0,30}:\s?$|^(?:nur\s)?telefonisch\s$"
    r"|^\w{0,14}telefon(?:sprech\w+)?\s?:?\s$"
    r"|^(?:anruf|anmeldung|bürozeit(?:en)?|offen)\s?:?\s$"
    r"|^(?:persönliche|telefonische|weitere|andere|alle\sanderen)\s\w+\s$",
    re.IGNORECASE,
)
# A line of its own below the times: "nicht in den Schulferien".
_EXCEPT = re.compile(r"\W*(?:nicht|außer|ausser)\b.{0,50}$|\(ferien\b.{0,30}\)$", re.IGNORECASE)
# What is left of "nach Absprache mit Frau …".
_NAMELESS = re.compile(r"\s(?:mit|bei|durch)\s…\.?$")
_ON = re.compile(
    r"^am\s(?=[A-Z]\w+(?:tag|woch|abend),?\s(?:(?:den|dem)\s)?\d{1,2}\.)", re.IGNORECASE
)
_BEHIND = re.compile(r"(?<=Uhr)[:,]?\s+(?P<tail>[^\W\d].*)$")
_LONGEST_LEAD = 120  # characters of a label or of the opening of a sentence
_NOUN = re.compile(r"[^\W\d_]{4}")
# Behind the last time of day where or what it is: "… bis 18 Uhr im Frauentreff", "… zum Frühstück".
_WHERE = re.compile(
    # Beginning with a mark or a space, so that the engine finds where to look.
    r"(?P<tail>[:,\s](?:(?<=Uhr.)|(?<=\).)|(?<=\d[:.]\d\d.))(?:(?<=[:,])\s|(?<=\s))"
    r"(?:(?<=:\s)\w+|im|in|auf|für|vorbei|an|am|bei|beim|per|unter"
    r"|ohne(?!\sTermin)"
    r"|treffen|trifft|einen?|eine|ein|den|das|die|zum"
    r"|mit(?!\s(?:\w+\s)?(?:[Tt]ermin|(?:[Vv]or)?[Aa]nmeld|[Vv]ereinbar|[Aa]bsprache))"
    r"|zur|unsere?n?|statt)\b(?!\sWechsel)(?:(?!Uhr).)*)$"
)
# The rest of a sentence behind them: "… bis 13 Uhr wird gemeinsam gekocht".
_REST = re.compile(
    r"(?P<tail>\s(?:(?<=Uhr.)|(?<=\d[:.]\d\d.))(?!und|oder|sowie|bzw|nach|nur|auch|jeweils|ohne|mit|außer|ausser|nicht|ab"
    r"|bis|plus|zusätzlich|im\sWechsel|geöffnet|telefonisch)[a-zäöü]{2,}\b(?:(?!Uhr)[^;|()\n])*)$"
)


# In brackets at the end: "(bitte Wartezeit einplanen)", "(Durchwahl -43)".
_ASIDE = re.compile(r"(?<=[\w.])\s\([^()\n]*\)\.?$")
# Numbers and mails among the times: "unter 0361 48-250 bis -254", "Tel. 5 41 68, mobil 0177-…".
_CONTACTS = re.compile(
    r"[,;|·]?\s*\(?\b(?:(?:oder\s)?unter(?:\s(?:der\s)?(?:Nummer|Telefonnummer|Tel\.|Telefon))?"
    r"|Tel(?:efon)?|Fon|Mobil|Handy|Ruf)\b"
    r"[.:]?:?\s*\(?\d[\d ()/–-]{3,20}\d(?!\d|\s?(?:Uhr\b|h\b)|[:.]\d|\s?[–-]\s?\d)"
    r"(?:\s(?:bis|oder|und|/)\s-\d{1,4})*\)?\s*",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"\s+([.,;])")
_MAIL = re.compile(r"[,:;]?\s\(?\S+@\S+\.\w+\)?")


def _without_contacts(line: str) -> str:
    """A line without telephone numbers and mails, where times are left."""
    left = _MAIL.sub("", line) if "@" in line else line
    if seen(left) & _CONTACT_CUES:
        left = _LOOSE.sub(r"\1", _CONTACTS.sub(" ", left)).strip().lstrip(".,;|· ")
    return left if left != line and re.search(r"[^\W_]{3}", left) else line


_CONTACT_CUES = watch("unter", "tel", "fon", "mobil", "handy", "ruf")


def _told(line: str, title: str = "") -> str:
    """What a line says of times: no opening before, no place, number or title behind."""
    line = _HEADING.sub("", _without_contacts(line))
    lead = _lead(line)
    if not _QUALIFIES.search(lead):
        line = line[len(lead) :]
    line = _ON.sub("", line)
    if title and (named := _BEHIND.search(line)):
        name = named["tail"].rstrip(" .")
        if name and (title.startswith(name) or name == title):
            line = line[: named.start()]
    for behind in (_WHERE, _REST):
        if (tail := behind.search(line)) and timeless(tail["tail"]):
            line = line[: tail.start()]
    if (aside := _ASIDE.search(line)) and timeless(aside[0]):
        line = line[: aside.start()]
    line = _DANGLING.sub("", _NAMELESS.sub("", strip_persons(_within_bracket(line))))
    line = _UNCLOSED.sub("", _END_MARKS.sub("", line))
    shorter = line
    if line.removesuffix(".")[-1:].isdigit():
        shorter = _NUMBER_BEHIND.sub("", line)
    return shorter if _LETTER.search(shorter) else line


# What is left of "Termin unter 0431 …" tells no times.
_APPOINTED = re.compile(r"\W*Termine?\W*")
_LETTER = re.compile(r"[^\W_]")
# What is left of "Mo 9-11 Uhr unter 0431 … oder info@…".
_DANGLING = re.compile(
    r"\s(?:(?:oder|und|bzw\.)\s(?:per|via)\s(?:E-?)?Mail(?:\s(?:an|unter))?|oder|und|unter|bzw\.)"
    r"\s?\.?$"
)
_END_MARKS = re.compile(r"[\s:;,·|•–-]+\.?$")
_UNCLOSED = re.compile(r"\s\((?:ohne|mit|bitte|nur)\b[^()\d]*$")


def _within_bracket(line: str) -> str:
    """What stands before a bracket that was opened before the line begins: "Mo 9–13 Uhr) und …"."""
    closed = line.find(")")
    return line[:closed] if closed > 0 and "(" not in line[:closed] else line


def _lead(line: str) -> str:
    """What stands before the words that tell times: "Der Verein am Markt bietet | jeden Montag"."""
    begin = last = None
    lower = line.replace("İ", "i").lower()  # the one capital whose small form is longer
    for found in _BEGINS.finditer(lower, 0, _LONGEST_LEAD + 1):
        if last is None or _NOUN.search(line, last, found.start()):
            if not timeless(line[: found.start()]):
                break
            begin = found.start()
        last = found.end()
    lead = line[:begin] if begin else ""
    return "" if _TURNS.search(lead) else lead


# What stands before a day and takes it back, or asks for it: "Kein Termin am 19.12.2026".
_TURNS = re.compile(r"\b(?:nicht|kein\w*|außer|ausser|vereinbar\w*)\b", re.IGNORECASE)


def _says(segment: Segment, qualifier: str) -> bool:
    return qualifier in qualifiers.replace(tokens.fold(segment.text))[1]


def _read_calendar(passages: Sequence[Passage], reading: Reading) -> None:
    starts = first(passages, Role.STARTS)
    entry = rule(passages) if starts else None
    if starts is None or entry is None:
        return
    value = osm.write([entry])
    if value and osm.valid(value):
        quote = " / ".join(
            p.text for p in passages if p.role in {Role.STARTS, Role.ENDS, Role.RECURRENCE}
        )
        reading.statements.append(
            Statement("hours_osm", value, quote, starts.locator, READER, "calendar entry")
        )


def days_alone(read: Reading) -> Reading:
    """State as hours_text the days of an offer that tells no times: "12.-16. Juli 2027"."""
    told = {one.field: one for one in read.statements if one.field in {"valid_from", "valid_until"}}
    begin, end = told.get("valid_from"), told.get("valid_until")
    if begin is None or end is None or read.value("hours_text") is not None:
        return Reading()
    if (begin.quote, begin.locator) != (end.quote, end.locator) or _MACHINE.match(begin.quote):
        return Reading()
    if _OVER.search(begin.quote):
        return Reading()
    days = "\n".join(
        dict.fromkeys(_SAID_OF_DAYS.sub(r"\1", _told(line)) for line in trimmed(begin.quote))
    )
    return Reading([Statement("hours_text", days, begin.quote, begin.locator, READER, "days", 0.9)])


# What has ended has no days; how long a project runs are none of its days.
_OVER = re.compile(
    r"\b(?:eingestellt|beendet|aufgelöst|geschlossen)\b|\b(?:\w*projekt|förderung)\b.{0,30}\bläuft\b",
    re.IGNORECASE,
)
# The rest of a sentence behind its days: "Vom 18. bis 20. Juni 2027 | zelten wir wieder".
_SAID_OF_DAYS = re.compile(r"(\b20\d\d)\s(?!bis|und|oder|sowie|von|um|ab)[a-zäöü]{3,}[^\d]*$")
# A calendar's own date.
_MACHINE = re.compile(r"\d{4}-?\d{2}-?\d{2}")
