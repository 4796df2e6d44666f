"""How far the record is."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, func, select

from aggregator.store.tables import ChangeRow, SourceRow


def record_seq(session: Session) -> int:
    """The number of the last change; 0 before the first."""
    return session.exec(select(func.max(col(ChangeRow.seq)))).one() or 0


def last_publication(session: Session) -> datetime | None:
    """When a run was last published: until the next one, no offer is seen again."""
    return session.exec(select(func.max(col(SourceRow.last_accepted_at)))).one()
