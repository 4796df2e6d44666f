"""Replaying a source: its last published crawl, read again from the archive by today's rules."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from aggregator.aliases import load_aliases
from aggregator.correction.editorial import corrected_listings, overlaid, statements_of
from aggregator.harvest import BERLIN, Draft, Harvest, document, understand
from aggregator.index.feed import catch_up
from aggregator.intake import ingest
from aggregator.listing import Status
from aggregator.network import OVER
from aggregator.normalise.context import Context
from aggregator.normalise.site import Told, read_each
from aggregator.normalise.statement import Reading
from aggregator.pages import pages_of
from aggregator.places.places import Gazetteer, load_gazetteer
from aggregator.replay import Difference, compare
from aggregator.report import SINCE
from aggregator.settings import Settings
from aggregator.sharing import key_of
from aggregator.store.lease import source_lease
from aggregator.store.tables import ListingRow, NetworkRow, PageRow, Presence, RunRow, SourceRow
from aggregator.suppression import load_suppressions, without_suppressed
from crawlers.archive import Archive
from crawlers.assembly import assemble
from crawlers.page import ArchiveRef
from crawlers.record import Record
from crawlers.replay import ArchivedPage, Reread, reread, write_run
from crawlers.source import Source
from crawlers.spool import Summary
from schedules.hold import Hold, hold

_CHUNK = 32  # pages or records that a worker is given at a time
_Item = TypeVar("_Item")
Mapper = Callable[..., Iterable[Any]]
"""`map`, here or in worker processes; answers in the order of what it was given."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A page that could not be read again.

    `state` is "purged" (its time was over, nothing is wrong), "broken" (the archive does not hold
    what it should), or the name of a `crawlers.failure.Failure`.
    """

    url: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of replaying a source. `run` is the row of the run where it was applied."""

    source_id: str
    crawl_id: str
    pages: int
    difference: Difference
    unread: list[Unread] = field(default_factory=list)
    run: RunRow | None = None

    @property
    def gaps(self) -> bool:
        """True where pages are no longer there: applying would lose what they said."""
        return any(page.state in {"purged", "broken"} for page in self.unread)


@contextmanager
def workers(jobs: int) -> Iterator[Mapper]:
    """A `map` over that many processes, a core each; over none where one job is enough."""
    if jobs == 1:
        yield map
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield pool.map


@dataclass(frozen=True, slots=True)
class Replayer:
    """Replays sources of one installation; `spread` does the work (see `workers`).

    `indexing` tells whether it also brings the index of this machine up to date.
    """

    settings: Settings
    engine: Engine
    spread: Mapper
    indexing: bool = True

    def replay(
        self, source: Source, *, since: datetime | None = None, apply: bool = False
    ) -> Replay | None:
        """Read a source's last published crawl again; publish what that gives with `apply`.

        None where there is none, or it ended before `since`. Nothing is applied where pages are
        no longer in the archive, for what they said would be lost: crawl such a source. Raises
        SourceLockedError while another process is at work on a source that is to be changed,
        LeaseLostError where one took it over meanwhile.
        """
        if not apply:
            return self._replay(source, since, None)
        with hold(self.engine, self.settings, source_lease(source.id)) as held:
            return self._replay(source, since, held)

    def _replay(self, source: Source, since: datetime | None, held: Hold | None) -> Replay | None:
        """`held` holds the source where the replay is to be applied."""
        crawl, rows = self._crawl(source)
        if crawl is None or (since and crawl.finished_at < since):
            return None
        kept = [row for row in rows if row.purged_at is None]
        pages = self._read(source, kept, crawl)
        records = assemble(chain.from_iterable(page.records for page in pages), source)
        drafts = self._understand(source, records, crawl)
        difference = self._difference(source, crawl, drafts)
        unread = [Unread(row.url, "purged") for row in rows if row.purged_at is not None]
        unread += [Unread(page.url, "broken", page.lost) for page in pages if page.lost]
        unread += [
            Unread(page.url, page.entry.failure, page.entry.reason)
            for page in pages
            if page.entry and page.entry.failure
        ]
        replay = Replay(source.id, crawl.id, len(rows), difference, unread)
        if replay.gaps:  # that a page is not there is no opinion of the parser's
            there = {page.url for page in unread}
            difference.lost[:] = [one for one in difference.lost if one.page_url not in there]
        if replay.gaps or held is None:
            return replay
        run = self._publish(source, crawl, pages, records, held)
        return Replay(source.id, crawl.id, len(rows), difference, unread, run)

    def _crawl(self, source: Source) -> tuple[RunRow | None, list[PageRow]]:
        with Session(self.engine, expire_on_commit=False) as session:
            entry = session.get(SourceRow, source.id)
            run_id = entry.last_accepted_run_id if entry else None
            crawl = session.get(RunRow, run_id) if run_id else None
            return crawl, pages_of(session, run_id) if run_id else []

    def _read(self, source: Source, rows: Sequence[PageRow], crawl: RunRow) -> list[Reread]:
        pages = [
            ArchivedPage(
                row.url,
                ArchiveRef(row.archive, row.offset, row.sha256),
                row.etag,
                row.last_modified,
            )
            # In the order of the archive, so that each worker reads on where it was.
            for row in sorted(rows, key=lambda row: (row.archive, row.offset))
        ]
        work = partial(_reread, self.settings.archive, source, crawl.finished_at)
        return [page for chunk in self.spread(work, _chunks(pages)) for page in chunk]

    def _understand(self, source: Source, records: list[Record], crawl: RunRow) -> list[Draft]:
        """The offers, as publishing would keep them: nothing suppressed, each once."""
        places_dir = self.settings.places_dir.absolute()

        def each(work: Sequence[Told], context: Context, _: Gazetteer) -> list[Reading]:
            read = partial(_read_each, places_dir, context.sendable())
            return [reading for chunk in self.spread(read, _chunks(work)) for reading in chunk]

        places = _gazetteer(places_dir)
        drafts, _ = understand(records, source, crawl.started_at, places, each)
        with Session(self.engine) as session:
            listed = load_suppressions(session, key_of(self.settings))
            known = load_aliases(session, source.id).known(drafts)
        harvest = Harvest(None, offers=known)
        told = without_suppressed(harvest, source.id, listed).offers
        return [draft for draft in told if draft.values.get("status") != Status.DEFUNCT]

    def _difference(self, source: Source, crawl: RunRow, drafts: Sequence[Draft]) -> Difference:
        with Session(self.engine) as session:
            network_id = session.get_one(SourceRow, source.id).network_id
            network = session.get(NetworkRow, network_id) if network_id else None
            ended = bool(network and network.flat.get("status") in OVER)
            query = select(ListingRow).where(
                ListingRow.source_id == source.id,
                col(ListingRow.presence).in_((Presence.PRESENT, Presence.EXPIRED)),
                ListingRow.last_seen == crawl.finished_at,
            )
            corrected = {key: statements_of(session, key) for key in corrected_listings(session)}
            rows = {row.id: row for row in session.exec(query)}
        before = {key: row.flat for key, row in rows.items()}
        # The day of the crawl: that days have passed since is no change of the parser's.
        day, today = (at.astimezone(BERLIN).date() for at in (crawl.finished_at, datetime.now(UTC)))
        past = {key for key, row in rows.items() if row.presence is Presence.EXPIRED}
        after = [
            document(draft, source.id, network_id, ended, today if draft.id in past else day)
            for draft in drafts
        ]
        after = [overlaid(one, corrected.get(one["id"], ())) for one in after]
        return compare(before, after)

    def _publish(
        self,
        source: Source,
        crawl: RunRow,
        pages: Sequence[Reread],
        records: Sequence[Record],
        held: Hold,
    ) -> RunRow:
        home = self.settings.spool_dir / source.id
        for old in home.glob("*.replay"):
            shutil.rmtree(old, ignore_errors=True)
        run_id = f"{source.id}.{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.replay"
        failed = sum(1 for page in pages if page.entry and page.entry.failure)
        complete = not any(reason["check"] == "finished" for reason in crawl.reasons)
        summary = Summary(
            run_id=run_id,
            source_id=source.id,
            started_at=crawl.started_at,
            finished_at=crawl.finished_at,
            finish="finished" if complete else "limit",
            complete=complete,
            pages=len(pages),
            fetched=0,
            not_modified=len(pages) - failed,
            failed=failed,
            records=len(records),
            matched=sum(page.matched for page in pages) if source.pattern else None,
            replay_of=crawl.id,
            since=_since(crawl),
        )
        write_run(home / run_id, pages, records, summary)
        run = ingest(
            self.engine,
            source,
            home / run_id,
            _gazetteer(self.settings.places_dir.absolute()),
            datetime.now(UTC),
            key_of(self.settings),
            held.lease(source_lease(source.id)),
        )
        if self.indexing:
            catch_up(self.engine, self.settings.index_dir, self.settings.index_engine)
        return run


def _since(crawl: RunRow) -> datetime | None:
    """Since when a crawl asked for changes alone."""
    since = crawl.counts.get(SINCE)
    return None if since is None else datetime.fromtimestamp(since, UTC)


def _chunks(items: Sequence[_Item]) -> list[Sequence[_Item]]:
    return [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]


def _reread(
    archive: Archive, source: Source, at: datetime, pages: Sequence[ArchivedPage]
) -> list[Reread]:
    return reread(archive, source, pages, at)


def _read_each(places_dir: Path, context: Context, work: Sequence[Told]) -> list[Reading]:
    return read_each(work, context, _gazetteer(places_dir))


@cache
def _gazetteer(places_dir: Path) -> Gazetteer:
    """Loaded once a process."""
    return load_gazetteer(places_dir)
