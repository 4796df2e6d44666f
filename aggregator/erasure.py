"""What suppressing does to the record: published values, their history, and all that quotes them.

The one place where the record forgets. A value that was suppressed is superseded and replaced by
`suppression.MARK` wherever it stands: in statements, documents, the change log, and reports of
runs. Raw pages keep it until `netzlotse purge` deletes them; nobody is shown those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sqlalchemy import ColumnElement, delete, or_
from sqlmodel import Session, SQLModel, col, select

from aggregator.correction.editorial import derive
from aggregator.correction.queue import forget
from aggregator.directory import enter
from aggregator.harvest import BERLIN
from aggregator.identity import offer_id
from aggregator.listing import Status
from aggregator.log import ChangeLog
from aggregator.offer import Offer
from aggregator.register import refresh_network
from aggregator.resolve.resolver import resolve
from aggregator.store.tables import (
    BlockRow,
    ChangeRow,
    CorrectionRow,
    CorrectionState,
    JudgementRow,
    ListingRow,
    NetworkRow,
    OfferRow,
    Operation,
    Presence,
    RunRow,
    StatementRow,
    Subject,
    SuppressionRow,
)
from aggregator.suppression import (
    FIELDS,
    MARK,
    Kind,
    Suppressions,
    canonical,
    digest,
    load_suppressions,
    make_key,
)

_Row = TypeVar("_Row", bound=SQLModel)
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Erased:
    """What a suppression found."""

    kind: Kind
    listings: int = 0
    networks: int = 0


def suppress(changes: ChangeLog, key_file: Path, what: str, reason: str, by: str) -> Erased:
    """Put a number, an address or a listing on the list, and take it out of what is published.

    Must run inside a publishing transaction; the index follows the change log. Raises
    SuppressionError where `what` is none of the three.
    """
    session = changes.session
    kind, value = canonical(what)
    key = make_key(key_file)
    session.merge(
        SuppressionRow(
            digest=digest(key, kind, value), kind=kind, reason=reason, by=by, created_at=changes.at
        )
    )
    session.flush()
    if kind is Kind.LISTING:
        row = session.get(ListingRow, value)
        if row is None:
            return Erased(kind)
        _withdraw(row, changes)
        return Erased(kind, listings=1)
    listings, networks = _Erasure(changes, load_suppressions(session, key_file)).erase()
    return Erased(kind, listings, networks)


def enforce(changes: ChangeLog, key_file: Path) -> int:
    """Take everything that is on the list out of what is published; how many listings changed.

    For a record that was put back from before something was suppressed. Must run inside a
    publishing transaction. Raises SuppressionError where the key is missing.
    """
    listed = load_suppressions(changes.session, key_file)
    shown = changes.session.exec(
        select(ListingRow.id).where(ListingRow.presence != Presence.WITHDRAWN)
    ).all()
    gone = [one for one in shown if listed.holds(Kind.LISTING, one)]
    for listing_id in gone:
        _withdraw(changes.session.get_one(ListingRow, listing_id), changes)
    changed, _ = _Erasure(changes, listed).erase()
    return len(gone) + changed


def allow(session: Session, key_file: Path, what: str) -> bool:
    """Take something off the list; whether it was on it. The next crawl or replay publishes it."""
    kind, value = canonical(what)
    row = session.get(SuppressionRow, digest(make_key(key_file), kind, value))
    if row is not None:
        session.delete(row)
        session.flush()
    return row is not None


@dataclass(slots=True)
class _Erasure:
    """One pass over the record with the list in hand."""

    changes: ChangeLog
    listed: Suppressions
    known: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Suppressed values that a listing or network states, by its id."""

    @property
    def session(self) -> Session:
        return self.changes.session

    def erase(self) -> tuple[int, int]:
        """How many listings and networks say something else now."""
        for row in self._all(StatementRow, col(StatementRow.field).in_(FIELDS)):
            if self.listed.states(row.field, row.value):
                self.known[row.subject_id].add(str(row.value))
        touched = {row.subject_id for row in self._all(StatementRow) if self._clean(row)}
        self.session.flush()
        listings = {one for one in touched if self._rewrite(one)}
        resolve(self.session, listings, self.changes)
        networks = [known for one in touched if (known := self.session.get(NetworkRow, one))]
        for network in networks:
            refresh_network(network, self.changes, self.changes.at.astimezone(BERLIN).date())
        self.session.flush()
        self._clean_reports()
        return len(listings), len(networks)

    def _clean(self, row: StatementRow) -> bool:
        """Take what is suppressed out of a statement; whether anything of it was."""
        if self.listed.states(row.field, row.value):
            row.value = row.quote = MARK
            if row.last_seen is None:
                row.last_seen = self.changes.at
            return True
        known = self.known.get(row.subject_id, ())
        value = self.listed.redacted_value(row.value, known)
        quote = self.listed.redacted(row.quote, known)
        if (value, quote) == (row.value, row.quote):
            return False
        row.value, row.quote = value, quote
        return True

    def _rewrite(self, listing_id: str) -> bool:
        """Derive a listing's document anew; whether there is such a listing and it is shown."""
        row = self.session.get(ListingRow, listing_id)
        if row is None or not row.flat:
            return False
        today = self.changes.at.astimezone(BERLIN).date()
        after = derive(self.session, row, today, MARK)
        row.digest = ""  # the next run writes it again, whatever it says
        if after != row.flat:
            self.changes.modified(Subject.LISTING, row.id, row.flat, after)
            row.flat = after
        return True

    def _clean_reports(self) -> None:
        """The change log, what was noted with runs, documents of offers that were merged."""
        known = set().union(*self.known.values()) if self.known else set()
        for offer in self._all(OfferRow, col(OfferRow.merged_into).is_not(None)):
            flat = self.listed.redacted_value(offer.flat, known)
            if flat != offer.flat:
                offer.flat = flat
        for change in self._all(ChangeRow):
            fields = self.listed.redacted_value(change.fields, known)
            if fields != change.fields:
                change.fields = fields
        for run in self._all(RunRow):
            doubts = self.listed.redacted_value(run.doubts, known)
            reasons = self.listed.redacted_value(run.reasons, known)
            if (doubts, reasons) != (run.doubts, run.reasons):
                run.doubts, run.reasons = doubts, reasons
        for correction in self._all(CorrectionRow):
            self._clean_correction(correction)
        self.session.flush()

    def _clean_correction(self, row: CorrectionRow) -> None:
        known = self.known.get(row.listing_id, ())
        for name in ("title", "proposed", "accepted", "text", "basis", "again", "reason"):
            before = getattr(row, name)
            after = self.listed.redacted_value(before, known)
            if after != before:
                setattr(row, name, after)
        gone = [key for key in row.standing if MARK in str(row.accepted[key])]
        row.settled = [*row.settled, *gone]
        if gone and not row.standing and row.state is CorrectionState.ACCEPTED:
            row.state = CorrectionState.SETTLED

    def _all(self, table: type[_Row], *where: ColumnElement[bool] | bool) -> Iterator[_Row]:
        query = select(table).where(*where).execution_options(yield_per=_AT_ONCE)
        yield from self.session.exec(query)


def _withdraw(row: ListingRow, changes: ChangeLog) -> None:
    """Take a listing out of what is published, and forget what it said."""
    session = changes.session
    face, own = row.offer_id, session.get_one(OfferRow, offer_id(row.id))
    query = select(ListingRow).where(ListingRow.offer_id == face, ListingRow.id != row.id)
    others = list(session.exec(query))
    session.execute(delete(BlockRow).where(col(BlockRow.listing_id) == row.id))
    session.execute(
        delete(JudgementRow).where(
            or_(col(JudgementRow.left_id) == row.id, col(JudgementRow.right_id) == row.id)
        )
    )
    row.presence, row.digest, row.flat, row.offer_id = Presence.WITHDRAWN, "", {}, own.id
    forget(session, row.id)
    row.organization_part = row.location_part = None
    changes.removed(Subject.LISTING, row.id)
    resolve(session, [other.id for other in others], changes)
    if others:
        if own.merged_into is None:  # its id was the face of them all: let it lead to them still
            own.merged_into = others[0].offer_id
            changes.merged(own.id, own.merged_into)
    else:
        changes.removed(Subject.OFFER, own.id)
    stub = Offer(id=own.id, title=MARK, status=Status.DEFUNCT)
    own.flat, own.digest, own.changed_at = stub.model_dump(mode="json"), "", changes.at
    enter(session, own.id, own.flat)
    for statement in session.exec(select(StatementRow).where(StatementRow.subject_id == row.id)):
        statement.value = statement.quote = MARK
        statement.last_seen = statement.last_seen or changes.at
    # Of an offer of several sites it cannot be told who said what: its changes are forgotten, too.
    for change in session.exec(
        select(ChangeRow).where(
            col(ChangeRow.subject_id).in_((row.id, own.id, face)),
            ChangeRow.operation == Operation.MOD,
        )
    ):
        change.fields = {name: [MARK, MARK] for name in change.fields}
    for run in session.exec(select(RunRow).where(RunRow.source_id == row.source_id)):
        doubts = [doubt for doubt in run.doubts if doubt["listing_id"] != row.id]
        if len(doubts) < len(run.doubts):
            run.doubts = doubts
    session.flush()
