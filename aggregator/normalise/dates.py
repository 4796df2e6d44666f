"""From when until when an offer holds: dates of events and courses."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import zip_longest

from aggregator.normalise.context import Context
from aggregator.normalise.hours import qualifiers, tokens
from aggregator.normalise.hours.cursor import RANGE, Days, Season, UnclearError
from aggregator.normalise.hours.episode import without_episodes
from aggregator.normalise.hours.grammar import Reader
from aggregator.normalise.hours.moment import day, first, last, moment
from aggregator.normalise.hours.rule import Day, Period
from aggregator.normalise.hours.segment import Segment, dated, trimmed
from aggregator.normalise.hours.tokens import Kind
from aggregator.normalise.statement import Doubt, Reading, Statement
from crawlers.record import Passage, Role, origin

READER = "dates@7"
# "Ab dem 1. Januar 2027 steigt das Kindergeld"
_OF_LAW = re.compile(
    r"\bsteig(?:t|en)\b|\b(?:wurden?|wird|werden)\b.{0,60}\b(?:erhöht|angehoben|gesenkt)\b"
    r"|\berhöh(?:t|en) sich\b|\bin Kraft\b"
)
# "14.08.2026 Ministerium für Soziales": who approved a text, and when.
_APPROVED = re.compile(
    r"\W*(?:stand |vom |am )?\d{1,2}\.\s?\d{1,2}\.\s?\d{4}\W{1,4}"
    r"(?:\w*ministerium|senatsverwaltung|\w*behörde|redaktion|landratsamt|stadtverwaltung)\b"
    r"(?!.*\d[.:]\d\d|.*\bUhr\b)",
    re.IGNORECASE,
)
# "Weihnachtspause: 21.12.2026 bis 8.1.2027": when nothing takes place.
_SHUT = re.compile(
    r"pause\b|\b(?:betriebs(?:urlaub|ferien)|geschlossen|(?:im|in|haben|machen) urlaub)\b"
)


def read_dates(passages: Sequence[Passage], context: Context) -> Reading:
    """State valid_from and valid_until (ISO 8601) of a record.

    What markup or a calendar says comes before the text. A year that is not written is inferred
    only where a weekday or a neighbouring date leaves one choice (`hours.calendar`). Deadlines
    for registration, days on which something is closed, the next days of what goes on and dates of
    the past years of a text's history are no validity. What the record's own page says whole comes
    before what others say of it.
    """
    reading = _stated(passages)
    if reading.statements:
        return _without_end(reading, passages, context)
    segments = without_episodes(dated(passages), passages)
    own = [segment for segment in segments if not origin(segment.locator)]
    if 0 < len(own) < len(segments):
        reading = _told(own, passages, context)
        if reading.value("valid_from") and reading.value("valid_until"):
            return reading
    return _told(segments, passages, context)


def _told(segments: Sequence[Segment], passages: Sequence[Passage], context: Context) -> Reading:
    """From when until when an offer holds as its text says."""
    reading = Reading()
    starts: list[tuple[date, Segment]] = []
    months: list[tuple[date, Segment]] = []
    ends: list[tuple[date, Segment]] = []
    for segment in segments:
        if _OF_LAW.search(segment.text) or _APPROVED.match(segment.text):
            continue
        goes_on = _NEXT.search(segment.text) is not None and _recurs(passages)
        periods = _periods("\n".join(trimmed(segment.text)), context.seen_on)
        if periods is None:
            reading.doubts.append(
                Doubt("dates_not_understood", segment.text, segment.locator, "valid_from")
            )
            continue
        for period in periods:
            begin = _begin(period.first)
            end = _end(period.last)
            known = end or begin
            if known is None or (known.year < context.seen_on.year - 1 and not _set(segment.text)):
                continue
            if goes_on and known >= context.seen_on:
                continue
            if end and period.first == period.last and _OPENS.search(segment.text):
                end = None
            if begin and period.first and not _ENDED.search(segment.text):
                (starts if period.first.day else months).append((begin, segment))
            ends += [(end, segment)] if end else []
    named = {(begin.year, begin.month) for begin, _ in starts}
    starts += [told for told in months if (told[0].year, told[0].month) not in named]
    if starts:
        _state(reading, "valid_from", *min(starts, key=lambda found: found[0]))
    if ends and not (
        starts and max(ends, key=lambda f: f[0])[0] < min(starts, key=lambda f: f[0])[0]
    ):
        _state(reading, "valid_until", *max(ends, key=lambda found: found[0]))
    return reading


# "Am Dienstag, 13. November 2018, um 19 Uhr", "26.08.2019 - 20.09.2019", "Beginn 9.1.2024".
_SET = re.compile(
    r"(?:\b(?:mon|diens|donners|frei|sams|sonn)tag|\bmittwoch|\b(?:mo|di|mi|do|fr|sa|so)\b\.?),?\s"
    r"(?:(?:den|dem)\s)?\d{1,2}\.\s?(?:\d|[a-zä]{3})"
    r"|\d\.?\s?(?:[-–]|bis)\s?\d{1,2}\.\s?(?:\d{1,2}\.|[a-zä]{3,9})\s?20\d\d"
    r"|\b(?:beginn|start|termine?|wann|datum|kursbeginn|laufzeit|zeitraum)\W{1,3}"
    r"(?:(?:am|ist|ab|vom)\s)?(?:\w+,\s)?\d{1,2}\.\s?(?:\d|[a-zä]{3})",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:war(?:en)?|fand(?:en)?|wurden?|hatten?|gab es|feierten?|haben|kamen|trafen)\b",
    re.IGNORECASE,
)


# "Zum 30. Juni 2026 eingestellt": the day on which it ended, and not one on which it began.
_ENDED = re.compile(
    r"\b(?:zum|seit|per)\s[^.;]{0,30}\d[^;]{0,30}\b(?:eingestellt|beendet|aufgelöst)\b"
)


def _set(text: str) -> bool:
    """Whether a text sets the days of an offer, however long ago, and does not look back."""
    return _SET.search(text) is not None and _OVER.search(text) is None


def _stated(passages: Sequence[Passage]) -> Reading:
    reading = Reading()
    recurrence = first(passages, Role.RECURRENCE)
    starts, ends = first(passages, Role.STARTS), first(passages, Role.ENDS)
    begin = moment(starts.text) if starts else None
    close = moment(ends.text) if ends else None
    if starts and begin:
        _state(reading, "valid_from", day(begin), Segment(starts.text, starts.locator))
    if recurrence:
        # The end of a series is the rule's, not that of its first meeting.
        until = last(recurrence.text)
        if until:
            _state(reading, "valid_until", until, Segment(recurrence.text, recurrence.locator))
    elif (
        (source := ends if close else starts)
        and (value := close or begin)
        and (begin is None or day(value) >= day(begin))
    ):
        _state(reading, "valid_until", day(value), Segment(source.text, source.locator))
    return reading


# A series, of which markup that names no end tells the first day only.
_AGAIN = re.compile(
    r"\b[Jj]ede[nrs]?\s(?:\S+\s){0,3}?(?:\w+tag|Mittwoch|Sonnabend|Woche|Monat)|\b\w+tags\b"
    r"|\b[Mm]ittwochs\b|\b(?:wöchentlich|monatlich|alle 14 Tage|alle zwei Wochen)\b"
)


def _without_end(reading: Reading, passages: Sequence[Passage], context: Context) -> Reading:
    """What markup states that has no end: the text says how long it takes, or that it recurs."""
    begin = reading.value("valid_from")
    if begin is None or first(passages, Role.ENDS) or first(passages, Role.RECURRENCE):
        return reading
    only = [one for one in reading.statements if one.field == "valid_from"]
    for segment in dated(passages):
        text = "\n".join(trimmed(segment.text))
        for period in _periods(text, context.seen_on) or ():
            until = _end(period.last)
            known = _begin(period.first)
            if until and known and known.isoformat() == begin and until > known:
                longer = Reading(only)
                _state(longer, "valid_until", until, segment)
                return longer
        if _AGAIN.search(text):
            return Reading(only)
    return reading


# "Nächste Termine: 6.12., 20.12." of a group that meets every fortnight: it does not end with them.
_NEXT = re.compile(
    r"\b(?:nächste[rnms]?|kommende[rn]?)\s(?:\w+\s)?(?:[a-z]*termine?n?|treffen|treffs?|daten)\b",
    re.IGNORECASE,
)


_SERIES = r"\b\w*(?:kurs|gruppe|reihe|kreis|treff|runde|training)\b"
# The first day of several: "Der erste Termin ist am 5.1.2027", "Am 14.1.2027 startet ein Kurs".
_OPENS = re.compile(
    r"\berste[rsn]?\s(?:\w*termin|\w*treffen|treff|\w*abend|kurstag|sitzung|stunde)\b"
    rf"|\b(?:startet|beginnt)\b[^.;]{{0,60}}{_SERIES}|{_SERIES}[^.;]{{0,60}}\b(?:startet|beginnt)\b",
    re.IGNORECASE,
)


def _recurs(passages: Sequence[Passage]) -> bool:
    return any(
        _AGAIN.search(passage.text) or _EVER.search(passage.text)
        for passage in passages
        if passage.role in {Role.TEXT, Role.HOURS}
    )


_EVER = re.compile(
    r"\b(?:ein|zwei)mal (?:im|pro|je) Monat\b|\b14-?tägig|\balle (?:zwei|drei|vier) Wochen\b"
    r"|\b(?:erste|zweite|dritte|vierte|letzte|\d\.)[rn]? (?:und \S+ )?\w+(?:tag|woch|abend)"
    r" im Monat\b",
    re.IGNORECASE,
)


def _periods(text: str, seen_on: date) -> list[Period] | None:
    plain, _ = qualifiers.replace(tokens.fold(text))
    try:
        phrases = Reader(tokens.tokenise(plain), seen_on).phrases()
    except UnclearError:
        return _one_event(plain)
    found: list[Period] = []
    for phrase, follower in zip_longest(phrases, phrases[1:]):
        meaning = phrase.meaning
        if follower is not None and follower.meaning is Kind.CLOSED:
            continue
        if isinstance(meaning, Days | Season) and not meaning.inverted:
            found += meaning.periods
    return found


# "9 Termine (nicht am 09.02.)": the only days that are named are those on which nothing happens.
_EXCEPTED = re.compile(
    r"(?:(?!\d{1,2}\.\s?(?:\d{1,2}\.|[a-zä]{3})).)*?"
    r"\b(?:nicht|außer|ausser|ohne|entfällt|kein\w{0,2}\s\w+)\s(?:(?:am|vom|an)\s)?\d{1,2}\.",
    re.DOTALL,
)


def _one_event(plain: str) -> list[Period] | None:
    """The days of "12.02.2027, 16 Uhr - 15.02.2027, 14 Uhr", which gives no hours.

    Also of "(14.07.–01.08.2027)" and "(3.11., 10.11., 1.12.2027)" in a sentence that is not
    understood; a year that only the last day names is that of all.
    """
    if _SHUT.search(plain.lower()) or _EXCEPTED.match(plain.lower()):
        return []
    said = tokens.tokenise(plain)
    if (span := _named_span(said)) is not None:
        return [span]
    at = [i for i, token in enumerate(said) if token.kind is Kind.DATE]
    days = [day for i in at if isinstance(day := said[i].value, Day)]
    if len(days) < _TWO:
        return None
    between = said[at[0] + 1 : at[-1]]
    joined = any(token.kind in RANGE for token in between) if len(days) == _TWO else False
    listed = all(token.kind in _LISTS for token in between)
    last_year = days[-1].year
    days = [day if day.year else replace(day, year=last_year) for day in days]
    known = [one for day in days if (one := day.date())]
    told = joined or (listed and len(days) > _TWO)
    if not told or len(known) < len(days) or known != sorted(known):
        return None
    return [Period(days[0], days[-1])]


def _named_span(said: Sequence[tokens.Token]) -> Period | None:
    """The only days that a text names: "in den Sommerferien ans Meer (17. bis 24. Juli 2027)"."""
    at = [i for i, token in enumerate(said) if token.kind is Kind.DATE]
    if len(at) != 1 or at[0] < _RANGE_OPENS or said[at[0] - 1].kind not in RANGE:
        return None
    nth, end = said[at[0] - 2], said[at[0]].value
    if nth.kind is not Kind.NTH or not isinstance(nth.value, int) or not isinstance(end, Day):
        return None
    begin = Day(end.year, end.month, nth.value)
    first_day, last_day = begin.date(), end.date()
    return Period(begin, end) if first_day and last_day and first_day < last_day else None


_TWO = 2  # the days of a span
_LISTS = frozenset({Kind.DATE, Kind.BREAK, Kind.AND, Kind.DAYS})
_RANGE_OPENS = 2  # tokens before the last day: the first and what joins them


def _begin(first_day: Day | None) -> date | None:
    return first_day.date() if first_day else None


def _end(last_day: Day | None) -> date | None:
    if last_day is None or not last_day.year:
        return None
    if last_day.day:
        return last_day.date()
    return date(
        last_day.year, last_day.month, calendar.monthrange(last_day.year, last_day.month)[1]
    )


def _state(reading: Reading, name: str, value: date, segment: Segment) -> None:
    reading.statements.append(
        Statement(name, value.isoformat(), segment.text, segment.locator, READER)
    )
