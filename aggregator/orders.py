"""Orders of the desk: what the admin area wants done by whoever crawls.

The portal fetches nothing and needs no folder of runs: it writes an order into the record and shows
what came of it. So several portals and several machines that crawl can share one record.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, update
from sqlmodel import Session, col, delete, select

from aggregator.store.tables import OrderRow, OrderState, Work
from aggregator.store.transaction import publishing

OPEN = (OrderState.WAITING, OrderState.WORKING)
_ATTEMPTS = 3
_KEPT = timedelta(days=90)
"""How long the outcome of an order can be looked up."""


def place(session: Session, wanted: OrderRow) -> OrderRow:
    """Order something; the order that is open already where the same was ordered."""
    query = select(OrderRow).where(
        OrderRow.work == wanted.work,
        OrderRow.subject == wanted.subject,
        col(OrderRow.state).in_(OPEN),
    )
    for row in session.exec(query):
        if row.wish == wanted.wish:
            return row
    session.add(wanted)
    session.flush()
    return wanted


def orders(session: Session, work: Work, limit: int) -> Sequence[OrderRow]:
    """The latest orders of a kind, the newest first."""
    query = (
        select(OrderRow).where(OrderRow.work == work).order_by(col(OrderRow.id).desc()).limit(limit)
    )
    return session.exec(query).all()


def open_subjects(session: Session, work: Work) -> set[str]:
    """About what something of this kind is open."""
    query = select(OrderRow.subject).where(OrderRow.work == work, col(OrderRow.state).in_(OPEN))
    return set(session.exec(query))


def waiting(session: Session, works: Collection[Work]) -> Sequence[OrderRow]:
    """What of these kinds is to be done, the oldest first."""
    query = (
        select(OrderRow)
        .where(OrderRow.state == OrderState.WAITING, col(OrderRow.work).in_(works))
        .order_by(col(OrderRow.id))
    )
    return session.exec(query).all()


def begun_or_waiting(session: Session, works: Collection[Work]) -> bool:
    """Whether anything of these kinds is to be done, or was begun and not ended."""
    query = (
        select(OrderRow.id)
        .where(col(OrderRow.state).in_(OPEN), col(OrderRow.work).in_(works))
        .limit(1)
    )
    return session.exec(query).first() is not None


@dataclass(frozen=True, slots=True)
class Begun:
    """An order that somebody began. `attempt` tells this beginning from those after it."""

    order_id: int
    attempt: int


def take(engine: Engine, order_id: int) -> Begun | None:
    """Begin an order; None where somebody else did."""
    with publishing(engine) as session:
        attempt = session.scalar(
            update(OrderRow)
            .where(col(OrderRow.id) == order_id, col(OrderRow.state) == OrderState.WAITING)
            .values(state=OrderState.WORKING, attempts=OrderRow.attempts + 1)
            .returning(col(OrderRow.attempts))
        )
        return None if attempt is None else Begun(order_id, attempt)


def put_back(engine: Engine, begun: Begun) -> None:
    """Let an order wait again: what it needs is busy, which says nothing against it.

    One that others took up meanwhile is theirs, here and in `end`.
    """
    with publishing(engine) as session:
        row = _still(session, begun)
        if row is not None:
            row.state, row.attempts = OrderState.WAITING, row.attempts - 1


def end(
    engine: Engine, begun: Begun, at: datetime, outcome: dict[str, Any], failed: str = ""
) -> None:
    """Say what came of an order, or why nothing did."""
    with publishing(engine) as session:
        row = _still(session, begun)
        if row is not None:
            row.state = OrderState.FAILED if failed else OrderState.DONE
            row.ended_at, row.outcome, row.message = at, outcome, failed


def _still(session: Session, begun: Begun) -> OrderRow | None:
    """The order, where nobody took it up since it was begun."""
    query = (
        select(OrderRow)
        .where(
            OrderRow.id == begun.order_id,
            OrderRow.state == OrderState.WORKING,
            OrderRow.attempts == begun.attempt,
        )
        .with_for_update()
    )
    return session.exec(query).one_or_none()


def take_up(engine: Engine, at: datetime) -> None:
    """Let what a crash left begun wait again, thrice at most; and forget what is long done.

    Only for who alone does the orders right now.
    """
    with publishing(engine) as session:
        begun = select(OrderRow).where(OrderRow.state == OrderState.WORKING)
        for row in session.exec(begun):
            if row.attempts < _ATTEMPTS:
                row.state = OrderState.WAITING
            else:
                row.state, row.ended_at = OrderState.FAILED, at
                row.message = f"Dreimal begonnen und nie zu Ende gekommen ({row.subject})."
        session.execute(delete(OrderRow).where(col(OrderRow.ended_at) < at - _KEPT))
