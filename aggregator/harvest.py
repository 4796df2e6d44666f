"""A run folder as the aggregator understands it: records normalised, nothing decided yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aggregator import flat
from aggregator.identity import listing_id
from aggregator.listing import StoredListing
from aggregator.normalise.context import Context
from aggregator.normalise.site import ReadEach, read_site
from aggregator.normalise.statement import Reading
from aggregator.normaliser_pool import read_together
from aggregator.places.places import Gazetteer
from aggregator.vocabulary.regions import region_key
from crawlers.record import Record, RecordKind
from crawlers.source import Source
from crawlers.spool import PageEntry, Summary, crashed, read_pages, read_records, read_summary

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that was understood, before anyone decided whether to publish it.

    `values` are the fields its statements fill; `digest` changes when a statement does.
    """

    id: str
    record: Record
    reading: Reading
    values: dict[str, Any]
    digest: str

    def is_over(self, today: date) -> bool:
        """Whether its last day is past."""
        return flat.is_over(self.values, today)


@dataclass(frozen=True, slots=True)
class Harvest:
    """All that a run found. Of a run without a summary only how it broke off is known."""

    summary: Summary | None
    """None: it crashed, or was interrupted."""
    pages: Sequence[PageEntry] = ()
    offers: Sequence[Draft] = ()
    networks: Sequence[Draft] = ()
    interrupted: bool = False
    """Whoever crawled was gone before the crawl was over, which says nothing of the site."""


def read_harvest(folder: Path, source: Source, places: Gazetteer) -> Harvest:
    """Read a run folder and normalise its records. Raises SpoolError where a line is damaged."""
    summary = read_summary(folder)
    if summary is None:
        return Harvest(None, interrupted=not crashed(folder))
    offers, networks = understand(read_records(folder), source, summary.started_at, places)
    return Harvest(summary, tuple(read_pages(folder)), offers, networks)


def understand(
    records: Iterable[Record],
    source: Source,
    seen_at: datetime,
    places: Gazetteer,
    each: ReadEach = read_together,
) -> tuple[tuple[Draft, ...], tuple[Draft, ...]]:
    """Normalise the records of a site, all that were read at `seen_at`.

    Gives drafts of offers, and of the network; `each` reads the records.
    """
    context = Context(
        source_id=source.id,
        region=region_key(source.region),
        seen_on=seen_at.astimezone(BERLIN).date(),
        network=source.network,
        site=source.title,
        lookups={str(name): words for name, words in source.lookups.items()},
    )
    offers: dict[str, Draft] = {}
    networks: list[Draft] = []
    for record, reading in read_site(list(records), context, places, each):
        if record.kind is RecordKind.HOUSE:
            continue
        if record.kind is RecordKind.NETWORK:
            if reading.statements:
                networks.append(draft_of(source.id, record, reading))
        else:
            draft = draft_of(source.id, record, reading)
            if draft.values.get("title"):
                offers.setdefault(draft.id, draft)
    return tuple(offers.values()), tuple(networks)


def draft_of(source_id: str, record: Record, reading: Reading) -> Draft:
    """What a record's reading adds up to."""
    told = [(s.field, s.value, s.quote) for s in reading.statements]
    derive = flat.listing_values if record.kind is RecordKind.OFFER else flat.network_values
    return Draft(
        id=listing_id(source_id, record.key),
        record=record,
        reading=reading,
        values=derive(reading.statements),
        digest=flat.digest([record.page_url, told, *record.via]),
    )


def document(
    draft: Draft, source_id: str, network: str | None, ended: bool, today: date
) -> dict[str, Any]:
    """The flat form in which a draft is published; `ended` tells that its network is over."""
    listing = StoredListing(
        **{k: v for k, v in draft.values.items() if k != "status"},
        id=draft.id,
        source=source_id,
        network=network,
        page_url=draft.record.page_url,
        via=list(dict.fromkeys(url for chain in draft.record.via for url in chain)),
    )
    listing.status = flat.listing_status(
        draft.values.get("status"), listing.valid_until, ended, today
    )
    return listing.model_dump(mode="json")
