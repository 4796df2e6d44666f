"""Whether an offer can be used now: breaks, closures, waiting lists."""

from __future__ import annotations

import re
from datetime import date, timedelta

from aggregator.listing import Status
from aggregator.normalise.context import Context
from aggregator.normalise.cues import Cued, listen
from aggregator.normalise.negation import negated
from aggregator.normalise.statement import Doubt, Reading, Statement
from aggregator.normalise.wording import RecordText, Sentence
from crawlers.finder.reports import tells_end
from crawlers.record import Role, of_roles

READER = "availability@4"

_ROLES = frozenset({Role.TITLE, Role.TEXT, Role.HOURS, Role.IMAGE_TEXT})
_CUES = listen(
    "wartelist",
    "wartezeit",
    "ausgebucht",
    "belegt",
    "pause",
    "pausier",
    "geschlossen",
    "auf weiteres",
    "voll",
    "keine plaetze",
    "freien plaetze",
    "ausgesetzt",
    "aufnahmestopp",
    "nicht statt",
    "abgesagt",
    "entfaellt",
    "eingestellt",
    "beendet",
    "ausgelaufen",
    "nicht mehr",
    "abgeschlossen",
    "aufgeloest",
    "betriebsferien",
    "urlaub",
)

_FULL = Cued(
    r"\bwarteliste\b|\bwartezeit\w*|\bausgebucht\b|\b(?:plaetze|kurs"
    r"|gruppe) (?:\w+ ){0,3}?(?:belegt|voll)\b|\bvoll belegt\b|\bkeine (?:freien )?plaetze\b"
    r"|\baufnahmestopp\b"
)
_NOW = Cued(
    r"\b(?:derzeit|zurzeit|zur zeit|momentan|aktuell|voruebergehend|vorlaeufig"
    r"|bis auf weiteres)\b[^.]{0,60}\b(?:geschlossen|nicht statt|pausiert|pause|ausgesetzt"
    r"|eingestellt)\b"
    r"|\b(?:pausiert|ausgesetzt|geschlossen)\b[^.]{0,20}\b(?:derzeit|zurzeit|zur zeit|momentan"
    r"|aktuell|voruebergehend|bis auf weiteres)\b|\bpausiert\b"
)
_BREAK = Cued(
    r"\b(?:sommer|winter|weihnachts|ferien|oster|herbst)-?pause\b|\bbetriebsferien\b"
    r"|\b(?:geschlossen|urlaub)\b(?=[^.]*\d)|\d[^.]*\bgeschlossen\b"
)
_OVER = Cued(
    r"\b(?:findet|finden) (?:\w+ ){0,3}?nicht mehr statt|\b(?:angebot|projekt|treff|gruppe"
    r"|beratung) (?:\w+ ){0,4}?(?:eingestellt|beendet)\b|\babgesagt\b|\bentfaellt leider\b"
)
_DATE = r"(\d{1,2})\. ?(\d{1,2})\.? ?(\d{4}|\d\d(?!\d))?"
_RANGE = re.compile(rf"{_DATE} ?(?:-|–|bis|bis zum|bis einschliesslich)(?: zum)? ?{_DATE}")
_UNTIL = re.compile(rf"\bbis (?:zum |einschliesslich )*{_DATE}")
_FAR = timedelta(days=200)


def read_availability(offer: RecordText, context: Context) -> Reading:
    """State "status" where the record says that the offer is closed on the day it was read.

    A break with dates counts only while it lasts; a break without dates, a waiting list or a full
    house are Doubt "availability" for people to see. What has ended is inactive: its page is there,
    and who finds it is told. A STATUS passage of a feed is taken as it is.
    """
    reading = Reading()
    for passage in of_roles(offer.passages, Role.STATUS):
        if status := _stated(passage.text):
            reading.statements.append(
                Statement("status", status, passage.text, passage.locator, READER)
            )
            return reading
    for sentence in offer.sentences(_CUES, _ROLES):
        if tells_end(sentence.quote) and tells_end(_whole(offer)):
            told = Status.INACTIVE
        elif _is_closed(sentence, context.seen_on):
            told = Status.TEMPORARILY_CLOSED
        else:
            told = None
        if told is not None:
            reading.statements.append(
                Statement("status", told.value, sentence.quote, sentence.locator, READER)
            )
            return reading
        if _is_doubtful(sentence):
            reading.doubts.append(_doubt(sentence))
    return reading


def _whole(offer: RecordText) -> str:
    """All that a record says: what one sentence ends, another may begin again."""
    return "\n".join(passage.text for passage in offer.passages if passage.role in _ROLES)


def _doubt(sentence: Sentence) -> Doubt:
    return Doubt("availability", sentence.quote, sentence.locator, "status")


def _stated(text: str) -> str | None:
    word = text.strip().lower()
    if word == "cancelled":  # RFC 5545, 3.8.1.11
        return Status.INACTIVE.value
    return word if word in set(Status) else None


def _is_closed(sentence: Sentence, today: date) -> bool:
    text = sentence.folded
    now = _NOW.search(text, sentence.said)
    if now is None and not _BREAK.search(text, sentence.said):
        return False
    span = _span(text, today)
    if span is not None:
        return span[0] <= today <= span[1]
    return now is not None and not negated(text, now.start(), now.end())


def _is_doubtful(sentence: Sentence) -> bool:
    text, said = sentence.folded, sentence.said
    full = _FULL.search(text, said)
    if full is not None and not (full[0][:4] == "wart" and negated(text, full.start(), full.end())):
        return True
    if _OVER.search(text, said):
        return True
    return "pause" in text and _BREAK.search(text, said) is not None


def _span(text: str, today: date) -> tuple[date, date] | None:
    """First and last day of a break; years that are not stated are those nearest to today."""
    if match := _RANGE.search(text):
        first, last = _day(match.groups()[:3], today), _day(match.groups()[3:], today)
        if first and last and not match[3] and first > last:
            first = _shift(first, -1)
        return (first, last) if first and last and first <= last else None
    if match := _UNTIL.search(text):
        last = _day(match.groups(), today)
        return (date.min, last) if last else None
    return None


def _day(parts: tuple[str | None, ...], today: date) -> date | None:
    day, month, year = (int(part) if part else None for part in parts)
    if day is None or month is None:
        return None
    try:
        if year is not None:
            return date(year + 2000 if year < 100 else year, month, day)
        near = date(today.year, month, day)
    except ValueError:
        return None
    if near - today > _FAR:
        return _shift(near, -1)
    return _shift(near, 1) if today - near > _FAR else near


def _shift(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
