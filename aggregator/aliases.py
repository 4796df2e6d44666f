"""Listings that are found under another key than their first: kept, applied, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from aggregator.evidence import copied
from aggregator.harvest import Draft
from aggregator.identity import offer_id
from aggregator.log import ChangeLog
from aggregator.rekeying import Rekeying
from aggregator.resolve.resolver import resolve
from aggregator.store.tables import (
    AliasRow,
    ChangeRow,
    DecisionRow,
    Deed,
    ListingRow,
    OfferRow,
    Operation,
    Presence,
    StatementRow,
    Subject,
)

RULES = "rules@1"
"""Who re-keys when no person did."""


class AliasError(Exception):
    """There is no such re-keying to take back; the message says what was found instead."""


@dataclass(slots=True)
class Aliases:
    """The aliases of one source, asked once a run."""

    rows: Mapping[str, AliasRow]

    def known(self, drafts: Sequence[Draft]) -> tuple[Draft, ...]:
        """The drafts under the ids of the listings that they are.

        Where a listing's old key is there again, or two keys claim it, they were two after all: the
        first key keeps the id (see `refuted`).
        """
        ids = {draft.id for draft in drafts}
        taken = set(ids)
        named = []
        for draft in drafts:
            row = self.rows.get(draft.id)
            if row is not None and row.undone_at is None and row.listing_id not in taken:
                taken.add(row.listing_id)
                named.append(replace(draft, id=row.listing_id))
            else:
                named.append(draft)
        return tuple(named)

    def refuted(self, drafts: Iterable[Draft]) -> list[AliasRow]:
        """Aliases in force of drafts that `known` left under their own ids."""
        ids = {draft.id for draft in drafts}
        return [row for key, row in self.rows.items() if key in ids and row.undone_at is None]

    def refused(self, found: Rekeying) -> bool:
        """Whether somebody said before that these two are not one."""
        row = self.rows.get(found.new_id)
        return row is not None and row.listing_id == found.listing_id


def load_aliases(session: Session, source_id: str) -> Aliases:
    """All aliases of a source, those taken back too."""
    query = select(AliasRow).where(AliasRow.source_id == source_id)
    return Aliases({row.id: row for row in session.exec(query)})


def record(
    changes: ChangeLog, row: ListingRow, found: Rekeying, key: str, seen_at: datetime
) -> None:
    """Keep that a new record is a known listing, as a decision that can be taken back."""
    session = changes.session
    session.merge(
        AliasRow(
            id=found.new_id,
            listing_id=row.id,
            source_id=row.source_id,
            key=key,
            run_id=changes.run_id,
            at=changes.at,
            last_seen=row.last_seen,
            seen_at=seen_at,
            reason=found.reason,
        )
    )
    session.add(
        DecisionRow(
            at=changes.at,
            by=RULES,
            deed=Deed.REKEY,
            subject_id=found.listing_id,
            reason=found.reason,
            detail={"alias": found.new_id, "key": key, "run": changes.run_id},
        )
    )


def dissolve(changes: ChangeLog, row: AliasRow, by: str, reason: str) -> None:
    """Note that an alias is none, so that no rule makes it again."""
    row.undone_at = changes.at
    changes.session.add(
        DecisionRow(
            at=changes.at,
            by=by,
            deed=Deed.SPLIT,
            subject_id=row.listing_id,
            reason=reason,
            detail={"alias": row.id, "key": row.key},
        )
    )


def split(changes: ChangeLog, alias_id: str, by: str, reason: str) -> ListingRow:
    """Take a re-keying back: what was read under the new key becomes a listing of its own.

    The known listing gets back what it said before, and is missing since then. Must run inside a
    publishing transaction; returns the new listing. Raises AliasError.
    """
    session = changes.session
    alias = session.get(AliasRow, alias_id)
    if alias is None:
        raise AliasError(f"nothing was re-keyed under {alias_id}: `netzlotse rekey` lists what was")
    if alias.undone_at is not None:
        raise AliasError(f"{alias_id} was taken back on {alias.undone_at:%Y-%m-%d} already")
    old = session.get_one(ListingRow, alias.listing_id)
    own = offer_id(alias.id)
    if session.get(OfferRow, own) is None:
        session.add(OfferRow(id=own, created_at=changes.at, changed_at=changes.at))
        session.flush()
    document = {**old.flat, "id": alias.id}
    new = ListingRow(
        id=alias.id,
        source_id=alias.source_id,
        key=alias.key,
        offer_id=own,
        page_url=old.page_url,
        presence=old.presence,
        absences=old.absences,
        missing_since=old.missing_since,
        first_seen=alias.seen_at,
        last_seen=old.last_seen,
        last_run_id=old.last_run_id,
        expires_on=old.expires_on,
        flat=document,
    )
    session.add(new)
    session.flush()
    changes.added(Subject.LISTING, new.id)
    _divide_statements(session, alias)
    before = _before(session, old, alias.run_id)
    changes.modified(Subject.LISTING, old.id, old.flat, before)
    old.flat, old.digest, old.page_url = before, "", before["page_url"]
    old.presence, old.absences, old.missing_since = Presence.MISSING, 0, alias.seen_at
    old.last_seen = alias.last_seen
    dissolve(changes, alias, by, reason)
    resolve(session, [old.id, new.id], changes)
    return new


def _divide_statements(session: Session, alias: AliasRow) -> None:
    """Give what was read since to the new listing; what both said, both keep."""
    since = alias.seen_at
    query = select(StatementRow).where(
        StatementRow.subject_id == alias.listing_id, StatementRow.subject == Subject.LISTING
    )
    for row in list(session.exec(query)):
        if row.first_seen >= since:
            row.subject_id = alias.id
        elif row.last_seen is None:
            session.add(copied(row, alias.id, since))
        elif row.until_run_id == alias.run_id or row.last_seen >= since:
            row.last_seen = row.until_run_id = None
    session.flush()


def _before(session: Session, row: ListingRow, run_id: str) -> dict[str, Any]:
    """A listing's document before a run, by undoing what the log says was changed since."""
    first = session.exec(
        select(ChangeRow.seq)
        .where(ChangeRow.subject_id == row.id, ChangeRow.run_id == run_id)
        .order_by(col(ChangeRow.seq))
    ).first()
    document = dict(row.flat)
    if first is None:
        return document
    later = session.exec(
        select(ChangeRow)
        .where(ChangeRow.subject_id == row.id, col(ChangeRow.seq) >= first)
        .where(ChangeRow.operation == Operation.MOD)
        .order_by(col(ChangeRow.seq).desc())
    )
    for change in later:
        for name, (value, _) in change.fields.items():
            document[name] = value
    return document
