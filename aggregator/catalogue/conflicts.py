"""Offers of which several sources say different things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlmodel import Session, col, func, select

from aggregator.resolve.conflict import Conflict, conflicts
from aggregator.resolve.voice import voice_of
from aggregator.store.tables import ListingRow, Presence, SourceRow

_CHUNK = 500  # SQLite binds at most 999 variables at once


def conflicts_of(session: Session, source_id: str) -> list[Conflict]:
    """Where a listing of this source and one of another contradict each other, by title.

    Only listings that are present count: what a site took down contradicts nothing.
    """
    query = (
        select(ListingRow.offer_id)
        .where(ListingRow.source_id == source_id, ListingRow.presence == Presence.PRESENT)
        .distinct()
    )
    found = _conflicts(session, session.exec(query).all())
    return [one for one in found if source_id in {one.published.source, one.other.source}]


def offer_conflicts(session: Session, offer_id: str) -> list[Conflict]:
    """What the listings of one offer say differently."""
    return _conflicts(session, [offer_id])


def all_conflicts(session: Session) -> list[Conflict]:
    """Every contradiction in the record, by title."""
    query = (
        select(ListingRow.offer_id)
        .where(ListingRow.presence == Presence.PRESENT)
        .group_by(col(ListingRow.offer_id))
        .having(func.count() > 1)
    )
    return _conflicts(session, session.exec(query).all())


def _conflicts(session: Session, offers: Sequence[str]) -> list[Conflict]:
    sources = {row.id: row for row in session.exec(select(SourceRow))}
    told: defaultdict[str, list[ListingRow]] = defaultdict(list)
    for row in _present(session, sorted(offers)):
        told[row.offer_id].append(row)
    found = [
        conflict
        for offer_id, rows in told.items()
        if len(rows) > 1
        for conflict in conflicts(offer_id, [voice_of(row, sources[row.source_id]) for row in rows])
    ]
    return sorted(found, key=lambda one: (one.title, one.offer_id))


def _present(session: Session, offers: Sequence[str]) -> Iterator[ListingRow]:
    for start in range(0, len(offers), _CHUNK):
        yield from session.exec(
            select(ListingRow)
            .where(
                col(ListingRow.offer_id).in_(offers[start : start + _CHUNK]),
                ListingRow.presence == Presence.PRESENT,
            )
            .order_by(col(ListingRow.id))
        )
