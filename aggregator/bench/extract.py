"""`bench extract`: the listings of sites with a known truth, found from nothing but a start URL."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from aggregator import flat
from aggregator.bench.scoring import Score, leaks, score
from aggregator.bench.sites import TrueSite
from aggregator.bench.walk import walk
from aggregator.normalise.context import Context
from aggregator.normalise.offer import read_offer
from aggregator.normalise.site import Read, read_site
from aggregator.places.places import Gazetteer
from crawlers.record import Record, RecordKind
from crawlers.source import Source


@dataclass(frozen=True, slots=True)
class SiteReading:
    """What was read of one site. `seconds` is the time spent on its pages, fetching left out."""

    site: str
    pages: int
    seconds: float
    work: Sequence[tuple[Record, Context]]
    score: Score
    leaks: Sequence[str]


@dataclass(slots=True)
class Benchmark:
    """Every site, and all of them together."""

    sites: list[SiteReading] = field(default_factory=list)
    total: Score = field(default_factory=Score)

    @property
    def ms_a_page(self) -> float:
        """Milliseconds that finding the records of a page takes."""
        pages = sum(site.pages for site in self.sites)
        return 1_000 * sum(site.seconds for site in self.sites) / max(1, pages)


def run(sites: Sequence[TrueSite], gazetteer: Gazetteer) -> Benchmark:
    """Serve each site, read it, and compare the listings with its truth."""
    done = Benchmark()
    for site in sites:
        with site.served() as source:
            reading = _read(site, source, gazetteer)
        done.sites.append(reading)
        done.total.add(reading.score)
    return done


def _read(site: TrueSite, source: Source, gazetteer: Gazetteer) -> SiteReading:
    walked = walk(source)
    context = Context(
        source_id=source.id,
        region=source.region,
        seen_on=site.seen_on,
        network=source.network,
        site=source.title,
        lookups={str(name): words for name, words in source.lookups.items()},
    )
    work = [(record, context) for record in walked.records if record.kind is RecordKind.OFFER]
    readings = read_site(walked.records, context, gazetteer)
    published = list(_published(readings, site.seen_on))
    said = repr([tuple(s) for _, reading in readings for s in reading.statements])
    return SiteReading(
        site=site.id,
        pages=walked.pages,
        seconds=walked.seconds,
        work=work,
        score=score(site.id, site.truth, published, site.seen_on),
        leaks=leaks(site.truth, said),
    )


def _published(readings: Sequence[Read], seen_on: date) -> Iterator[dict[str, Any]]:
    """The fields of what is published of a site on the first day that it is seen."""
    for record, reading in readings:
        if record.kind is not RecordKind.OFFER:
            continue
        values = flat.listing_values(reading.statements)
        if values.get("title") and not flat.is_over(values, seen_on):
            parts = urlsplit(record.page_url)
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            yield {**values, "page_url": path}


def timed(work: Sequence[tuple[Record, Context]], gazetteer: Gazetteer) -> float:
    """Seconds of processor time that normalising these records takes."""
    started = time.process_time()
    for record, context in work:
        read_offer(record, context, gazetteer)
    return time.process_time() - started
