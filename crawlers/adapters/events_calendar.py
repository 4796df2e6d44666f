"""The Events Calendar (WordPress): its REST API, and its calendar file where that is closed.

Its default window starts yesterday: an event that is missing there has mostly passed, which is no
withdrawal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from crawlers.adapters import jsontext
from crawlers.adapters.base import PageRequest
from crawlers.adapters.html import MarkedHtml
from crawlers.adapters.jsontext import Object
from crawlers.finder.lines import clean_lines
from crawlers.keys import url_key
from crawlers.page import Page
from crawlers.record import Passage, Record, Role, Trust
from crawlers.source import Source

_API = "/wp-json/tribe/events/v1/events"
_FILE = "?post_type=tribe_events&ical=1&eventDisplay=list"
_PER_PAGE = 50  # the API's maximum
_VENUE = (
    ("venue", Role.VENUE), ("address", Role.STREET), ("zip", Role.POSTCODE), ("city", Role.CITY),
    ("geo_lat", Role.LATITUDE), ("geo_lng", Role.LONGITUDE), ("phone", Role.PHONE),
)  # fmt: skip
_ORGANIZER = (
    ("organizer", Role.PROVIDER), ("phone", Role.PHONE), ("email", Role.EMAIL),
    ("website", Role.URL),
)  # fmt: skip


class EventsCalendar(MarkedHtml):
    """Event pages of the plugin; its API tells them better than its HTML."""

    name = "events_calendar"
    marks = (
        (("/wp-json/tribe/events/v1/",), 0.99, "the page links the events API"),
        (("/plugins/the-events-calendar/", "tribe-events"), 0.97, "markup of The Events Calendar"),
    )

    def requests(self, source: Source) -> Iterable[PageRequest]:
        """The first page of events of each host, and its calendar file: one may be closed."""
        for root in dict.fromkeys(f"{p.scheme}://{p.netloc}" for p in map(urlsplit, source.start)):
            yield PageRequest(
                f"{root}{_API}?per_page={_PER_PAGE}", 0, 1.0, "events API", optional=True
            )
            yield PageRequest(f"{root}/{_FILE}", 0, 0.9, "events as a calendar", optional=True)

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """The API's own next link."""
        if page.is_html or _API not in page.url:
            return super().links(page, source)
        data = jsontext.load(page)
        following = jsontext.text(data.get("next_rest_url")) if isinstance(data, dict) else ""
        return (
            [PageRequest(following, promise=1.0, reason="next events", following=True)]
            if url_key(following)
            else []
        )

    def extract(self, page: Page) -> Sequence[Record]:
        """One record an event. HTML is left to the other readers."""
        if page.is_html or _API not in page.url:
            return []
        data = jsontext.load(page)
        events = jsontext.objects(data.get("events")) if isinstance(data, dict) else []
        return [record for n, event in enumerate(events) if (record := self._event(event, n, page))]

    def _event(self, event: Object, number: int, page: Page) -> Record | None:
        title = " ".join(clean_lines(jsontext.text(event.get("title"))))
        link, ident = jsontext.text(event.get("url")), jsontext.text(event.get("id"))
        if not title or not ident:
            return None
        at = f"/events/{number}"
        passages = [Passage(Role.TITLE, title, f"{at}/title")]
        passages += [
            Passage(Role.TEXT, line, f"{at}/description")
            for line in clean_lines(jsontext.text(event.get("description")))
        ]
        for name, role in (
            ("start_date", Role.STARTS),
            ("end_date", Role.ENDS),
            ("cost", Role.COST),
            ("website", Role.URL),
        ):
            if value := " ".join(clean_lines(jsontext.text(event.get(name)))):
                value = value.replace(" ", "T", 1) if role in {Role.STARTS, Role.ENDS} else value
                passages.append(Passage(role, value, f"{at}/{name}"))
        for name, parts in (("venue", _VENUE), ("organizer", _ORGANIZER)):
            for place in jsontext.objects(event.get(name))[:1]:
                passages += [
                    Passage(role, value, f"{at}/{name}/{part}")
                    for part, role in parts
                    if (value := " ".join(clean_lines(jsontext.text(place.get(part)))))
                ]
        for group in ("categories", "tags"):
            for term in jsontext.objects(event.get(group)):
                if value := " ".join(clean_lines(jsontext.text(term.get("name")))):
                    passages.append(Passage(Role.TOPIC, value, f"{at}/{group}"))
        page_url = link if url_key(link) else page.url
        return Record(f"tribe:{ident}", page_url, tuple(passages), self.extractor, Trust.FEED)
