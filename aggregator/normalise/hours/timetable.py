"""From phrases to rules: which times hold on which days."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from aggregator.normalise.hours.cursor import Break, Days, Phrase, Season, Times, UnclearError
from aggregator.normalise.hours.grammar import Reader
from aggregator.normalise.hours.rule import (
    DAY,
    Day,
    Parity,
    Period,
    Rule,
    Span,
    Timetable,
    Weekday,
    ordered,
)
from aggregator.normalise.hours.tokens import Kind, Token

_TIMED = {
    Kind.DAYS, Kind.TIME, Kind.ALWAYS, Kind.FORTNIGHT, Kind.UNANCHORED, Kind.DATE, Kind.PARITY,
}  # fmt: skip
_LONGEST_EVENT = 7
"""Days from which a range of dates may be a weekly course."""
_LONGEST_DAILY = 14
"""Days that a range of dates without weekdays may span for its times to hold on each of them."""
_SHORT_COURSE = 4
"""Weekly meetings between which no holidays need to be thought of."""
_ALL_DAY = (Span(0, DAY),)
_SAID, _FRAMES = (Days, Times), (Season, Parity)
_STRENGTH = {"": 0, ",": 1, ";": 2, ".": 3, "\n": 4}


def read(tokens: Sequence[Token], seen_on: date) -> Timetable:
    """The rules that a tokenised text states. What is not understood is incomplete."""
    timed = any(token.kind in _TIMED for token in tokens)
    reader = Reader(tokens, seen_on)
    try:
        phrases = reader.phrases()
        rules, fortnightly = _Assembly(phrases, seen_on).rules()
        counted = bool(rules) and all(w.nth for rule in rules for w in rule.weekdays)
        vague = reader.unanchored or fortnightly or (reader.loose and not counted)
        if vague and not _dated(rules):
            return Timetable(ambiguous=True, timed=timed)
        if reader.monthly and not any(w.nth for rule in rules for w in rule.weekdays):
            raise UnclearError
        if reader.numbered and rules and not any(r.periods for r in rules):
            raise UnclearError  # "6 x dienstags 9-11 Uhr": from when on?
        if reader.counted and any(p.first and not p.last for r in rules for p in r.periods):
            rules = _meetings(rules, reader.meetings)
        if reader.lasting and any(span.end is None for rule in rules for span in rule.spans):
            raise UnclearError
    except UnclearError:
        rhythm = any(token.kind in {Kind.FORTNIGHT, Kind.UNANCHORED} for token in tokens)
        return Timetable(ambiguous=reader.unanchored or reader.loose or rhythm, timed=timed)
    return Timetable(tuple(_once(rules)), complete=True, timed=timed)


def _dated(rules: Sequence[Rule]) -> bool:
    """Whether all rules hold on single days: "alle 14 Tage sonntags 11-14 Uhr: 6.12.2026, …"."""
    days = [period for rule in rules for period in rule.periods]
    single = bool(days) and all(map(_single, days))
    return single and all(rule.periods and not rule.weekdays for rule in rules)


def _single(period: Period) -> bool:
    """Whether a period is one day of one year."""
    return period.first is not None and period.first == period.last and bool(period.first.date())


def _once(rules: list[Rule]) -> list[Rule]:
    """The rules without those that another dates: a course and "jeweils mittwochs 17-19 Uhr"."""
    dated = [
        rule._replace(periods=())
        for rule in rules
        if rule.periods and all(p.first and p.last and p.first.year for p in rule.periods)
    ]
    rules = [rule for rule in rules if rule.periods or not rule.spans or rule not in dated]
    return [
        rule
        for rule in rules
        if not (_begins(rule) and any(_told_in_full(rule, other) for other in rules))
    ]


def _begins(rule: Rule) -> bool:
    """Whether a rule only says when it begins: "Mi 9 Uhr"."""
    return bool(rule.spans) and all(span.end is None for span in rule.spans)


def _told_in_full(rule: Rule, other: Rule) -> bool:
    """Whether another rule says when ends what begins then: "Mi 9 Uhr" beside "Mi 9-11 Uhr"."""
    frame, its = (
        (one.weekdays, one.periods, one.parity, one.until, one.more) for one in (rule, other)
    )
    ended = {span.start for span in other.spans if span.end is not None}
    return frame == its and all(span.start in ended for span in rule.spans)


@dataclass(slots=True)
class _Draft:
    """A rule while its phrases are collected."""

    days: Days | None = None
    times: list[Times] = field(default_factory=list)
    periods: tuple[Period, ...] = ()
    parity: Parity | None = None
    fortnight: bool = False
    shut: bool = False
    booked: bool = False
    label: str = ""

    @property
    def settled(self) -> bool:
        """Whether the text said what holds on the days."""
        return bool(self.times) or self.shut or self.booked


class _Assembly:
    """Joins each phrase to its rule."""

    def __init__(self, phrases: list[Phrase], seen_on: date) -> None:
        self._phrases = phrases
        self._seen_on = seen_on
        self._drafts: list[_Draft] = []
        self._exceptions: list[Rule] = []
        self._draft = _Draft()
        self._season: tuple[Period, ...] = ()
        self._weeks: Parity | None = None
        self._weeks_last = False
        self._fortnight = False
        self._rests = -1
        """The phrase that says that the days before it are days of rest."""
        kinds = [p for p in phrases if isinstance(p.meaning, _SAID) or p.meaning is Kind.ALWAYS]
        self._times_first = bool(kinds) and not isinstance(kinds[0].meaning, Days)

    def rules(self) -> tuple[list[Rule], bool]:
        """The rules, and whether a fortnightly one names no weeks."""
        for at, phrase in enumerate(self._phrases):
            meaning = phrase.meaning
            if isinstance(meaning, Days):
                self._take_days(self._others(meaning.rest) if meaning.rest else meaning, phrase, at)
            elif isinstance(meaning, Times):
                self._take_times(meaning, phrase)
            elif isinstance(meaning, Break):
                self._take_break(meaning.span)
            elif meaning is Kind.ALWAYS:
                self._take_always(phrase)
            elif isinstance(meaning, Season) and meaning.inverted:
                self._exceptions.append(Rule(periods=meaning.periods))
            elif isinstance(meaning, _FRAMES) or meaning is Kind.FORTNIGHT:
                self._take_frame(meaning, phrase, at)
            elif meaning is Kind.CLOSED:
                self._take_closed(at)
            elif meaning is Kind.HOLIDAYS_CLOSED and not phrase.bracketed:
                self._draft.shut = self._draft.shut or self._pending()
            elif meaning is Kind.APPOINTMENT and self._pending():
                self._draft.booked = True
        self._finish()
        if self._weeks_last and self._drafts and self._weeks is not None:
            raise UnclearError
        fortnightly = any(d.fortnight and d.parity is None for d in self._drafts)
        made = [_rule(draft) for draft in self._drafts if draft.times or draft.shut]
        return made + self._exceptions, fortnightly

    def _pending(self) -> bool:
        return self._draft.days is not None and not self._draft.settled

    def _finish(self) -> None:
        draft = self._draft
        if draft.days is None and not draft.settled:
            return
        if draft.days is None:
            if all(t.spans == _ALL_DAY for t in draft.times):
                draft.days = Days(tuple(Weekday(day) for day in range(7)))
            else:
                raise UnclearError
        if not draft.settled:
            raise UnclearError
        self._drafts.append(draft)
        self._draft = _Draft()

    def _open(self, days: Days, phrase: Phrase) -> None:
        self._draft.days = days
        self._draft.label = self._draft.label or phrase.label
        self._draft.periods = self._draft.periods or self._season
        self._draft.fortnight = self._draft.fortnight or self._fortnight
        self._fortnight = False
        if self._draft.parity is None and self._weeks is not None:
            self._draft.parity = self._weeks
            if self._weeks_last:
                self._weeks, self._weeks_last = None, False

    def _take_days(self, days: Days, phrase: Phrase, at: int) -> None:
        draft = self._draft
        if days.inverted:
            self._exclude(days)
        elif again := self._said_again(days, at):
            draft.days = again
            draft.fortnight = draft.fortnight and not again.periods
        elif self._spans_all(days, phrase, at):
            draft.periods = days.periods
        elif days.nth:
            whole = draft.days and draft.days.weekdays
            if not whole or len(whole) != 1 or whole[0].nth or not draft.days:
                raise UnclearError
            draft.days = draft.days._replace(weekdays=(Weekday(whole[0].day, days.nth),))
        elif self._times_first:
            self._take_days_behind(days, phrase, at)
        elif self._pending():
            self._join(days)
        else:
            self._finish()
            self._open(days, phrase)

    def _take_days_behind(self, days: Days, phrase: Phrase, at: int) -> None:
        """Take days in a text that says the times before the days."""
        draft = self._draft
        if draft.days is None and draft.times:
            if open_days := self._rested(days, at):
                self._open(open_days, phrase)
                return
            self._open(days, phrase)
            follower = self._phrases[at + 1].meaning if at + 1 < len(self._phrases) else None
            if isinstance(follower, Days) and not follower.inverted and not follower.nth:
                raise UnclearError
            return
        if draft.days is not None or draft.settled:
            self._finish()
        self._open(days, phrase)

    def _others(self, week: int) -> Days:
        """The first so many days of the week without those that were named."""
        drafts = [*self._drafts, *([self._draft] if self._draft.days else [])]
        named = [day for draft in drafts if draft.days for day in draft.days.weekdays]
        left = {*range(week)} - {day.day for day in named}
        if not named or not left or any(day.nth for day in named) or self._season:
            raise UnclearError
        return Days(tuple(Weekday(day) for day in sorted(left)))

    def _rested(self, days: Days, at: int) -> Days | None:
        """The days that are left by a day of rest: "geöffnet 10-18 Uhr, montags Ruhetag"."""
        if at + 2 != len(self._phrases) or self._phrases[at + 1].meaning is not Kind.CLOSED:
            return None
        shut = {w.day for w in days.weekdays}
        rests = self._phrases[at + 1].resting or {5, 6} <= shut
        if self._drafts or days.periods or any(w.nth for w in days.weekdays) or not rests:
            raise UnclearError  # "9-12 Uhr, mittwochs geschlossen": on the weekend, too?
        self._rests = at + 1
        return Days(tuple(Weekday(day) for day in range(7) if day not in shut))

    def _said_again(self, days: Days, at: int) -> Days | None:
        """What the days before are, where these only count or date them."""
        if self._counts_again(days, at):
            return days
        if self._exemplifies(days, at):
            return self._draft.days
        return Days(periods=days.periods) if self._dates_again(days, at) else None

    def _counts_again(self, days: Days, at: int) -> bool:
        """Whether these days only count those before: "Sa 10-12 Uhr, 1. und 3. Samstag"."""
        held = self._draft.days
        if not held or not self._draft.times or not self._closes(at):
            return False
        uncounted = tuple(Weekday(w.day) for w in days.weekdays)
        return held.weekdays == uncounted and len(uncounted) == 1 and days.weekdays != uncounted

    def _exemplifies(self, days: Days, at: int) -> bool:
        """Whether these are the next of the days before: "2. Sonntag im Monat …: 13.12., 10.1."."""
        held = self._draft.days
        if not held or not self._draft.times or not self._closes(at) or self._drafts:
            return False
        if len(held.weekdays) != 1 or held.periods or not held.weekdays[0].nth:
            return False
        if days.weekdays or days.nth or not days.periods:
            return False
        return all(
            p.first is not None and p.first == p.last and self._counted(p.first, held.weekdays[0])
            for p in days.periods
        )

    def _counted(self, day: Day, weekday: Weekday) -> bool:
        """Whether a day, of this year or the next where it has none, is that one of its month."""
        years = [day.year] if day.year else [self._seen_on.year, self._seen_on.year + 1]
        dates = [found for year in years if (found := replace(day, year=year).date())]
        return any(
            found.weekday() == weekday.day
            and not {_nth(found), _nth_last(found)}.isdisjoint(weekday.nth)
            for found in dates
        )

    def _closes(self, at: int) -> bool:
        """Whether a phrase is the last, but for what is said of holidays."""
        return all(p.meaning is Kind.HOLIDAYS_CLOSED for p in self._phrases[at + 1 :])

    def _dates_again(self, days: Days, at: int) -> bool:
        """Whether a date says which of the weekdays before: "Montag 19 Uhr, einmalig am 7.12."."""
        held = self._draft.days
        if not held or not self._draft.times or not self._closes(at) or self._drafts:
            return False
        if len(held.weekdays) != 1 or held.periods or held.weekdays[0].nth:
            return False
        return self._on_weekday(held, days)

    def _spans_all(self, days: Days, phrase: Phrase, at: int) -> bool:
        """Whether a range of dates closes the text: "Di 19-20 Uhr, 12.01. bis 23.03.2027"."""
        draft = self._draft
        if self._drafts or not draft.times or not draft.days or draft.periods or draft.parity:
            return False
        weekly = bool(draft.days.weekdays) and not draft.days.periods
        ranged = not days.weekdays and not days.nth and len(days.periods) == 1
        named = not phrase.bare or phrase.label != draft.label  # "Urlaub: 21.12. bis 04.01."
        if not weekly or not ranged or named or at + 1 < len(self._phrases):
            return False
        first, last = days.periods[0].first, days.periods[0].last
        return bool(first and last and first.date() and last.date() and _long(days.periods[0]))

    def _join(self, days: Days) -> None:
        """Join "12.05. bis 16.06.2026" and "dienstags" where words stand between them."""
        held = self._draft.days
        if not held:
            raise UnclearError
        if self._on_weekday(held, days):
            self._draft.days = Days(periods=days.periods)
            return
        ranges = held.periods or days.periods
        weekdays = held.weekdays or days.weekdays
        both = (held.weekdays and days.weekdays) or (held.periods and days.periods)
        if both or len(ranges) != 1 or not _long(ranges[0]):
            raise UnclearError
        self._draft.days = Days(weekdays, ranges)

    @staticmethod
    def _on_weekday(held: Days, days: Days) -> bool:
        """Whether these are dates of the weekday before: "an folgenden Samstagen: 9.1.2027, …"."""
        if len(held.weekdays) != 1 or held.periods or held.weekdays[0].nth:
            return False
        if days.weekdays or days.nth:
            return False
        dates = [p.first.date() if p.first and p.first == p.last else None for p in days.periods]
        return bool(dates) and all(
            day is not None and day.weekday() == held.weekdays[0].day for day in dates
        )

    def _exclude(self, days: Days) -> None:
        held = self._draft.days
        if days.periods and not days.weekdays and all(_single(p) for p in days.periods):
            self._exceptions.append(Rule(periods=days.periods))
            return
        if not held or any(w.nth for w in held.weekdays):
            raise UnclearError
        if days.periods or any(w.nth for w in days.weekdays):
            self._exceptions.append(Rule(days.weekdays, days.periods))
            return
        gone = {w.day for w in days.weekdays}
        if gone == {5} and len(held.weekdays) == 5 and not self._draft.times:
            return  # "werktags außer samstags": the law counts Saturday, we do not
        if not gone <= {w.day for w in held.weekdays}:
            raise UnclearError
        left = tuple(w for w in held.weekdays if w.day not in gone)
        if days.part is not None:
            self._drop_part(days)
        if not left:
            raise UnclearError
        self._draft.days = held._replace(weekdays=left)

    def _drop_part(self, days: Days) -> None:
        """Keep, on the excepted days, the times of the other half of the day."""
        spans = [span for times in self._draft.times for span in times.spans]
        noon = DAY // 2 + 60
        left = tuple(
            s for s in spans if (s.start >= noon if days.part == 0 else (s.end or DAY) <= noon)
        )
        if (
            not left
            or len(left) == len(spans)
            or self._draft.periods
            or self._draft.parity is not None
        ):
            raise UnclearError
        self._exceptions.append(Rule(days.weekdays, spans=left))

    def _take_times(self, times: Times, phrase: Phrase) -> None:
        draft = self._draft
        if self._times_first and draft.days is not None and draft.settled:
            self._finish()
            draft = self._draft
            draft.label = phrase.label
        if draft.days is None and not self._times_first:
            if not self._drafts or (
                draft.parity is None
                and self._weeks is None
                and not draft.periods
                and not self._season
            ):
                raise UnclearError
            self._open(self._drafts[-1].days or Days(), phrase)
        if draft.shut or (draft.times and draft.label != phrase.label and draft.label):
            raise UnclearError
        draft.booked = False
        draft.times.append(times)

    def _take_break(self, pause: Span) -> None:
        """Cut a pause out of the one span that holds it."""
        if pause.end is None or not self._draft.times:
            raise UnclearError
        cut = False
        for at, times in enumerate(self._draft.times):
            spans: list[Span] = []
            for span in times.spans:
                if span.end and span.start < pause.start and pause.end < span.end:
                    spans += [Span(span.start, pause.start), Span(pause.end, span.end)]
                    cut = True
                else:
                    spans.append(span)
            self._draft.times[at] = times._replace(spans=tuple(spans))
        if not cut:
            raise UnclearError

    def _take_always(self, phrase: Phrase) -> None:
        if self._draft.settled:
            if any(times.spans != _ALL_DAY for times in self._draft.times):
                raise UnclearError
            return
        if self._draft.days is None:
            self._times_first = True
        self._take_times(Times(_ALL_DAY), phrase)

    def _take_closed(self, at: int) -> None:
        if self._rests == at:
            return
        if self._pending():
            self._draft.shut = True
            return
        follower = self._phrases[at + 1].meaning if at + 1 < len(self._phrases) else None
        after = self._phrases[at + 2].meaning if at + 2 < len(self._phrases) else None
        if not isinstance(follower, Days) or isinstance(after, Times) or after is Kind.CLOSED:
            raise UnclearError
        self._finish()
        self._draft.shut = True
        self._times_first = False

    def _take_frame(self, frame: Season | Parity | Kind, phrase: Phrase, at: int) -> None:
        """Give a season, a week parity or a fortnight to the rule before or to those after."""
        draft = self._draft
        if draft.days is None or (draft.settled and self._precedes(phrase, at)):
            if draft.settled and draft.days is not None:
                self._finish()
            self._frame_next(frame, phrase, at)
        elif isinstance(frame, Season):
            if draft.periods and draft.periods != self._season:
                raise UnclearError
            draft.periods = frame.periods
        elif isinstance(frame, Parity):
            if draft.parity is not None:
                raise UnclearError
            draft.parity = frame
        else:
            draft.fortnight = True

    def _frame_next(self, frame: Season | Parity | Kind, phrase: Phrase, at: int) -> None:
        if isinstance(frame, Season):
            self._season = frame.periods
        elif isinstance(frame, Parity):
            # A heading ("Gerade Wochen:") holds on; within a sentence it holds for one rule.
            self._weeks, self._weeks_last = frame, not phrase.headed
        else:
            self._fortnight = True
        if at + 1 == len(self._phrases) and self._drafts:
            raise UnclearError

    def _precedes(self, phrase: Phrase, at: int) -> bool:
        if at + 1 == len(self._phrases):
            return False
        if phrase.bracketed:  # "Mo-Fr 10-18 Uhr (Nov.-Feb. nur bis 16 Uhr)"
            behind = self._phrases[at + 1]
            return behind.bracketed and isinstance(behind.meaning, Times)
        before = _STRENGTH.get(phrase.mark, 0)
        after = _STRENGTH.get(self._phrases[at + 1].mark, 0)
        follower = self._phrases[at + 1].meaning
        if phrase.headed or before > after:
            return True
        if after > before or not isinstance(follower, Days | Times):
            return False
        raise UnclearError


def _rule(draft: _Draft) -> Rule:
    days = draft.days or Days()
    own = days.periods
    if own and draft.periods:
        raise UnclearError
    if (
        own
        and not days.weekdays
        and draft.times
        and any(p.first != p.last and _long(p, _LONGEST_DAILY) for p in own)
    ):
        raise UnclearError
    if any(p.first and not p.first.year for p in own) and draft.times:
        raise UnclearError
    untils = [times.until for times in draft.times if times.until is not None]
    spans = ordered({span for times in draft.times for span in times.spans})
    if len(untils) > 1 or (untils and spans):
        raise UnclearError
    if any(a.overlaps(b) for a, b in pairwise(spans)):
        raise UnclearError
    return Rule(
        weekdays=days.weekdays,
        periods=own or draft.periods,
        parity=draft.parity,
        spans=spans,
        until=untils[0] if untils else None,
        more=any(times.more for times in draft.times),
        label=draft.label,
    )


def _meetings(rules: list[Rule], number: int) -> list[Rule]:
    """The days of a short course: "4 x donnerstags ab 14.01.2027, 17-18.30 Uhr".

    A longer one meets holidays, of which the text says nothing: "ab 12.01.2027, 8 Termine".
    """
    rule = rules[0]
    first = rule.periods[0].first if len(rules) == len(rule.periods) == 1 else None
    begin = first.date() if first and first.day else None
    weekdays = {weekday.day for weekday in rule.weekdays}
    if begin is None or not 1 <= number <= _SHORT_COURSE or rule.parity is not None:
        raise UnclearError
    if (weekdays or {begin.weekday()}) != {begin.weekday()}:
        raise UnclearError
    days = [begin + timedelta(weeks=week) for week in range(number)]
    on = [Day(day.year, day.month, day.day) for day in days]
    return [rule._replace(weekdays=(), periods=tuple(Period(day, day) for day in on))]


def _nth(day: date) -> int:
    """Which of its weekday in the month a day is."""
    return (day.day - 1) // 7 + 1


def _nth_last(day: date) -> int:
    """The same counted from the month's end: -1 is the last."""
    return -((calendar.monthrange(day.year, day.month)[1] - day.day) // 7 + 1)


def _long(period: Period, days: int = _LONGEST_EVENT) -> bool:
    """Whether a range of dates is too long for one event of so many days."""
    first = period.first and period.first.date()
    last = period.last and period.last.date()
    return not first or not last or (last - first).days >= days
