"""Bringing what is listed up to date: what a crawl did not find, and what time has ended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import or_
from sqlmodel import Session, col, func, select

from aggregator import flat, lifecycle
from aggregator.absence import Sign, Visit, failed_addresses
from aggregator.listing import Status
from aggregator.log import ChangeLog
from aggregator.store.binding import bindable
from aggregator.store.tables import ListingRow, PageRow, Presence, StatementRow, Subject
from crawlers.source import Source
from crawlers.spool import PageEntry


@dataclass(slots=True)
class Absences:
    """What became of the listings that a run did not find."""

    touched: set[str] = field(default_factory=set)
    """Those whose presence changed."""
    missing: int = 0
    withdrawn: int = 0


def visit(session: Session, source: Source, pages: Collection[PageEntry]) -> Visit:
    """The pages of a crawl, with what the record knows of those that could not be read."""
    failed = sorted(failed_addresses(pages))
    readable: dict[str, datetime] = {}
    for part in bindable(failed):
        query = (
            select(PageRow.url, func.max(PageRow.last_seen))
            .where(PageRow.source_id == source.id)
            .where(col(PageRow.url).in_(part))
            .group_by(col(PageRow.url))
        )
        readable.update(session.exec(query).all())
    return Visit(pages, source, readable)


def note_absences(
    absent: Collection[ListingRow], found_again: int, seen: Visit, at: datetime
) -> Absences:
    """Count what a published, complete crawl that ended `at` did not find.

    `absent` are all rows of the source that it did not find, `found_again` is how many it did. What
    could not be looked at is left as it is; what is withdrawn or expired is not missed.
    """
    found = Absences()
    waiting = [row for row in absent if row.presence in {Presence.PRESENT, Presence.MISSING}]
    signs = {row.id: seen.sign(row.page_url, row.last_seen) for row in waiting}
    gone = sum(sign is Sign.GONE for sign in signs.values())
    wave = lifecycle.is_wave(gone, found_again + len(waiting))
    for row in waiting:
        if signs[row.id] is Sign.UNKNOWN:
            continue
        before = row.presence
        row.absences += 1
        row.missing_since = row.missing_since or at
        row.presence = lifecycle.after_absence(row.absences, row.missing_since, at)
        if signs[row.id] is Sign.GONE and not wave:
            if lifecycle.gone_again(row.gone_at, at):
                row.gone, row.gone_at = row.gone + 1, at
            if row.gone >= lifecycle.GONE_TIMES:
                row.presence = Presence.WITHDRAWN
        elif signs[row.id] is Sign.ABSENT:
            row.gone, row.gone_at = 0, None
        found.missing += before is Presence.PRESENT
        found.withdrawn += row.presence is Presence.WITHDRAWN
        if row.presence is not before:
            found.touched.add(row.id)
    return found


def set_aside(absent: Collection[ListingRow], at: datetime) -> Absences:
    """Mark what today's rules no longer read in the archive; the next crawl says what that means.

    It is not shown as current, and counts as no absence: the site was not asked.
    """
    found = Absences()
    for row in absent:
        if row.presence is Presence.PRESENT:
            row.presence, row.missing_since = Presence.MISSING, row.missing_since or at
            found.missing += 1
            found.touched.add(row.id)
    return found


def expire(session: Session, today: date) -> set[str]:
    """Let end what states a last day that is past, of all sources; the ids of what changed.

    Where a last day lies ahead again (it was corrected, or the clock was wrong) it lives on.
    """
    session.flush()
    past = (col(ListingRow.expires_on) < today) & col(ListingRow.presence).in_(
        (Presence.PRESENT, Presence.MISSING)
    )
    ahead = (col(ListingRow.presence) == Presence.EXPIRED) & or_(
        col(ListingRow.expires_on).is_(None), col(ListingRow.expires_on) >= today
    )
    touched = set()
    for row in session.exec(select(ListingRow).where(past | ahead)):
        heed_last_day(row, today)
        touched.add(row.id)
    return touched


def heed_last_day(row: ListingRow, today: date) -> None:
    """Let a listing be over where its last day is past, and live where that lies ahead."""
    if row.presence is Presence.WITHDRAWN:
        return
    if row.expires_on is not None and row.expires_on < today:
        row.presence = Presence.EXPIRED
    elif row.presence is Presence.EXPIRED:
        row.presence = Presence.MISSING if row.missing_since else Presence.PRESENT


def age(
    rows: Iterable[ListingRow],
    changes: ChangeLog,
    ended: Mapping[str | None, bool],
    stated: Mapping[str, str | None],
    today: date,
) -> set[str]:
    """Bring the status in documents up to today; the ids of those that changed.

    `ended` tells of networks by id whether they are over, `stated` what the pages of this run say
    of a listing's status; of others what was said last still holds.
    """
    touched = set()
    for row in rows:
        if not row.flat:
            continue
        status = _status(row, ended.get(row.flat.get("network"), False), stated, today)
        if row.flat.get("status") != status:
            document = {**row.flat, "status": status}
            changes.modified(Subject.LISTING, row.id, row.flat, document)
            row.flat = document
            touched.add(row.id)
    return touched


def stated_before(session: Session, source_id: str) -> dict[str, str | None]:
    """What the listings of a source last said of their status, by id; only those that said it."""
    query = select(StatementRow.subject_id, StatementRow.value).where(
        StatementRow.source_id == source_id,
        StatementRow.subject == Subject.LISTING,
        StatementRow.field == "status",
        col(StatementRow.last_seen).is_(None),
    )
    return dict(session.exec(query).all())


def _status(row: ListingRow, ended: bool, stated: Mapping[str, str | None], today: date) -> Status:
    if row.presence is Presence.WITHDRAWN:
        return Status.DEFUNCT
    said = row.flat.get("status") if row.id not in stated else stated[row.id]
    if row.id not in stated and said != Status.TEMPORARILY_CLOSED:
        said = None
    until = row.flat.get("valid_until")
    return flat.listing_status(said, date.fromisoformat(until) if until else None, ended, today)
