"""The lines of a record that speak of times, as the one text that they are together."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ONE_DATE = re.compile(
    r"\W*(?:(?:mo|di|mi|do|fr|sa|so)[a-z]*\.?,?\s{1,2})?(?:den\s)?"
    r"\d{1,2}\.\s?(?:\d{1,2}\.|[a-zä]{3,9}\.?)\s?(?:20\d\d)?\W*",
    re.IGNORECASE,
)
_DAY_AND_SPAN = 2
_ONE_SPAN = re.compile(
    r"\W*(?:vom\s)?\d{1,2}\.\s?(?:\d{1,2}\.|[a-zä]{3,9}\.?)?\s?(?:20\d\d)?\s?(?:[-–]|bis)\s?(?:zum\s)?"
    r"\d{1,2}\.\s?(?:\d{1,2}\.|[a-zä]{3,9}\.?)\s?20\d\d\W*",
    re.IGNORECASE,
)
# Below a date the hours of its day of the week: "12.12.2026" above "Samstag, 14–17 Uhr".
_ON_A_DAY = re.compile(
    r"\W*(?:(?:mon|diens|donners|frei|sams|sonn)(?:tag|abend)|mittwoch|mo|di|mi|do|fr|sa|so)\b\.?,?\s"
    r"(?:von\s|um\s|ab\s)?\d",
    re.IGNORECASE,
)
_THEN = re.compile(r"\W*(?:jeweils|je|immer|uhrzeit:?)\s(?:von\s|um\s|ab\s)?\d", re.IGNORECASE)
# The full stop behind a time of day, and not the one of a date: "bis 17.30.", "am 22. und 29.12."
_STOP = re.compile(
    r"(?P<day>\b(?:am|den|vom|zum|ab|\d{1,2}\.(?:\d{1,2}\.)?\s?(?:,|und|u\.|bis|[-–])))?"
    r"(?P<time>\s?\d{0,2}[:.]\d\d)\.(?=\n|$)"
)


def _stopped(found: re.Match[str]) -> str:
    return found[0] if found["day"] else found["time"]


def gathered(lines: Sequence[str]) -> str:
    """The lines as a text; a column of dates is one line with the times that hold for each.

    The span of a course below its day and hour is one line with them, and so are its first and
    its last day, where they are the same day of the week. What stands behind a label is not told
    again without it, as cards do.
    """
    lines = _spanned(lines)
    if len(lines) == _DAY_AND_SPAN and _ONE_SPAN.fullmatch(lines[1]):
        return f"{lines[0].rstrip(' .,;')}, {lines[1]}"
    joined: list[str] = []
    column = 0
    for line in lines:
        one = _ONE_DATE.fullmatch(line) is not None
        if column and (one or (column > 1 and _THEN.match(line)) or _ON_A_DAY.match(line)):
            joined[-1] = f"{joined[-1].rstrip(' ,;')}, {line}"
        else:
            joined.append(line)
            column = 0
        column = column + 1 if one else 0
    text = "\n".join(joined)
    if text.endswith(".") or ".\n" in text:
        text = _STOP.sub(_stopped, text)
    return _SAME_DAY.sub(r"\g<begin> - ", text) if "20" in text else text


# "16.01.2027 10:00 bis 16.01.2027 16:00": a day that begins and ends.
_SAME_DAY = re.compile(
    r"(?P<begin>(?P<day>\b\d{1,2}\.\s?(?:\d{1,2}\.|[A-Za-zä]{3,9}\.?)\s?20\d\d),?\s"
    r"(?:um\s|ab\s)?\d{1,2}(?:[:.]\d\d)?(?:\sUhr)?)\s?(?:[-–]|bis)\s(?:[A-Z][a-z]{1,9}\.?,?\s)?"
    r"(?P=day),?\s(?:um\s)?(?=\d)"
)


_LABELLED = re.compile(
    r"\W*(?:zeit|uhrzeit|datum|(?:kurs)?beginn|(?:kurs)?start)\s?:\s*(?P<said>.+)", re.IGNORECASE
)
# "Beginn: Mo, 11.01.2027" above "Ende: Mo, 15.03.2027".
_FIRST_DAY = re.compile(
    r"\W*(?:kurs)?(?:beginn|start)\s?:\s*(?P<said>(?P<day>mo|di|mi|do|fr|sa|so)[a-z]*\.?,?\s.+)",
    re.IGNORECASE,
)
_LAST_DAY = re.compile(
    r"\W*(?:kurs)?ende\s?:\s*(?P<said>(?P<day>mo|di|mi|do|fr|sa|so)[a-z]*\.?,?\s.+)",
    re.IGNORECASE,
)


_HOUR = (
    r"(?P<said>(?:[A-Za-z]{2,10}\.?,?\s)?(?P<date>\d{1,2}\.\s?(?:\d{1,2}\.|[a-zä]{3,9}\.?)\s?20\d\d)"
    r",?\s(?:um\s)?\d{1,2}(?:[:.]\d\d)?(?:\sUhr)?)\W*"
)
# "Beginn: 16.01.2027, 10 Uhr" above "Ende: 16.01.2027, 16 Uhr".
_FROM_HOUR = re.compile(r"\W*(?:kurs)?(?:beginn|start|von|ab)\s?:\s*" + _HOUR, re.IGNORECASE)
_TILL_HOUR = re.compile(r"\W*(?:(?:kurs)?ende|bis)\s?:\s*" + _HOUR, re.IGNORECASE)


def _spanned(lines: Sequence[str]) -> Sequence[str]:
    """Lines with the first and the last day of a course in one, and without echoes of labels."""
    told = {found["said"] for line in lines if (found := _LABELLED.fullmatch(line))}
    if not told:
        return lines
    spanned: list[str] = []
    for line in lines:
        begin = _FIRST_DAY.fullmatch(spanned[-1]) if spanned else None
        end = _LAST_DAY.fullmatch(line) if begin else None
        on = _FROM_HOUR.fullmatch(spanned[-1]) if spanned else None
        until = _TILL_HOUR.fullmatch(line) if on else None
        if begin and end and begin["day"].lower() == end["day"].lower():
            spanned[-1] = f"{begin['said']} bis {end['said']}"
        elif on and until and on["date"] == until["date"]:
            spanned[-1] = f"{on['said']} bis {until['said']}"
        elif line not in told:
            spanned.append(line)
    return spanned
