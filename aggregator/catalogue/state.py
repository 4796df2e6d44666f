"""How far the record is."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from aggregator.harvest import BERLIN
from aggregator.store.tables import ChangeRow, SourceRow


def record_seq(session: Session) -> int:
    """The number of the last change; 0 before the first."""
    return session.exec(select(func.max(col(ChangeRow.seq)))).one() or 0


def seconds_behind(session: Session, seq: int, now: datetime) -> float:
    """How old the first change after `seq` is; 0 where there is none."""
    query = select(ChangeRow.at).where(col(ChangeRow.seq) > seq).order_by(col(ChangeRow.seq))
    first = session.exec(query.limit(1)).first()
    return max(0.0, (now - first).total_seconds()) if first else 0.0


_DELAY = text(
    """
SELECT CASE
    WHEN NOT pg_is_in_recovery() THEN NULL
    WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
         AND EXISTS (SELECT FROM pg_stat_wal_receiver WHERE pid IS NOT NULL) THEN 0
    ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
END
"""
)


def replica_delay(session: Session) -> float | None:
    """By how many seconds the server that is read is behind its primary; None: it is the primary.

    One that receives nothing any more is as old as the last transaction that it has.
    """
    if session.get_bind().dialect.name != "postgresql":
        return None
    delay = session.execute(_DELAY).scalar()
    return None if delay is None else float(delay)


def freshness(session: Session) -> tuple[datetime | None, date]:
    """When a run was last published, and what day it is.

    Until the next publication no offer is seen again, until the next day none grows old.
    """
    published = session.exec(select(func.max(col(SourceRow.last_accepted_at)))).one()
    return published, datetime.now(BERLIN).date()
