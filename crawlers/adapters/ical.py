"""iCalendar (RFC 5545): one record an event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from icalendar import Calendar

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

    def _event(self, event: Any, number: int, page: Page) -> Record | None:
        title = _text(event, "SUMMARY")
        if not title or "RECURRENCE-ID" in event:
            return None
        at = f"VEVENT[{number}]"
        found = [Passage(Role.TITLE, title, f"{at}/SUMMARY")]
        for line in clean_lines(str(event.get("DESCRIPTION") or "")):
            found.append(Passage(Role.TEXT, line, f"{at}/DESCRIPTION"))
        for name, role in (("LOCATION", Role.ADDRESS), ("URL", Role.URL)):
            if value := _text(event, name):
                found.append(Passage(role, value, f"{at}/{name}"))
        for name, role in (("DTSTART", Role.STARTS), ("DTEND", Role.ENDS)):
            if moment := _moment(event.get(name)):
                found.append(Passage(role, moment, f"{at}/{name}"))
        if (rule := event.get("RRULE")) is not None:
            one = rule[0] if isinstance(rule, list) else rule
            found.append(
                Passage(Role.RECURRENCE, one.to_ical().decode("utf-8", "replace"), f"{at}/RRULE")
            )
        if (status := _text(event, "STATUS").lower()) in {"cancelled", "tentative"}:
            found.append(Passage(Role.STATUS, status, f"{at}/STATUS"))
        for category in _categories(event.get("CATEGORIES")):
            found.append(Passage(Role.TOPIC, category, f"{at}/CATEGORIES"))
        organizer = event.get("ORGANIZER")
        if organizer is not None:
            target = str(organizer)
            if target.lower().startswith("mailto:"):
                found.append(Passage(Role.EMAIL, target[7:], f"{at}/ORGANIZER"))
            if name := str(getattr(organizer, "params", {}).get("CN") or ""):
                found.append(Passage(Role.PROVIDER, name, f"{at}/ORGANIZER"))
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


def _text(event: Any, name: str) -> str:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    return " ".join(clean_lines(str(value))) if value is not None else ""


def _moment(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    moment = getattr(value, "dt", None)
    return moment.isoformat() if isinstance(moment, datetime | date) else None


def _categories(value: Any) -> list[str]:
    groups = value if isinstance(value, list) else [value] if value is not None else []
    return [
        text for group in groups for one in getattr(group, "cats", []) if (text := str(one).strip())
    ]
