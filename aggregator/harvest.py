"""A run folder as the aggregator understands it: records normalised, nothing decided yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aggregator import flat
from aggregator.identity import listing_id
from aggregator.normalise.context import Context
from aggregator.normalise.network import read_network
from aggregator.normalise.offer import read_offer
from aggregator.normalise.statement import Reading, Statement
from aggregator.places.places import Gazetteer
from crawlers.record import Record, RecordKind
from crawlers.source import Source
from crawlers.spool import PageEntry, Summary, read_pages, read_records, read_summary

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


@dataclass(frozen=True, slots=True)
class Harvest:
    """All that a run found. Of a crashed run only that it crashed is known."""

    summary: Summary | None
    pages: Sequence[PageEntry] = ()
    offers: Sequence[Draft] = ()
    networks: Sequence[Draft] = ()


def read_harvest(folder: Path, source: Source, places: Gazetteer) -> Harvest:
    """Read a run folder and normalise its records. Raises SpoolError where a line is damaged."""
    summary = read_summary(folder)
    if summary is None:
        return Harvest(None)
    context = Context(
        source_id=source.id,
        region=source.region,
        seen_on=summary.started_at.astimezone(BERLIN).date(),
        network=source.network,
        lookups={str(name): words for name, words in source.lookups.items()},
    )
    offers: dict[str, Draft] = {}
    networks: list[Draft] = []
    for record in read_records(folder):
        if record.kind is RecordKind.NETWORK:
            reading = read_network(record, context)
            if reading.statements:
                networks.append(_draft(source, record, reading, flat.network_values))
        else:
            reading = read_offer(record, context, places)
            draft = _draft(source, record, reading, flat.listing_values)
            if draft.values.get("title"):
                offers.setdefault(draft.id, draft)
    return Harvest(summary, tuple(read_pages(folder)), tuple(offers.values()), tuple(networks))


def _draft(
    source: Source,
    record: Record,
    reading: Reading,
    derive: Callable[[Iterable[Statement]], dict[str, Any]],
) -> Draft:
    told = [(s.field, s.value, s.quote) for s in reading.statements]
    return Draft(
        id=listing_id(source.id, record.key),
        record=record,
        reading=reading,
        values=derive(reading.statements),
        digest=flat.digest([record.page_url, told]),
    )
