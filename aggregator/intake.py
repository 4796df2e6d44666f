"""Taking in a finished crawl: normalise, judge, and publish in one transaction.

Everything is computed before the transaction opens; it either happens whole or not at all, and
taking in the same run again changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from aggregator import flat, lifecycle
from aggregator.correction.editorial import spoken
from aggregator.echo import without_echo
from aggregator.evidence import Provenance, keep
from aggregator.gate.finding import RunFacts
from aggregator.gate.judging import Gate, Judgement
from aggregator.harvest import BERLIN, Draft, Harvest, document, read_harvest
from aggregator.health import PUBLISHED, turned
from aggregator.identity import offer_id
from aggregator.listing import Status
from aggregator.log import ChangeLog
from aggregator.network import NetworkStatus
from aggregator.pages import keep_pages, known_versions, pages_of
from aggregator.places.places import Gazetteer
from aggregator.register import refresh_network
from aggregator.resolve.resolver import resolve
from aggregator.store.tables import (
    ListingRow,
    NetworkRow,
    OfferRow,
    Presence,
    RunRow,
    SourceRow,
    Subject,
    Turn,
    TurnRow,
)
from aggregator.store.transaction import publishing
from aggregator.suppression import load_suppressions, without_suppressed
from aggregator.vocabulary.regions import region_key
from crawlers.record import located
from crawlers.source import Source

_KEPT = 200
"""So many failures and doubts are kept with a run: a report is read by a person."""
_HISTORY = 5


def ingest(  # noqa: PLR0913, PLR0917 - what a run is taken into, from, with
    engine: Engine,
    source: Source,
    folder: Path,
    places: Gazetteer,
    now: datetime,
    key_file: Path | None = None,
) -> RunRow:
    """Take in the run of `source` that left `folder`, which is named by the run's id.

    `now` is when this happens (UTC), `key_file` the key of the suppression list. A run that was
    taken in before is returned as it was. Raises SuppressionError where something is suppressed
    and the key that tells what is not at hand.
    """
    harvest = read_harvest(folder, source, places)
    with publishing(engine) as session:
        known = session.get(RunRow, folder.name)
        if known is not None:
            session.expunge(known)
            return known
        changes = ChangeLog(session, folder.name, now)
        # Read inside the transaction: what is suppressed meanwhile must not slip through.
        harvest = without_suppressed(harvest, source.id, load_suppressions(session, key_file))
        harvest = without_echo(session, harvest)
        run = _Intake(session, source, harvest, changes).take_in()
        session.flush()
        session.refresh(run)
        session.expunge(run)
        return run


class _Intake:
    """One run on its way into the record; lives as long as its transaction."""

    def __init__(
        self, session: Session, source: Source, harvest: Harvest, changes: ChangeLog
    ) -> None:
        self.session = session
        self.source = source
        self.harvest = harvest
        self.changes = changes
        self.run_id, self.now = changes.run_id, changes.at
        self.today = self.now.astimezone(BERLIN).date()
        query = select(ListingRow).where(ListingRow.source_id == source.id)
        self.rows = {row.id: row for row in session.exec(query)}
        self.network_id = source.network
        self.replayed = harvest.summary is not None and harvest.summary.replay_of is not None
        self.stated = {draft.id: draft.values.get("status") for draft in harvest.offers}
        self.counts = dict.fromkeys(
            ("added", "changed", "unchanged", "missing", "withdrawn", "returned"), 0
        )

    def take_in(self) -> RunRow:
        """Judge the run, publish it if it may be, and note it."""
        entry = self.session.get(SourceRow, self.source.id)
        if entry is None:
            raise LookupError(f"source {self.source.id} is not registered")
        judgement = self._judge(entry)
        published = judgement.verdict in PUBLISHED
        pages = self._keep_pages(accepted=published)
        seen_at = self.harvest.summary.finished_at if self.harvest.summary else self.now
        if published:
            ended = self._publish_network(entry, pages, seen_at)
            touched = self._publish_listings(pages, seen_at, ended)
            touched |= self._note_absences(seen_at)
            touched |= self._age(ended)
            resolve(self.session, touched, self.changes)
            self._refresh_network()
        self._note_source(entry, judgement)
        run = self._run(judgement)
        self.session.add(run)
        return run

    def _judge(self, entry: SourceRow) -> Judgement:
        query = (
            select(RunRow)
            .where(RunRow.source_id == self.source.id, col(RunRow.verdict).in_(PUBLISHED))
            .order_by(col(RunRow.finished_at).desc())
            .limit(_HISTORY)
        )
        history = list(self.session.exec(query))
        last = entry.last_accepted_run_id
        gate = Gate(
            RunFacts(
                source=self.source,
                summary=self.harvest.summary,
                published={
                    key: row.flat.get("title", "")
                    for key, row in self.rows.items()
                    if row.presence is Presence.PRESENT
                },
                history=[run.counts.get("records", 0) for run in history],
                fills=[run.fill for run in history if run.fill],
                readable={page.url for page in pages_of(self.session, last)} if last else set(),
            )
        )
        for page in self.harvest.pages:
            gate.page(page)
        for draft in self.harvest.offers:
            gate.listing(draft.id, draft.values)
        for _ in self.harvest.networks:
            gate.network()
        return gate.judge()

    def _keep_pages(self, *, accepted: bool) -> dict[str, int]:
        """Note the archived versions of this run. A replay saw no page anew, so it notes none."""
        if self.harvest.summary is None:
            return {}
        if self.replayed:
            return known_versions(self.session, self.source.id, self.harvest.pages)
        return keep_pages(
            self.session,
            self.source.id,
            self.harvest.pages,
            self.harvest.summary.finished_at,
            self.run_id if accepted else None,
        )

    def _publish_network(
        self, entry: SourceRow, pages: Mapping[str, int], seen_at: datetime
    ) -> bool:
        """Keep what the pages tell of the network; whether it has ended."""
        network_id = self.source.network or self.source.id
        drafts = self.harvest.networks
        row = self.session.get(NetworkRow, network_id)
        if row is None and drafts:
            name = next((d.values["name"] for d in drafts if "name" in d.values), None)
            row = NetworkRow(
                id=network_id, name=name or self.source.title, region=region_key(self.source.region)
            )
            self.session.add(row)
            self.session.flush()
        if row is None:
            return False
        self.network_id = entry.network_id = network_id
        self.session.flush()
        statements = [
            replace(s, locator=located(s.locator, draft.record.page_url))
            for draft in drafts
            for s in draft.reading.statements
        ]
        extractor = drafts[0].record.extractor if drafts else ""
        keep(
            self.session,
            Subject.NETWORK,
            network_id,
            statements,
            self._provenance("", extractor, seen_at, None, pages),
        )
        return self._refresh_network() is NetworkStatus.ENDED

    def _refresh_network(self) -> NetworkStatus:
        """Derive the network's document anew; offers count as knowledge of it."""
        if self.network_id is None:
            return NetworkStatus.UNKNOWN
        self.session.flush()
        row = self.session.get_one(NetworkRow, self.network_id)
        return refresh_network(row, self.changes, self.today).status

    def _publish_listings(
        self, pages: Mapping[str, int], seen_at: datetime, ended: bool
    ) -> set[str]:
        touched: set[str] = set()
        for draft in self.harvest.offers:
            row = self.rows.get(draft.id)
            if row is None:
                row = self._new_listing(draft, seen_at)
                self.counts["added"] += 1
            elif row.digest == draft.digest:
                self.counts["unchanged"] += 1
                if row.presence is not Presence.PRESENT:
                    self.counts["returned"] += 1
                    touched.add(row.id)
                continue
            provenance = self._provenance(
                draft.record.page_url, draft.record.extractor, seen_at, row.last_seen, pages
            )
            keep(self.session, Subject.LISTING, row.id, draft.reading.statements, provenance)
            if self._write(row, draft, ended) and row.last_run_id:
                self.counts["changed"] += 1
            elif row.last_run_id:
                self.counts["unchanged"] += 1
            touched.add(row.id)
        self._seen_again(seen_at)
        return touched

    def _new_listing(self, draft: Draft, seen_at: datetime) -> ListingRow:
        own = offer_id(draft.id)
        self.session.add(OfferRow(id=own, created_at=self.now, changed_at=self.now))
        self.session.flush()
        row = ListingRow(
            id=draft.id,
            source_id=self.source.id,
            key=draft.record.key,
            offer_id=own,
            page_url=draft.record.page_url,
            first_seen=seen_at,
            last_seen=seen_at,
        )
        self.session.add(row)
        self.rows[row.id] = row
        return row

    def _write(self, row: ListingRow, draft: Draft, ended: bool) -> bool:
        """Write what a listing's statements add up to; whether its document changed."""
        crawled = document(draft, self.source.id, self.network_id, ended, self.today)
        after = spoken(self.changes, row.id, crawled, draft.reading.statements)
        before, row.digest, row.page_url = row.flat, draft.digest, draft.record.page_url
        if after == before:
            return False
        self.changes.written(Subject.LISTING, row.id, before, after)
        if before:
            row.changed_at = self.now
        row.flat = after
        return True

    def _seen_again(self, seen_at: datetime) -> None:
        """Record once a listing and run that it was seen."""
        ids = [draft.id for draft in self.harvest.offers]
        self.session.flush()
        for start in range(0, len(ids), 500):  # SQLite binds at most 999 variables at once
            self.session.execute(
                update(ListingRow)
                .where(col(ListingRow.id).in_(ids[start : start + 500]))
                .values(
                    last_seen=seen_at,
                    last_run_id=self.run_id,
                    presence=Presence.PRESENT,
                    absences=0,
                    missing_since=None,
                )
            )

    def _note_absences(self, seen_at: datetime) -> set[str]:
        """Mark what a complete run did not find; absence from anything less means nothing."""
        if self.harvest.summary is None or not self.harvest.summary.complete:
            return set()
        found = {draft.id for draft in self.harvest.offers}
        touched = set()
        for row in self.rows.values():
            if row.id in found or row.presence in {Presence.WITHDRAWN, Presence.EXPIRED}:
                continue
            if self.replayed and row.presence is Presence.MISSING:
                continue  # the crawl that missed it has counted already
            row.absences += 1
            row.missing_since = row.missing_since or seen_at
            presence = lifecycle.after_absence(row.absences, row.missing_since, seen_at)
            if row.flat.get("valid_until") and row.flat["valid_until"] < self.today.isoformat():
                presence = Presence.EXPIRED
            self.counts["missing"] += row.presence is Presence.PRESENT
            self.counts["withdrawn"] += presence is Presence.WITHDRAWN
            if presence is not row.presence:
                row.presence = presence
                touched.add(row.id)
        self.session.flush()
        return touched

    def _age(self, ended: bool) -> set[str]:
        """Bring every status up to today: dates pass and networks end without any page changing."""
        touched = set()
        for row in self.rows.values():
            if not row.flat:
                continue
            status = self._status(row, ended)
            if row.flat.get("status") != status:
                document = {**row.flat, "status": status}
                self.changes.modified(Subject.LISTING, row.id, row.flat, document)
                row.flat = document
                touched.add(row.id)
        return touched

    def _status(self, row: ListingRow, ended: bool) -> Status:
        if row.presence is Presence.WITHDRAWN:
            return Status.DEFUNCT
        until = row.flat.get("valid_until")
        return flat.listing_status(
            self.stated.get(row.id), date.fromisoformat(until) if until else None, ended, self.today
        )

    def _note_source(self, entry: SourceRow, judgement: Judgement) -> None:
        """Note how the source fares; a replay tells nothing of that."""
        if self.replayed:
            return
        entry.last_run_id = self.run_id
        if turn := turned(entry.failures, judgement.verdict):
            worst = judgement.findings[0]
            message = f"{worst.message} {worst.advice}" if turn is Turn.BROKEN else ""
            self.session.add(
                TurnRow(
                    source_id=entry.id,
                    run_id=self.run_id,
                    at=self.now,
                    turn=turn,
                    failure=worst.failure if turn is Turn.BROKEN else "",
                    message=message.strip(),
                )
            )
        if judgement.verdict in PUBLISHED:
            entry.last_accepted_run_id = self.run_id
            entry.last_accepted_at = self.now
            entry.stale_since = None
            entry.failures = 0
        else:
            entry.stale_since = entry.stale_since or self.now
            entry.failures += 1

    def _run(self, judgement: Judgement) -> RunRow:
        summary = self.harvest.summary
        counts = dict(self.counts)
        if summary is not None:
            counts |= {
                "pages": summary.pages,
                "fetched": summary.fetched,
                "not_modified": summary.not_modified,
                "failed": summary.failed,
                "records": len(self.harvest.offers),
            }
        return RunRow(
            id=self.run_id,
            source_id=self.source.id,
            started_at=summary.started_at if summary else self.now,
            finished_at=summary.finished_at if summary else self.now,
            verdict=judgement.verdict,
            reasons=[asdict(finding) for finding in judgement.objections],
            passed=[asdict(finding) for finding in judgement.passed],
            fill=dict(judgement.fill),
            counts=counts,
            failures=[
                {"url": page.url, "failure": page.failure, "reason": page.reason}
                for page in self.harvest.pages
                if page.failure is not None
            ][:_KEPT],
            doubts=[
                {
                    "code": doubt.code,
                    "field": doubt.field,
                    "quote": doubt.quote,
                    "listing_id": draft.id,
                    "title": draft.values.get("title", ""),
                    "page_url": draft.record.page_url,
                }
                for draft in self.harvest.offers
                for doubt in draft.reading.doubts
            ][:_KEPT],
        )

    def _provenance(
        self,
        page_url: str,
        extractor: str,
        seen_at: datetime,
        before: datetime | None,
        pages: Mapping[str, int],
    ) -> Provenance:
        return Provenance(
            source_id=self.source.id,
            run_id=self.run_id,
            page_url=page_url,
            extractor=extractor,
            seen_at=seen_at,
            last_seen_before=before,
            pages=pages,
        )
