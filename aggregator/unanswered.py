"""Searches that found nothing: what nobody lists, or words that the search does not know.

Who searched is nobody's business, and words can name a person: an entry is written only once
several people, told apart by whoever counts, asked the same within a few days.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine
from sqlmodel import Session, col, delete, select

from aggregator.store.tables import UnansweredRow
from aggregator.store.transaction import publishing


def note(engine: Engine, words: str, day: date, times: int) -> None:
    """Add that words were asked for so many times on a day, in vain."""
    with publishing(engine) as session:
        row = session.get(UnansweredRow, words)
        if row is None:
            session.add(UnansweredRow(words=words, first_day=day, last_day=day, times=times))
        else:
            row.last_day, row.times = max(row.last_day, day), row.times + times


def unanswered(session: Session, limit: int) -> Sequence[UnansweredRow]:
    """What was asked for in vain most often."""
    query = select(UnansweredRow).order_by(
        col(UnansweredRow.times).desc(), col(UnansweredRow.words)
    )
    return session.exec(query.limit(limit)).all()


def settle(session: Session, words: str) -> None:
    """Take words off the list: there is an answer now, or there will be none."""
    session.execute(delete(UnansweredRow).where(col(UnansweredRow.words) == words))
