"""From the record to the index: apply the change log, or build everything anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, or_
from sqlmodel import Session, col, select

from aggregator.index.directory import EngineName, IndexWriter, open_writer
from aggregator.index.stored import COMPLETE_UNTIL, LISTED_FOR
from aggregator.published import lasting
from aggregator.store.binding import bindable
from aggregator.store.tables import ChangeRow, ListingRow, OfferRow, Operation, SourceRow, Subject

_AT_ONCE = 400
"""Offers of a reading that are completed together."""


def catch_up(engine: Engine, folder: Path, kind: EngineName) -> int:
    """Bring the index to the end of the change log; returns the change it then stands at.

    Whoever has published calls it; several may, the later ones wait and find nothing left to do.
    An index that is missing, broken, of other versions, of another engine than `kind`, ahead of
    the log or at a change that the log does not have (a failover lost it) is built anew.
    """
    with open_writer(folder, kind) as writer, Session(engine) as session:
        last = _last_change(session)
        if writer.fresh:
            return _fill(writer, session, last)
        if writer.seq <= last and _has(session, writer.seq):
            return _follow(writer, session, last)
    return rebuild(engine, folder, kind)


def rebuild(engine: Engine, folder: Path, kind: EngineName) -> int:
    """Build the index anew beside the old one, which answers until the new one is complete."""
    with open_writer(folder, kind, anew=True) as writer, Session(engine) as session:
        return _fill(writer, session, _last_change(session))


def _last_change(session: Session) -> int:
    return session.exec(select(func.max(ChangeRow.seq))).one() or 0


def _has(session: Session, seq: int) -> bool:
    return seq == 0 or session.get(ChangeRow, seq) is not None


def _fill(writer: IndexWriter, session: Session, last: int) -> int:
    # `last` was read first: an offer that changes meanwhile is at worst written once more.
    writer.seen = _last_sight(session)
    writer.apply(published_offers(session), (), last)
    return last


def _last_sight(session: Session) -> str:
    moments = (col(ListingRow.last_seen), col(ListingRow.missing_since))
    found = [session.exec(select(func.max(moment))).one() for moment in moments]
    return max((moment.isoformat() for moment in found if moment), default="")


def published_offers(session: Session) -> Iterator[dict[str, Any]]:
    """The documents of all offers that are to be found, by id."""
    deleted = _deleted(session)
    rows = session.exec(
        select(OfferRow.id, OfferRow.flat)
        .where(col(OfferRow.merged_into).is_(None))
        .order_by(OfferRow.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    for part in rows.partitions(_AT_ONCE):
        kept = [(identity, flat) for identity, flat in part if identity not in deleted]
        yield from _as_shown(session, kept)


def _as_shown(
    session: Session, rows: Sequence[tuple[str, Mapping[str, Any]]]
) -> Iterator[dict[str, Any]]:
    """The documents of offers with the days of their listings: an answer needs no more of them.

    What a declaration says of a site's region is taken as it is when an offer is written: it
    changes where the site is declared anew, and its offers follow with their next change.
    """
    documents = [{**flat, "id": identity} for identity, flat in rows if flat]
    regions = dict(session.exec(select(SourceRow.id, SourceRow.region)).all())
    for document, until in lasting(session, documents):
        named = sorted({regions[one] for one in document["sources"] if one in regions})
        yield {**document, COMPLETE_UNTIL: until.isoformat(), LISTED_FOR: named}


def _deleted(session: Session) -> set[str]:
    """Offers whose last change is that they were deleted."""
    latest = (
        select(func.max(ChangeRow.seq))
        .where(ChangeRow.subject == Subject.OFFER)
        .group_by(ChangeRow.subject_id)
    )
    return set(
        session.exec(
            select(ChangeRow.subject_id).where(
                ChangeRow.operation == Operation.DEL, col(ChangeRow.seq).in_(latest)
            )
        )
    )


def _follow(writer: IndexWriter, session: Session, last: int) -> int:
    """Apply what changed, and the days of what was only seen again, which is no change."""
    changes = session.exec(
        select(ChangeRow.subject_id, ChangeRow.operation)
        .where(
            ChangeRow.subject == Subject.OFFER,
            col(ChangeRow.seq) > writer.seq,
            col(ChangeRow.seq) <= last,
        )
        .order_by(col(ChangeRow.seq))
    )
    final = {identity: Operation(operation) for identity, operation in changes}
    sight = _last_sight(session)
    seen = _seen_again(session, writer.seen) if sight != writer.seen else []
    if writer.seq == last and not seen:
        return last
    writer.seen = sight
    wanted = [identity for identity, operation in final.items() if operation != Operation.DEL]
    wanted += (identity for identity in seen if identity not in final)
    writer.apply(_present(session, wanted), final, last)
    return last


def _seen_again(session: Session, since: str) -> list[str]:
    """Offers with a listing that was seen, or missed for the first time, after a moment."""
    after = datetime.fromisoformat(since) if since else datetime.min.replace(tzinfo=UTC)
    noted = or_(col(ListingRow.last_seen) > after, col(ListingRow.missing_since) > after)
    found = select(ListingRow.offer_id).where(noted).distinct()
    return [identity for identity in session.exec(found) if identity]


def _present(session: Session, wanted: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Those of the changed offers that are there; all of them are taken out of the index first."""
    for part in bindable(wanted):
        rows = session.exec(
            select(OfferRow.id, OfferRow.flat).where(
                col(OfferRow.id).in_(part),
                col(OfferRow.merged_into).is_(None),
            )
        )
        yield from _as_shown(session, [(identity, flat) for identity, flat in rows])
