"""The offers as they were published on a day: what the record says now, with the log undone.

The state of a day is that at its end in Berlin. Content, mergers and withdrawals are exact, for the
change log keeps both values of every change. What the log does not keep is told as well as the
record allows: a listing that was away and came back counts as there meanwhile, and was last seen
when its source was last read. What was erased since is erased of every day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from aggregator.harvest import BERLIN
from aggregator.health import PUBLISHED
from aggregator.listing import LIST_FIELDS, Content, Status
from aggregator.offer import Offer
from aggregator.published import Sight, completed_from
from aggregator.store.binding import bindable
from aggregator.store.tables import (
    ChangeRow,
    ListingRow,
    OfferRow,
    Operation,
    Presence,
    RunRow,
    Subject,
    SuppressionRow,
)
from aggregator.suppression import MARK

_AT_ONCE = 200
_THERE = frozenset({Operation.ADD, Operation.MOD})


@dataclass(frozen=True, slots=True)
class PastDay:
    """A day that is over."""

    day: date
    seq: int
    """The last change that belongs to it."""
    erasures: str
    """Changes whenever something is suppressed, or no longer: what was known of a day then, too."""

    @property
    def end(self) -> datetime:
        """The first moment that is no longer part of it."""
        return datetime.combine(self.day + timedelta(days=1), time.min, BERLIN).astimezone(UTC)


def first_day(session: Session) -> date | None:
    """The day of the first change; None where nothing ever happened."""
    first = session.exec(select(func.min(col(ChangeRow.at)))).one()
    return first.astimezone(BERLIN).date() if first else None


def past_day(session: Session, day: date) -> PastDay:
    """What identifies the state of a day that is over."""
    known = PastDay(day, 0, "")
    seq = select(func.max(col(ChangeRow.seq))).where(col(ChangeRow.at) < known.end)
    count = session.exec(select(func.count()).select_from(SuppressionRow)).one()
    last = session.exec(select(func.max(col(SuppressionRow.created_at)))).one()
    erasures = f"{count}-{last:%Y%m%d%H%M%S%f}" if last else "0"
    return PastDay(day, session.exec(seq).one() or 0, erasures)


def offers_on(session: Session, past: PastDay) -> Iterator[dict[str, Any]]:
    """The documents of all offers that were published at the end of a day, by id."""
    read = _read_by(session, past)
    ids = sorted(session.exec(select(OfferRow.id).where(col(OfferRow.created_at) < past.end)))
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        documents, confirmed = _documents(session, part, past)
        wanted = [m["listing_id"] for one in documents for m in one.get("mentions") or ()]
        sights = _sights(session, wanted, past, read)
        for document in documents:
            shown = completed_from(document, sights, past.day)
            if document["id"] in confirmed:
                shown["last_confirmed"] = confirmed[document["id"]]
            yield Offer.model_validate(shown).model_dump(mode="json")
        session.expunge_all()


def _documents(
    session: Session, ids: Collection[str], past: PastDay
) -> tuple[list[dict[str, Any]], dict[str, str | None]]:
    """Offers as they were, and the day of confirmation where an editor confirmed later."""
    before, after = _changes(session, Subject.OFFER, ids, past)
    documents, confirmed = [], {}
    for row in session.exec(select(OfferRow).where(col(OfferRow.id).in_(ids))):
        told = after.get(row.id, ())
        was_there = before.get(row.id) in _THERE and not (row.merged_into and not told)
        if not was_there or not row.flat.get("mentions"):
            continue
        document = dict(row.flat)
        for change in told:  # the latest first
            if change.operation is Operation.MOD:
                _undo(document, change.fields)
                if "last_confirmed" in change.fields:
                    confirmed[row.id] = change.fields["last_confirmed"][0]
        known = {name: value for name, value in document.items() if name in Offer.model_fields}
        documents.append({**known, "id": row.id, "last_confirmed": None})
    return sorted(documents, key=lambda one: str(one["id"])), confirmed


def _changes(
    session: Session, subject: Subject, ids: Collection[str], past: PastDay
) -> tuple[dict[str, Operation], Mapping[str, list[ChangeRow]]]:
    """What happened last by the end of the day, and all that happened since, the latest first."""
    mine = (ChangeRow.subject == subject, col(ChangeRow.subject_id).in_(ids))
    latest = (
        select(func.max(col(ChangeRow.seq)))
        .where(*mine, col(ChangeRow.at) < past.end)
        .group_by(col(ChangeRow.subject_id))
    )
    ended = session.exec(
        select(ChangeRow.subject_id, ChangeRow.operation).where(col(ChangeRow.seq).in_(latest))
    )
    after: defaultdict[str, list[ChangeRow]] = defaultdict(list)
    since = select(ChangeRow).where(*mine, col(ChangeRow.at) >= past.end)
    for change in session.exec(since.order_by(col(ChangeRow.seq).desc())):
        after[change.subject_id].append(change)
    return {one: Operation(operation) for one, operation in ended}, after


def _undo(document: dict[str, Any], fields: Mapping[str, Any]) -> None:
    """Give fields the value that they had before a change, as far as it may still be told."""
    for name, (before, _) in fields.items():
        if before == MARK:
            if name in LIST_FIELDS:
                document[name] = []
            elif name in Content.model_fields and name not in {"title", "status"}:
                document[name] = None
        elif isinstance(before, list):
            document[name] = [one for one in before if one != MARK]
        else:
            document[name] = before


@dataclass(slots=True)
class _Then:
    """What of a listing's document its days depend on."""

    told: dict[str, Any] = field(default_factory=dict)

    @property
    def expires_on(self) -> date | None:
        until = self.told.get("valid_until")
        return date.fromisoformat(until) if until else None


def _sights(
    session: Session, ids: Collection[str], past: PastDay, read: Mapping[str, datetime]
) -> dict[str, Sight]:
    """What was known of listings by the end of the day."""
    found: dict[str, Sight] = {}
    wanted = sorted(set(ids))
    for part in bindable(wanted):
        _, after = _changes(session, Subject.LISTING, part, past)
        changed = _changed_by(session, part, past)
        for row in session.exec(select(ListingRow).where(col(ListingRow.id).in_(part))):
            if row.first_seen >= past.end or not row.flat:
                continue
            then = _Then(dict(row.flat))
            for change in after.get(row.id, ()):
                if change.operation is Operation.MOD:
                    _undo(then.told, change.fields)
            found[row.id] = _sight(row, then, past, changed.get(row.id), read)
    return found


def _sight(
    row: ListingRow,
    then: _Then,
    past: PastDay,
    changed_at: datetime | None,
    read: Mapping[str, datetime],
) -> Sight:
    missing = row.missing_since is not None and row.missing_since < past.end
    presence = Presence.MISSING if missing else Presence.PRESENT
    if then.told.get("status") == Status.DEFUNCT:
        presence = Presence.WITHDRAWN
    seen = row.last_seen
    if seen >= past.end:
        seen = max(row.first_seen, read.get(row.source_id, row.first_seen))
    known = row.changed_at is None or row.changed_at < past.end
    confirmed = row.confirmed_on
    return Sight(
        id=row.id,
        first_seen=row.first_seen,
        last_seen=seen,
        changed_at=row.changed_at if known else changed_at,
        confirmed_on=confirmed if confirmed and confirmed <= past.day else None,
        expires_on=then.expires_on,
        presence=presence,
        stated=then.told.get("last_confirmed"),
    )


def _changed_by(session: Session, ids: Collection[str], past: PastDay) -> dict[str, datetime]:
    """When listings had last changed by the end of the day."""
    query = (
        select(ChangeRow.subject_id, func.max(col(ChangeRow.at)))
        .where(
            ChangeRow.subject == Subject.LISTING,
            ChangeRow.operation == Operation.MOD,
            col(ChangeRow.subject_id).in_(ids),
            col(ChangeRow.at) < past.end,
        )
        .group_by(col(ChangeRow.subject_id))
    )
    return dict(session.exec(query).all())


def _read_by(session: Session, past: PastDay) -> dict[str, datetime]:
    """When each source had last been read and published by the end of the day."""
    query = (
        select(RunRow.source_id, func.max(col(RunRow.finished_at)))
        .where(col(RunRow.verdict).in_(PUBLISHED), col(RunRow.finished_at) < past.end)
        .group_by(col(RunRow.source_id))
    )
    return dict(session.exec(query).all())
