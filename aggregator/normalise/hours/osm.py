"""Rules as an OSM `opening_hours` value.

Written in the syntax of the OpenStreetMap wiki, Key:opening_hours/specification: days with the same
times share a rule, later rules override (`;`) unless they add (`,`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from opening_hours import validate

from aggregator.normalise.hours.rule import DAY, Day, Parity, Period, Rule, Span, Weekday

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH")
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_WEEKS = {Parity.EVEN: "week 2-52/2", Parity.ODD: "week 1-53/2"}

Week = dict[int, list[Span]]


_ONE_OF_WEEK = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_FROM_TO = "(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)"
_OF_WEEK = (
    f"{_ONE_OF_WEEK}(?:-{_ONE_OF_WEEK})?(?:,{_ONE_OF_WEEK}(?:-{_ONE_OF_WEEK})?)*"
    f" {_FROM_TO}(?:,{_FROM_TO})*"
)
WEEKLY = re.compile(f"{_OF_WEEK}(?:; {_OF_WEEK})*")
"""Days of the week with their times, which most values are; a test says that all are valid."""


@lru_cache(maxsize=4096)
def valid(osm: str) -> bool:
    """Whether opening-hours-py, an evaluator of this syntax, accepts the value."""
    return WEEKLY.fullmatch(osm) is not None or bool(validate(osm))


def write(rules: Sequence[Rule]) -> str | None:
    """The value for these rules, or None where they contradict each other."""
    frames: dict[tuple[tuple[Period, ...], Parity | None], list[Rule]] = {}
    for rule in rules:
        frames.setdefault((rule.periods, rule.parity), []).append(rule)
    parts: list[tuple[str, bool]] = []
    base: Week = {}
    for (periods, parity), framed in sorted(frames.items(), key=lambda item: bool(item[0][0])):
        frame = " ".join(
            part
            for part in (_periods(periods), _WEEKS.get(parity) if parity is not None else "")
            if part
        )
        counted = [rule for rule in framed if any(w.nth for w in rule.weekdays)]
        plain = [rule for rule in framed if rule not in counted] if counted else framed
        weekly = _weekly(plain, base)
        if weekly is None:
            return None
        week, shut = weekly
        parts += [
            (_join(frame, selector, times), _adds(base, week, parity))
            for selector, times in _groups(week)
        ]
        parts += (
            [(_join(frame, _weekdays([day for day in shut if day >= 0]), "off"), False)]
            if shut
            else []
        )
        for rule in sorted(counted, key=lambda rule: not rule.spans):
            written = _counted(rule, frame, week or base)
            if written is None:
                return None
            parts.append(written)
        if not periods and parity is None:
            base = week
    text = ""
    for part, adds in parts:
        text += (", " if adds else "; ") + part if text else part
    if text == "Mo-Su 00:00-24:00":
        return "24/7"
    return text or None


def _weekly(rules: Sequence[Rule], base: Week) -> tuple[Week, list[int]] | None:
    """Times per weekday (-1: every day of the period) and the days said to be closed.

    `base` are the times outside the period, which one without a start shares: "Nov.-Feb. bis 16
    Uhr".
    """
    week: Week = {}
    sources: dict[int, Rule] = {}
    shut: list[int] = []
    for rule in rules:
        days = [w.day for w in rule.weekdays] or [-1]
        if rule.spans == () and rule.until is None:
            shut += days
            continue
        for day in days:
            held = week.get(day)
            if rule.until is not None:
                held = held or base.get(day)
                ended = _ended_like_others(held, rule.until, week or base)
                if not ended:
                    return None
                week[day] = ended
            elif held is None:
                week[day] = _begun(base.get(day, ()), rule.spans)
            elif _overlap(held, rule.spans) and not rule.more and rule.label == sources[day].label:
                if len(days) >= len(sources[day].weekdays):
                    return None  # two statements for the same days that contradict each other
                week[day] = _begun(held, rule.spans)
            else:
                week[day] = _union([*held, *rule.spans])
            sources[day] = rule
    for day in shut:
        if day in week and len(sources[day].weekdays) <= 1:
            return None
        week.pop(day, None)
    if -1 in week and len(week) > 1:
        return None
    return week, list(dict.fromkeys(shut))


def _ended_like_others(held: Sequence[Span] | None, until: int, week: Week) -> list[Span]:
    """The times of a day of which the end is said: it starts when the other days do.

    As in "Mo-Do 8-12 Uhr, freitags bis 11 Uhr"; none where those start at several times.
    """
    begun = held or next((spans for spans in week.values() if spans[-1].end), None) or ()
    return _ended(begun, until) if len({spans[0].start for spans in week.values()}) <= 1 else []


def _begun(held: Sequence[Span], spans: Sequence[Span]) -> list[Span]:
    """The times of a day that only begins elsewhere: "Mo-Fr 7-17 Uhr, mittwochs ab 6 Uhr"."""
    end = held[-1].end if held else None
    if len(spans) == 1 and spans[0].end is None and end is not None and spans[0].start < end:
        return [Span(spans[0].start, end)]
    return list(spans)


def _ended(spans: Sequence[Span], until: int) -> list[Span]:
    """The times of a day that ends sooner or later; none where the end falls into a pause."""
    begun = [span for span in spans if span.start < until]
    if not begun or (len(begun) < len(spans) and (begun[-1].end or DAY) < until):
        return []
    return [*begun[:-1], Span(begun[-1].start, until)]


def _counted(rule: Rule, frame: str, week: Week) -> tuple[str, bool] | None:
    if rule.until is not None:
        return None
    plain = [w.day for w in rule.weekdays if not w.nth]
    selector = ",".join(
        filter(None, [_weekdays(plain), *(_nth(w) for w in rule.weekdays if w.nth)])
    )
    held = [span for w in rule.weekdays for span in week.get(w.day, [])]
    if not rule.spans:
        return _join(frame, selector, "off"), False
    adds = bool(held) and (rule.more or not _overlap(held, rule.spans))
    return _join(frame, selector, _spans(rule.spans)), adds


def _adds(base: Week, week: Week, parity: Parity | None) -> bool:
    return parity is not None and any(
        day in base and not _overlap(base[day], week[day]) for day in week
    )


def _overlap(some: Iterable[Span], others: Iterable[Span]) -> bool:
    return any(a.overlaps(b) for a in some for b in others)


def _union(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(set(spans), key=lambda s: s.start):
        last = joined[-1] if joined else None
        if last is None or (last.end is not None and span.start > last.end):
            joined.append(span)
        elif last.end is not None:
            joined[-1] = Span(last.start, None if span.end is None else max(last.end, span.end))
    return joined


def _groups(week: Week) -> Iterable[tuple[str, str]]:
    grouped: dict[tuple[Span, ...], list[int]] = {}
    for day, spans in week.items():
        grouped.setdefault(tuple(_union(spans)), []).append(day)
    for times, days in grouped.items():
        yield _weekdays([day for day in days if day >= 0]), _spans(times)


def _weekdays(days: Sequence[int]) -> str:
    """Write weekdays, runs of three and more as a range: "Mo-We,Fr"."""
    parts: list[str] = []
    ordered = sorted(set(days))
    at = 0
    while at < len(ordered):
        end = at
        while end + 1 < len(ordered) and ordered[end + 1] == ordered[end] + 1 <= 6:
            end += 1
        if end - at >= 2:
            parts.append(f"{_DAYS[ordered[at]]}-{_DAYS[ordered[end]]}")
        else:
            parts += [_DAYS[day] for day in ordered[at : end + 1]]
        at = end + 1
    return ",".join(parts)


def _nth(weekday: Weekday) -> str:
    counts = sorted(weekday.nth, key=lambda count: count if count > 0 else 9 - count)
    return f"{_DAYS[weekday.day]}[{','.join(map(str, counts))}]"


def _spans(spans: Iterable[Span]) -> str:
    return ",".join(
        f"{_clock(s.start)}+" if s.end is None else f"{_clock(s.start)}-{_clock(s.end)}"
        for s in spans
    )


def _clock(minute: int) -> str:
    minute = minute - DAY if minute > DAY else minute
    return f"{minute // 60:02}:{minute % 60:02}"


def _periods(periods: Sequence[Period]) -> str:
    return ",".join(_period(period) for period in periods)


def _period(period: Period) -> str:
    first, last = period.first, period.last
    if first and last:
        if first == last:
            return _day(first)
        if not first.day and not last.day and first.year:
            end = Day(last.year, last.month, _length(last))
            return f"{_day(Day(first.year, first.month, 1))}-{_day(end)}"
        return f"{_day(first)}-{_day(last)}"
    if first:
        return f"{_day(first if first.day else Day(first.year, first.month, 1))}+"
    if last:
        # The syntax has no open start; "bis Juni" is said in the year before or in that of June.
        end = last if last.day else Day(last.year, last.month, _length(last))
        return f"{_day(Day(max(end.year - 1, 0), 1, 1))}-{_day(end)}"
    return ""


def _length(month: Day) -> int:
    leap = month.year % 4 == 0 and (month.year % 100 != 0 or month.year % 400 == 0)
    return (
        29
        if month.month == 2 and leap
        else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month.month - 1]
    )


def _day(day: Day) -> str:
    year = f"{day.year} " if day.year else ""
    return f"{year}{_MONTHS[day.month - 1]}{f' {day.day}' if day.day else ''}"


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
