"""The state of one pass over the tokens of a text, and what its phrases are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from aggregator.normalise.hours.rule import Parity, Period, Span, Weekday
from aggregator.normalise.hours.tokens import Kind, Token

_END = Token(Kind.END)
RANGE = {Kind.DASH, Kind.UNTIL}
LINKS = {Kind.AND, Kind.BREAK}
DAY_STARTS = {Kind.DAYS, Kind.EACH, Kind.NTH, Kind.DATE, Kind.REST}
TIME_STARTS = {Kind.TIME, Kind.BETWEEN}


class UnclearError(Exception):
    """Something in the text may speak of times and is not understood."""


class Days(NamedTuple):
    """Days named together."""

    weekdays: tuple[Weekday, ...] = ()
    periods: tuple[Period, ...] = ()
    nth: tuple[int, ...] = ()
    """Counts without their weekday ("jeden 1. und 3. im Monat")."""
    inverted: bool = False
    """Named as an exception."""
    rest: int = 0
    """Of so many days from Monday on, all that no phrase before has named; 0: named themselves."""
    part: int | None = None
    """The half of the day that an exception is about: 0 morning, 1 afternoon; None is all day."""


class Times(NamedTuple):
    """Times named together; `until` is an end without a start, `more` says that they add."""

    spans: tuple[Span, ...] = ()
    until: int | None = None
    more: bool = False


class Break(NamedTuple):
    """A pause in the times before it."""

    span: Span


class Season(NamedTuple):
    """Parts of the year named together; `inverted`: those in which nothing takes place."""

    periods: tuple[Period, ...]
    inverted: bool = False


Meaning = Days | Times | Break | Season | Parity | Kind


class Phrase(NamedTuple):
    """A meaning, the mark before it, whether it stands in brackets, and the label over it."""

    meaning: Meaning
    mark: str = ""
    bracketed: bool = False
    label: str = ""
    headed: bool = False
    """Followed by a colon: it heads what comes after."""
    bare: bool = False
    """No word stands between it and the phrase before, nor after it at the end of the text."""
    resting: bool = False
    """Called the day of rest: on all others it is open."""


class Cursor:
    """A place in the tokens, and what was read up to it."""

    def __init__(self, tokens: Sequence[Token], seen_on: date) -> None:
        """Start before the first token; years are inferred from `seen_on`."""
        self._tokens = tokens
        self._at = 0
        self._seen_on = seen_on
        self._mark, self._label = "", ""
        self._words: list[str] = []
        self._depth = 0
        self._more = False
        self._part: int | None = None
        self._spoken = False
        self._every = False  # "jeden Sonntag", without a count
        self._phrases: list[Phrase] = []
        self._left_out: list[int] = []  # phrases of days, without years, on which there is nothing
        self.monthly = False
        self.unanchored = False
        self.loose = False
        """Only how often is said: "einmal im Monat"."""
        self.lasting = False
        """A duration is named."""
        self.counted = False
        """A number of meetings is named: the days end some time."""
        self.numbered = False
        """The days themselves are counted: "6 x dienstags", "drei Dienstage"."""
        self.meetings = 0
        """How many, where it is said in a figure or a word that is known."""

    def _peek(self, ahead: int = 0) -> Token:
        try:
            return self._tokens[self._at + ahead]
        except IndexError:
            return _END

    def _take(self, kind: Kind) -> bool:
        if self._peek().kind is kind:
            self._at += 1
            return True
        return False

    def _add(self, meaning: Meaning) -> None:
        headed = self._peek().kind is Kind.COLON
        bare = not self._spoken
        self._phrases.append(
            Phrase(meaning, self._mark, self._depth > 0, self._label, headed, bare)
        )
        self._mark = ""
        self._words = []
        self._spoken = False
