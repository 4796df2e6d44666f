"""Taking in a finished crawl: normalise, judge, and publish in one transaction.

Everything is computed before the transaction opens; it either happens whole or not at all, and
taking in the same run again changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from aggregator.acceptance import AcceptError, acceptable, runs_after
from aggregator.aliases import RULES, dissolve, load_aliases, record
from aggregator.correction.editorial import corrected_among, spoken
from aggregator.echo import without_echo
from aggregator.evidence import Provenance, keep
from aggregator.gate.finding import Finding, RunFacts
from aggregator.gate.judging import Gate, Judgement
from aggregator.harvest import BERLIN, Draft, Harvest, document, read_harvest
from aggregator.health import PUBLISHED, turned
from aggregator.identity import offer_id
from aggregator.listing import Status, StoredListing
from aggregator.log import ChangeLog
from aggregator.network import OVER, NetworkStatus
from aggregator.pages import keep_pages, known_versions, pages_of
from aggregator.places.places import Gazetteer
from aggregator.presence import age, expire, note_absences, set_aside, stated_before, visit
from aggregator.register import ended_networks, refresh_network
from aggregator.rekeying import Rekeying, rekeyed
from aggregator.report import SINCE, counts, judged, report
from aggregator.resolve.resolver import resolve
from aggregator.store.binding import bindable
from aggregator.store.lease import Lease, note_taken_in, require, require_latest
from aggregator.store.tables import (
    DecisionRow,
    Deed,
    ListingRow,
    NetworkRow,
    OfferRow,
    Presence,
    RunRow,
    SourceRow,
    Subject,
    Turn,
    TurnRow,
    Verdict,
)
from aggregator.store.transaction import publishing
from aggregator.suppression import load_suppressions, without_suppressed
from aggregator.vocabulary.regions import region_key
from crawlers.failure import Failure
from crawlers.keys import page_key
from crawlers.record import located
from crawlers.source import Source
from crawlers.spool import Summary, begun_under

_HISTORY = 5
_LOOKED_AT = 60  # runs among which those are sought that asked for everything
_AWAY = frozenset({Presence.MISSING, Presence.WITHDRAWN})


def ingest(  # noqa: PLR0913, PLR0917 - what a run is taken into, from, with
    engine: Engine,
    source: Source,
    folder: Path,
    places: Gazetteer,
    now: datetime,
    key_file: Path | None = None,
    lease: Lease | None = None,
) -> RunRow:
    """Take in the run of `source` that left `folder`, which is named by the run's id.

    `now` is when this happens (UTC), `key_file` the key of the suppression list, `lease` that of
    the source where leases are needed. A run that was taken in before is returned as it was. Raises
    SuppressionError where something is suppressed and the key that tells what is not at hand,
    LeaseLostError where the source is somebody else's by now, OvertakenError where a run that was
    begun later went in before this one.
    """
    harvest = read_harvest(folder, source, places)
    with publishing(engine) as session:
        known = session.get(RunRow, folder.name)
        if known is not None:
            session.expunge(known)
            return known
        if lease is not None:
            _fence(session, lease, folder, harvest)
        changes = ChangeLog(session, folder.name, now)
        run = _Intake(changes, source, harvest, key_file).take_in()
        session.flush()
        session.refresh(run)
        session.expunge(run)
        return run


def accept(  # noqa: PLR0913, PLR0917 - as for `ingest`, and who decides
    engine: Engine,
    source: Source,
    folder: Path,
    places: Gazetteer,
    now: datetime,
    key_file: Path | None,
    by: str,
    reason: str,
    lease: Lease | None = None,
) -> RunRow:
    """Publish a run that the gate held back, because a person looked and says that it is right.

    Who, when and why is kept as a decision; what the run found is from then on what is usual.
    Raises AcceptError where there is nothing to accept, and what `ingest` raises.
    """
    harvest = _whole(folder, source, places)
    with publishing(engine) as session:
        if lease is not None:
            require(session, lease)
        run = acceptable(session, folder.name, source.id)
        changes = ChangeLog(session, folder.name, now)
        _Intake(changes, source, harvest, key_file).accept(run, by, reason)
        session.flush()
        session.refresh(run)
        session.expunge(run)
        return run


def _fence(session: Session, lease: Lease, folder: Path, harvest: Harvest) -> None:
    """Let nothing in from who was cut off; a replay visits nobody, so that it overtakes nobody."""
    if harvest.summary is not None and harvest.summary.replay_of is not None:
        require(session, lease)
        return
    begun = begun_under(folder)
    token = lease.token if begun is None else begun
    if harvest.summary is None:  # broken off: it says nothing, so one begun earlier may still go in
        require_latest(session, lease, token)
    else:
        note_taken_in(session, lease, token)


def _whole(folder: Path, source: Source, places: Gazetteer) -> Harvest:
    harvest = read_harvest(folder, source, places) if folder.is_dir() else Harvest(None)
    if harvest.summary is None:
        raise AcceptError(
            f"{folder}: what the run read is not there any more (folders are kept until a later "
            f"run is published, or until their time is over): run `netzlotse crawl {source.id}`; "
            "if the gate holds that back too, accept it",
            "Was dieser Besuch gelesen hat, ist nicht mehr da. Der nächste zeigt es noch einmal.",
        )
    return harvest


class _Intake:
    """One run on its way into the record; lives as long as its transaction."""

    def __init__(
        self, changes: ChangeLog, source: Source, harvest: Harvest, key_file: Path | None
    ) -> None:
        self.session = session = changes.session
        self.source = source
        self.changes = changes
        self.aliases = load_aliases(session, source.id)
        harvest = replace(harvest, offers=self.aliases.known(harvest.offers))
        # Read inside the transaction: what is suppressed meanwhile must not slip through.
        harvest = without_suppressed(harvest, source.id, load_suppressions(session, key_file))
        harvest = without_echo(session, harvest)
        self.run_id, self.now = changes.run_id, changes.at
        self.today = self.now.astimezone(BERLIN).date()
        query = select(ListingRow).where(ListingRow.source_id == source.id)
        self.rows = {row.id: row for row in session.exec(query)}
        self.network_id = source.network
        self.replayed = harvest.summary is not None and harvest.summary.replay_of is not None
        # What was over before it was first seen is no offer; what was seen goes on as expired.
        told = tuple(d for d in harvest.offers if d.id in self.rows or not d.is_over(self.today))
        harvest = replace(harvest, offers=told)
        self.rekeyings = self._rekeyings(harvest)
        moved = {found.new_id: found.listing_id for found in self.rekeyings}
        self.harvest = replace(
            harvest,
            offers=tuple(
                replace(d, id=moved[d.id]) if d.id in moved else d for d in harvest.offers
            ),
        )
        self.partial = harvest.summary is not None and harvest.summary.since is not None
        self.stated = stated_before(session, source.id) if self.partial else {}
        self.stated |= {draft.id: draft.values.get("status") for draft in self.harvest.offers}
        self.over = {one for one, status in self.stated.items() if status == Status.DEFUNCT}
        self.harvest = replace(
            self.harvest, offers=tuple(d for d in self.harvest.offers if d.id not in self.over)
        )
        self.counts = dict.fromkeys(
            ("added", "changed", "unchanged", "missing", "withdrawn", "returned", "rekeyed"), 0
        )

    def take_in(self) -> RunRow:
        """Judge the run, publish it if it may be, and note it."""
        entry = self._entry()
        judgement = self._judge(entry)
        run = report(self.run_id, self.source.id, self.harvest, self.now)
        judged(run, judgement)
        self._write_run(entry, published=judgement.verdict in PUBLISHED)
        run.counts = counts(self.harvest, self.counts)
        self._note_source(entry, judgement)
        self.session.add(run)
        return run

    def accept(self, run: RunRow, by: str, reason: str) -> None:
        """Publish a run that was noted before."""
        entry = self._entry()
        self._write_run(entry, published=True)
        run.verdict = Verdict.ACCEPTED
        run.counts = counts(self.harvest, self.counts)
        self.session.add(
            DecisionRow(at=self.now, by=by, deed=Deed.ACCEPT, subject_id=run.id, reason=reason)
        )
        if self.replayed:
            return
        entry.last_accepted_run_id, entry.last_accepted_at = run.id, self.now
        later = runs_after(self.session, run)
        if entry.failures and not later:
            self._note_turn(Turn.RECOVERED)
        entry.failures = len(later)
        entry.stale_since = later[0].finished_at if later else None

    def _entry(self) -> SourceRow:
        entry = self.session.get(SourceRow, self.source.id)
        if entry is None:
            raise LookupError(f"source {self.source.id} is not registered")
        return entry

    def _write_run(self, entry: SourceRow, *, published: bool) -> None:
        """Write what the run found where it is published, and what time has ended in any case."""
        summary = self.harvest.summary
        pages = self._keep_pages(accepted=published)
        touched: set[str] = set()
        if published and summary is not None:
            self._note_rekeyings(summary.finished_at)
            ended = self._publish_network(entry, pages, summary.finished_at)
            touched = self._publish_listings(pages, summary.finished_at, ended)
        touched |= self._expire()  # before anything is missed
        if published and summary is not None:
            touched |= self._note_absences(summary) | self._withdraw()
        touched |= self._age(touched)
        resolve(self.session, touched, self.changes)
        if published:
            self._refresh_network()

    def _rekeyings(self, harvest: Harvest) -> list[Rekeying]:
        """Which new records are listings that vanished.

        Asked of runs that ended at a limit too: what is taken for new there would keep its new id.
        Should the old one be there after all, both stand side by side next time, and part again.
        """
        if harvest.summary is None or harvest.summary.since is not None:
            return []
        found = {draft.id for draft in harvest.offers}
        drafts = [draft for draft in harvest.offers if draft.id not in self.rows]
        if not drafts:
            return []
        seen = visit(self.session, self.source, harvest.pages)
        vanished, there = [], []
        for row in self.rows.values():
            if not row.flat or row.presence is Presence.EXPIRED:
                continue
            if row.id in found:
                there.append(StoredListing.model_validate(row.flat))
            elif not seen.failed(row.page_url):  # what only its list hid may be the new one
                vanished.append(StoredListing.model_validate(row.flat))
        new = [
            StoredListing.model_validate(document(d, self.source.id, None, False, self.today))
            for d in drafts
        ]
        pairs = rekeyed(vanished, new, there) if vanished else []
        return [pair for pair in pairs if not self.aliases.refused(pair)]

    def _note_rekeyings(self, seen_at: datetime) -> None:
        """Keep which records were known under another key, and which proved to be others."""
        keys = {draft.id: draft.record.key for draft in self.harvest.offers}
        for found in self.rekeyings:
            row = self.rows[found.listing_id]
            record(self.changes, row, found, keys[row.id], seen_at)
        for alias in self.aliases.refuted(self.harvest.offers):
            dissolve(self.changes, alias, RULES, "beide stehen nebeneinander da")
        self.counts["rekeyed"] = len(self.rekeyings)

    def _judge(self, entry: SourceRow) -> Judgement:
        history = self._history()
        last = entry.last_accepted_run_id
        present = [row for row in self.rows.values() if row.presence is Presence.PRESENT]
        past = [row for row in present if row.expires_on and row.expires_on < self.today]
        gate = Gate(
            RunFacts(
                source=self.source,
                summary=self.harvest.summary,
                interrupted=self.harvest.interrupted,
                published={row.id: row.flat["title"] for row in present if row not in past},
                homes={
                    row.id: page_key(row.page_url, self.source)
                    for row in self.rows.values()
                    if row.presence in {Presence.PRESENT, Presence.MISSING} and row not in past
                },
                history=[run.counts.get("records", 0) for run in history],
                fills=[run.fill for run in history if run.fill],
                expired=len(past) + self._expired_since(entry),
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

    def _history(self) -> list[RunRow]:
        """The last published runs; what a person accepted is the measure from then on."""
        query = (
            select(RunRow)
            .where(RunRow.source_id == self.source.id, col(RunRow.verdict).in_(PUBLISHED))
            .order_by(col(RunRow.finished_at).desc())
            .limit(_LOOKED_AT)
        )
        runs = [run for run in self.session.exec(query) if SINCE not in run.counts][:_HISTORY]
        decided = set(
            self.session.exec(
                select(DecisionRow.subject_id).where(
                    DecisionRow.deed == Deed.ACCEPT,
                    col(DecisionRow.subject_id).in_([run.id for run in runs]),
                )
            )
        )
        measure = next((n for n, run in enumerate(runs, 1) if run.id in decided), len(runs))
        return runs[:measure]

    def _expired_since(self, entry: SourceRow) -> int:
        """How many listings that the last published run found have ended since."""
        return sum(
            row.presence is Presence.EXPIRED and row.last_run_id == entry.last_accepted_run_id
            for row in self.rows.values()
        )

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
            s._replace(locator=located(s.locator, draft.record.page_url))
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
        return self._refresh_network() in OVER

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
        known = ((draft, self.rows.get(draft.id)) for draft in self.harvest.offers)
        changed = [row.id for draft, row in known if row and row.digest != draft.digest]
        corrected = corrected_among(self.session, changed)
        self._add_listings(seen_at)
        with self.session.no_autoflush:  # all of it at once, after the last
            for draft in self.harvest.offers:
                row = self.rows[draft.id]
                if row.digest == draft.digest:
                    self.counts["unchanged"] += 1
                    if row.presence in _AWAY:
                        touched.add(row.id)
                    continue
                provenance = self._provenance(
                    draft.record.page_url, draft.record.extractor, seen_at, row.last_seen, pages
                )
                keep(self.session, Subject.LISTING, row.id, draft.reading.statements, provenance)
                if self._write(row, draft, ended, draft.id in corrected) and row.last_run_id:
                    self.counts["changed"] += 1
                elif row.last_run_id:
                    self.counts["unchanged"] += 1
                touched.add(row.id)
        self._seen_again(seen_at)
        return touched

    def _add_listings(self, seen_at: datetime) -> None:
        """Make a row, and the offer that it is at first, for each listing that was not known."""
        new = [draft for draft in self.harvest.offers if draft.id not in self.rows]
        self.session.add_all(
            OfferRow(id=offer_id(draft.id), created_at=self.now, changed_at=self.now)
            for draft in new
        )
        self.session.flush()  # listings name them
        for draft in new:
            self.rows[draft.id] = ListingRow(
                id=draft.id,
                source_id=self.source.id,
                key=draft.record.key,
                offer_id=offer_id(draft.id),
                page_url=draft.record.page_url,
                first_seen=seen_at,
                last_seen=seen_at,
            )
        self.session.add_all(self.rows[draft.id] for draft in new)
        self.counts["added"] += len(new)

    def _write(self, row: ListingRow, draft: Draft, ended: bool, corrected: bool) -> bool:
        """Write what a listing's statements add up to; whether its document changed."""
        after = document(draft, self.source.id, self.network_id, ended, self.today)
        if corrected:
            after = spoken(self.changes, row.id, after, draft.reading.statements)
        before, row.digest, row.page_url = row.flat, draft.digest, draft.record.page_url
        if after == before:
            return False
        self.changes.written(Subject.LISTING, row.id, before, after)
        if before:
            row.changed_at = self.now
        row.flat = after
        return True

    def _seen_again(self, seen_at: datetime) -> None:
        """Record once a listing and run that it was seen; one that was away is back."""
        ids = [draft.id for draft in self.harvest.offers]
        for row in (self.rows[one] for one in ids):
            if row.presence in _AWAY:
                row.presence = Presence.PRESENT
                self.counts["returned"] += 1
            if row.absences or row.gone or row.missing_since:
                row.absences, row.missing_since, row.gone, row.gone_at = 0, None, 0, None
        self.session.flush()
        for part in bindable(ids):
            self.session.execute(
                update(ListingRow)
                .where(col(ListingRow.id).in_(part))
                .values(last_seen=seen_at, last_run_id=self.run_id)
            )

    def _note_absences(self, summary: Summary) -> set[str]:
        """Mark what a complete run did not find; absence from anything less means nothing."""
        if not summary.complete or self.partial:
            return set()
        found = {draft.id for draft in self.harvest.offers}
        absent = [row for row in self.rows.values() if row.id not in found]
        if self.replayed:
            absences = set_aside(absent, summary.finished_at)
        else:
            seen = visit(self.session, self.source, self.harvest.pages)
            absences = note_absences(absent, len(found), seen, summary.finished_at)
        self.counts["missing"] += absences.missing
        self.counts["withdrawn"] += absences.withdrawn
        self.session.flush()
        return absences.touched

    def _withdraw(self) -> set[str]:
        """Withdraw what the source itself says is gone for good; the ids of what was there."""
        there = {Presence.PRESENT, Presence.MISSING}
        gone = [self.rows[one] for one in self.over if one in self.rows]
        gone = [row for row in gone if row.presence in there]
        for row in gone:
            row.presence = Presence.WITHDRAWN
        self.counts["withdrawn"] += len(gone)
        return {row.id for row in gone}

    def _expire(self) -> set[str]:
        touched = expire(self.session, self.today)
        self.counts["expired"] = sum(
            row.id in touched and row.presence is Presence.EXPIRED for row in self.rows.values()
        )
        return touched

    def _age(self, touched: set[str]) -> set[str]:
        """Bring every status up to today: dates pass and networks end without any page changing."""
        others = sorted(touched - self.rows.keys())
        rows = [*self.rows.values(), *(self.session.get_one(ListingRow, one) for one in others)]
        over = ended_networks(self.session)
        return age(rows, self.changes, over, self.stated, self.today)

    def _note_source(self, entry: SourceRow, judgement: Judgement) -> None:
        """Note how the source fares; a replay tells nothing of that, nor does one interruption."""
        if self.replayed:
            return
        excused = self.harvest.interrupted and not self._was_interrupted(entry)
        entry.last_run_id = self.run_id
        if excused:
            return
        if self.harvest.summary and (said := self.harvest.summary.reservation):
            entry.rights = {
                "reserved": said.reserved,
                "where": said.where,
                "quote": said.quote,
                "checked_at": said.checked_at.isoformat(),
            }
        if turn := turned(entry.failures, judgement.verdict):
            self._note_turn(turn, judgement.findings[0])
        if judgement.verdict in PUBLISHED:
            entry.last_accepted_run_id = self.run_id
            entry.last_accepted_at = self.now
            entry.stale_since = None
            entry.failures = 0
        else:
            entry.stale_since = entry.stale_since or self.now
            entry.failures += 1

    def _was_interrupted(self, entry: SourceRow) -> bool:
        """Whether the run before was interrupted as well: then it is no chance any more."""
        last = self.session.get(RunRow, entry.last_run_id) if entry.last_run_id else None
        reasons = last.reasons if last else []
        return any(reason.get("failure") == Failure.INTERRUPTED for reason in reasons)

    def _note_turn(self, turn: Turn, cause: Finding | None = None) -> None:
        broken = cause if turn is Turn.BROKEN else None
        self.session.add(
            TurnRow(
                source_id=self.source.id,
                run_id=self.run_id,
                at=self.now,
                turn=turn,
                failure=broken.failure if broken else "",
                message=f"{broken.message} {broken.advice}".strip() if broken else "",
            )
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
