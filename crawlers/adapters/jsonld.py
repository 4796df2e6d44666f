"""schema.org in a page: JSON-LD and microdata, often wrong and half broken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from selectolax.lexbor import LexborNode

from crawlers.adapters import jsontext
from crawlers.adapters.base import Detection, PageRequest
from crawlers.adapters.jsontext import Object
from crawlers.finder import chrome
from crawlers.finder.evidence import reachable, signs
from crawlers.finder.lines import clean_lines
from crawlers.keys import absolute, slug, url_key
from crawlers.page import Page
from crawlers.record import Passage, Record, Role, Trust
from crawlers.source import Source

_EVENTS = re.compile(r"(?:\w*Event|EventSeries|Course|CourseInstance)")
_SERVICES = re.compile(r"(?:Government)?Service")
_OFFICES = re.compile(r"GovernmentOffice|ChildCare|Library|CommunityCenter")
_COMMENT = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/)\s*;?\s*$"
)
_TRAILING = re.compile(r",\s*([}\]])")
_DEPTH = 12
_SCRIPT = "script[type*='ld+json']"
_MARKS = ("ld+json", "itemscope")
"""What pages with markup hold: only there it is looked for."""


class JsonLd:
    """Events and services that a page states for machines."""

    name = "jsonld"
    version = 1

    def detect(self, page: Page) -> Detection | None:
        """Claim pages that state an event or a service."""
        if page.is_html and self.extract(page):
            return Detection(0.9, "schema.org events or services")
        return None

    def requests(self, source: Source) -> Iterable[PageRequest]:
        """Nothing: the markup stands in the pages."""
        return ()

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """Nothing: the page's own reader follows its links."""
        return ()

    def extract(self, page: Page) -> Sequence[Record]:
        """One record an item; organisations are publishers as a rule and left to the finder."""
        if not page.is_html or not any(map(page.holds, _MARKS)):
            return []
        items = [item for root in _roots(page) for item in _flat(root, 0)]
        records: dict[str, Record] = {}
        for number, item in enumerate(items):
            kinds = [_kind(jsontext.text(kind)) for kind in _list(item.get("@type"))]
            if any(map(_tells, kinds)) or (
                any(map(_OFFICES.fullmatch, kinds)) and _headed(page, item)
            ):
                record = self._record(item, number, page)
                if record is not None:
                    records.setdefault(record.key + record.title, record)
        return list(records.values())

    def _record(self, item: Object, number: int, page: Page) -> Record | None:
        title = " ".join(clean_lines(jsontext.text(item.get("name"))))
        if not title or chrome.is_legal(page.url, title):
            return None
        at = f"/ld/{number}"
        passages = [Passage(Role.TITLE, title, f"{at}/name"), *_passages(item, at)]
        url = absolute(page.base, jsontext.text(item.get("url")))
        if not any(
            p.role is not Role.TITLE and (p.role is not Role.TEXT or reachable(signs(p.text)))
            for p in passages
        ):
            return None
        ident = jsontext.text(item.get("identifier"))
        own = bool(url) and url_key(url) != url_key(page.url)
        key = (
            f"ld:{ident}"
            if ident and len(ident) < 200
            else url
            if own
            else f"{page.url.partition('#')[0]}#{slug(title)}"
        )
        return Record(
            key,
            page.url,
            tuple(dict.fromkeys(passages)),
            f"{self.name}@{self.version}",
            Trust.MARKUP,
            detail_url=url if own else None,
        )


def _kind(named: str) -> str:
    """The name of a type without its vocabulary: "Event" of "https://schema.org/Event"."""
    return named.rpartition("/")[2]


def _tells(kind: str) -> bool:
    """True for the types of what is offered."""
    return bool(_EVENTS.fullmatch(kind) or _SERVICES.fullmatch(kind))


def _headed(page: Page, item: Object) -> bool:
    """True where a heading of the page names an item; else that is who publishes the site."""
    name = slug(" ".join(clean_lines(jsontext.text(item.get("name")))))
    return any(slug(node.text()) == name for node in page.tree.css("h1, h2, h3, h4"))


def _passages(item: Object, at: str) -> Iterator[Passage]:
    for name, role in (
        ("description", Role.TEXT), ("startDate", Role.STARTS), ("endDate", Role.ENDS),
        ("telephone", Role.PHONE), ("email", Role.EMAIL), ("openingHours", Role.HOURS),
        ("serviceType", Role.TOPIC), ("category", Role.TOPIC), ("inLanguage", Role.LANGUAGE),
        ("sameAs", Role.URL),
    ):  # fmt: skip
        for value in _list(item.get(name)):
            for line in clean_lines(jsontext.text(value)):
                yield Passage(role, line.removeprefix("mailto:"), f"{at}/{name}")
    if "Cancelled" in jsontext.text(item.get("eventStatus")):
        yield Passage(Role.STATUS, "cancelled", f"{at}/eventStatus")
    for name in (
        "location",
        "address",
        "areaServed",
        "availableChannel",
        "provider",
        "organizer",
        "contactPoint",
        "performer",
        "offers",
        "audience",
    ):
        for part in _list(item.get(name)):
            yield from _part(name, part, f"{at}/{name}")


def _part(name: str, part: object, at: str) -> Iterator[Passage]:  # noqa: C901, PLR0912 - one a property
    if isinstance(part, str):
        role = {
            "location": Role.ADDRESS,
            "address": Role.ADDRESS,
            "provider": Role.PROVIDER,
            "organizer": Role.PROVIDER,
            "audience": Role.AUDIENCE,
        }.get(name)
        if role and part.strip() and not part.startswith("http"):
            yield Passage(role, " ".join(clean_lines(part)), at)
        return
    if not isinstance(part, dict):
        return
    said = " ".join(clean_lines(jsontext.text(part.get("name"))))
    role = {"location": Role.VENUE, "provider": Role.PROVIDER, "organizer": Role.PROVIDER}.get(name)
    if role and said:
        yield Passage(role, said, f"{at}/name")
    if name == "audience" and (who := jsontext.text(part.get("audienceType")) or said):
        yield Passage(Role.AUDIENCE, who, at)
    if name == "offers" and (price := jsontext.text(part.get("price"))):
        yield Passage(
            Role.COST, f"{price} {jsontext.text(part.get('priceCurrency')) or 'EUR'}", f"{at}/price"
        )
    if name in {"location", "address", "provider", "organizer"} or "telephone" in part:
        place = part if name == "address" else part.get("address")
        if isinstance(place, str) and name in {"location", "address"}:
            yield Passage(Role.ADDRESS, " ".join(clean_lines(place)), f"{at}/address")
        for key, kind in (
            ("streetAddress", Role.STREET),
            ("postalCode", Role.POSTCODE),
            ("addressLocality", Role.CITY),
        ):
            if (
                name in {"location", "address"}
                and isinstance(place, dict)
                and (value := jsontext.text(place.get(key)))
            ):
                yield Passage(kind, " ".join(clean_lines(value)), f"{at}/{key}")
        geo = part.get("geo")
        for key, kind in (("latitude", Role.LATITUDE), ("longitude", Role.LONGITUDE)):
            if isinstance(geo, dict) and (value := jsontext.text(geo.get(key))):
                yield Passage(kind, value, f"{at}/geo/{key}")
        for key, kind in (("telephone", Role.PHONE), ("email", Role.EMAIL)):
            if value := jsontext.text(part.get(key)):
                yield Passage(kind, value.removeprefix("mailto:"), f"{at}/{key}")


def _roots(page: Page) -> Iterator[Any]:
    for node in page.tree.css(_SCRIPT):
        if (data := _loads(node.text())) is not None:
            yield data
    if any(map(_may_tell, page.tree.css("[itemscope][itemtype]"))):
        # Loading it takes as long as loading all else that reads, and few pages need it: most that
        # have microdata mark up their menu and their breadcrumbs.
        from extruct.w3cmicrodata import MicrodataExtractor  # noqa: PLC0415

        try:
            found = MicrodataExtractor().extract(page.text)
        except Exception:  # noqa: BLE001 - extruct promises nothing for broken markup
            found = []
        for item in found:
            yield _microdata(item, 0)


def _may_tell(node: LexborNode) -> bool:
    """True for an item of microdata that may be a record."""
    kinds = map(_kind, (node.attributes.get("itemtype") or "").split())
    return any(_tells(kind) or _OFFICES.fullmatch(kind) for kind in kinds)


def _loads(raw: str) -> object:
    raw = _COMMENT.sub("", raw.strip()).strip().rstrip(";")
    for text in (raw, _TRAILING.sub(r"\1", raw)):
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _microdata(item: object, depth: int) -> object:
    if isinstance(item, list):
        return [_microdata(one, depth + 1) for one in item] if depth < _DEPTH else None
    if not isinstance(item, dict) or depth > _DEPTH:
        return item
    values = item.get("properties")
    inner = (
        {k: _microdata(v, depth + 1) for k, v in values.items()} if isinstance(values, dict) else {}
    )
    return {"@type": item.get("type"), **inner}


def _flat(value: object, depth: int) -> Iterator[Object]:
    """Every object that may be an item: roots, graphs, list elements, events inside others."""
    if depth > _DEPTH:
        return
    for one in jsontext.objects(value):
        if "@type" in one:
            yield one
        for name in (
            "@graph",
            "itemListElement",
            "item",
            "event",
            "events",
            "subEvent",
            "hasOfferCatalog",
            "makesOffer",
            "itemOffered",
            "mainEntity",
        ):
            yield from _flat(one.get(name), depth + 1)


def _list(value: object) -> list[Any]:
    return value[:50] if isinstance(value, list) else [] if value is None else [value]
