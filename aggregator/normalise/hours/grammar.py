"""The phrases of a text on times: days, times, periods, in the order they stand there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from aggregator.normalise.hours.calendar import complete
from aggregator.normalise.hours.clock import ClockReader
from aggregator.normalise.hours.cursor import (
    DAY_STARTS,
    RANGE,
    TIME_STARTS,
    Break,
    Days,
    Phrase,
    Season,
    Times,
    UnclearError,
)
from aggregator.normalise.hours.days import DayReader
from aggregator.normalise.hours.rule import DAY, Day, Parity, Period, Span, Weekday
from aggregator.normalise.hours.tokens import NOT, RESTS, Kind

_SIMPLE = {
    Kind.HOLIDAYS_CLOSED, Kind.APPOINTMENT, Kind.ALWAYS, Kind.FORTNIGHT, Kind.PARITY,
}  # fmt: skip
_PASSED = {Kind.AND, Kind.COLON}
_CLAUSE_ENDS = {Kind.BREAK, Kind.SHUT, Kind.END}

# The method that reads what begins with a kind.
_STEPS: dict[Kind, str] = {
    **dict.fromkeys((Kind.DAYS, Kind.EACH, Kind.NTH, Kind.DATE, Kind.REST), "_days"),
    **dict.fromkeys((Kind.TIME, Kind.BETWEEN, Kind.ADMISSION), "_times"),
    **dict.fromkeys((Kind.FROM, Kind.UNTIL), "_bound"),
    **dict.fromkeys((Kind.OPEN, Kind.SHUT), "_bracket"),
    **dict.fromkeys(
        (Kind.MONTHLY, Kind.UNANCHORED, Kind.DURATION, Kind.COUNTED, Kind.MORE), "_flag"
    ),
    Kind.EXCEPT: "_except",
    Kind.CLOSED: "_closed",
    Kind.DAYPART: "_half",
    Kind.VAGUE: "_not",
    Kind.UNKNOWN: "_leave",
    Kind.MONTH: "_month",
    Kind.BREAK: "_break",
    Kind.WORD: "_word",
    Kind.OR: "_either",
    Kind.DASH: "_dash",
    Kind.BEFORE_AFTER: "_bar",
    Kind.ELSE: "_otherwise",
    Kind.PAUSE: "_pause",
    Kind.ENDS: "_ends_on",
    Kind.LASTING: "_lasts",
}


class Reader(DayReader, ClockReader):
    """One pass over the tokens of a text. Raises UnclearError where it does not understand."""

    def phrases(self) -> list[Phrase]:
        """All phrases of the text."""
        while self._at < len(self._tokens):
            kind, value = self._tokens[self._at]
            step = _STEPS.get(kind)
            if step:
                getattr(self, step)()
            elif kind in _SIMPLE:
                self._at += 1
                self._add(kind if value is None or not isinstance(value, Parity) else value)
            elif kind in _PASSED:
                self._at += 1
            else:
                raise UnclearError
        if self._part is not None:
            raise UnclearError
        self._date_left_out()
        if self._spoken and self._phrases:
            self._phrases[-1] = self._phrases[-1]._replace(bare=False)
        return self._phrases

    # Marks and words

    def _break(self) -> None:
        value = str(self._peek().value)
        self._mark = value if value != "," or not self._mark else self._mark
        self._at += 1
        self._words = []

    def _word(self) -> None:
        self._words.append(str(self._peek().value))
        self._spoken = True
        self._at += 1
        if self._peek() == (Kind.COLON, None):
            self._label = " ".join(self._words)
            self._spoken = False

    def _bracket(self) -> None:
        self._depth += 1 if self._peek().kind is Kind.OPEN else -1
        self._depth = max(self._depth, 0)
        self._at += 1

    def _either(self) -> None:
        self._at += 1
        follower = self._peek().kind
        if not self._phrases or (follower not in DAY_STARTS and follower not in TIME_STARTS):
            return
        # "Mo 18-20 Uhr oder Do 10-12 Uhr": two groups; "Mo oder Di 10-12 Uhr": who knows.
        whole = follower in DAY_STARTS and isinstance(self._phrases[-1].meaning, Times)
        if not whole or not isinstance(self._phrases[0].meaning, Days):
            raise UnclearError

    def _dash(self) -> None:
        headed = self._at > 0 and self._tokens[self._at - 1].kind is Kind.COLON
        alone = self._peek().value is not None  # "Mi -," and not "Mi-,"
        self._at += 1
        while self._take(Kind.DASH):
            alone = True
        after, beyond = self._peek().kind, self._peek(1).kind
        ends = {"\n", ";", None, ","} if headed or alone else {"\n", ";", None}
        if after in {Kind.BREAK, Kind.END} and self._peek().value in ends:
            # "Mi –" in a table: nothing on that day.
            last = self._phrases[-1].meaning if self._phrases and not self._spoken else None
            if isinstance(last, Days) and not last.inverted:
                self._add(Kind.CLOSED)
            return
        if self._phrases and after is Kind.DATE and isinstance(self._phrases[-1].meaning, Times):
            raise UnclearError  # "12.02.2027, 16 Uhr - 15.02.2027, 14 Uhr": from day to day
        if self._phrases and after is Kind.TIME and beyond not in RANGE:
            raise UnclearError

    def _flag(self) -> None:
        kind, value = self._peek()
        self._at += 1
        if kind is Kind.MONTHLY:
            self.monthly = True
        elif kind is Kind.UNANCHORED:
            self.loose = True
        elif kind is Kind.DURATION:
            self.lasting = True
        elif kind is Kind.COUNTED:
            self.counted = True
            self.numbered = self.numbered or self._peek().kind is Kind.DAYS
            self.meetings = value if isinstance(value, int) else 0
            self._spoken = True
        elif kind is Kind.MORE:
            self._more = True

    def _lasts(self) -> None:
        """Read "16 Uhr, Dauer 90 Minuten": the time before it ends so much later."""
        minutes = self._peek().value
        self._at += 1
        last = self._phrases[-1] if self._phrases else None
        if not last or not isinstance(last.meaning, Times) or not isinstance(minutes, int):
            self.lasting = True
            return
        spans = last.meaning.spans
        if len(spans) != 1 or spans[0].end is not None:
            self.lasting = True
            return
        ended = (Span(spans[0].start, spans[0].start + minutes),)
        self._phrases[-1] = last._replace(meaning=last.meaning._replace(spans=ended))

    def _otherwise(self) -> None:
        """Read "montags geschlossen, sonst 9-16 Uhr"; where days follow, it adds nothing."""
        self._at += 1
        ahead = 1 if self._peek().kind is Kind.COLON else 0
        if self._peek(ahead).kind in DAY_STARTS:
            self._at += ahead
            return
        shut = bool(self._phrases) and self._phrases[-1].meaning is Kind.CLOSED
        if not shut or self._peek().kind not in {*TIME_STARTS, Kind.FROM}:
            raise UnclearError
        self._add(Days(rest=_WEEK))

    def _pause(self) -> None:
        """Read "Mittagspause 12-13 Uhr" or "12-13 Uhr Mittagspause": a hole in the times before."""
        self._at += 1
        if self._peek().kind is Kind.MONTH:  # "Pause im August"
            self._month(inverted=True)
            return
        last = self._phrases[-1] if self._phrases else None
        while self._peek().kind in {Kind.COLON, Kind.FROM}:
            self._at += 1
        if self._peek().kind in TIME_STARTS:
            span, _ = self._span()
            self._add(Break(span))
        elif last and isinstance(last.meaning, Times):
            self._pause_said_last(last, last.meaning)
        else:
            raise UnclearError

    def _pause_said_last(self, last: Phrase, times: Times) -> None:
        """Take the pause out of times read with it: "9-17 Uhr, 12-13 Uhr Mittagspause"."""
        spans = times.spans
        held = [s for s in spans if len(spans) == 1 or any(o != s and o.overlaps(s) for o in spans)]
        pause = min(held, key=lambda s: (s.end or DAY) - s.start, default=None)
        if pause is None:
            raise UnclearError
        left = tuple(s for s in spans if s != pause)
        self._phrases[-1:] = [last._replace(meaning=times._replace(spans=left))] if left else []
        self._phrases.append(last._replace(meaning=Break(pause)))

    def _bar(self) -> None:
        self._at += 1
        if self._peek().kind in TIME_STARTS:  # "vor 9 Uhr", "nach 18 Uhr"
            raise UnclearError

    # Days

    def _days(self) -> None:
        if self._peek().kind is Kind.NTH and self._peek(1).kind in {Kind.WORD, Kind.ADMISSION}:
            self._at += 1  # "2. Gruppe": a name, no count of days
            return
        if self._peek().kind is Kind.EACH and self._peek(1).kind not in {*DAY_STARTS, Kind.MONTHLY}:
            self._at += 1  # "jede*r bringt etwas mit"
            return
        days = self._read_days()
        if days.rest:
            self._add(days)
        elif self._peek().kind is Kind.DAYPART and self._shut_behind():
            part = self._part_of(self._peek())  # "mittwochs nachmittags geschlossen"
            self._at += 2 + (self._peek(1).kind is Kind.BREAK)
            self._add(days._replace(inverted=True, part=part))
        else:
            self._add(_season(days) or days)

    def _shut_behind(self) -> bool:
        dotted = self._peek(1) == (Kind.BREAK, ".")  # "nachm. geschlossen"
        return self._peek(1 + dotted).kind is Kind.CLOSED

    def _closed(self) -> None:
        """Read "geschlossen", and the day after it: "Ruhetag: Mittwoch"."""
        resting = self._peek().value == RESTS
        self._at += 1
        if self._peek() == (Kind.COLON, None) and self._peek(1).kind is Kind.DAYS:
            self._at += 1
            self._add(self._read_days())
        self._add(Kind.CLOSED)
        self._phrases[-1] = self._phrases[-1]._replace(resting=resting)

    def _leave(self) -> None:
        """Read "Sommerpause im August", "vom 21.12.2026 bis 6.1.2027 machen wir Urlaub"."""
        last = self._phrases[-1].meaning if self._phrases else None
        if self._peek().value != RESTS:
            raise UnclearError
        self._at += 1
        if self._peek().kind is Kind.MONTH:
            self._month(inverted=True)
        elif isinstance(last, Days) and last.periods and not last.weekdays and not last.inverted:
            self._add(Kind.CLOSED)
        else:
            raise UnclearError

    def _half(self) -> None:
        """Keep a half of the day for the times behind it; what is arranged then has none."""
        if self._peek(1).kind is Kind.APPOINTMENT:
            self._at += 1
        else:
            self._remember_part()

    def _not(self) -> None:
        """Read "nicht im Juli", "nicht am 24.12.2026"."""
        if self._peek().value != NOT:
            raise UnclearError
        self._except()
        days = self._phrases[-1].meaning
        if isinstance(days, Days) and any(p.first and not p.first.year for p in days.periods):
            self._left_out.append(len(self._phrases) - 1)

    def _date_left_out(self) -> None:
        """Give the days that are left out the year of the course, which may stand behind them."""
        for at in self._left_out:
            phrase = self._phrases[at]
            if isinstance(phrase.meaning, Days):
                within = tuple(self._within_course(one) for one in phrase.meaning.periods)
                self._phrases[at] = phrase._replace(meaning=phrase.meaning._replace(periods=within))

    def _within_course(self, period: Period) -> Period:
        """A day without its year in the year in which it falls into the course.

        "12.01. bis 16.03.2027, nicht am 09.02."; without a course it may be of every year.
        """
        spans = [
            span
            for phrase in self._phrases
            if isinstance(phrase.meaning, Days) and not phrase.meaning.inverted
            for one in phrase.meaning.periods
            if (span := _dates(one))
        ]
        if len(spans) != 1 or not period.first or not period.last:
            raise UnclearError
        begin, end = spans[0]
        for year in range(begin.year, end.year + 1):
            wraps = (period.last.month, period.last.day) < (period.first.month, period.first.day)
            left_out = Period(
                replace(period.first, year=year), replace(period.last, year=year + wraps)
            )
            days = _dates(left_out)
            if days and begin <= days[0] <= days[1] <= end:
                return left_out
        raise UnclearError

    def _except(self) -> None:
        self._at += 1
        if self._peek().kind is Kind.MONTH:
            self._month(inverted=True)
            return
        if self._peek().kind not in DAY_STARTS:
            raise UnclearError
        days = self._read_days()
        if days.nth:
            raise UnclearError
        part = self._peek()
        if part.kind is Kind.DAYPART:
            self._at += 1
            days = days._replace(part=self._part_of(part))
        self._add(days._replace(inverted=True))

    # Periods

    def _bound(self) -> None:
        """Read "ab …" or "bis …": a time of day, a date or a month."""
        kind = self._peek().kind
        ahead = 1 + (self._peek(1).kind is Kind.COLON)
        follower = self._peek(ahead)
        if follower.kind is Kind.TIME:
            self._times()
            return
        begins, self._at = self._peek().value is not None, self._at + ahead
        if begins and follower.kind is Kind.DAYS and self._peek(1).kind not in {
            Kind.DATE, Kind.BREAK,
        }:  # fmt: skip
            return  # "Beginn ist mittwochs um 9 Uhr"
        if follower.kind is Kind.WORD or (kind is Kind.FROM and follower.kind is Kind.BREAK):
            return
        if follower.kind is Kind.DAYS and self._peek(1).kind in {Kind.DATE, Kind.BREAK}:
            weekday: int | None = self._weekday()[0]
            while self._take(Kind.BREAK):
                pass
        else:
            weekday = None
        day = self._peek().value
        if self._peek().kind not in {Kind.DATE, Kind.MONTH} or not isinstance(day, Day):
            raise UnclearError
        if kind is Kind.FROM and self._peek(1).kind in RANGE:
            self._days() if self._peek().kind is Kind.DATE else self._month()
            return
        self._at += 1
        known = complete([(day, weekday)], self._seen_on)
        if known is None:
            raise UnclearError
        first, last = (known[0], None) if kind is Kind.FROM else (None, known[0])
        self._add(Season((Period(first, last),)))
        if weekday is not None and kind is Kind.FROM and self._only_day_of_course():
            self._add(Days((Weekday(weekday),)))

    def _only_day_of_course(self) -> bool:
        """Whether no other weekday is named: "ab Dienstag, 19.01.2027, 3 Abende, 19-21 Uhr"."""
        kinds = [token.kind for token in self._tokens]
        return Kind.COUNTED in kinds and kinds.count(Kind.DAYS) == 1

    def _ends_on(self) -> None:
        """Read "Start 14.01.2027, Ende 04.03.2027": the end closes the season that was opened."""
        self._at += 1
        while self._peek().kind in {Kind.COLON, Kind.UNTIL}:
            self._at += 1
        day = self._peek().value
        last = self._phrases[-1] if self._phrases else None
        if self._peek().kind is not Kind.DATE or not isinstance(day, Day) or not last:
            return
        known = complete([(day, None)], self._seen_on)
        opened = last.meaning
        if known is None or not isinstance(opened, Season) or opened.periods[0].last is not None:
            raise UnclearError
        self._at += 1
        closed = Season((Period(opened.periods[0].first, known[0]),))
        self._phrases[-1] = last._replace(meaning=closed)

    def _month(self, *, inverted: bool = False) -> None:
        """Read a month, a range of months or a list of both."""
        periods = [self._months()]
        while (ahead := self._links()) and self._peek(ahead).kind is Kind.MONTH:
            self._at += ahead
            periods.append(self._months())
        if len(periods) > 1 and any(p.first and p.first.year for p in periods):
            raise UnclearError
        shut = self._peek().kind is Kind.CLOSED or self._peek() == (Kind.UNKNOWN, RESTS)
        said_last = self._peek().kind is Kind.PAUSE or self._peek() == (Kind.VAGUE, NOT)
        shut = shut or (said_last and self._peek(1).kind in _CLAUSE_ENDS)
        if shut and not inverted:  # "im August geschlossen", "im August Sommerpause"
            inverted, self._at = True, self._at + 1
        self._add(Season(_joined(periods), inverted))

    def _links(self) -> int:
        """How many links stand here, within a line and a sentence."""
        ahead = 0
        while self._peek(ahead).kind in {Kind.AND, Kind.BREAK} and self._peek(ahead).value in {
            None, ",", "/", ".",
        }:  # fmt: skip
            ahead += 1
        return ahead

    def _months(self) -> Period:
        first = self._peek().value
        self._at += 1
        last = first
        if self._peek().kind in RANGE and self._peek(1).kind is Kind.MONTH:
            last = self._peek(1).value
            self._at += 2
        if not isinstance(first, Day) or not isinstance(last, Day):
            raise UnclearError
        if last.year and not first.year:
            first = replace(first, year=last.year - (first.month > last.month))
        if bool(first.year) != bool(last.year):
            raise UnclearError
        return Period(first, last)


def _dates(period: Period) -> tuple[date, date] | None:
    """The first and the last day of a period, where both have a year."""
    first = period.first.date() if period.first else None
    last = period.last.date() if period.last else None
    return (first, last) if first and last else None


def _joined(periods: list[Period]) -> tuple[Period, ...]:
    """Months that follow each other as one range: "Juli und August"."""
    joined = periods[:1]
    for period in periods[1:]:
        last = joined[-1].last
        if last and period.first and period.first.month == last.month % 12 + 1:
            joined[-1] = replace(joined[-1], last=period.last)
        else:
            joined.append(period)
    return tuple(joined)


def _season(days: Days) -> Season | None:
    """The part of every year that days without weekdays span: "1. April bis 30. September"."""
    if days.weekdays or days.nth or len(days.periods) != 1:
        return None
    first, last = days.periods[0].first, days.periods[0].last
    if not first or not last or first.year or last.year:
        return None
    return Season(days.periods) if (last.month - first.month) % 12 >= _SEASON else None


_WEEK = 7
_SEASON = 2  # months from which a range of dates without years comes again each year
