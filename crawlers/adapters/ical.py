"""iCalendar (RFC 5545): one record an event."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from crawlers.adapters.base import Detection, PageRequest
from crawlers.finder.lines import clean_lines
from crawlers.keys import slug, url_key
from crawlers.page import Page
from crawlers.record import Passage, Record, Role, Trust
from crawlers.source import Source

if TYPE_CHECKING:
    from icalendar import Component

_MAX_EVENTS = 5000  # a calendar with more is a dump, not a programme
_MAX_SERIES = 300  # whose meetings are worked out
_AHEAD = timedelta(days=120)
_NAMED = 6  # next meetings told of a series
_PAST = timedelta(days=31)
"""What ended longer ago is no offer; that it is absent then means that it is over."""
_PLAIN = re.compile(r"FREQ=WEEKLY(?:;(?:BYDAY=[A-Z,]+|WKST=[A-Z]{2}|INTERVAL=1|UNTIL=\w+))*")
_COUNTED = re.compile(r"COUNT=\d+")
# Rules that people make. Of others (an interval of 0, a 31st of February) the meetings are not
# worked out: looking for the next one may take for ever.
_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_DAYS_OF = rf";BYDAY={_DAY}(?:,{_DAY}){{0,6}}"
_NTH_OF = rf";BYDAY=-?[1-4]{_DAY}(?:,-?[1-4]{_DAY}){{0,6}}"
_SOUND = re.compile(
    rf"FREQ=(?:DAILY|WEEKLY(?:{_DAYS_OF})?|MONTHLY(?:{_NTH_OF}|{_DAYS_OF};BYSETPOS=-?[1-4])?"
    r"|MONTHLY;BYMONTHDAY=(?:[1-9]|1\d|2[0-8]|-1)|YEARLY)"
)
_FRAME = re.compile(r";(?:INTERVAL=[1-9]\d?|COUNT=\d{1,3}|UNTIL=\w{8,20}|WKST=[A-Z]{2})(?=;|$)")
_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")


class ICalendar:
    """Calendars made for machines.

    A series is one offer, whatever its meetings are called: exceptions (EXDATE, RECURRENCE-ID) and
    the next meetings of a rhythm that no weekday tells are said in words. What ended more than a
    month ago is left out.
    """

    name = "ical"
    version = 2

    def detect(self, page: Page) -> Detection | None:
        """Claim what begins like a calendar."""
        if b"BEGIN:VCALENDAR" in page.body[:400].upper():
            return Detection(1.0, "an iCalendar file")
        return None

    def requests(self, source: Source) -> Iterable[PageRequest]:
        """Nothing beyond the start URLs."""
        return ()

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """Nothing: a calendar leads nowhere."""
        return ()

    def extract(self, page: Page) -> Sequence[Record]:
        """Each VEVENT that is not an exception to a series; the UID is its key."""
        if not self.detect(page):
            return []
        from icalendar import Calendar  # noqa: PLC0415 - few sites need what takes long to load

        try:
            calendars = Calendar.from_ical(page.text, multiple=True)
        except Exception:  # noqa: BLE001 - the parser raises many kinds on broken calendars
            return []
        records: list[Record] = []
        for calendar in calendars:
            series = _Series(calendar, page.fetched_at)
            for number, event in enumerate(calendar.walk("VEVENT")[:_MAX_EVENTS]):
                try:
                    record = self._event(event, number, page, series)
                except Exception:  # noqa: BLE001 - one bad event costs that event
                    record = None
                if record is not None:
                    records.append(record)
        return records

    def _event(self, event: Component, number: int, page: Page, series: _Series) -> Record | None:
        title = _text(event, "SUMMARY")
        if not title or not series.leads(event) or series.is_over(event):
            return None
        at = f"VEVENT[{number}]"
        found = [Passage(Role.TITLE, title, f"{at}/SUMMARY")]
        found += [
            Passage(Role.TEXT, line, f"{at}/DESCRIPTION")
            for line in clean_lines(str(event.get("DESCRIPTION") or ""))
        ]
        found += [
            Passage(role, value, f"{at}/{name}")
            for name, role, reading in _PROPERTIES
            if (value := reading(event, name))
        ]
        found += [
            Passage(Role.TOPIC, category, f"{at}/CATEGORIES")
            for category in _categories(event.get("CATEGORIES"))
        ]
        found += [
            Passage(Role.RECURRENCE if told.startswith("FREQ") else Role.TEXT, told, f"{at}/RRULE")
            for told in series.told(event)
        ]
        uid = _text(event, "UID")
        link = _text(event, "URL")
        key = uid or f"{page.url.partition('#')[0]}#{slug(title)}"
        detail = link if url_key(link) else None
        return Record(
            key,
            page.url,
            tuple(found),
            f"{self.name}@{self.version}",
            Trust.FEED,
            detail_url=detail,
        )


def _text(event: Component, name: str) -> str:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    return " ".join(clean_lines(str(value))) if value is not None else ""


def _moment(event: Component, name: str) -> str:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    moment = getattr(value, "dt", None)
    return moment.isoformat() if isinstance(moment, datetime | date) else ""


def _rule(event: Component) -> str:
    value = event.get("RRULE")
    one = value[0] if isinstance(value, list) else value
    return one.to_ical().decode("utf-8", "replace") if one is not None else ""


class _Series:
    """What the events of a calendar that share a UID are together (RFC 5545, 3.8.4.4)."""

    def __init__(self, calendar: Component, now: datetime) -> None:
        self.now = now.astimezone(UTC)
        self._events: dict[str, list[Component]] = {}
        for event in calendar.walk("VEVENT")[:_MAX_EVENTS]:
            self._events.setdefault(_text(event, "UID"), []).append(event)
        self._leaders: dict[str, Component] = {}
        self._left = _MAX_SERIES

    def leads(self, event: Component) -> bool:
        """Whether this event stands for its series: its master, or the first where none is."""
        uid = _text(event, "UID")
        if uid and uid not in self._leaders:
            same = self._events[uid]
            masters = (one for one in same if "RECURRENCE-ID" not in one)
            self._leaders[uid] = next(masters, None) or min(same, key=_start)
        return not uid or event is self._leaders[uid]

    def is_over(self, event: Component) -> bool:
        """True for what ended more than a month ago; a series without an end never does."""
        last = max(map(_end, self._same(event)))
        rule = _rule(event)
        if rule and "UNTIL=" not in rule and "COUNT=" not in rule:
            return False
        if until := re.search(r"UNTIL=(\d{4})(\d\d)(\d\d)", rule):
            year, month, day = map(int, until.groups())
            last = max(last, datetime(year, month, day, 23, 59, tzinfo=UTC))
        elif rule and (meetings := self._meetings(event, self.now - 9 * _AHEAD, 9 * _AHEAD)):
            last = max(last, _end(meetings[-1]))
        return last < self.now - _PAST

    def told(self, event: Component) -> Iterator[str]:
        """The rule of a series, and in words what a rule of weekdays does not say."""
        rule, same = _rule(event), self._same(event)
        if rule and _COUNTED.search(rule):
            meetings = self._meetings(event, _start(event), 9 * _AHEAD)
            if meetings:  # a number of meetings is a last day, which is easier to understand
                rule = _COUNTED.sub(f"UNTIL={_end(meetings[-1]):%Y%m%d}", rule)
        if rule:
            yield rule
        if not rule and len(same) == 1 and "RDATE" not in event:
            return
        if not _PLAIN.fullmatch(rule):
            meetings = [
                one
                for one in self._meetings(event, self.now, _AHEAD)
                if _text(one, "STATUS").upper() != "CANCELLED"
            ]
            if meetings:
                yield f"Nächste Termine: {'; '.join(map(_spoken, meetings[:_NAMED]))}"
        off = [one for one in _exceptions(event) if self.now <= one <= self.now + _AHEAD]
        off += [
            _start(one)
            for one in same
            if one is not event
            and _text(one, "STATUS").upper() == "CANCELLED"
            and self.now <= _start(one) <= self.now + _AHEAD
        ]
        if off:
            days = ", ".join(f"{one:%d.%m.%Y}" for one in sorted(off)[:_NAMED])
            yield f"Kein Termin am {days}"

    def _same(self, event: Component) -> list[Component]:
        uid = _text(event, "UID")
        return self._events[uid] if uid else [event]

    def _meetings(self, event: Component, since: datetime, ahead: timedelta) -> list[Component]:
        """The meetings of a series in a time, in their order; none of a rule that is a bomb."""
        same = self._same(event)[:200]
        if self._left <= 0 or not all(map(_is_sound, same)):
            return []
        self._left -= 1
        import recurring_ical_events  # noqa: PLC0415 - see above
        from icalendar import Calendar  # noqa: PLC0415

        calendar = Calendar()
        for one in same:
            # An event that was never closed holds those after it, whose rules nobody has judged.
            calendar.add_component(one.copy(recursive=False))
        found = recurring_ical_events.of(calendar, skip_bad_series=True).between(
            since, since + ahead
        )
        return sorted(found, key=_start)


def _is_sound(event: Component) -> bool:
    """Whether the meetings of a series can be worked out in no time."""
    if isinstance(event.get("RRULE"), list) or _start(event).year < 2000:
        return False
    rule = _FRAME.sub("", _rule(event))
    return not rule or bool(_SOUND.fullmatch(rule))


def _start(event: Component) -> datetime:
    return _aware(event, "DTSTART")


def _end(event: Component) -> datetime:
    return max(_aware(event, "DTEND"), _start(event))


def _aware(event: Component, name: str) -> datetime:
    """A moment with a zone; a day begins in UTC, which is near enough to sort by."""
    value = getattr(event.get(name), "dt", None)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    return datetime.min.replace(tzinfo=UTC)


def _exceptions(event: Component) -> Iterator[datetime]:
    value = event.get("EXDATE")
    for group in value if isinstance(value, list) else [value] if value is not None else []:
        for one in getattr(group, "dts", []):
            moment = one.dt
            if not isinstance(moment, datetime):
                moment = datetime.combine(moment, time(12), UTC)
            yield moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _spoken(event: Component) -> str:
    value = getattr(event.get("DTSTART"), "dt", None)
    if not isinstance(value, date):
        return ""
    clock = f" {value:%H:%M} Uhr" if isinstance(value, datetime) else ""
    return f"{_DAYS[value.weekday()]} {value:%d.%m.%Y}{clock}"


def _status(event: Component, name: str) -> str:
    status = _text(event, name).lower()
    return status if status in {"cancelled", "tentative"} else ""


def _organizer_mail(event: Component, name: str) -> str:
    target = str(event.get(name) or "")
    return target[7:] if target.lower().startswith("mailto:") else ""


def _organizer_name(event: Component, name: str) -> str:
    return str(getattr(event.get(name), "params", {}).get("CN") or "")


def _categories(value: object) -> list[str]:
    groups = value if isinstance(value, list) else [value] if value is not None else []
    return [
        text for group in groups for one in getattr(group, "cats", []) if (text := str(one).strip())
    ]


_PROPERTIES: tuple[tuple[str, Role, Callable[[Component, str], str]], ...] = (
    ("LOCATION", Role.ADDRESS, _text),
    ("URL", Role.URL, _text),
    ("DTSTART", Role.STARTS, _moment),
    ("DTEND", Role.ENDS, _moment),
    ("STATUS", Role.STATUS, _status),
    ("ORGANIZER", Role.EMAIL, _organizer_mail),
    ("ORGANIZER", Role.PROVIDER, _organizer_name),
)
