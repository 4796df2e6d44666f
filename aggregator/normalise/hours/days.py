"""Days in words and numbers: weekdays, their counts in the month, dates."""

from __future__ import annotations

from dataclasses import replace

from aggregator.normalise.hours.calendar import Dated, complete
from aggregator.normalise.hours.cursor import (
    DAY_STARTS,
    LINKS,
    RANGE,
    Cursor,
    Days,
    UnclearError,
)
from aggregator.normalise.hours.rule import Day, Period, Weekday
from aggregator.normalise.hours.tokens import Clock, Kind

_GOES_ON = {Kind.DAYS, Kind.EACH, Kind.NTH, Kind.DATE}
_WEEKDAY = {Kind.DAYS, Kind.BREAK}  # with the comma behind it


class DayReader(Cursor):
    """Reads days where the cursor stands."""

    def _read_days(self) -> Days:
        weekdays: list[Weekday] = []
        dates: list[Dated] = []
        ranges: list[int] = []  # positions in `dates` where a range starts
        counts: list[int] = []
        each = False
        if self._take(Kind.REST):
            return Days(rest=_WORKING_DAYS)
        while not _begins_anew(self._peek().kind, dates, ranges, weekdays):
            kind, value = self._peek()
            if kind is Kind.EACH:
                each = True
                self._at += 1
                continue
            if kind is Kind.MONTHLY:
                # "jeden Sonntag im Monat" is every Sunday
                self.monthly = self.monthly or not (self._every and not counts)
                self._at += 1
            elif kind is Kind.NTH and isinstance(value, int):
                counts.append(value)
                self._at += 1
                if self._peek().kind in RANGE:
                    if self._peek(1).kind is not Kind.DATE:
                        raise UnclearError
                    ranges.append(len(dates) + len(counts) - 1)
                    self._at += 1
            elif kind is Kind.DATE and isinstance(value, Day):
                self._read_date(value, weekdays, dates, ranges, counts)
            elif kind is Kind.DAYS and isinstance(value, tuple):
                dated = bool(counts) and max(counts) > _MOST_WEEKS
                if counts and not each and not dated and any(not w.nth for w in weekdays):
                    raise UnclearError
                self._every = each and not counts
                self._read_weekdays(weekdays, counts, each)
                each = False
            if not self._more_days():
                break
        return self._collect(weekdays, dates, ranges, counts)

    def _more_days(self) -> bool:
        """Step over what links one day to the next."""
        # "Sonn- und feiertags"; a dash that stands alone is no hyphen
        ahead = int(self._peek() == (Kind.DASH, None) and self._peek(1).kind in LINKS)
        while (token := self._peek(ahead)).kind in LINKS and token.value != "\n":
            ahead += 1
        kind = self._peek(ahead).kind
        if kind in _GOES_ON or (kind is Kind.MONTHLY and ahead == 0):
            if kind is Kind.EACH and self._peek(ahead + 1).kind not in DAY_STARTS:
                return False
            self._at += ahead
            return True
        if self._peek() == (Kind.BREAK, "."):  # "Mo." and what follows
            self._at += 1
        return False

    def _read_weekdays(self, weekdays: list[Weekday], counts: list[int], each: bool) -> None:
        days = self._weekday()
        self._skip_dot()
        if counts and max(counts) > _MOST_WEEKS:  # "Sa., 16. und So., 17. Januar 2027"
            weekdays += [Weekday(day) for day in days]
            return
        if self._peek().kind in RANGE and self._peek(1).kind is Kind.DAYS:
            self._at += 1
            last = self._weekday()
            if counts or len(days) != 1 or len(last) != 1 or days[0] > 6 or last[0] > 6:
                raise UnclearError
            days = tuple((days[0] + step) % 7 for step in range((last[0] - days[0]) % 7 + 1))
            self._skip_dot()
        if counts and len(days) != 1:
            raise UnclearError
        if not counts and not each and any(w.nth for w in weekdays):
            raise UnclearError  # "jeden 1. Montag und Dienstag": does the count hold for both?
        if counts and any(not (-2 <= count <= 5) or count == 0 for count in counts):
            raise UnclearError
        if len(counts) == 1 and counts[0] not in {1, -1} and not self.monthly:
            self.unanchored = self.unanchored or not self._says_monthly()
        weekdays += [Weekday(day, tuple(counts)) for day in days]
        counts.clear()

    def _says_monthly(self) -> bool:
        return any(token.kind in {Kind.MONTHLY, Kind.MONTH} for token in self._tokens)

    def _weekday(self) -> tuple[int, ...]:
        value = self._peek().value
        self._at += 1
        if not isinstance(value, tuple) or isinstance(value, Clock):
            raise UnclearError
        return value

    def _skip_dot(self) -> None:
        if self._peek() == (Kind.BREAK, ".") and self._peek(1).kind is not Kind.WORD:
            self._at += 1

    def _read_date(
        self,
        day: Day,
        weekdays: list[Weekday],
        dates: list[Dated],
        ranges: list[int],
        counts: list[int],
    ) -> None:
        if any(not 1 <= count <= 31 for count in counts):
            raise UnclearError
        # "12. und 13. März": the first borrows the month.
        dates += [(replace(day, day=count), None) for count in counts]
        counts.clear()
        weekday = None
        if weekdays and self._tokens[self._at - 1].kind in _WEEKDAY and len(weekdays) == 1:
            weekday = weekdays.pop().day if not weekdays[0].nth else None
        dates.append((day, weekday))
        self._at += 1
        if self._peek() == (Kind.BREAK, ",") and self._peek(1).kind is Kind.UNTIL:
            self._at += 1  # "von Dienstag, 12.1.2027, bis Dienstag, 16.2.2027"
        if self._peek().kind in RANGE:
            ahead = 1
            while self._peek(ahead).kind in _WEEKDAY and ahead < 4:
                ahead += 1
            if self._peek(ahead).kind is Kind.DATE:
                ranges.append(len(dates) - 1)
                self._at += 1

    def _collect(
        self, weekdays: list[Weekday], dates: list[Dated], ranges: list[int], counts: list[int]
    ) -> Days:
        if counts:
            if weekdays or dates or not self.monthly:
                raise UnclearError
            return Days(nth=tuple(counts))
        if not dates:
            return Days(weekdays=tuple(weekdays))
        known = complete(dates, self._seen_on)
        if known is None:
            if any(weekday is not None for _, weekday in dates) or any(d.year for d, _ in dates):
                raise UnclearError
            known = [day for day, _ in dates]
        periods = []
        position = 0
        while position < len(known):
            last = position + (position in ranges)
            if last >= len(known):
                raise UnclearError
            periods.append(Period(known[position], known[last]))
            position = last + 1
        if len(known) == 2 and ranges and not weekdays and dates[1][1] in {None, dates[0][1]}:
            # "dienstags, 10.03. bis 31.03.2026": a weekly course, not one long event
            start, (begin, end) = dates[0][1], (known[0].date(), known[1].date())
            if start is not None and begin and end and (end - begin).days >= 7:
                weekdays = [Weekday(start)]
        if weekdays and not ranges and _fall_on(weekdays, known):
            weekdays = []  # "Dienstag 19. und 26. Januar", "Samstag/Sonntag, 16./17. Januar 2027"
        if weekdays and (len(periods) != 1 or not ranges):
            raise UnclearError
        return Days(tuple(weekdays), tuple(periods))


def _begins_anew(
    kind: Kind, dates: list[Dated], ranges: list[int], weekdays: list[Weekday]
) -> bool:
    """Whether what stands here is no part of the dates before it.

    "vom 1. April bis 30. September | täglich" is a season and its days; "Start 12.1.2027, jeden
    Dienstag" is more than that one day.
    """
    if kind is Kind.EACH:
        return len(dates) == 1 and not ranges and not weekdays
    return kind is Kind.DAYS and bool(ranges) and _whole_months(dates)


def _whole_months(dates: list[Dated]) -> bool:
    """Whether two days without years or weekdays bound whole months: a season of each year."""
    if len(dates) != 2 or any(day.year or weekday is not None for day, weekday in dates):
        return False
    (first, _), (last, _) = dates
    return first.day == 1 and last.day >= _LAST_OF_MONTH[last.month - 1]


_LAST_OF_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_WORKING_DAYS = 5
_MOST_WEEKS = 5  # of a month


def _fall_on(weekdays: list[Weekday], days: list[Day]) -> bool:
    """Whether these days fall on these weekdays, on each of them at least one."""
    dates = [day.date() for day in days]
    if any(weekday.nth for weekday in weekdays) or None in dates:
        return False
    return {date.weekday() for date in dates if date} == {weekday.day for weekday in weekdays}
