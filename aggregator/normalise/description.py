"""The description of an offer: short clean text of what its page says, without what fields say."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from aggregator.normalise.context import Context
from aggregator.normalise.cues import LINES, Cued, seen, watch
from aggregator.normalise.person import strip_persons
from aggregator.normalise.plainpart import PLAIN, plain_part
from aggregator.normalise.statement import Reading, Statement
from aggregator.normalise.streets import find_streets, find_towns
from aggregator.normalise.text import language, plain
from crawlers.plainwords import leads_to_plain
from crawlers.record import Passage, Record, Role, of_roles

_READER = "description@3"
LONGEST = 600  # characters
_MOST = 4_000  # characters of one line that are looked at
_CONTACT = re.compile(
    r"@|\(at\)|\[at\]|https?://|www\.|\b(?:tel(?:efon)?|fon|fax|telefax|mobil|e-?mail|"
    r"internet|web(?:site)?|homepage)\s?[.:]|\bvorwahl\b",
)
_CONTACT_CUES = watch(
    "@", "(at)", "[at]", "http", "www.", "tel", "fon", "fax", "mobil", "mail", "web", "internet",
    "homepage", "vorwahl",
)  # fmt: skip
_LABELLED = re.compile(
    r"^(?:(?:öffnungs|sprech|beratungs|kurs|telefon|büro)?zeit(?:en|raum)?|wann|wo|"
    r"ort|adresse|anschrift|treffpunkt|"
    r"veranstaltungsort|termine?|datum|uhrzeit|kosten|gebühr(?:en)?|preis|"
    r"teilnahme(?:gebühr|beitrag)|"
    r"anmeldung|kontakt|ansprech\w{1,14}|träger|veranstalter(?:in)?|leitung|"
    r"kursleitung|telefon|anbieter(?:in)?|"
    r"sprachen?|zielgruppe|barrierefrei\w{0,6}|stand|tags?|kategorien?|schlagworte?)\b[^:.]{0,25}:",
    re.IGNORECASE,
)
_HOURS = re.compile(
    r"\b(?:mo|di|mi|do|fr|sa|so|(?:mon|diens|donners|frei|sams|sonn)tags?|"
    r"mittwochs?)\b.{0,40}\d{1,2}(?:[.:]\d\d)?\s?(?:-|–|bis|uhr|h\b)"
    r"|\bjeweils (?:von )?\d{1,2}(?:[.:]\d\d)?\s?(?:-|–|bis|uhr)",
)
_SPAN = re.compile(r"\d{1,2}[.:]\d\d\s?(?:uhr\s?)?(?:-|–|bis)\s?\d{1,2}[.:]\d\d", re.IGNORECASE)
_BRIEF = 70  # characters of a line that tells a time or an address and hardly more
_FURNITURE = Cued(
    r"^(?:mehr(?: (?:infos?|lesen|erfahren|dazu))?|weiterlesen(?: .{1,120})?|weiter"
    r"|zurück(?: zur? .{2,40})?|details?|in den warenkorb(?: .{1,40})?|jetzt (?:anmelden|buchen)|"
    r"zur (?:anmeldung|buchung|webseite|website|homepage|karte|online-?beratung)|"
    r"zum (?:formular|anmeldeformular|kurs|termin)|auf einen blick|anmeldung|kosten|termine?|"
    r"(?:sprech|öffnungs|büro|beratungs)zeiten|geöffnet|kurs-?n(?:r|ummer)|ansprech\w{2,14}|"
    r"zum angebot|drucken|teilen|"
    r"nach oben|zur übersicht|kontakt|karte|route|download|anmelden|home|startseite|"
    r"impressum|datenschutz|"
    r"cookie.{0,80})\W*$",
    re.IGNORECASE,
    ear=LINES,
)
_MARKS = re.compile(r"\W*")
_PHONE = re.compile(r"(?<!\d)(?:\+49|0\d{2,5})[\d /()–-]{5,}\d")
_STAND_IN = re.compile(
    r"\[e-?mail (?:protected|geschützt)\]|diese e-mail-adresse ist vor spambots geschützt!?"
    r"(?: zur anzeige muss javascript eingeschaltet (?:sein|werden)[.!]?)?",
    re.IGNORECASE,
)
"""What Cloudflare and Joomla show in place of an address until a script has run."""
_DIGIT = re.compile(r"\d")
_MARK = re.compile("[.!?…]")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"“”]?\s+(?=[„\"A-ZÄÖÜ0-9])")
_ABBREVIATED = re.compile(
    r"\b(?:z\.\s?B|d\.\s?h|u\.\s?a|ca|bzw|Nr|Dr|usw|inkl|ggf|e|St|evtl|etc|[Ee]v|[Kk]ath|[Ee]vang"
    r"|max|min|tägl|einschl|zzgl|vgl|insb|staatl|städt|Hl|Prof|Dipl|\d{1,2})\.$|[Ss]tr\.$"
)


def read_description(record: Record, context: Context) -> Reading:  # noqa: ARG001 - readers share one form
    """State a description of at most 600 characters in whole sentences; nothing where none is left.

    Lines that carry contacts, addresses, hours or labels are left out: fields of their own tell
    them. So is what the page says again in plain words, unless it says nothing else. Names of
    persons are removed.
    """
    part = plain_part(record)
    plain = {part.heading, *part.lines} if part else set()
    return _described(record, plain) or _described(record, set()) or Reading()


def _described(record: Record, left_out: AbstractSet[Passage | None]) -> Reading | None:
    used: list[Passage] = []
    sentences: list[str] = []
    length = 0
    goes_on = False
    title = record.title.casefold().strip()
    for passage in of_roles(record.passages, Role.TEXT):
        if left_out and passage in left_out:
            continue
        text = told(passage.text, title)
        if not text:
            continue
        if goes_on and text[0].islower():
            entry = sentences[-1][0].islower()  # of a list that goes on
            sentences[-1] = sentences[-1].removesuffix(".") + "," * entry
        goes_on = text.endswith(".") and not passage.text.rstrip().endswith(".")
        for sentence in split(strip_persons(text)):
            if length + len(sentence) + 1 > LONGEST:
                return _reading(sentences, used)
            if sentence in sentences:
                continue
            sentences.append(sentence)
            length += len(sentence) + 1
            if not used or used[-1] is not passage:
                used.append(passage)
    return _reading(sentences, used)


def _reading(sentences: list[str], used: list[Passage]) -> Reading | None:
    if not used:
        return None
    text = " ".join(sentences)
    locator = used[0].locator
    written = language(text)
    reason = f"Sprache: {written}" if written else ""
    return Reading([Statement("description", text, text, locator, _READER, reason)])


def told(text: str, title: str) -> str:
    """The sentences of a line that belong into a description; "" where none does.

    `title` is that of the record, case-folded: it is not said again.
    """
    text = plain(text[:_MOST])
    if "ail" in text:
        text = _STAND_IN.sub("", text).strip()
    said = seen(text)
    if (
        len(text) < 12
        or text.casefold() == title
        or _FURNITURE.search(text, said)
        or _MARKS.fullmatch(text)
        or (said & PLAIN and leads_to_plain(text))
        or (":" in text and _LABELLED.match(text))
    ):
        return ""
    if len(text) < 160:
        return "" if _is_data(text) else _ended(text)
    return " ".join(s for s in split(text) if not _is_data(s))


def _is_data(text: str) -> bool:
    lower = text.lower()
    if seen(text) & _CONTACT_CUES and _CONTACT.search(lower):
        return True
    return bool(_DIGIT.search(text)) and bool(
        _HOURS.search(lower)
        or _PHONE.search(text)
        or find_towns(text)
        or (len(text) < _BRIEF and (_SPAN.search(text) or find_streets(text)))
    )


def _ended(text: str) -> str:
    """A line that is no sentence ends like one, so that lines can follow each other."""
    return text if text[-1] in '.!?…:;,“"' or len(text) < 20 else f"{text}."


def split(text: str) -> list[str]:
    """The sentences of a text."""
    if not _MARK.search(text, 0, len(text) - 1):
        return [text.strip()] if text.strip() else []
    parts: list[str] = []
    for part in _SENTENCE.split(text):
        if parts and _ABBREVIATED.search(parts[-1][-12:]):
            parts[-1] = f"{parts[-1]} {part}"
        elif part.strip():
            parts.append(part.strip())
    return parts
