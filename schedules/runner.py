"""Running one source: a crawl in a process of its own, then taking in what it left."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, select

from aggregator.acceptance import awaiting
from aggregator.commands.record import open_record
from aggregator.index.feed import catch_up
from aggregator.intake import accept, ingest
from aggregator.places.places import Gazetteer, load_gazetteer
from aggregator.settings import Settings
from aggregator.sharing import key_of, receive_places
from aggregator.store.lease import OvertakenError, host_lease, source_lease
from aggregator.store.tables import PageRow, RunRow
from crawlers.job import Job
from crawlers.keys import site_of
from crawlers.page import ArchiveRef
from crawlers.source import Source
from crawlers.spool import (
    JOB,
    KnownPage,
    begun_under,
    note_crash,
    read_summary,
    write_json,
    write_known,
)
from schedules.crawling import LOG, Crawls, Progress
from schedules.hold import Hold, hold
from schedules.pull import asked_from
from schedules.register import register

logger = logging.getLogger(__name__)

_KEPT_RUNS = 3


class StoppedError(Exception):
    """A run was ended by who started it; nothing of it was published."""


class CutOffError(Exception):
    """A crawl was ended because its lease was; nothing of it was published."""


class Runner:
    """Runs sources of one installation. Threads may share it.

    `indexing` tells whether it also brings the index of this machine up to date.
    """

    def __init__(
        self, settings: Settings, engine: Engine, places: Gazetteer, *, indexing: bool = True
    ) -> None:
        self.settings = settings
        self.engine = engine
        self.places = places
        self.indexing = indexing
        self._stopping = threading.Event()
        self._crawls = Crawls()

    def run(  # noqa: PLR0913 - a choice an argument
        self,
        source: Source,
        progress: Progress | None = None,
        *,
        resume: bool = False,
        full: bool = False,
        wait: bool = True,
        after: int = -1,
    ) -> RunRow:
        """Crawl a source and publish what the gate lets pass; the row of the run.

        Runs that a crash left behind are taken in first; with `resume` one that had come to its
        end is what is asked for, and the site is not visited again; in a cluster, one that was
        begun under a later token than `after`. An upstream aggregator is asked
        for what changed, with `full` for everything. Raises SourceLockedError while another
        process is at work on the source, or without `wait` on its host; StoppedError where `stop`
        ended the run, CutOffError where its lease did, LeaseLostError where somebody else took the
        source over before the run could be taken in, DepotError where the store does not answer:
        the run waits in the spool then, and the site is not visited before that is taken in.
        """
        # One request a second and host means: of all sources together.
        hosts = [host_lease(host) for host in hosts_of(source)]
        with self._hold(source, hosts, wait=wait) as held:
            self.settings.archive.hand_over(source.id)
            taken_up = self.recover(source, held, after)
            if resume and taken_up is not None:
                return taken_up
            if self._stopping.is_set():
                raise StoppedError(f"{source.id}: not started")
            folder = self._prepare(source, held, full=full)
            self._crawl(folder, source, held, progress)
            # First: what is published has its pages where every machine finds them.
            self.settings.archive.hand_over(source.id)
            run = self._take_in(folder, source, held)
            self._tidy(source)
            return run

    def accept(self, source: Source, run_id: str, by: str, reason: str) -> RunRow:
        """Publish a run that the gate held back (see `aggregator.intake.accept`).

        Raises AcceptError, LeaseLostError, and SourceLockedError while the source is being crawled.
        """
        with self._hold(source) as held:
            run = accept(
                self.engine,
                source,
                self.settings.spool_dir / source.id / run_id,
                self.places,
                datetime.now(UTC),
                key_of(self.settings),
                by,
                reason,
                held.lease(source_lease(source.id)),
            )
            self.catch_up()
            return run

    def catch_up(self) -> None:
        """Bring the index to what is published, unless that is somebody else's work."""
        if self.indexing:
            catch_up(self.engine, self.settings.index_dir, self.settings.index_engine)

    def _hold(
        self, source: Source, hosts: Sequence[str] = (), *, wait: bool = False
    ) -> AbstractContextManager[Hold]:
        names, waiting_for = ((), hosts) if wait else (hosts, ())
        return hold(
            self.engine,
            self.settings,
            source_lease(source.id),
            *names,
            waiting_for=waiting_for,
        )

    @property
    def stopping(self) -> bool:
        """True once everything is to end."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """End all crawls of this runner and start no more; what they fetched is as if never."""
        self._stopping.set()
        self._crawls.stop()

    def recover(self, source: Source, held: Hold, after: int = -1) -> RunRow | None:
        """Take in what earlier runs left: whole folders are published, broken ones are noted.

        What a later run overtook, that another machine made meanwhile, is dropped. `held` holds the
        source. Returns the last run that had come to its end and was begun under a later token than
        `after`, None where there was none.
        """
        taken_up = None
        for folder in self._folders(source):
            with Session(self.engine) as session:
                known = session.get(RunRow, folder.name) is not None
            if not known:
                finished = read_summary(folder) is not None
                state = "finished" if finished else "broken off"
                logger.warning("%s: taking up run %s (%s)", source.id, folder.name, state)
                try:
                    run = self._take_in(folder, source, held)
                except OvertakenError as error:
                    logger.warning("run %s is dropped: %s", folder.name, error)
                    shutil.rmtree(folder, ignore_errors=True)
                    continue
                if finished and (begun_under(folder) or 0) > after:
                    taken_up = run
        return taken_up

    def _prepare(self, source: Source, held: Hold, *, full: bool) -> Path:
        settings, now = self.settings, datetime.now(UTC)
        lease = held.lease(source_lease(source.id))
        run_id = f"{source.id}.{now:%Y%m%dT%H%M%S%fZ}"
        folder = settings.spool_dir / source.id / run_id
        folder.mkdir(parents=True)
        write_known(folder, self._known_pages(source))
        job = Job(
            run_id=run_id,
            source=source,
            archive_dir=settings.archive.folder,
            store=settings.archive.store,
            contact=settings.contact,
            download_delay=settings.download_delay,
            allowed_private_hosts=settings.allowed_private_hosts,
            memory=settings.crawl_memory,
            log_level=settings.log_level,
            since=None if full else self._asked_from(source, now),
            token=lease.token if lease else None,
        )
        write_json(folder / JOB, job.model_dump(mode="json"))
        held.rest = job.pause
        return folder

    def _asked_from(self, source: Source, now: datetime) -> datetime | None:
        with Session(self.engine) as session:
            return asked_from(session, source, now, self.settings.full_pull_days)

    def _crawl(self, folder: Path, source: Source, held: Hold, progress: Progress | None) -> None:
        """Run the crawl to its end, or end it when its time is over."""
        code = self._crawls.run(folder, held, source.politeness.seconds, progress).code
        if self._stopping.is_set():
            shutil.rmtree(folder, ignore_errors=True)
            raise StoppedError(f"{source.id}: stopped")
        if code and held.over:
            shutil.rmtree(folder, ignore_errors=True)
            raise CutOffError(f"{source.id}: the record could not be reached for too long")
        if code:
            if read_summary(folder) is None:
                note_crash(folder, code)
            logger.error("%s: the crawl ended with code %s; see %s", source.id, code, folder / LOG)

    def _take_in(self, folder: Path, source: Source, held: Hold) -> RunRow:
        run = ingest(
            self.engine,
            source,
            folder,
            self.places,
            datetime.now(UTC),
            key_of(self.settings),
            held.lease(source_lease(source.id)),
        )
        self.catch_up()
        return run

    def _known_pages(self, source: Source) -> Iterator[KnownPage]:
        """The latest archived version of every page whose server told how to ask for changes."""
        latest: dict[str, PageRow] = {}
        with Session(self.engine) as session:
            query = select(PageRow).where(PageRow.source_id == source.id)
            for row in session.exec(query):
                if row.url not in latest or row.last_seen > latest[row.url].last_seen:
                    latest[row.url] = row
        for row in latest.values():
            if row.purged_at is None and (row.etag or row.last_modified):
                ref = ArchiveRef(row.archive, row.offset, row.sha256)
                yield KnownPage(row.url, ref, row.etag, row.last_modified)

    def _folders(self, source: Source) -> list[Path]:
        """The run folders of a source, oldest first."""
        home = self.settings.spool_dir / source.id
        return sorted(path for path in home.glob("*") if (path / JOB).exists())

    def _tidy(self, source: Source) -> None:
        """Drop the run folders that nobody will ask for: their pages are in the archive.

        The last run that the gate held back is kept, however many failed since: it can be accepted.
        """
        with Session(self.engine) as session:
            held_back = awaiting(session, source.id)
        for folder in self._folders(source)[:-_KEPT_RUNS]:
            if folder.name != held_back:
                shutil.rmtree(folder, ignore_errors=True)


def open_runner(settings: Settings, *, indexing: bool = True) -> Runner:
    """A runner for an installation: record and index in place, declarations registered.

    Raises what `open_record` and the loading of declarations raise.
    """
    engine = open_record(settings)
    register(engine, settings)
    receive_places(settings)
    runner = Runner(settings, engine, load_gazetteer(settings.places_dir), indexing=indexing)
    runner.catch_up()  # what a crash left undone
    return runner


def hosts_of(source: Source) -> list[str]:
    """The hosts that a source begins at, in order."""
    return sorted({site_of(url) for url in source.start})
