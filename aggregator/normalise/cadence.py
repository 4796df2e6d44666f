"""How often an offer takes place, as far as it tells of its form: once, in a series, for ever."""

from __future__ import annotations

from enum import StrEnum

from aggregator.normalise.cues import Cued
from aggregator.normalise.wording import RecordText
from crawlers.record import Passage, Role


class Cadence(StrEnum):
    """A single date speaks for an event, a set of meetings for a course, a return for a group."""

    ONCE = "once"
    SERIES = "series"
    RECURRING = "recurring"


_ROLES = frozenset({Role.TEXT, Role.HOURS})
_DAY = r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend"
_COUNT = r"(?:zwei|drei|vier|fuenf|sechs|sieben|acht|neun|zehn|elf|zwoelf|[2-9]|1\d|2[0-4])"
_MONTH = (
    r"(?:januar|februar|maerz|april|mai|juni|juli|august|september|oktober|november|dezember"
    r"|(?:jan|feb|mrz|apr|jun|jul|aug|sept?|okt|nov|dez)\b"
    r"|(?:0?[1-9]|1[0-2])\.)"
)
# "jeden zweiten Montag", "einmal im Monat", "alle 14 Tage", "14-tägig".
_RECURRING = Cued(
    rf"\bjede[nrs]?\s(?:[\w.]+\s){{0,3}}?(?:{_DAY}|woche|monat|monats)"
    rf"|\b(?:erste|zweite|dritte|vierte|letzte)[nr]?\s(?:{_DAY})\s(?:im|des|jeden)\s"
    r"|\b(?:woechentlich|monatlich|vierzehntaeg\w+|zweiwoechent\w+|14\s?-?\s?taeg\w+)\b"
    rf"|\b(?:ein|zwei)mal\s(?:im|pro|in\sder|die)\s(?:monat|woche)|\balle\s{_COUNT}\s(?:wochen|tage)"
)
# "Acht Abende", "zehn Termine": a number of meetings, none of which stands alone.
_SERIES = Cued(
    rf"\b{_COUNT}\s(?:abende?n?|termine?n?|einheiten|vormittage?n?|module?n?|kurs\w+"
    r"|samstage?n?|wochen\b(?!enden)|unterrichts\w+|treffen(?! (?:im|pro|je|in)\b))\b"
)
# "Am 5. Mai", "12. bis 14. Juni", "Samstag, 3.4.": a date, but no start and no deadline.
_ONCE = Cued(
    rf"(?<!ab )(?<!ab dem )(?<!seit )(?<!seit dem )(?<!bis )(?<!bis zum )(?<!stand )"
    rf"\b(?:[12]?\d|3[01]|0\d)\.\s?(?:(?:bis|und|-|–)\s?(?:zum\s)?\d{{1,2}}\.\s?)?{_MONTH}"
)


def read_cadence(offer: RecordText) -> tuple[Cadence, Passage] | None:
    """How often the texts say that an offer takes place, with the passage; None if unsaid.

    A return outweighs a series and this a date: "jeden Montag ab 3. März" is no single event.
    """
    for cadence, told in (
        (Cadence.RECURRING, _RECURRING),
        (Cadence.SERIES, _SERIES),
        (Cadence.ONCE, _ONCE),
    ):
        for folded, passage in offer.lines(told.cue, _ROLES):
            if told.pattern.search(folded):
                return cadence, passage
    return None
