"""The change log as others follow it: in order, from where they were, without a gap."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, func, select

from aggregator.listing import Status
from aggregator.store.tables import ChangeRow, Operation, Subject

_AT_ONCE = 500


class Kind(StrEnum):
    """What happened to an offer, listing or network."""

    ADDED = "added"
    """It is there: new, or back after it was withdrawn or merged."""
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    """It must not be shown as an offer any more."""
    MERGED = "merged"
    """It turned out to be another, older one (`into`)."""


class FieldChange(BaseModel):
    """Both values of a field."""

    before: Any
    after: Any


class Change(BaseModel):
    """One entry of the log. `seq` only grows, and none appears late; numbers may be left out."""

    seq: int
    at: datetime
    kind: Kind
    subject: Subject
    id: str
    fields: dict[str, FieldChange]
    into: str | None = None
    run: str | None = None
    """The run that brought it; None for a decision of a person."""


def changes_since(
    session: Session, after: int, subjects: Collection[Subject] = (), limit: int = _AT_ONCE
) -> list[Change]:
    """The changes with a number above `after`, oldest first; of all subjects where none is named.

    Numbers are given and committed under one lock (`aggregator.store.transaction`), so that who
    has seen one has seen all before it.
    """
    query = select(ChangeRow).where(col(ChangeRow.seq) > after)
    if subjects:
        query = query.where(col(ChangeRow.subject).in_(sorted(subjects)))
    rows = session.exec(query.order_by(col(ChangeRow.seq)).limit(limit))
    return [change_of(row) for row in rows]


def all_changes(
    session: Session, after: int, subjects: Collection[Subject] = ()
) -> Iterator[Change]:
    """The same without an end, some hundred at a time."""
    while found := changes_since(session, after, subjects):
        yield from found
        after = found[-1].seq


def seq_before(session: Session, moment: datetime) -> int:
    """The number after which to read for all that happened since a moment; 0 for everything."""
    first = session.exec(select(func.min(ChangeRow.seq)).where(col(ChangeRow.at) >= moment)).one()
    if first is not None:
        return first - 1
    return session.exec(select(func.max(ChangeRow.seq))).one() or 0


def change_of(row: ChangeRow) -> Change:
    """An entry of the log as it is published."""
    into = row.fields.get("into") if row.operation is Operation.MERGE else None
    fields = {} if into else row.fields
    return Change(
        seq=row.seq or 0,
        at=row.at,
        kind=_kind(row),
        subject=row.subject,
        id=row.subject_id,
        fields={name: FieldChange(before=a, after=b) for name, (a, b) in fields.items()},
        into=into,
        run=row.run_id or None,
    )


def _kind(row: ChangeRow) -> Kind:
    if row.operation is Operation.ADD:
        return Kind.ADDED
    if row.operation is Operation.MERGE:
        return Kind.MERGED
    if row.operation is Operation.DEL:
        return Kind.WITHDRAWN
    before, after = row.fields.get("status", (None, None))
    if after == Status.DEFUNCT:
        return Kind.WITHDRAWN
    return Kind.ADDED if before == Status.DEFUNCT else Kind.CHANGED
