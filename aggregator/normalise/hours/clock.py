"""Times of day in words and numbers."""

from __future__ import annotations

from aggregator.normalise.hours.cursor import (
    LINKS,
    RANGE,
    TIME_STARTS,
    Cursor,
    Days,
    Times,
    UnclearError,
)
from aggregator.normalise.hours.rule import DAY, Span, ordered
from aggregator.normalise.hours.tokens import Clock, Kind, Token

_SPOKEN = {Kind.WORD, Kind.BEFORE_AFTER, Kind.SHUT}
_STOPS = {".", "\n"}
_DAYS = {Kind.DATE, Kind.DAYS}
_LEADS = {Kind.COLON, Kind.UNTIL}
_PASSED = {*LINKS, Kind.MORE, Kind.DAYPART}  # between one span and the next
_OPENINGS, _OPENED = {Kind.FROM, Kind.UNTIL, Kind.ADMISSION}, {Kind.TIME, Kind.COLON, Kind.FROM}
_BEYOND = {*LINKS, Kind.OPEN}  # between a time and its end, in the next sentence, too
_WITHIN = _BEYOND | _SPOKEN
_NIGHT, _MORNING, _CHECKOUT = 17 * 60, 8 * 60, 10 * 60


class ClockReader(Cursor):
    """Reads times of day where the cursor stands."""

    def _times(self) -> None:
        close = not self._spoken  # nothing between the day and its time
        spans: list[Span] = []
        until: int | None = None
        clear, lone = False, 0
        while True:
            if self._take(Kind.ADMISSION):
                self._take(Kind.COLON)
                self._take(Kind.FROM)
                if not self._take(Kind.TIME):
                    raise UnclearError
                if not self._more_times():
                    break
                continue
            if self._take(Kind.UNTIL):
                until = self._clock()[0]
                clear = True
            else:
                span, said = self._span()
                lone += span.end is None
                clear = clear or said
                spans.append(span)
            if not self._more_times():
                break
        if lone > 1 or (until is not None and spans) or not (clear or close):
            raise UnclearError
        if not spans and until is None:
            return
        self._add(Times(ordered(spans), until, self._more))
        self._more = False

    def _clock(self) -> Clock:
        value = self._peek().value
        if not isinstance(value, Clock):
            raise UnclearError
        self._at += 1
        return value

    def _span(self) -> tuple[Span, bool]:
        """A span, and whether its form leaves no doubt that times are meant."""
        between = self._take(Kind.BETWEEN)
        opened = self._take(Kind.FROM)
        if opened:
            self._take(Kind.COLON)
        first = self._clock()
        if self._peek().kind is Kind.DAYPART and self._ranges(1):
            return self._parted(first)
        if between:
            if not self._take(Kind.AND) and not self._take(Kind.DASH):
                raise UnclearError
            last = self._clock()
        elif self._peek().kind in RANGE and self._peek(1).kind is Kind.TIME:
            self._at += 1
            last = self._clock()
        elif self._ends():
            last = self._clock()
        else:
            bare = first.bare and not (opened and self._known_by_another())
            if bare or (self._peek().kind in RANGE and self._peek().kind is Kind.UNTIL):
                raise UnclearError
            if self._take(Kind.DASH) and self._peek().kind in _DAYS:
                raise UnclearError  # "12.02.2027, 16:00 - 15.02.2027, 14:00": one long event
            return self._daypart(Span(first.minute, None)), True
        said = not (first.bare and last.bare)
        return self._daypart(_between(first.minute, last.minute)), said

    def _known_by_another(self) -> bool:
        """Whether a bare number behind "ab" is a time as others are: "Mo ab 9, Mi ab 14 Uhr"."""
        day = self._phrases[-1].meaning if self._phrases else None
        if not isinstance(day, Days) or self._spoken:
            return False
        others = (token.value for token in self._tokens[self._at :])
        return any(isinstance(other, Clock) and not other.plain for other in others)

    def _ranges(self, ahead: int) -> bool:
        return self._peek(ahead).kind in RANGE and self._peek(ahead + 1).kind is Kind.TIME

    def _parted(self, first: Clock) -> tuple[Span, bool]:
        """Read "6 Uhr früh bis 20 Uhr abends": each end with its half of the day."""
        start = _halved(first.minute, self._part_of(self._peek()))
        self._at += 2
        end = self._clock().minute
        if self._peek().kind is Kind.DAYPART:
            end = _halved(end, self._part_of(self._peek()))
            self._at += 1
        return _between(start, end), True

    def _ends(self) -> bool:
        """Step to the time of "…, Ende 20 Uhr", whatever is said between in that sentence."""
        ahead = 0
        within = _WITHIN
        while self._peek(ahead).kind in within:
            if self._peek(ahead).value in _STOPS:
                within = _BEYOND
            ahead += 1
        if self._peek(ahead).kind is not Kind.ENDS:
            return False
        ahead += 1
        while self._peek(ahead).kind in _LEADS:
            ahead += 1
        if self._peek(ahead).kind is not Kind.TIME:
            return False
        self._at += ahead
        return True

    def _daypart(self, span: Span) -> Span:
        if (
            self._part is None
            and self._peek().kind is Kind.DAYPART
            and self._peek(1).kind is not Kind.TIME
        ):
            self._remember_part()
        part, self._part = self._part, None
        end = span.end or span.start
        if part and end <= DAY / 2:
            if span.start > _MORNING:
                raise UnclearError
            return Span(span.start + DAY // 2, span.end and span.end + DAY // 2)
        if 0 < span.start < 5 * 60 and span.start % DAY:
            raise UnclearError  # "2-4 Uhr": night or afternoon?
        return span

    def _more_times(self) -> bool:
        """Step over what links one span to the next."""
        ahead = 0
        while self._peek(ahead).kind in _PASSED:
            if self._peek(ahead).value in {"\n", ";", "."}:
                return False
            ahead += 1
        kind, beyond = self._peek(ahead).kind, self._peek(ahead + 1).kind
        timed = kind in TIME_STARTS or (
            kind in _OPENINGS
            and beyond in _OPENED
            and not (beyond is Kind.COLON and self._peek(ahead + 2).kind is Kind.DATE)
        )
        if timed and (ahead or kind is not Kind.UNTIL):
            for step in range(ahead):
                if self._peek(step).kind is Kind.DAYPART:
                    self._part = self._part_of(self._peek(step))
            self._at += ahead
            return True
        return False

    def _remember_part(self) -> None:
        self._part = self._part_of(self._peek())
        self._at += 1

    @staticmethod
    def _part_of(token: Token) -> int:
        return token.value if isinstance(token.value, int) else 0


def _halved(minute: int, part: int) -> int:
    return minute + DAY // 2 if part and minute < DAY // 2 else minute


def _between(start: int, end: int) -> Span:
    if end <= start:
        if end == 0 and start > 0:
            end = DAY
        elif start >= _NIGHT and end <= _CHECKOUT:
            end += DAY
        else:
            raise UnclearError
    if start >= DAY:
        raise UnclearError
    return Span(start, end)
