"""Checking that the record, the archive and the index fit together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from aggregator.flat import digest
from aggregator.identity import EDITORIAL
from aggregator.index.base import Query
from aggregator.index.directory import open_searcher, read_state
from aggregator.index.feed import published_offers
from aggregator.index.stored import shown
from aggregator.register import DECLARED
from aggregator.store.tables import (
    ChangeRow,
    ListingRow,
    OfferRow,
    PageRow,
    RunRow,
    StatementRow,
)
from aggregator.store.transaction import snapshot
from crawlers.archive import Archive, ArchiveError, read_page
from crawlers.page import ArchiveRef

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not fit, and what is wrong with it.

    `part` is page, statement, offer, listing or index; only the last can be built anew.
    """

    part: str
    subject: str
    message: str


@dataclass(slots=True)
class Report:
    """What was checked. Purged pages are no fault: their time was over."""

    statements: int = 0
    pages: int = 0
    purged: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def index_fits(self) -> bool:
        """True unless the index is to be rebuilt."""
        return not any(fault.part == "index" for fault in self.faults)


def verify(engine: Engine, archive: Archive, index_dir: Path) -> Report:
    """Check pages behind what is published, statements, offers, listings, and the index.

    Reads one state of the record: what is published meanwhile is no fault.
    """
    report = Report()
    with snapshot(engine) as session:
        report.statements = session.exec(select(func.count()).select_from(StatementRow)).one()
        report.faults += _without_page(session)
        report.faults += _offers(session)
        report.faults += _runs(session)
        for page in _evidence(session):
            _check_page(page, archive, report)
        report.faults += _index(session, index_dir)
    return report


def _without_page(session: Session) -> Iterator[Fault]:
    """Statements of crawled pages whose page the record does not know."""
    query = (
        select(StatementRow.id, StatementRow.field, StatementRow.page_url, StatementRow.page_id)
        .join(PageRow, col(PageRow.id) == col(StatementRow.page_id), isouter=True)
        .where(col(PageRow.id).is_(None), col(StatementRow.source_id).not_in((DECLARED, EDITORIAL)))
        .order_by(col(StatementRow.id))
    )
    for identity, name, url, _ in session.exec(query):
        yield Fault("statement", f"{identity}", f"{name}: no page {url} in the record")


def _evidence(session: Session) -> Iterator[PageRow]:
    current = select(StatementRow.page_id).where(col(StatementRow.last_seen).is_(None)).distinct()
    query = (
        select(PageRow)
        .where(col(PageRow.id).in_(current))
        .order_by(col(PageRow.archive), col(PageRow.offset))
        .execution_options(yield_per=500)
    )
    yield from session.exec(query)


def _check_page(page: PageRow, archive: Archive, report: Report) -> None:
    report.pages += 1
    if page.purged_at is not None:
        report.purged += 1
        return
    try:
        read_page(archive, ArchiveRef(page.archive, page.offset, page.sha256))
    except ArchiveError as error:
        report.faults.append(Fault("page", page.url, f"{error}"))


def _offers(session: Session) -> Iterator[Fault]:
    """Offers that are half there: without a document, without a listing, or in two places."""
    listed = dict(
        session.exec(select(ListingRow.offer_id, func.count()).group_by(col(ListingRow.offer_id)))
        .all()
    )  # fmt: skip
    told: dict[str, str] = {}
    query = select(OfferRow.id, OfferRow.flat, OfferRow.merged_into).order_by(col(OfferRow.id))
    for identity, flat, into in session.exec(query.execution_options(yield_per=500)):
        if into is not None:
            if listed.get(identity):
                yield Fault("offer", identity, f"is {into}, and still has listings of its own")
            continue
        if not flat:
            yield Fault("offer", identity, "has no document")
        if not listed.get(identity):
            yield Fault("offer", identity, "no listing tells of it")
        for mention in flat.get("mentions", ()):
            first = told.setdefault(mention["listing_id"], identity)
            if first != identity:
                listing = mention["listing_id"]
                yield Fault("offer", identity, f"claims listing {listing}, as {first} does")


def _runs(session: Session) -> Iterator[Fault]:
    """Listings that were last seen by a run that the record does not know."""
    query = (
        select(ListingRow.id, ListingRow.last_run_id)
        .join(RunRow, col(RunRow.id) == col(ListingRow.last_run_id), isouter=True)
        .where(col(RunRow.id).is_(None))
        .order_by(col(ListingRow.id))
    )
    for identity, run in session.exec(query):
        yield Fault("listing", identity, f"was last seen by run {run}, which is not in the record")


def _index(session: Session, index_dir: Path) -> Iterator[Fault]:
    last = session.exec(select(func.max(ChangeRow.seq))).one() or 0
    state = read_state(index_dir)
    reached = state.seq if state else None
    if reached != last and (last or reached):
        stands = "is not there" if reached is None else f"stands at change {reached}"
        yield Fault("index", f"{index_dir}", f"{stands}, the record at {last}")
        return
    if not last:
        return
    searcher, indexed = open_searcher(index_dir), dict[str, str]()
    while True:
        found = searcher.search(Query(offset=len(indexed), limit=_AT_ONCE))
        indexed |= {hit.id: digest(hit.offer) for hit in found.items}
        if not found.items or len(indexed) >= found.total:
            break
    for offer in published_offers(session):
        said = indexed.pop(offer["id"], None)
        if said is None:
            yield Fault("index", offer["id"], "is published and cannot be found")
        elif said != digest(_as_told(offer)):
            yield Fault("index", offer["id"], "is found with another content than published")
    for identity in sorted(indexed):
        yield Fault("index", identity, "is found and not published")


def _as_told(offer: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON holds
    """An offer as the index answers with it: its flat form, days in words."""
    return json.loads(json.dumps(shown(offer), default=str))
