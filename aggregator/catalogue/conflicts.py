"""Offers of which several sources say different things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from sqlalchemy import ColumnElement, Engine
from sqlmodel import Session, col, func, select

from aggregator.resolve.conflict import Conflict, Kind, conflicts
from aggregator.resolve.voice import voice_of
from aggregator.store.binding import bindable
from aggregator.store.tables import ChangeRow, ListingRow, Presence, SourceRow


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


Position = tuple[str, int, str]
"""Where a conflict stands among all: offer, kind, the listing that says otherwise."""
_ORDER = {kind: at for at, kind in enumerate(Kind)}
_AT_ONCE = 100  # offers that are read at once


def position(one: Conflict) -> Position:
    """Where a conflict stands in the order of `each_conflict`."""
    return one.offer_id, _ORDER[one.kind], one.other.listing_id


def each_conflict(
    session: Session,
    source_id: str | None = None,
    offer_id: str | None = None,
    kind: Kind | None = None,
    after: Position | None = None,
) -> Iterator[Conflict]:
    """Contradictions behind a position, in an order that lasts, read as they are asked for.

    Of one source, one offer or one kind, where these are given.
    """
    last = col(ListingRow.offer_id) >= (after[0] if after else "")
    while offers := _told_twice(session, last, offer_id):
        for one in sorted(_conflicts(session, offers), key=position):
            if (
                (after is None or position(one) > after)
                and (kind is None or one.kind is kind)
                and (source_id is None or source_id in {one.published.source, one.other.source})
            ):
                yield one
        last = col(ListingRow.offer_id) > offers[-1]


def _told_twice(session: Session, last: ColumnElement[bool], offer_id: str | None) -> Sequence[str]:
    """The next offers of several listings; `last` says behind which."""
    query = (
        select(ListingRow.offer_id)
        .where(ListingRow.presence == Presence.PRESENT, last)
        .group_by(col(ListingRow.offer_id))
        .having(func.count() > 1)
        .order_by(col(ListingRow.offer_id))
        .limit(_AT_ONCE)
    )
    if offer_id is not None:
        query = query.where(ListingRow.offer_id == offer_id)
    return session.exec(query).all()


def count_conflicts(session: Session) -> int:
    """How many contradictions there are, counted anew only when a listing changed."""
    engine = session.get_bind()
    state = session.exec(
        select(
            func.count(),
            func.max(ListingRow.changed_at),
            func.max(ListingRow.last_seen),
            select(func.max(ChangeRow.seq)).scalar_subquery(),
        ).where(ListingRow.presence == Presence.PRESENT)
    ).one()
    return _counted(engine.engine, tuple(state))


@lru_cache(maxsize=8)
def _counted(engine: Engine, _state: tuple[object, ...]) -> int:
    with Session(engine) as session:
        return len(all_conflicts(session))


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
    for part in bindable(offers):
        yield from session.exec(
            select(ListingRow)
            .where(
                col(ListingRow.offer_id).in_(part),
                ListingRow.presence == Presence.PRESENT,
            )
            .order_by(col(ListingRow.id))
        )
