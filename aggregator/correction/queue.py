"""The queue of proposed corrections: put in by anyone, decided by an editor, never in silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlmodel import Session, col, func, or_, select

from aggregator.correction.aspect import (
    ASPECTS,
    BY_KEY,
    EXTRACTOR,
    Aspect,
    AspectError,
    folded,
    read,
)
from aggregator.correction.editorial import derive, end, page_says, statements_of
from aggregator.harvest import BERLIN
from aggregator.identity import EDITORIAL
from aggregator.log import ChangeLog
from aggregator.normalise.context import Context
from aggregator.normalise.statement import Statement
from aggregator.places.places import Gazetteer
from aggregator.presence import heed_last_day
from aggregator.resolve.resolver import resolve
from aggregator.store.tables import (
    CorrectionRow,
    CorrectionState,
    ListingRow,
    OfferRow,
    Presence,
    SourceRow,
    StatementRow,
    Subject,
)
from aggregator.suppression import load_suppressions
from aggregator.vocabulary.regions import region_key

LONGEST_TEXT, LONGEST_CONTACT = 2_000, 200
MOST_OPEN = 20
"""Proposals about one offer that may wait at a time."""
WAITING = (CorrectionState.OPEN, CorrectionState.REOPENED)


class By(StrEnum):
    """What a proposer is to the offer."""

    PROVIDER = "provider"
    NETWORK = "network"
    VISITOR = "visitor"
    UNSAID = ""


class CorrectionError(Exception):
    """A proposal or a decision cannot be taken; the message is German, a line each fault."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody typed. `fields` are words an aspect; "" proposes to take the value away."""

    fields: Mapping[str, str]
    text: str = ""
    contact: str = ""
    role: By = By.UNSAID


def propose(session: Session, offer_id: str, proposal: Proposal, now: datetime) -> CorrectionRow:
    """Put a proposal into the queue; the one that lies there already where it says the same.

    Must run inside a transaction that writes. Raises LookupError where there is no such offer,
    CorrectionError where nothing is proposed, or more than may be.
    """
    offer = session.get(OfferRow, offer_id)
    if offer is None or offer.merged_into is not None or not offer.flat.get("mentions"):
        raise LookupError(offer_id)
    faults: list[str] = []
    fields: dict[str, str] = {}
    for key, words in proposal.fields.items():
        if key not in BY_KEY:
            faults.append(f"Ein Feld „{key[:40]}“ gibt es nicht.")
            continue
        try:
            fields[key] = folded(BY_KEY[key], words)
        except AspectError as error:
            faults.append(str(error))
    text, contact = proposal.text.strip(), " ".join(proposal.contact.split())
    if len(text) > LONGEST_TEXT:
        faults.append(f"Der Hinweis darf höchstens {LONGEST_TEXT} Zeichen haben.")
    if len(contact) > LONGEST_CONTACT:
        faults.append(f"Der Kontakt darf höchstens {LONGEST_CONTACT} Zeichen haben.")
    if not faults and not fields and not text:
        faults.append("Es ist nichts geändert und kein Hinweis geschrieben.")
    if faults:
        raise CorrectionError("\n".join(faults))
    waiting = session.exec(
        select(CorrectionRow).where(
            CorrectionRow.offer_id == offer_id, CorrectionRow.state == CorrectionState.OPEN
        )
    ).all()
    for row in waiting:
        if (row.proposed, row.text) == (fields, text):
            return row
    if len(waiting) >= MOST_OPEN:
        raise CorrectionError(
            "Zu diesem Angebot liegen schon viele Hinweise vor. Die Redaktion sieht sie bald durch."
        )
    row = CorrectionRow(
        id=str(uuid4()),
        offer_id=offer_id,
        listing_id=_best_listing(session, offer),
        title=str(offer.flat["title"]),
        proposed=fields,
        text=text,
        contact=contact,
        role=proposal.role,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


@dataclass(frozen=True, slots=True)
class Desk:
    """What deciding needs: a publishing transaction's log, and what words are read with."""

    changes: ChangeLog
    places: Gazetteer
    key_file: Path | None = None

    def accept(self, row: CorrectionRow, fields: Mapping[str, str], by: str, reason: str) -> None:
        """Make words the editors' statements and publish them; of a reopened one, what is open.

        `fields` are the words as the editor leaves them; aspects that are left out are not taken
        over. Raises CorrectionError where words are not understood, suppressed, or none.
        """
        listing = self._decidable(row)
        told = self._read(listing, fields)
        session, at = self.changes.session, self.changes.at
        before = statements_of(session, listing.id)
        for key, statements in told.items():
            aspect = BY_KEY[key]
            end(self.changes, before, aspect)
            self._step_aside(row, key)
            session.add_all(
                self._row(listing, row, statement, position)
                for position, statement in enumerate(statements)
            )
        row.basis = {**row.basis, **{k: page_says(session, listing.id, BY_KEY[k]) for k in told}}
        row.accepted = {**row.accepted, **{k: fields[k].strip() for k in told}}
        row.settled = [key for key in (*row.settled, *row.again) if key not in told]
        row.again = {}
        row.state = CorrectionState.ACCEPTED
        self._decided(row, by, reason, at)
        self._publish(listing)

    def refuse(self, row: CorrectionRow, by: str, reason: str) -> None:
        """Take nothing over, or, of a reopened one, leave it at what the page says now.

        Raises CorrectionError without a reason.
        """
        self._decidable(row)
        if not reason.strip():
            raise CorrectionError("Bitte einen Grund angeben.")
        row.settled = [*row.settled, *row.again]
        row.again = {}
        standing = bool(row.standing)
        reopened = row.state is CorrectionState.REOPENED
        done = CorrectionState.SETTLED if reopened else CorrectionState.REFUSED
        row.state = CorrectionState.ACCEPTED if standing else done
        self._decided(row, by, reason, self.changes.at)

    def take_back(self, row: CorrectionRow, by: str, reason: str) -> None:
        """End an accepted correction: the page's own values are published again."""
        if not row.standing:
            raise CorrectionError("Diese Korrektur gilt nicht (mehr).")
        if not reason.strip():
            raise CorrectionError("Bitte einen Grund angeben.")
        listing = self._listing(row)
        told = statements_of(self.changes.session, listing.id)
        for key in row.standing:
            end(self.changes, told, BY_KEY[key])
        row.settled = [*row.settled, *row.standing]
        row.state = CorrectionState.REOPENED if row.again else CorrectionState.SETTLED
        self._decided(row, by, reason, self.changes.at)
        self._publish(listing)

    def _decidable(self, row: CorrectionRow) -> ListingRow:
        if row.state not in WAITING:
            raise CorrectionError("Über diese Korrektur ist schon entschieden.")
        return self._listing(row)

    def _listing(self, row: CorrectionRow) -> ListingRow:
        listing = self.changes.session.get(ListingRow, row.listing_id)
        if listing is None or not listing.flat:
            raise CorrectionError("Dieses Angebot wird nicht mehr veröffentlicht.")
        return listing

    def _read(self, listing: ListingRow, fields: Mapping[str, str]) -> dict[str, list[Statement]]:
        listed = load_suppressions(self.changes.session, self.key_file)
        faults: list[str] = []
        told: dict[str, list[Statement]] = {}
        for aspect in ASPECTS:
            if aspect.key not in fields:
                continue
            try:
                statements = understood(
                    self.changes.session, listing, aspect, fields[aspect.key], self.places,
                    self.changes.at,
                )  # fmt: skip
            except AspectError as error:
                faults.append(str(error))
                continue
            if any(
                listed.states(s.field, s.value) or listed.redacted_value(s.value) != s.value
                or listed.redacted(s.quote) != s.quote
                for s in statements
            ):  # fmt: skip
                faults.append(f"{aspect.label}: steht auf der Sperrliste und darf nicht hinein.")
            told[aspect.key] = statements
        if not faults and not told:
            faults.append("Es ist keine Angabe zum Übernehmen ausgewählt.")
        if faults:
            raise CorrectionError("\n".join(faults))
        return told

    def _step_aside(self, row: CorrectionRow, key: str) -> None:
        """An earlier correction of the same aspect no longer stands."""
        query = select(CorrectionRow).where(
            CorrectionRow.listing_id == row.listing_id, CorrectionRow.id != row.id
        )
        for other in self.changes.session.exec(query):
            if key in other.standing:
                other.settled = [*other.settled, key]
                if not other.standing and other.state is CorrectionState.ACCEPTED:
                    other.state = CorrectionState.SETTLED

    def _row(
        self, listing: ListingRow, row: CorrectionRow, statement: Statement, position: int
    ) -> StatementRow:
        return StatementRow(
            subject=Subject.LISTING,
            subject_id=listing.id,
            field=statement.field,
            position=position,
            value=statement.value,
            quote=statement.quote,
            page_url="",
            source_id=EDITORIAL,
            extractor=EXTRACTOR,
            reader=statement.reader,
            reason=f"correction {row.id}, proposed by {row.role or 'somebody'} "
            f"on {row.created_at.astimezone(BERLIN):%Y-%m-%d}",
            first_seen=self.changes.at,
        )

    def _decided(self, row: CorrectionRow, by: str, reason: str, at: datetime) -> None:
        row.decided_at, row.decided_by, row.reason = at, by, reason.strip()[:LONGEST_TEXT]
        row.text = row.contact = ""

    def _publish(self, listing: ListingRow) -> None:
        session, changes = self.changes.session, self.changes
        session.flush()
        today = changes.at.astimezone(BERLIN).date()
        before, after = listing.flat, derive(session, listing, today)
        if after != before:
            changes.modified(Subject.LISTING, listing.id, before, after)
            listing.flat, listing.changed_at = after, changes.at
            heed_last_day(listing, today)
            session.flush()
        resolve(session, [listing.id], changes)
        session.flush()


def understood(  # noqa: PLR0913, PLR0917 - what is read, of what, with what
    session: Session,
    listing: ListingRow,
    aspect: Aspect,
    words: str,
    places: Gazetteer,
    now: datetime,
) -> list[Statement]:
    """What words mean for a listing. Raises AspectError where they are not understood."""
    source = session.get_one(SourceRow, listing.source_id)
    context = Context(
        source_id=EDITORIAL,
        region=region_key(source.region),
        seen_on=now.astimezone(BERLIN).date(),
        network=source.network_id,
    )
    return read(aspect, words, listing.flat, context, places)


def list_corrections(
    session: Session, states: Sequence[CorrectionState], limit: int = 50, offset: int = 0
) -> list[CorrectionRow]:
    """Corrections in these states: the longest waiting first, or the last decided first."""
    when = func.coalesce(col(CorrectionRow.asked_at), col(CorrectionRow.created_at))
    order = (
        when.asc()
        if set(states) <= set(WAITING)
        else func.coalesce(col(CorrectionRow.decided_at), when).desc()
    )
    query = (
        select(CorrectionRow)
        .where(col(CorrectionRow.state).in_(states))
        .order_by(order, col(CorrectionRow.id))
        .offset(offset)
        .limit(limit)
    )
    return list(session.exec(query))


def count_waiting(session: Session) -> int:
    """How many corrections wait for a decision."""
    query = select(func.count()).where(or_(*(CorrectionRow.state == state for state in WAITING)))
    return session.exec(query).one()


def forget(session: Session, listing_id: str) -> None:
    """Keep of the corrections of a listing only that there were some."""
    for row in session.exec(select(CorrectionRow).where(CorrectionRow.listing_id == listing_id)):
        row.proposed, row.accepted, row.basis, row.again = {}, {}, {}, {}
        row.title = row.text = row.contact = row.reason = ""
        row.state = CorrectionState.SETTLED


def _best_listing(session: Session, offer: OfferRow) -> str:
    """The listing that gives the offer its title, the best voice; a present one before others."""
    mentions: list[dict[str, Any]] = offer.flat["mentions"]
    ids = [str(mention["listing_id"]) for mention in mentions]
    query = select(ListingRow.id).where(
        col(ListingRow.id).in_(ids), ListingRow.presence == Presence.PRESENT
    )
    present = set(session.exec(query))
    return next((one for one in ids if one in present), ids[0])
