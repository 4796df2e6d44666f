"""Lines that tell nothing of times beyond what another line tells in full."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from aggregator.normalise.hours import Hours, parse, qualifiers, tokens
from aggregator.normalise.hours.column import gathered
from aggregator.normalise.hours.rule import Day
from aggregator.normalise.hours.tokens import EMPTY, Clock, Kind, Token


def without_echoes(lines: list[str], hours: Hours, seen_on: date) -> tuple[list[str], Hours]:
    """The lines without echoes and what they say, where they are understood without them.

    Echoes name no day and only times which another line names with its day ("Ab 5.30 Uhr bis
    Kitabeginn" beside "Mo-Fr 5.30-8 Uhr"), days and no times ("Auch am Wochenende kommt jemand"
    beside "täglich 17-22 Uhr"), days which another names with their times, another offer in the
    holidays, or one date again with its times ("Beginn: 12.1.2027, 9.30 Uhr").
    """
    said = [_Said.of(line) for line in lines]
    told = {clock for one in said if not one.dayless for clock in one.clocks}
    within = range(min(told), max(told) + 1) if told else range(0)
    kept = [
        one
        for one in said
        if not (one.dayless and one.clocks and (one.clocks <= told or one.aside(within)))
        and not tokens.untimed(one.plain)
        and not (_ELSEWHERE.match(one.line) and not one.clocks)
        and not one.days_again(said)
    ]
    for one in reversed(kept):
        others = [other for other in kept if other is not one]
        if one.dates_again(others):
            kept = others
    left = [one.line for one in kept]
    again = parse(gathered(left), seen_on) if 0 < len(left) < len(lines) else None
    return (left, again) if again is not None and not again.doubts else (lines, hours)


class _Said(NamedTuple):
    """A line and what it names."""

    line: str
    plain: str
    tokens: Sequence[Token]
    clocks: set[int]
    dayless: bool

    @classmethod
    def of(cls, line: str) -> _Said:
        plain = qualifiers.replace(tokens.fold(line))[0]
        clocks = tokens.clocks(plain)
        return cls(line, plain, tokens.tokenise(plain), clocks, tokens.dayless(plain))

    def aside(self, within: range) -> bool:
        """Whether it names one moment of what others date, or a case that it supposes.

        "Um 12 Uhr kommt der Clown"; "Wenn die Schicht um 5 Uhr beginnt, hilft keine Kita".
        """
        if _SUPPOSES.match(self.line):
            return len(within) > 0
        return len(self.clocks) == 1 and within.start < min(self.clocks) < within.stop

    def dates_again(self, others: Collection[_Said]) -> bool:
        """Whether it names one date alone, which others name, and no time that they do not."""
        dates = self.dates()
        if len(dates) != 1 or any(token.kind not in _REPEATS for token in self.tokens):
            return False
        dated = [other for other in others if any(_same(dates[0], day) for day in other.dates())]
        if not dated or not self.weekdays() <= {day for one in dated for day in one.weekdays()}:
            return False
        if any(self.clocks <= one.clocks for one in dated):
            return True
        told = {clock for other in others for clock in other.clocks}
        return self.clocks <= told and len(told) <= _SPAN

    def days_again(self, others: Collection[_Said]) -> bool:
        """Whether it names no time, and only days which another line names with their times.

        "Jeden zweiten Mittwoch im Monat berät eine Anwältin" beside "2. Mittwoch im Monat, 16 Uhr".
        """
        if self.clocks or not all(one.kind in _IN_PASSING for one in self.tokens):
            return False
        named = self.rhythm()
        return bool(named) and any(one.clocks and named <= one.rhythm() for one in others)

    def rhythm(self) -> set[Token]:
        """Which days of which weeks it names."""
        return {token for token in self.tokens if token.kind in _RHYTHM}

    def dates(self) -> list[Day]:
        """The dates that it names."""
        return [
            value for kind, value in self.tokens if kind is Kind.DATE and isinstance(value, Day)
        ]

    def weekdays(self) -> set[int]:
        """The days of the week that it names."""
        return {
            day
            for kind, value in self.tokens
            if kind is Kind.DAYS and isinstance(value, tuple) and not isinstance(value, Clock)
            for day in value
        }


def _same(one: Day, other: Day) -> bool:
    """Whether two days are one, where the year of either may be left out."""
    years = {one.year, other.year} - {0}
    return (one.month, one.day) == (other.month, other.day) and len(years) <= 1


_ELSEWHERE = re.compile(
    r"\W*(?:auch )?in den \w*ferien\b[^.;\n]{0,60}\bferien-?(?:spiel|programm|freizeit|fahrt|camp"
    r"|lager|woche|angebot|kurs|aktion)\w*",
    re.IGNORECASE,
)
_RHYTHM = frozenset({Kind.DAYS, Kind.NTH, Kind.MONTHLY})
_IN_PASSING = EMPTY | _RHYTHM | {Kind.EACH}
_SPAN = 2  # the times of one span
_SUPPOSES = re.compile(
    r"\W*(?:[\w,&/ –-]{3,60}:\s)?(?:wenn|falls|ob|sobald|obwohl)\s", re.IGNORECASE
)
_REPEATS = frozenset(
    {
        Kind.DATE, Kind.TIME, Kind.DAYS, Kind.WORD, Kind.BREAK, Kind.COLON, Kind.OPEN, Kind.SHUT,
        Kind.FROM, Kind.DASH, Kind.UNTIL,
    }
)  # fmt: skip
