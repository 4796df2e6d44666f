"""From the record to the index: apply the change log, or build everything anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from aggregator.index.directory import IndexWriter, open_writer
from aggregator.store.tables import ChangeRow, OfferRow, Operation, Subject

_AT_ONCE = 400
"""Offers loaded by one statement; below what SQLite allows as parameters."""


def catch_up(engine: Engine, folder: Path) -> int:
    """Bring the index to the end of the change log; returns the change it then stands at.

    Whoever has published calls it; several may, the later ones wait and find nothing left to do.
    An index that is missing, broken, of other versions or ahead of the log is built anew.
    """
    with open_writer(folder) as writer, Session(engine) as session:
        last = _last_change(session)
        if writer.fresh:
            return _fill(writer, session, last)
        if writer.seq <= last:
            return _follow(writer, session, last)
    return rebuild(engine, folder)


def rebuild(engine: Engine, folder: Path) -> int:
    """Build the index anew beside the old one, which answers until the new one is complete."""
    with open_writer(folder, anew=True) as writer, Session(engine) as session:
        return _fill(writer, session, _last_change(session))


def _last_change(session: Session) -> int:
    return session.exec(select(func.max(ChangeRow.seq))).one() or 0


def _fill(writer: IndexWriter, session: Session, last: int) -> int:
    # `last` was read first: an offer that changes meanwhile is at worst written once more.
    writer.apply(_all_offers(session), (), last)
    return last


def _all_offers(session: Session) -> Iterator[dict[str, Any]]:
    deleted = _deleted(session)
    rows = session.exec(
        select(OfferRow.id, OfferRow.flat)
        .where(col(OfferRow.merged_into).is_(None))
        .order_by(OfferRow.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    for identity, flat in rows:
        if flat and identity not in deleted:
            yield {**flat, "id": identity}


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
    if writer.seq == last:
        return last
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
    writer.apply(_present(session, final), final, last)
    return last


def _present(session: Session, final: dict[str, Operation]) -> Iterator[dict[str, Any]]:
    """Those of the changed offers that are there; all of them are taken out of the index first."""
    wanted = [identity for identity, operation in final.items() if operation != Operation.DEL]
    for start in range(0, len(wanted), _AT_ONCE):
        identities = wanted[start : start + _AT_ONCE]
        rows = session.exec(
            select(OfferRow.id, OfferRow.flat).where(
                col(OfferRow.id).in_(identities), col(OfferRow.merged_into).is_(None)
            )
        )
        for identity, flat in rows:
            if flat:
                yield {**flat, "id": identity}
