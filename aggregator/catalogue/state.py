"""How far the record is."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session, col, func, select

from aggregator.harvest import BERLIN
from aggregator.store.tables import ChangeRow, SourceRow


def record_seq(session: Session) -> int:
    """The number of the last change; 0 before the first."""
    return session.exec(select(func.max(col(ChangeRow.seq)))).one() or 0


def freshness(session: Session) -> tuple[datetime | None, date]:
    """When a run was last published, and what day it is.

    Until the next publication no offer is seen again, until the next day none grows old.
    """
    published = session.exec(select(func.max(col(SourceRow.last_accepted_at)))).one()
    return published, datetime.now(BERLIN).date()
