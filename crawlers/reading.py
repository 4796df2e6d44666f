"""Reads one page with the adapters that know it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crawlers.adapters.base import Adapter, Detection, PageRequest
from crawlers.adapters.html import MarkedHtml
from crawlers.adapters.jsonld import JsonLd
from crawlers.adapters.pattern import Declared
from crawlers.adapters.registry import ADAPTERS
from crawlers.keys import page_key, slug, url_key
from crawlers.markup import without_markup
from crawlers.page import Page
from crawlers.record import Passage, Record, RecordKind, Role, Trust, locate
from crawlers.source import Platform, Source

_SHARED = frozenset({"jsonld", "sitemap", "ical", "feed", "sheet", "pdf"})
"""Formats that occur on sites of any platform."""
_MARKUP = JsonLd()
_TELLING = 4  # letters of a word that names something
_NOT_HTML = frozenset({"jsonld", "events_calendar"})
"""What claims HTML, but leaves reading its text to others."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """The records of a page and what it leads to."""

    records: tuple[Record, ...]
    links: tuple[PageRequest, ...]
    matched: int = 0
    """How many of the records the source's declared pattern picked."""

    @property
    def count(self) -> int:
        """How many of the records tell of something that is published."""
        return sum(record.kind is not RecordKind.HOUSE for record in self.records)


def detect(page: Page) -> list[tuple[Adapter, Detection]]:
    """The adapters that claim the site of `page`, the surest first."""
    claims = [(adapter, claim) for adapter in ADAPTERS if (claim := adapter.detect(page))]
    return sorted(claims, key=lambda pair: -pair[1].confidence)


def read(page: Page, source: Source) -> PageReading:
    """Read a page of a source: its records, with the source's keys, and the links worth following.

    HTML is read by the surest of the platforms that share the finder; what it states for machines
    is believed before what was found, and completed by it. Where the source declares a pattern and
    it picks records on the page, these are the page's offers, whatever else it seems to hold.
    """
    declared = Declared(source.pattern) if source.pattern else None
    picked = list(declared.extract(page)) if declared else []
    markup = list(_MARKUP.extract(page))
    found: list[Record] = []
    links: dict[str, PageRequest] = {}
    for wanted in declared.links(page, source) if declared else ():
        links.setdefault(page_key(wanted.url, source), wanted)
    for adapter in _readers(page, source):
        found += adapter.extract(page)
        for wanted in adapter.links(page, source):
            links.setdefault(page_key(wanted.url, source), wanted)
    if not page.is_html and not picked and not found and not links:
        for adapter in ADAPTERS:  # answers of an API carry no mark of their platform
            if _allowed(adapter, source):
                found += adapter.extract(page)
                links |= {page_key(w.url, source): w for w in adapter.links(page, source)}
    if picked:
        records = [*picked, *(one for one in found if one.kind is not RecordKind.OFFER)]
    else:
        records = _completed(markup, found)
    return PageReading(
        tuple(_keyed(_located(_plain(record), page), source) for record in records),
        tuple(links.values()),
        len(picked),
    )


def read_imprint(page: Page, source: Source) -> tuple[Record, ...]:
    """What an imprint says of the house and whose it is; its links lead to no offers.

    Nothing where the page tells of more: it is a page of the site, which is read as one if at all.
    """
    found = read(page, source)
    return () if found.count else found.records


def _readers(page: Page, source: Source) -> list[Adapter]:
    """Who reads a page: all that claim it, or of those that share the finder the surest."""
    if not page.is_html:
        return [adapter for adapter, _ in detect(page) if _allowed(adapter, source)]
    surest, reader = 0.0, None
    for adapter in ADAPTERS:
        if adapter.name in _NOT_HTML or not _allowed(adapter, source):
            continue
        if isinstance(adapter, MarkedHtml) and adapter.ceiling <= surest:
            continue  # whatever it finds, another is surer
        claim = adapter.detect(page)
        if claim and claim.confidence > surest:
            surest, reader = claim.confidence, adapter
    return [reader] if reader else []


def _allowed(adapter: Adapter, source: Source) -> bool:
    return source.platform is Platform.AUTO or adapter.name in {
        source.platform.value,
        "html",
        *_SHARED,
    }


def _completed(markup: list[Record], found: list[Record]) -> list[Record]:
    """Markup records with the lines of the same records as they stand on the page."""
    if not markup:
        return found
    rest = list(found)
    offers = [record for record in found if record.kind is RecordKind.OFFER]
    joined: list[Record] = []
    for record in markup:
        same = [
            other for other in offers if other in rest and slug(other.title) == slug(record.title)
        ]
        if not same and len(markup) == 1 and len(offers) == 1 and _one_thing(record, offers[0]):
            same = offers
        if same:
            rest.remove(same[0])
            joined.append(_with_lines(record, same[0]))
        else:
            joined.append(record)
    return joined + rest


def _one_thing(stated: Record, found: Record) -> bool:
    """True where a page's only item of markup tells of what the whole page is about.

    Their names share a word: what is named otherwise is who publishes the site, or an event beside.
    """
    names = (
        {word for word in slug(r.title).split("-") if len(word) >= _TELLING}
        for r in (stated, found)
    )
    return found.trust is Trust.PAGE and bool(set.intersection(*names))


def _with_lines(stated: Record, found: Record) -> Record:
    whole = merged(stated, found)
    own = found.trust is Trust.PAGE or stated.key.partition("#")[0] == found.page_url
    return replace(
        whole,
        key=found.key if own else stated.key,
        detail_url=stated.detail_url or found.detail_url,
    )


def merged(first: Record, second: Record) -> Record:
    """The first record with those passages of the second that add something."""
    said = {(p.role, folded(p.text)) for p in first.passages}
    lines = {text for _, text in said}
    whole = "\n".join(sorted(lines, key=len, reverse=True))
    more: list[Passage] = []
    for passage in second.passages:
        text = folded(passage.text)
        if passage.role is Role.TITLE or (passage.role, text) in said:
            continue
        if passage.role is Role.TEXT and (
            text in lines or (len(text) > 20 and text.rstrip(" .…[]") in whole)
        ):
            continue
        more.append(locate(passage, second.page_url, first.page_url))
    return replace(first, passages=first.passages + tuple(more))


def folded(text: str) -> str:
    """A text for comparison: case and white space folded."""
    return " ".join(text.casefold().split())


def _plain(record: Record) -> Record:
    """A record none of whose passages holds markup; one that is nothing else goes."""
    if not any("<" in p.text or "&" in p.text for p in record.passages):
        return record
    told = (replace(p, text=without_markup(p.text)) for p in record.passages)
    return replace(record, passages=tuple(passage for passage in told if passage.text))


def _located(record: Record, page: Page) -> Record:
    """Note in the passages that they were read from an API or a list, not from the page itself."""
    if url_key(page.url) == url_key(record.page_url):
        return record
    told = tuple(locate(passage, page.url, record.page_url) for passage in record.passages)
    return replace(record, passages=told)


def _keyed(record: Record, source: Source) -> Record:
    """Replace a provisional key, which is a URL, by the source's own key."""
    if not record.key.startswith(("http://", "https://")):
        return record
    url, _, fragment = record.key.partition("#")
    key = page_key(url, source) or url
    return replace(record, key=f"{key}#{fragment}" if fragment else key)
