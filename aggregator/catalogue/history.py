"""What was said of an offer, a listing or a network, when it changed, and which words say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, or_, select

from aggregator.catalogue.changes import Change, FieldChange, change_of
from aggregator.store.tables import (
    ChangeRow,
    DecisionRow,
    Deed,
    ListingRow,
    NetworkRow,
    OfferRow,
    SourceRow,
    StatementRow,
    Subject,
)

_LONGEST = 1_000
"""So many changes are told, the latest first: a history is read by a person."""


class Proof(BaseModel):
    """The words behind a value, and where and when they stood there."""

    value: Any
    quote: str
    page_url: str
    source: str
    source_title: str
    first_seen: datetime
    last_seen: datetime | None
    """None: it stands there still."""


class FieldHistory(FieldChange):
    """Both values of a field, with the words that said so."""

    before_proofs: list[Proof]
    after_proofs: list[Proof]


class Step(BaseModel):
    """One change of one subject."""

    seq: int
    at: datetime
    kind: str
    subject: Subject
    id: str
    run: str | None = None
    into: str | None = None
    fields: dict[str, FieldHistory] = {}


class Told(BaseModel):
    """What a person, or a rule that can be wrong, decided about it."""

    at: datetime
    by: str
    deed: Deed
    id: str
    reason: str
    detail: dict[str, Any] = {}


class History(BaseModel):
    """The life of an offer, a listing or a network, the latest first."""

    subject: Subject
    id: str
    title: str
    steps: list[Step]
    decisions: list[Told]


def history(session: Session, wanted: str) -> History | None:
    """The history of an offer (with its listings), a listing or a network; None: no such id."""
    if offer := session.get(OfferRow, wanted):
        query = select(ListingRow).where(ListingRow.offer_id == offer.id)
        listings = [row.id for row in session.exec(query)]
        title = offer.flat.get("title", "")
        return _history(session, Subject.OFFER, wanted, title, listings)
    if listing := session.get(ListingRow, wanted):
        return _history(session, Subject.LISTING, wanted, listing.flat.get("title", ""), [wanted])
    if network := session.get(NetworkRow, wanted):
        return _history(session, Subject.NETWORK, wanted, network.name, [])
    return None


def _history(
    session: Session, subject: Subject, wanted: str, title: str, listings: Sequence[str]
) -> History:
    ids = [wanted, *listings]
    rows = session.exec(
        select(ChangeRow)
        .where(col(ChangeRow.subject_id).in_(ids))
        .order_by(col(ChangeRow.seq).desc())
        .limit(_LONGEST)
    ).all()
    titles = dict(session.exec(select(SourceRow.id, SourceRow.title)).all())
    speaking = select(StatementRow).where(col(StatementRow.subject_id).in_(ids))
    statements = list(session.exec(speaking.order_by(col(StatementRow.id))))
    runs = {row.run_id for row in rows}
    decisions = session.exec(
        select(DecisionRow)
        .where(or_(col(DecisionRow.subject_id).in_(ids), col(DecisionRow.subject_id).in_(runs)))
        .order_by(col(DecisionRow.id).desc())
    )
    return History(
        subject=subject,
        id=wanted,
        title=title,
        steps=[_step(change_of(row), statements, titles) for row in rows],
        decisions=[
            Told(
                at=one.at,
                by=one.by,
                deed=one.deed,
                id=one.subject_id,
                reason=one.reason,
                detail=one.detail,
            )
            for one in decisions
        ],
    )


def _step(change: Change, statements: Sequence[StatementRow], titles: dict[str, str]) -> Step:
    fields = {}
    for name, both in change.fields.items():
        said = [one for one in statements if one.field == name and _by_then(one, change)]
        fields[name] = FieldHistory(
            before=both.before,
            after=both.after,
            before_proofs=_proofs(
                [one for one in said if one.until_run_id == change.run], both.before, titles
            ),
            after_proofs=_proofs(
                [one for one in said if one.until_run_id != change.run], both.after, titles
            ),
        )
    return Step(**change.model_dump(exclude={"fields"}), fields=fields)


def _by_then(statement: StatementRow, change: Change) -> bool:
    """Whether a statement was made by the time of a change, and not taken back long before."""
    if change.subject is Subject.NETWORK and statement.subject is not Subject.NETWORK:
        return False
    return statement.first_seen <= change.at and (
        statement.last_seen is None
        or statement.until_run_id == change.run
        or statement.last_seen >= change.at
    )


def _proofs(
    statements: Iterable[StatementRow],
    value: Any,  # noqa: ANN401 - of JSON
    titles: dict[str, str],
) -> list[Proof]:
    wanted = value if isinstance(value, list) else [value]
    return [
        Proof(
            value=one.value,
            quote=one.quote,
            page_url=one.page_url,
            source=one.source_id,
            source_title=titles.get(one.source_id, one.source_id),
            first_seen=one.first_seen,
            last_seen=one.last_seen,
        )
        for one in statements
        if one.value in wanted
    ]
