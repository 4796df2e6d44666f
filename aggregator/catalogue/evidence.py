"""Where a published value came from: the statement behind it, with its page and its quote."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from aggregator.store.tables import ListingRow, PageRow, SourceRow, StatementRow, Subject


class Evidence(BaseModel):
    """One value of one field, the words that say it, and where and when they were read."""

    model_config = ConfigDict(extra="forbid")

    field: str
    value: Any
    quote: str
    """The text as it stood on the page."""
    locator: str
    """Where it stood there; see `crawlers.record.Passage`."""
    page_url: str
    source: str
    """Id of the source; "declaration" where a person declared it (`aggregator.register`)."""
    source_title: str
    listing_id: str | None = None
    """The listing that states it; None for a fact of a network."""
    extractor: str
    reader: str
    reason: str = ""
    confidence: float = Field(ge=0, le=1)
    first_source: str = ""
    """Who read it first, where it came through another aggregator."""
    first_seen: datetime
    last_seen: datetime
    """When the page last said so: for a current value the last visit of its listing or page."""


def listing_evidence(session: Session, listing_ids: Collection[str]) -> list[Evidence]:
    """The current statements of some listings, by field and position; one query."""
    if not listing_ids:
        return []
    rows = session.exec(
        select(StatementRow, SourceRow.title, ListingRow.last_seen)
        .join(ListingRow, col(ListingRow.id) == col(StatementRow.subject_id))
        .join(SourceRow, col(SourceRow.id) == col(StatementRow.source_id), isouter=True)
        .where(col(StatementRow.subject) == Subject.LISTING)
        .where(col(StatementRow.subject_id).in_(listing_ids))
        .where(col(StatementRow.last_seen).is_(None))
        .order_by(StatementRow.field, col(StatementRow.position), col(StatementRow.id))
    )
    return [_evidence(row, title, seen, row.subject_id) for row, title, seen in rows]


def network_evidence(session: Session, network_id: str) -> list[Evidence]:
    """The current statements about a network, by field and position; one query."""
    rows = session.exec(
        select(StatementRow, SourceRow.title, PageRow.last_seen, SourceRow.last_accepted_at)
        .join(SourceRow, col(SourceRow.id) == col(StatementRow.source_id), isouter=True)
        .join(PageRow, col(PageRow.id) == col(StatementRow.page_id), isouter=True)
        .where(col(StatementRow.subject) == Subject.NETWORK)
        .where(col(StatementRow.subject_id) == network_id)
        .where(col(StatementRow.last_seen).is_(None))
        .order_by(StatementRow.field, col(StatementRow.position), col(StatementRow.id))
    )
    return [
        _evidence(row, title, page_seen or source_seen or row.first_seen, None)
        for row, title, page_seen, source_seen in rows
    ]


def _evidence(
    row: StatementRow, source_title: str | None, seen: datetime, listing_id: str | None
) -> Evidence:
    return Evidence(
        field=row.field,
        value=row.value,
        quote=row.quote,
        locator=row.locator,
        page_url=row.page_url,
        source=row.source_id,
        source_title=source_title or row.source_id,
        listing_id=listing_id,
        extractor=row.extractor,
        reader=row.reader,
        reason=row.reason,
        confidence=row.confidence,
        first_source=row.first_source,
        first_seen=row.first_seen,
        last_seen=max(seen, row.first_seen),
    )
