"""Feeds: what is new or changed (Atom, RFC 4287) and what takes place (iCalendar, RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import Response

from aggregator.catalogue.news import News, news, with_dates
from aggregator.catalogue.state import freshness
from aggregator.correction.aspect import ASPECTS
from aggregator.index.opening import berlin
from aggregator.listing import Topic
from aggregator.vocabulary.regions import COUNTRY, REGIONS, region_name
from aggregator.vocabulary.topics import TOPICS
from api import caching, dates, links
from api.access import Index, Record
from api.problems import not_found

router = APIRouter()
_MOST = 50
"""Entries of a feed: readers come back before so many change."""
_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LABELS = {name: aspect.label for aspect in ASPECTS for name in aspect.fields}


class FeedQuestion(BaseModel):
    """Of which regions and topics; all where none is told."""

    model_config = ConfigDict(extra="forbid")

    region: list[Annotated[str, StringConstraints(pattern=r"^(DE|[0-9]{2,12})$")]] = Field(
        [], max_length=20
    )
    topic: list[Topic] = Field([], max_length=14)

    def regions(self) -> list[str]:
        """The regions to look in. Raises Problem (404) for one that there is not."""
        for key in self.region:
            if key not in REGIONS:
                raise not_found("Eine Region", "region", key)
        return [] if COUNTRY in self.region else sorted(set(self.region))

    def address(self) -> str:
        """Its parameters, in order."""
        told = {"region": self.regions(), "topic": sorted(set(self.topic))}
        return urlencode({name: values for name, values in told.items() if values}, doseq=True)

    def title(self, what: str) -> str:
        """What a feed of it is called."""
        about = [TOPICS[code].label["de"] for code in sorted(set(self.topic))]
        named = [*(region_name(key) for key in self.regions()), *about]
        return " – ".join([what, ", ".join(named)] if named else [what])


@router.get("/neues.atom")
def atom(
    request: Request, record: Record, searcher: Index, asked: Annotated[FeedQuestion, Query()]
) -> Response:
    """New and changed offers, of regions and topics if any are told."""
    origin = links.origin(request)
    tag = caching.etag("atom", searcher.seq(), freshness(record), asked.address(), origin)
    if known := caching.unchanged(request, tag):
        return known
    found = news(record, asked.regions(), asked.topic, _MOST)
    body = _feed(asked, origin, found)
    return Response(
        body, media_type="application/atom+xml; charset=utf-8", headers=caching.validators(tag)
    )


@router.get("/termine.ics")
def calendar(
    request: Request, record: Record, searcher: Index, asked: Annotated[FeedQuestion, Query()]
) -> Response:
    """Offers with dates of their own as a calendar to subscribe to."""
    origin, today = links.origin(request), berlin(None).date()
    tag = caching.etag("ics", searcher.seq(), freshness(record), asked.address(), origin)
    if known := caching.unchanged(request, tag):
        return known
    found = with_dates(record, asked.regions(), asked.topic)
    title = asked.title("Termine für Alleinerziehende")
    body = dates.calendar_of(
        ((one, f"{origin}/angebot/{one.id}") for one in found),
        today,
        title,
        _address(origin, "termine.ics", asked),
    )
    return Response(
        body, media_type="text/calendar; charset=utf-8", headers=caching.validators(tag)
    )


def _feed(asked: FeedQuestion, origin: str, found: Sequence[News]) -> bytes:
    here = _address(origin, "neues.atom", asked)
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": "de"})
    _say(feed, "id", here)
    _say(feed, "title", asked.title("Neue und geänderte Angebote für Alleinerziehende"))
    _say(feed, "updated", _moment(max((one.changed_at for one in found), default=_NEVER)))
    _say(SubElement(feed, "author"), "name", "netzlotse")
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": here})
    page = f"{origin}/{f'?{asked.address()}' if asked.address() else ''}"
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page})
    for one in found:
        feed.append(_entry(one, origin))
    body: bytes = tostring(feed, "utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def _entry(one: News, origin: str) -> Element:
    offer, entry = one.offer, Element("entry")
    _say(entry, "id", f"urn:uuid:{offer.id}")
    _say(entry, "title", offer.title)
    _say(entry, "published", _moment(one.added_at))
    _say(entry, "updated", _moment(max(one.changed_at, one.added_at)))
    link = {"rel": "alternate", "type": "text/html", "href": f"{origin}/angebot/{offer.id}"}
    SubElement(entry, "link", link)
    for code in offer.topics:
        SubElement(entry, "category", {"term": code, "label": TOPICS[code].label["de"]})
    _say(entry, "summary", "\n".join(_told(one)))
    return entry


def _told(one: News) -> Iterable[str]:
    offer = one.offer
    parts = [offer.provider, offer.street, offer.district or offer.city]
    if facts := ", ".join(part for part in parts if part):
        yield facts
    if offer.hours_text:
        yield offer.hours_text
    if one.fields and one.changed_at > one.added_at:
        labels = dict.fromkeys(_LABELS[name] for name in one.fields if name in _LABELS)
        if labels:
            yield f"Geändert: {', '.join(labels)}"
    else:
        yield "Neu"


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _NOT_XML.sub("", text)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _address(origin: str, name: str, asked: FeedQuestion) -> str:
    address = asked.address()
    return f"{origin}/{name}{f'?{address}' if address else ''}"
