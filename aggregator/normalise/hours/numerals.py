"""Times and years written in words, without marks, once for all: "halb zehn", "1700-1900 Uhr"."""

from __future__ import annotations

import re

from aggregator.normalise.hours.phrase import phrase

_WORDS = {
    "ein": 1, "eins": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7,
    "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "dreizehn": 13, "vierzehn": 14,
    "fünfzehn": 15, "sechzehn": 16, "siebzehn": 17, "achtzehn": 18, "neunzehn": 19, "zwanzig": 20,
    "einundzwanzig": 21, "zweiundzwanzig": 22, "dreiundzwanzig": 23, "vierundzwanzig": 24,
}  # fmt: skip
_NUMBER = "|".join(sorted(_WORDS, key=len, reverse=True))
# "viertel neun" is left alone: in the east it is 8.15, in the west nobody says it.
_CLOCK = rf"(?:(?P<shift>halb|viertel\s+(?:vor|nach)|dreiviertel)\s+)?(?P<hour>{_NUMBER})"
_SPOKEN = _CLOCK.replace("?P<shift>", "?:").replace("?P<hour>", "?:")
_ONE = re.compile(_CLOCK, re.IGNORECASE)
_PHRASE = re.compile(
    rf"\b{_SPOKEN}(?:\s+uhr)?\s*(?:-|bis|und)\s*{_SPOKEN}\s+uhr\b"
    rf"|\b(?:von|zwischen)\s+{_SPOKEN}(?:\s+uhr)?\s*(?:-|bis|und)\s*(?:{_SPOKEN}|\d{{1,2}})\b"
    rf"|\b(?:um|ab|bis|gegen)\s+(?:halb|viertel\s+(?:vor|nach)|dreiviertel)\s+(?:{_NUMBER})\b"
    rf"|(?<=\d\s)(?:-|bis)\s+halb\s+(?:{_NUMBER})\b|(?<=uhr\s)bis\s+{_SPOKEN}\b"
    rf"|(?:vormittags?|nachmittags?|abends?|morgens)\s+(?:um|ab|gegen)\s+{_SPOKEN}"
    r"(?=\s*(?:[,;.)\n]|$|bis\b))"
    rf"|\b{_SPOKEN}\s+uhr\b|\bum\s+{_SPOKEN}(?=\s*(?:[,;.)\n]|$))",
    re.IGNORECASE,
)
_BEFORE = {"halb": 30, "dreiviertel": 15, "vor": 15}
_COMPACT = re.compile(
    # A digit first, so that the engine finds where to look.
    r"([0-2](?<!\d.)(?:(?<=[01])\d|(?<=2)[0-3]))([0-5]\d)\s?(?:uhr\s?)?-\s?([01]\d|2[0-4])([0-5]\d)"
    r"(?=\s*(?:uhr|h)\b)",
    re.IGNORECASE,
)
# "Termine 2027: 15.1., 19.2.": the heading gives the year of every date that has none.
_YEAR = re.compile(r"(?:^|\b(?:termine|daten|jahr)\s+)(20[2-4]\d)\s*:", re.IGNORECASE)
_YEARLESS = re.compile(r"(?<![\d.])(\d{1,2}\.\s?\d{1,2}\.)(?!\s?\d{2})(?!\d)")
_HINT = phrase(
    "ein|zwe|zwö|drei|vier|fünf|sech|sieb|acht|neun|zehn|elf|zwan", rf"\b(?:{_NUMBER})\b"
)
# Spoken hours run to twelve: "halb acht" is morning or evening, "halb zehn" hardly ever evening.
_DOUBTFUL = frozenset({5, 6, 7, 8})
_NOON = 12
_HALF = 12 * 60  # minutes of half a day
_AFTERNOON = 4  # spoken hours up to which nobody meets in the morning: "um halb vier"
_PART = re.compile(r"morgen|früh|vormittag|nachmittag|abend", re.IGNORECASE)


def write_digits(text: str) -> str:
    """The text with spoken times of day in digits.

    >>> write_digits("von halb zehn bis elf Uhr, 1700-1900 Uhr")
    'von 9:30 bis 11 Uhr, 17:00-19:00 Uhr'
    """
    if _HINT.search(text.lower()):
        parted = _PART.search(text) is not None
        text = _PHRASE.sub(lambda phrase: _phrase(phrase, parted), text)
    years = _YEAR.findall(text) if "20" in text else []
    if len(years) == 1:
        text = _YEARLESS.sub(rf"\g<1>{years[0]}", text)
    return _COMPACT.sub(_with_colons, text)


def _with_colons(match: re.Match[str]) -> str:
    return f"{match[1]}:{match[2]}-{match[3]}:{match[4]}"


_BARE = re.compile(r"\b(?:um|ab|gegen)\s+\d{1,2}$", re.IGNORECASE)  # "samstags um elf"
_BEGUN = re.compile(r"\b(\d{1,2})(?:[.:](\d\d))?\s(?:uhr\s)?$", re.IGNORECASE)


def _phrase(match: re.Match[str], parted: bool) -> str:
    phrase = match[0]
    begun = _BEGUN.search(match.string, 0, match.start())
    if begun:  # "18 bis halb acht"
        since = 60 * int(begun[1]) + int(begun[2] or 0)
        return _ONE.sub(lambda clock: _after(clock, since), phrase)
    hours = [_WORDS[clock["hour"].lower()] for clock in _ONE.finditer(phrase)]
    told = parted or max(hours, default=0) > 12  # "von acht bis sechzehn Uhr"
    told = told or (len(hours) == 2 and hours[1] == _NOON)  # "von acht bis zwölf"
    if hours and not told and hours[0] in _DOUBTFUL:
        return phrase
    later = 12 if hours and not told and hours[0] <= _AFTERNOON else 0
    written = _ONE.sub(lambda clock: _digits(clock, later), phrase)
    return f"{written} Uhr" if _BARE.search(written) else written


def _after(match: re.Match[str], since: int) -> str:
    """A spoken time in digits, the first one after a time of day in minutes.

    "17 bis halb eins" ends half an hour after midnight, "10 bis eins" an hour after noon.
    """
    minutes = _minutes(match)
    if minutes < _HALF:
        minutes = next((m for m in (minutes, minutes + _HALF) if m > since), minutes)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}" if minute else str(hour)


def _minutes(match: re.Match[str]) -> int:
    """A spoken time in minutes; up to twelve as one of the first half of the day."""
    hour = _WORDS[match["hour"].lower()]
    shift = (match["shift"] or "").lower().split()
    away = 0 if not shift else 15 if shift[-1] == "nach" else -_BEFORE[shift[-1]]
    return (60 * hour + away) % _HALF if hour <= _NOON else 60 * hour + away


def _digits(match: re.Match[str], later: int) -> str:
    hour = _WORDS[match["hour"].lower()]
    hour += later if hour <= 12 - (later > 0) else 0
    shift = (match["shift"] or "").lower().split()
    if not shift:
        return str(hour)
    if shift[-1] == "nach":
        return f"{hour}:15"
    return f"{hour - 1 or 12}:{60 - _BEFORE[shift[-1]]:02}"
