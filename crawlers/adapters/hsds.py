"""An upstream HSDS 3.x API (Open Referral): another aggregator, or any directory that speaks it.

What netzlotse's profile adds (docs/hsds.md) keeps the provenance: the page that said it first, its
words, who read them, and the aggregators through which they came.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawlers.adapters import jsontext
from crawlers.adapters.base import Detection, PageRequest
from crawlers.adapters.jsontext import Object
from crawlers.finder.lines import clean_lines
from crawlers.keys import url_key
from crawlers.page import Page
from crawlers.record import Origin, Passage, Record, Role, Trust
from crawlers.source import Source

_PER_PAGE = 100
_MAX_LINES = 20_000  # services of one ndjson answer
_SERVICES = "/services"
_SINCE = "modified_after"
_STATUS = frozenset({"active", "inactive", "defunct", "temporarily closed"})
_NESTED = (
    "service_at_locations", "schedules", "phones", "contacts", "attributes", "languages",
    "cost_options", "service_areas", "locations",
)  # fmt: skip
_DAYS = {"MO": "Mo", "TU": "Di", "WE": "Mi", "TH": "Do", "FR": "Fr", "SA": "Sa", "SU": "So"}
_BYDAY = re.compile(r"(-?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_TOLD_BY_QUOTE = {
    "cost": Role.COST, "cost_amount": Role.COST, "registration": Role.TEXT, "childcare": Role.TEXT,
    "exclusivity": Role.TEXT, "modes": Role.TEXT, "languages": Role.TEXT, "wheelchair": Role.TEXT,
    "audience": Role.TEXT, "formats": Role.TEXT, "topics": Role.TEXT, "hours_text": Role.HOURS,
    "hours_qualifiers": Role.HOURS, "valid_until": Role.TEXT, "status": Role.TEXT,
}  # fmt: skip
"""Fields of the profile whose quote is read again, in the words of the page that said it."""


class Hsds:
    """Services of an HSDS API; the API's root leads to all of them, page by page.

    Asked for is the full form, a hundred a page; where a server gives the short form only, each
    service is asked for. Parameters of a declared start URL (a taxonomy term, `modified_after`, a
    postcode) stay through all pages, and `format=ndjson` is read as it streams. The key of a record
    is the service's own UUID. Who asks for what changed is told what is gone as well: a record that
    says so.
    """

    name = "hsds"
    version = 1

    def detect(self, page: Page) -> Detection | None:
        """Claim the root of an HSDS API, its pages of services, and lines of services."""
        if page.is_html or page.body[:60].lstrip()[:1] not in {b"{", b"["}:
            return None
        data = jsontext.load(page)
        if isinstance(data, dict) and _is_root(data):
            return Detection(1.0, f"an HSDS API, version {jsontext.text(data.get('version'))}")
        if any(True for _ in _services(page, data)):
            return Detection(0.98, "HSDS services")
        return None

    def requests(self, source: Source) -> Iterable[PageRequest]:
        """Nothing beyond the start URLs: the root leads on."""
        return ()

    def links(self, page: Page, source: Source) -> Iterable[PageRequest]:
        """From the root to the services, from one page of them to the next, or to each service."""
        if page.is_html:
            return
        data = jsontext.load(page)
        if not isinstance(data, dict):
            return
        if _is_root(data):
            parts = urlsplit(page.url)
            path = parts.path.rstrip("/") + _SERVICES
            yield _asked(urlunsplit(parts._replace(path=path)), {}, "HSDS services")
            return
        if "contents" not in data or not any(True for _ in _services(page, data)):
            return
        number, total = _whole(data.get("page_number")), _whole(data.get("total_pages"))
        if number and total and number < total:
            yield _asked(
                page.url, {"page": str(number + 1)}, f"page {number + 1} of {total}", following=True
            )
        if any(name in one for one in jsontext.objects(data.get("contents")) for name in _NESTED):
            return
        if dict(parse_qsl(urlsplit(page.url).query)).get("full") != "true":
            yield _asked(page.url, {"full": "true"}, "HSDS services in full")
            return
        parts = urlsplit(page.url)
        for one in jsontext.objects(data.get("contents")):
            if ident := jsontext.text(one.get("id")):
                path = f"{parts.path.rstrip('/')}/{ident}"
                yield PageRequest(
                    urlunsplit(parts._replace(path=path, query="")), promise=0.9, reason="service"
                )

    def extract(self, page: Page) -> Sequence[Record]:
        """One record a service that still exists, and of changes one of each that does not."""
        if page.is_html:
            return []
        found = []
        changes = _SINCE in dict(parse_qsl(urlsplit(page.url).query))
        for at, service in _services(page, jsontext.load(page)):
            told = _Service(service, at, page.url, f"{self.name}@{self.version}")
            if (record := told.record(gone=changes)) is not None:
                found.append(record)
        return found


def changed_since(url: str, moment: datetime) -> str:
    """The address of an HSDS API or its services, asking for what changed at or after a moment.

    An address that says itself what it asks for stays as it is.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query.setdefault(_SINCE, f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    return urlunsplit(parts._replace(query=urlencode(query)))


class _Service:
    """One service document on its way to a record."""

    def __init__(self, document: Object, at: str, url: str, extractor: str) -> None:
        self.document, self.at, self.url, self.extractor = document, at, url, extractor
        self.said: dict[str, list[Object]] = {}
        for entry in jsontext.objects(document.get("provenance")):
            self.said.setdefault(jsontext.text(entry.get("field")), []).append(entry)

    def record(self, *, gone: bool) -> Record | None:
        """The record; None where it has no name, or is defunct and `gone` does not ask for it."""
        ident = jsontext.text(self.document.get("id"))
        title = _line(self.document.get("name"))
        status = jsontext.text(self.document.get("status"))
        if not ident or not title or (status == "defunct" and not gone):
            return None
        passages = [self._passage(Role.TITLE, title, "name", "title"), *self._passages()]
        if status in {"inactive", "temporarily closed", "defunct"}:
            passages.append(Passage(Role.STATUS, status, f"{self.at}/status"))
        return Record(
            f"hsds:{ident}",
            self._page,
            tuple(dict.fromkeys(passages)),
            self.extractor,
            Trust.FEED,
            via=tuple(self._chains(ident)),
        )

    @cached_property
    def _page(self) -> str:
        """The page that lists the offer: where it was read first, else its own, else this one."""
        for mention in jsontext.objects(self.document.get("mentions")):
            if url_key(page := jsontext.text(mention.get("page_url"))):
                return page
        own = jsontext.text(self.document.get("url"))
        return own if url_key(own) else self.url

    def _chains(self, ident: str) -> Iterator[tuple[str, ...]]:
        """For each listing behind it the services through which it came, the nearest first."""
        base = urlsplit(self.url)
        path = base.path.partition(_SERVICES)[0].partition("/service_at_locations")[0]
        here = urlunsplit(base._replace(path=f"{path}{_SERVICES}/{ident}", query="", fragment=""))
        chains = [
            (here, *(url for one in _list(mention.get("via")) if (url := jsontext.text(one))))
            for mention in jsontext.objects(self.document.get("mentions"))[:50]
        ]
        yield from dict.fromkeys(chains or [(here,)])

    def _passages(self) -> Iterator[Passage]:
        document = self.document
        for line in clean_lines(jsontext.text(document.get("description"))):
            yield self._passage(Role.TEXT, line, "description", "description")
        yield from self._contacts()
        yield from self._places()
        yield from self._terms()
        if self.said:
            yield from self._quotes()
        else:
            yield from self._statements()
        if not any(self.said.get(name) for name in ("hours_text", "hours_osm")):
            for number, schedule in enumerate(jsontext.objects(document.get("schedules"))):
                if words := _line(schedule.get("description")) or _hours(schedule):
                    yield Passage(Role.HOURS, words, f"{self.at}/schedules/{number}")
        for number, schedule in enumerate(jsontext.objects(document.get("schedules"))[:1]):
            for name, role in (("valid_from", Role.STARTS), ("valid_to", Role.ENDS)):
                if moment := jsontext.text(schedule.get(name)):
                    yield Passage(role, moment, f"{self.at}/schedules/{number}/{name}")

    def _contacts(self) -> Iterator[Passage]:
        document = self.document
        organization = document.get("organization")
        if isinstance(organization, dict) and (name := _line(organization.get("name"))):
            yield self._passage(Role.PROVIDER, name, "organization/name", "provider")
        for phone in self._parts("phones"):
            if number := _line(phone.get("number")):
                yield self._passage(Role.PHONE, number, "phones", "phones", number)
        mails = [document.get("email"), *(c.get("email") for c in self._parts("contacts"))]
        for mail in dict.fromkeys(filter(None, map(_line, mails))):
            yield self._passage(Role.EMAIL, mail, "email", "emails", mail)
        urls = [document.get("url"), *(u.get("url") for u in self._parts("additional_urls"))]
        for url in dict.fromkeys(filter(url_key, map(_line, urls))):
            yield self._passage(Role.URL, url, "url", "urls", url)

    def _parts(self, name: str) -> Iterator[Object]:
        """Objects of a kind on the service, its contacts and its places."""
        yield from jsontext.objects(self.document.get(name))
        if name == "phones":
            for contact in jsontext.objects(self.document.get("contacts")):
                yield from jsontext.objects(contact.get(name))
            for _, place in self._locations():
                yield from jsontext.objects(place.get(name))

    def _locations(self) -> Iterator[tuple[str, Object]]:
        for n, link in enumerate(jsontext.objects(self.document.get("service_at_locations"))):
            place = link.get("location")
            if isinstance(place, dict):
                yield f"service_at_locations/{n}/location", place

    def _places(self) -> Iterator[Passage]:
        for at, place in [*self._locations()][:1]:
            for address in jsontext.objects(place.get("addresses"))[:1]:
                for name, role, field in (
                    ("address_1", Role.STREET, "street"),
                    ("postal_code", Role.POSTCODE, "postcode"),
                    ("city", Role.CITY, "city"),
                ):
                    if value := _line(address.get(name)):
                        yield self._passage(role, value, f"{at}/addresses/0/{name}", field)
            if not jsontext.objects(place.get("addresses")) and (name := _line(place.get("name"))):
                yield self._passage(Role.ADDRESS, name, f"{at}/name", "city")
            for name, role in (("latitude", Role.LATITUDE), ("longitude", Role.LONGITUDE)):
                if value := jsontext.text(place.get(name)):
                    yield self._passage(role, value, f"{at}/{name}", name[:3])
            for access in jsontext.objects(place.get("accessibility")):
                if not self.said and (words := _line(access.get("description"))):
                    yield Passage(Role.TEXT, words, f"{self.at}/{at}/accessibility")

    def _terms(self) -> Iterator[Passage]:
        """What a taxonomy calls it: topics are the site's own words, the rest is text."""
        for number, link in enumerate(jsontext.objects(self.document.get("attributes"))):
            term = link.get("taxonomy_term")
            label = _line(term.get("name")) if isinstance(term, dict) else ""
            kind = jsontext.text(link.get("link_type"))
            where = f"attributes/{number}"
            if (label := label or _line(link.get("label"))) and kind in {"", "topic"}:
                yield self._passage(Role.TOPIC, label, where, "topics")
            elif label and not self.said:
                yield Passage(Role.TEXT, label, f"{self.at}/{where}")

    def _quotes(self) -> Iterator[Passage]:
        """The words of the page that said it, for what is told in words."""
        for field, role in _TOLD_BY_QUOTE.items():
            for entry in self.said.get(field, ()):
                if quote := _line(entry.get("quote")):
                    page = jsontext.text(entry.get("page_url")) or self._page
                    where = f"{page} {jsontext.text(entry.get('locator'))}".strip()
                    yield Passage(role, quote, where, Origin(quote, _first(entry)))

    def _statements(self) -> Iterator[Passage]:
        """The plain HSDS fields that say what decides for a parent."""
        document = self.document
        for name, role in (
            ("fees_description", Role.COST), ("application_process", Role.TEXT),
            ("eligibility_description", Role.AUDIENCE), ("alert", Role.TEXT),
        ):  # fmt: skip
            for line in clean_lines(jsontext.text(document.get(name))):
                yield Passage(role, line, f"{self.at}/{name}")
        for language in jsontext.objects(document.get("languages")):
            if code := jsontext.text(language.get("code")) or _line(language.get("name")):
                yield Passage(Role.LANGUAGE, code, f"{self.at}/languages")
        for option in jsontext.objects(document.get("cost_options")):
            amount, words = option.get("amount"), _line(option.get("option"))
            currency = jsontext.text(option.get("currency")) or "EUR"
            if isinstance(amount, int | float) and not document.get("fees_description"):
                words = "kostenlos" if not amount else f"{words} {amount:g} {currency}".strip()
            if words:
                yield Passage(Role.COST, words, f"{self.at}/cost_options")

    def _passage(self, role: Role, text: str, where: str, field: str, value: str = "") -> Passage:
        """A value, with the words and the place of the page that said it first, where kept.

        Of several entries of a list field the one whose quote holds the value is meant.
        """
        entries = self.said.get(field, [])
        entry = next(
            (e for e in entries if _means(e, value or text)), entries[0] if entries else None
        )
        if entry is None or not (quote := _line(entry.get("quote"))):
            return Passage(role, text, f"{self.at}/{where}")
        page = jsontext.text(entry.get("page_url")) or self._page
        locator = f"{page} {jsontext.text(entry.get('locator'))}".strip()
        return Passage(role, text, locator, Origin(quote, _first(entry)))


def _is_root(data: Mapping[str, Any]) -> bool:
    """Whether this is what `/` of an HSDS API answers: version, profile, openapi_url."""
    if "version" not in data or not {"profile", "openapi_url"} & data.keys():
        return False
    return "contents" not in data


def _services(page: Page, data: object) -> Iterator[tuple[str, Object]]:
    """Each service of an answer and its JSON pointer; for ndjson that of its line."""
    if data is None:
        yield from _streamed(page)
        return
    if isinstance(data, dict) and isinstance(data.get("contents"), list):
        inside: object = data["contents"]
        before = "/contents"
    else:
        inside, before = data, ""
    for number, one in enumerate(jsontext.objects(inside)):
        at = before if isinstance(inside, dict) else f"{before}/{number}"
        nested = one.get("service")
        if isinstance(nested, dict) and "location" in one and _is_service(nested):
            yield at, {**nested, "service_at_locations": [one]}
        elif _is_service(one):
            yield at, one


def _streamed(page: Page) -> Iterator[tuple[str, Object]]:
    for number, line in enumerate(page.text.splitlines()[:_MAX_LINES], 1):
        if not line.lstrip().startswith("{"):
            continue
        try:
            one = json.loads(line)
        except (ValueError, RecursionError):
            continue  # a broken line costs that line
        if isinstance(one, dict) and _is_service(one):
            yield f"line {number} ", one


def _is_service(one: Object) -> bool:
    return (
        bool(jsontext.text(one.get("id")))
        and isinstance(one.get("name"), str)
        and one.get("status") in _STATUS
    )


def _asked(
    url: str, more: Mapping[str, str], reason: str, *, following: bool = False
) -> PageRequest:
    """A list of services in full, with what its address asks for already."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if not query.keys() & {"per_page", "perPage"} and query.get("format") != "ndjson":
        query["per_page"] = str(_PER_PAGE)
    query = {"full": "true", **query, **more}
    address = urlunsplit(parts._replace(query=urlencode(query), fragment=""))
    return PageRequest(address, promise=1.0, reason=reason, following=following)


def _hours(schedule: Object) -> str:
    """RFC 5545 parts in German words, as the reader of hours knows them."""
    opens, closes = (jsontext.text(schedule.get(name))[:5] for name in ("opens_at", "closes_at"))
    days = []
    for ordinal, day in _BYDAY.findall(jsontext.text(schedule.get("byday")).upper()):
        nth = "letzten" if ordinal == "-1" else f"{ordinal}." if ordinal else ""
        days.append(f"jeden {nth} {_DAYS[day]}" if nth else _DAYS[day])
    if not days:
        return ""
    clock = f"{opens}-{closes} Uhr" if opens and closes else f"{opens} Uhr" if opens else ""
    every = _whole(schedule.get("interval")) or 1
    rhythm = "jede 2. Woche " if every == 2 and schedule.get("freq") == "WEEKLY" else ""
    return f"{rhythm}{', '.join(days)} {clock}".strip()


def _first(entry: Object) -> str:
    """Who read a value first: the upstream's source, or whom that names already."""
    return (
        _line(entry.get("first_source"))
        or _line(entry.get("source_title"))
        or _line(entry.get("source"))
    )


def _means(entry: Object, value: str) -> bool:
    quote, digits = _line(entry.get("quote")), re.sub(r"\D", "", value)
    if digits and len(digits) > 5:
        return digits[-6:] in re.sub(r"\D", "", quote)
    return value.casefold() in quote.casefold()


def _line(value: object) -> str:
    return " ".join(clean_lines(jsontext.text(value)))


def _list(value: object) -> list[Any]:
    return value[:20] if isinstance(value, list) else []


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
