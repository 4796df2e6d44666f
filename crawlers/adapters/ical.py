"""iCalendar (RFC 5545): one record an event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from icalendar import Calendar, Component

from crawlers.adapters.base import Detection, PageRequest
from crawlers.finder.lines import clean_lines
from crawlers.keys import slug, url_key
from crawlers.page import Page
from crawlers.record import Passage, Record, Role, Trust
from crawlers.source import Source

_MAX_EVENTS = 5000  # a calendar with more is a dump, not a programme


class ICalendar:
    """Calendars made for machines."""

    name = "ical"
    version = 1

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
        try:
            calendars = Calendar.from_ical(page.text, multiple=True)
        except Exception:  # noqa: BLE001 - the parser raises many kinds on broken calendars
            return []
        records: list[Record] = []
        for calendar in calendars:
            for number, event in enumerate(calendar.walk("VEVENT")[:_MAX_EVENTS]):
                try:
                    record = self._event(event, number, page)
                except Exception:  # noqa: BLE001 - one bad event costs that event
                    record = None
                if record is not None:
                    records.append(record)
        return records

    def _event(self, event: Component, number: int, page: Page) -> Record | None:
        title = _text(event, "SUMMARY")
        if not title or "RECURRENCE-ID" in event:
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


def _rule(event: Component, name: str) -> str:
    value = event.get(name)
    one = value[0] if isinstance(value, list) else value
    return one.to_ical().decode("utf-8", "replace") if one is not None else ""


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
    ("RRULE", Role.RECURRENCE, _rule),
    ("STATUS", Role.STATUS, _status),
    ("ORGANIZER", Role.EMAIL, _organizer_mail),
    ("ORGANIZER", Role.PROVIDER, _organizer_name),
)
