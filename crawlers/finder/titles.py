"""What a range of lines is called, if it is one record, and how sure that is.

Strength 3: a heading; 2: a bold or linked beginning, the first cell of a row; 1: the beginning of
plain text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from crawlers.finder.evidence import CONTACT, HINTS, Sign, signs
from crawlers.finder.flow import Flow, Line
from crawlers.finder.words import begins_with_day, is_date, is_label, is_trailer, starts_with_label

_TITLE_COLUMN = re.compile(
    r"(?:angebot|name|titel|was|bezeichnung|veranstaltung|kurs|gruppe|treff|projekt)\w*",
    re.IGNORECASE,
)
_BODY_COLUMN = re.compile(
    r"(?:einrichtung|institution|beratungsstelle|anlaufstelle|organisation|verein)\w*",
    re.IGNORECASE,
)
"""What heads the cells of those who offer; they name the row where no other cell does."""
_OTHER_COLUMN = re.compile(
    r"(?:(?:kurs|veranstaltungs)?ort|raum|räume|wo|adresse|(?:kurs)?leitung|dozent|referent|status)"
    r"[\w*:/()-]*",
    re.IGNORECASE,
)
"""What heads the cells that say where something is or who leads it, which name nothing."""
_ORGANISED = re.compile(
    r"\b(?:e\.\s?V\.?|e\.\s?G\.?|eG|g?GmbH|gUG|g?AG|KdöR|Stiftung)(?:\s*\(haftungsbeschränkt\))?$"
)
_HOUSE = re.compile(r"(?:werkstatt|zentrum|haus|verein|verband|werk|büro)$", re.IGNORECASE)
_KIND = (
    r"(?:kurs|workshop|seminar|lehrgang|gruppe|training|projekt|treff|beratung|coaching|café"
    r"|sprechstunde|vortrag|hilfe|betreuung)"
)
_OFFER = re.compile(rf"(?:[\w-]{{0,30}}{_KIND}|{_KIND}[\w-]{{0,20}})\b", re.IGNORECASE)
_OFFERED = re.compile(
    r"beratung|treff(?!en\b)|(?-i:Treffen)\b|(?<=\w)treffen\b|gruppe\b|kurse?\b|caf[eé]|sprechstunde|hilfe\b|betreuung|projekt|telefon"
    r"|hotline"
    r"|stelle\b|zentrum|center\b|seelsorge|fonds\b|dienst\b|pat(?:e|in|en)\b|frühstück|brunch|workshop|seminar|coaching"
    r"|training"
    r"|ausbildung|freizeit|\bkur(?:en)?\b|markt\b|kammer\b|yoga|spiel|werkstatt|stube\b|begleitung"
    r"|vermittlung"
    r"|pflege\b|börse\b|lots(?:e|in|en)\b|patenschaft"
    r"|(?<!mani)fest\b|basar\b|ausflug"
    r"|nachmittag|abend\b|stammtisch|chor\b|haus\b|familienb|büro\b|tafel\b|laden\b"
    r"|(?:einzel|paar|eltern|familien|beratungs)gespräche?\b|gesprächs(?:kreis|runde)"
    r"|hebamme|netz\b|ferien\b|ferien(?:programm|spiele|lager|tage|woche)|\bcamp\b|wochenende\b|reise\b|erholung",
    re.IGNORECASE,
)
_NAMED_OFFER = re.compile(rf"[\w-]{{0,30}}{_KIND} [„“\"»'‚]", re.IGNORECASE)
_BREAK = re.compile(r"\s[–—|-]\s|:\s|\s\|\s|,\s|;\s|\s\(")
_HOUR = re.compile(
    r"(?:[aA]b |[vV]on |[uU]m )?\d{1,2}(?:[:.]\d{2})?(?: ?Uhr| ?h\b)?"
    r"(?: ?(?:[-–]|bis) ?\d{1,2}(?:[:.]\d{2})?)?(?: ?Uhr| ?h\b)?(?:\s?[:|,–-]\s?|\s+)"
    r"(?P<name>[A-ZÄÖÜ„\"»].{2,118})$"
)
_ON_DAY = re.compile(
    r"(?i:(?:(?:(?:mo|di|mi|do|fr|sa|so)\.?(?:(?<!\.)\w{3,8})?,?\s+)?\d{1,2}\.\s?\d{1,2}\."
    r"(?:\s?\d{2,4})?\s?(?:-|–|bis)\s?)?"
    r"(?:(?:mo|di|mi|do|fr|sa|so)\.?(?:(?<!\.)\w{3,8})?,?\s+)?(?:den |dem |am |vom )?"
    r"(?:\d{1,2}\.(?:\s?\d{1,2}\.)?\s?(?:-|–|bis|und|\+)\s?)?\d{1,2}\.\s?(?:\d{1,2}\."
    r"|(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)\w*\.?)(?:\s?\d{2,4}\b)?"
    r"(?:,?\s(?:um |ab )?\d{1,2}(?:[:.]\d\d)?(?:\s?(?:-|–|bis)\s?\d{1,2}(?:[:.]\d\d)?)?"
    r"\s?(?:uhr|h)\b)?)"
    r"\s?[:|,–-]?\s+(?P<name>[A-ZÄÖÜ„\"»].{2,118})"
)
_NUMBER = re.compile(r"\s\d{1,3}\s?[a-z]?$")
_POSTCODE = re.compile(r"\s?\d{5}\s")
_CAPITAL = re.compile(r"\b[A-ZÄÖÜ]")
_ABBREVIATED = re.compile(
    r"\b(?:e\.\s?V|u\.\s?[aA]|[kK]\.?d\.?ö\.?R|Co|usw|etc|bzw|Str|St|Nr|Jg)\.$"
)
_QUESTION = 60  # characters; a longer question is no name
_NOTE = re.compile(
    r"(?:frau|herrn?|dr\.|dipl\.)[ -].{2,60}|(?:ihre? )?ansprech(?:partner(?:in)?|person).{0,80}"
    r"|(?:die |das |der )?(?:teilnahme|angebot|beratung|eintritt|besuch)?(?: ist| sind)? ?"
    r"(?:kosten(?:los|frei)|gebührenfrei|frei|vertraulich|anonym)(?:(?: und|,) \w+)?"
    r"|(?:keine |ohne |bitte |vorherige |telefonische |um )*(?:vor)?anmeldung(?: \(?\w+\)?){0,4}"
    r"|(?:bitte|hinweis|achtung|wichtig|neu|aktuell|tipp)\b.*|ausgebucht.*|fällt (?:leider )?aus.*"
    r"|nur (?:nach|mit|für) .*|mit kinderbetreuung|kinderbetreuung (?:möglich|vorhanden"
    r"|auf anfrage)"
    r"|(?:wegen .{3,30} )?(?:verschoben|verlegt)\b.*|entfällt\b.*"
    r"|(?:termine?|einstieg) (?:nach|jederzeit) .*|jederzeit .*",
    re.IGNORECASE,
)
_OPENS = re.compile(r"^\++\s*|\s\++$")
_QUOTES = ("„", "“", "»", '"')
_NEWLY = frozenset("NnJj")
_NEW = re.compile(
    r"^(?:neu|jetzt neu)(?:\s(?:ab|seit|im|am|ab dem|seit dem)\s[^:]{2,30})?\s?(?::|!+|\s[–—-])\s+"
    r"(?=[A-ZÄÖÜ„\"»])",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"^(?:save the date|(?:vor)?ankündigung|(?:termin|veranstaltungs)(?:hinweis|tipp))"
    r"\s?(?::|!+|\s[–—-])\s+(?=[A-ZÄÖÜ„\"»])",
    re.IGNORECASE,
)
_ON_DATE = re.compile(
    r"\s(?:am|vom) (?:\w{6,10}, (?:dem |den )?)?\d{1,2}\.\s?"
    r"(?:\d{1,2}\.\s?|[A-Z][a-zä]{2,8} )20\d\d$"
)
_BRACKET = re.compile(r"\s\(([^()]+)\)$")
_TERMS = CONTACT | Sign.CLOCK | Sign.WEEKDAY | Sign.DATE | Sign.COST | Sign.REGISTER
_BY = re.compile(r"(?:Träger|Anbieter|Veranstalter)(?:in)?:\s")
_AGE = re.compile(r"\d\s?(?:J\.|Jahren?\b|Mon(?:\.|aten?\b))")
_SIGNS = " #¶▼▾▿►▸»›→✚⌄˅↓•·"
_LONGEST = 120  # characters of a heading of two lines
_CELL = 60  # characters of a name alone in a plan of the week
_LINKED = 140  # characters of a link that names something
_SHORT = 3  # characters; no name of an event is shorter
_SENTENCE = re.compile(r"[.!?]\s+[A-ZÄÖÜ]")


def title_of(flow: Flow, start: int, end: int) -> tuple[str, int, int] | None:
    """The title of a range, its line and its strength."""
    found = _title_of(flow, start, end)
    if found is None:
        return None
    text, line, strength = found
    signs = flow.lines[line].signs
    named = after_hour(text) if signs & Sign.CLOCK else ""
    named = named or (after_day(text) if signs & Sign.DATE else "")
    return tidy(named or text), line, strength


def tidy(title: str) -> str:
    """A title without what is no part of the name, which its line says all the same.

    The signs that open a box or link to the heading itself ("▾", "#"; "eins+" is a name), that it
    is new or announced, on which day it is, and in brackets for what age and on what terms.
    """
    name = title.strip(_SIGNS) or title
    if "+" in name:
        name = _OPENS.sub("", name) or name
    if name[:1] in _NEWLY:
        name = _NEW.sub("", name)
    if ":" in name or "!" in name:
        name = _ANNOUNCED.sub("", name)
    if name[-4:].isdigit():
        name = _ON_DATE.sub("", name)
    if name.endswith(")") and (bracket := _BRACKET.search(name)) and _states_terms(bracket[1]):
        name = name[: bracket.start()]
    head, comma, day = name.rpartition(", ")
    return head if comma and is_date(day) and not is_date(head) else name


def _states_terms(text: str) -> bool:
    """True for what a bracket after a name says of when, for whom and how much, not of the name."""
    return bool(
        signs(text) & _TERMS or _AGE.search(text) or _NOTE.fullmatch(text) or _BY.match(text)
    )


def _title_of(flow: Flow, start: int, end: int) -> tuple[str, int, int] | None:
    lines = flow.lines
    if lines[start].column >= 0 and (cell := _title_cell(flow, start, end)) is not None:
        return cell
    for number in range(start, min(start + 5, end)):
        line = lines[number]
        if line.head or (line.rank and not is_label(line.text) and not is_date(line.text)):
            if line.rank == 7 and line.shape == "b" and line.signs & CONTACT:
                continue
            if line.shape == "b" and (named := _headed(flow, number, end)):
                return lines[named].text, named, 3
            if line.shape == "b" and _names_offer_of(
                line, lines[number + 1 : min(number + 3, end)]
            ):
                return lines[number + 1].text, number + 1, 2
            return line.text, number, 2 if line.shape == "b" else 3
    for first in range(start, end):
        line = lines[first]
        if not (line.topic or line.menu or is_date(line.text)):
            return _first_title(line, first, end - first)
    return None


def _headed(flow: Flow, number: int, end: int) -> int:
    """The heading right below a bold line that stands above it as who offers; 0 for none."""
    for below in range(number + 1, min(number + 3, end)):
        if 0 < flow.lines[below].rank < 7:
            return 0 if is_label(flow.lines[below].text) else below
    return 0


def may_name(text: str) -> bool:
    """True for a bold line that may be a name: no sentence, no day, no note, nobody's name."""
    return not (ends_sentence(text) or is_date(text) or _NOTE.fullmatch(text))


def ends_sentence(text: str) -> bool:
    """True for text that ends as sentences do, not as names ("… e.V.", "Trennung – und jetzt?")."""
    if text.endswith("?"):
        return len(text) > _QUESTION
    return text.endswith((".", "!")) and not _ABBREVIATED.search(text)


def continues(first: Line, second: Line) -> bool:
    """True where the second line of a heading belongs to the name that the first begins."""
    if first.signs & CONTACT or second.signs & ~HINTS or is_label(second.text):
        return False
    return len(first.text) + len(second.text) <= _LONGEST and not _ORGANISED.search(second.text)


@lru_cache(maxsize=4096)
def names_offer(text: str) -> bool:
    """True for a text with a word in it for something that families are offered, or who offers."""
    return bool(_OFFERED.search(text) or _ORGANISED.search(text))


def _names_offer_of(line: Line, after: Sequence[Line]) -> bool:
    """True where a bold line names who offers, and the plain line below it what.

    "Verein Nord e.V." above "Beratung für Mütter", "Lernwerkstatt" above "Kurs „Neustart“".
    """
    if len(after) < 2 or after[0].rank or after[0].label or after[0].column != line.column:
        return False
    text = after[0].text
    if after[0].signs & ~HINTS or len(text) > 90 or text[-1:] in ".!?:," or _ORGANISED.search(text):
        return False
    if _ORGANISED.search(line.text):
        return bool(_OFFER.match(text))
    return bool(_HOUSE.search(line.text) and _NAMED_OFFER.match(text))


def _first_title(line: Line, number: int, count: int) -> tuple[str, int, int] | None:
    """The title in the first of `count` lines of a unit without headings."""
    planned = signs(line.label) & Sign.WEEKDAY
    if (line.label and not planned) or starts_with_label(line.text) or is_label(line.text):
        return None
    if name := _marked_title(line):
        return name, number, 2
    if line.signs & Sign.CLOCK and (name := after_hour(line.text)):
        return None if ends_sentence(name) or is_label(name) else (name, number, 2)
    if line.signs & Sign.DATE and (name := after_day(line.text)):
        return None if ends_sentence(name) or is_label(name) else (name, number, 2)
    linked = not line.lead and line.lead_link and len(line.text) <= _LINKED
    alone = planned and count == 1 and not line.signs & ~HINTS and len(line.text) <= _CELL
    if alone or (linked and not line.signs & CONTACT):
        return line.text, number, 2
    return _plain_title(line, number, count)


def _marked_title(line: Line) -> str:
    """The name that a line begins with in bold, or that a calendar's line links; else ""."""
    lead = line.lead.strip(" :–-,;")
    if _dated(lead):
        return _after_date(line)
    if lead.endswith(".") and not _ABBREVIATED.search(lead):
        lead = lead.rstrip(".")
    if lead and 3 <= len(lead) <= _LONGEST and not is_label(lead):
        return lead
    return _after_date(line)


def _after_date(line: Line) -> str:
    """What a line of a calendar names in bold or by its only link, right after day and hour."""
    linked = len(line.links) == 1
    if not (linked or line.stressed) or not line.signs & (Sign.DATE | Sign.WEEKDAY | Sign.CLOCK):
        return ""
    for marked in [*line.stressed[:1], *([line.links[0][1]] if linked else [])]:
        text = " ".join(marked.split()).strip(" :")
        before, found, _ = line.text.partition(text) if len(text) > _SHORT else ("", "", "")
        if not found or len(text) > _LONGEST or is_trailer(text) or is_label(text) or _dated(text):
            continue
        if is_date(before.strip(" :|–-,;")):
            return text
    return ""


def after_hour(text: str) -> str:
    """What a line names after the hour it begins with: "9–11 Uhr: Krabbelgruppe"; else ""."""
    return _name_in(_HOUR.match(text))


def after_day(text: str) -> str:
    """What a line names after the date it begins with: "Fr 5.3. Kinoabend, 19 Uhr"; else ""."""
    return _name_in(_ON_DAY.match(text))


def _name_in(match: re.Match[str] | None) -> str:
    """The name at the beginning of what follows a day or an hour."""
    if match is None:
        return ""
    name = match["name"]
    end = _break(name)
    quoted = end is not None and name[end.end() :].startswith(_QUOTES)  # Elternabend: „Trotz“
    return (name[: end.start()] if end and not quoted else name).strip(" :–-,;")


def _plain_title(line: Line, number: int, count: int) -> tuple[str, int, int] | None:
    if not line.signs & (CONTACT | Sign.CLOCK | Sign.WEEKDAY) and count > 1:
        text = line.text.rstrip(" :")
        if (
            len(text) <= 90
            and not _SENTENCE.search(text)
            and not ends_sentence(text)
            and (text[:1].isupper() or _CAPITAL.search(text))
        ):
            return text, number, 1
        return None
    match = _break(line.text)
    if match is None or match.start() > 90:
        return None
    head = line.text[: match.start()].strip()
    if (
        is_label(head)
        or (_NUMBER.search(head) and _POSTCODE.match(line.text, match.end()))
        or starts_with_label(f"{head.split()[0]}:")
        or _dated(head)
        or not head[:1].isupper()
        or not any(c.isalpha() for c in head)
    ):
        return None
    return head, number, 1


def _break(text: str) -> re.Match[str] | None:
    """Where a name at the beginning of a text ends: not between quotation marks."""
    for match in _BREAK.finditer(text, 3, 100):
        head = text[: match.start()]
        if head.count("„") <= head.count("“") + head.count("”") and head.count('"') % 2 == 0:
            return match
    return None


def _dated(text: str) -> bool:
    told = signs(text) | signs(f"{text} 1") & Sign.WEEKDAY  # "Mo" is a day before a number only
    if told & Sign.WEEKDAY and not begins_with_day(text):
        told &= ~Sign.WEEKDAY  # "Brunch am Sonntag"
    return bool(told & (CONTACT | Sign.CLOCK | Sign.WEEKDAY | Sign.DATE))


def _title_cell(flow: Flow, start: int, end: int) -> tuple[str, int, int] | None:
    """The title in a table row: the cell below a word like "Angebot", else the first name."""
    lines = flow.lines
    if len({line.column for line in lines[start:end]}) < 2:
        return None
    if (headed := _headed_cell(lines, start, end)) is not None:
        return lines[headed].text, headed, 2
    column = -1
    for number in range(start, end):
        line = lines[number]
        if line.column == column or (not line.label and number > start):
            continue
        column = line.column
        if line.label and _OTHER_COLUMN.fullmatch(line.label.split()[0]):
            continue
        if is_label(line.text) or line.signs & (CONTACT | Sign.CLOCK | Sign.WEEKDAY | Sign.DATE):
            continue
        if len(line.text) <= 140:
            return (line.lead or line.text).strip(" :"), number, 2
    return None


def _headed_cell(lines: Sequence[Line], start: int, end: int) -> int | None:
    """The first line of the cell that names a row by the word above it; None where there is none.

    Where one column says who offers and another what, the latter names the row if it is set apart
    or has the name of an offer; else it describes what the body does.
    """
    bodies = _below(lines, start, end, _BODY_COLUMN)
    named = _below(lines, start, end, _TITLE_COLUMN)
    if not (bodies and named):
        return min([*bodies, *named], default=None)
    body, name = lines[bodies[0]], lines[named[0]]
    if name.rank and not body.rank:
        return named[0]
    return min(bodies[0], named[0])


def _below(lines: Sequence[Line], start: int, end: int, column: re.Pattern[str]) -> list[int]:
    return [
        n
        for n in range(start, end)
        if lines[n].label and column.fullmatch(lines[n].label.split()[0].rstrip("?:"))
    ]
