"""The clock: APScheduler decides when, the runner does.

Jobs are kept in the record, so that the board can tell when a source is next visited; the plan of
each is made anew from the record whenever something came of a run. A job that is lost, doubled or
out of date costs nothing: at the start all are brought up to declarations and record.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlmodel import SQLModel

from aggregator.harvest import BERLIN
from aggregator.store.lease import LeaseLostError
from aggregator.store.tables import JobRow
from crawlers.depot import DepotError
from crawlers.keys import site_of
from crawlers.source import Source, SourceError
from schedules.desk import Desk, working
from schedules.ending import Ending
from schedules.lock import SourceLockedError
from schedules.plan import NEW, days_between, plan, slot
from schedules.register import pasts, register
from schedules.runner import CutOffError, Runner, StoppedError

logger = logging.getLogger(__name__)

_GRACE = 8.0
"""Seconds that runs have to end by themselves when everything stops."""
_BUSY = timedelta(seconds=90)
"""After that time a source is tried again that somebody else is at work on."""
_FOLLOW = 300  # seconds between two looks at the declarations
Chore = tuple[str, int, Callable[[], None]]
"""Something to be done now and then: its name, seconds between two times, and what."""


class NightTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Every so many nights at a source's slot: what holds until its plan is made anew."""

    def __init__(self, source_id: str, days: int) -> None:
        self.source_id, self.days = source_id, days

    def get_next_fire_time(
        self, previous_fire_time: datetime | None, now: datetime
    ) -> datetime | None:
        """The next slot after the last one, or after now."""
        day = (previous_fire_time or now).astimezone(BERLIN).date()
        return slot(self.source_id, day + timedelta(days=self.days))


class Timetable:
    """The running clock of one installation."""

    def __init__(self, runner: Runner, jobs: int, chores: Sequence[Chore] = ()) -> None:
        self.runner = runner
        self._sources: dict[str, Source] = {}
        self._hosts: set[str] = set()
        self._held_up: set[str] = set()
        self._idle = threading.Condition()
        table = JobRow.__tablename__
        self.scheduler = BackgroundScheduler(
            jobstores={
                "default": SQLAlchemyJobStore(
                    engine=runner.engine,
                    tablename=table,
                    metadata=_job_metadata(),
                ),
                "chores": MemoryJobStore(),
            },
            executors={
                "default": ThreadPoolExecutor(jobs),
                "chores": ThreadPoolExecutor(1),
            },
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=BERLIN,
        )
        for name, seconds, chore in (("follow", _FOLLOW, self.follow), *chores):
            self.scheduler.add_job(
                _quietly,
                IntervalTrigger(seconds=seconds),
                args=(name, chore),
                id=name,
                jobstore="chores",
                executor="chores",
            )

    def start(self) -> None:
        """Bring the jobs up to declarations and record, and let the clock run."""
        global _current  # noqa: PLW0603 - a job in the store names a function, not an object
        _current = self
        self.scheduler.start(paused=True)
        self.follow()
        self.scheduler.resume()

    def follow(self) -> None:
        """Follow the declarations: new sources get a job, changed ones a new plan, others none.

        Faulty declarations are told in the log; what was declared before goes on.
        """
        try:
            declared = register(self.runner.engine, self.runner.settings)
        except SourceError as error:
            if not self._sources:
                raise
            logger.warning("declarations are not followed: %s", error)
            return
        wanted = {source.id: source for source in declared if not source.disabled}
        before, self._sources = self._sources, wanted
        jobs = {job.id for job in self.scheduler.get_jobs("default")}
        for gone in jobs - wanted.keys():
            self._drop(gone)
        now = datetime.now(UTC)
        known = pasts(self.runner.engine, self.runner.settings, now)
        for source in wanted.values():
            if source.id not in jobs or before.get(source.id) != source:
                self._plan(source, plan(source, known.get(source.id, NEW), now).at)

    def visit(self, source: Source) -> None:
        """Have a source crawled as soon as there is room."""
        self.follow()
        if source.id in self._sources:
            self._plan(self._sources[source.id], datetime.now(UTC))

    def run(self, source_id: str) -> None:
        """Run a source, then plan its next visit. A host is read from by one source at a time."""
        source = self._sources.get(source_id)
        if source is None:
            return
        hosts = {site_of(url) for url in source.start}
        with self._idle:
            busy = not self._hosts.isdisjoint(hosts)
            if busy:
                self._held_up.add(source_id)
            else:
                self._hosts |= hosts
        if busy:
            self._plan(source, datetime.now(UTC) + _BUSY)
            return
        try:
            at = self._run(source)
        finally:
            with self._idle:
                self._hosts -= hosts
                self._idle.notify_all()
                held_up, self._held_up = self._held_up, set()
            for other in () if self.runner.stopping else held_up & self._sources.keys():
                self._plan(self._sources[other], datetime.now(UTC))
        if at is not None and source_id in self._sources:
            self._plan(self._sources[source_id], at)

    def _run(self, source: Source) -> datetime | None:
        """Run a source; when to come back, None where everything stops."""
        try:
            run = self.runner.run(source, resume=True)
        except StoppedError as error:
            logger.info("%s", error)
            return None
        except (CutOffError, DepotError, LeaseLostError, SourceLockedError) as error:
            logger.warning("%s", error)
            return datetime.now(UTC) + _BUSY
        except Exception:
            logger.exception("%s: this is a fault of netzlotse; it is tried again", source.id)
            return datetime.now(UTC) + timedelta(hours=1)
        logger.info("%s: %s %s", source.id, run.verdict, run.counts)
        now = datetime.now(UTC)
        known = pasts(self.runner.engine, self.runner.settings, now)
        return plan(source, known.get(source.id, NEW), now).at

    def stop(self) -> bool:
        """End all crawls and the clock; False where a run did not end in time."""
        self.runner.stop()
        ending = threading.Thread(target=self._end, daemon=True)
        ending.start()
        ending.join(_GRACE)
        return not ending.is_alive()

    def _end(self) -> None:
        # Waiting for the runs itself, the scheduler would hold the lock that a run needs to end.
        self.scheduler.shutdown(wait=False)
        with self._idle:
            self._idle.wait_for(lambda: not self._hosts)

    def _plan(self, source: Source, at: datetime) -> None:
        self.scheduler.add_job(
            run_source,
            NightTrigger(source.id, days_between(source)),
            args=(source.id,),
            id=source.id,
            name=source.title,
            next_run_time=at,
            replace_existing=True,
        )

    def _drop(self, source_id: str) -> None:
        try:
            self.scheduler.remove_job(source_id, "default")
        except JobLookupError:
            return


_current: Timetable | None = None


def run_source(source_id: str) -> None:
    """What a job in the store names: run a source of the clock of this process."""
    if _current is not None:
        _current.run(source_id)


def run_forever(runner: Runner, jobs: int, chores: Sequence[Chore] = ()) -> None:
    """Run until SIGINT or SIGTERM; a second signal does not wait.

    Whatever is under way is broken off within ten seconds: nothing of it was published, and the
    next start takes it up.
    """
    timetable, ending = Timetable(runner, jobs, chores), Ending()
    timetable.start()
    logger.info("%d sources scheduled; Ctrl-C ends", len(timetable.scheduler.get_jobs("default")))
    with working(Desk(runner, timetable.visit)):
        ending.wait()
    began = time.monotonic()
    if timetable.stop():
        logger.info("stopped after %.1f s", time.monotonic() - began)
    else:
        logger.warning("a run is still being published; it is rolled back")
    logging.shutdown()
    os._exit(0)  # a thread in the middle of something would be waited for, however long it takes


def _job_metadata() -> object:
    """Metadata of their own for the job store: it defines the table that `JobRow` describes."""
    return type(SQLModel.metadata)()


def _quietly(name: str, chore: Callable[[], None]) -> None:
    try:
        chore()
    except Exception:
        logger.exception("%s failed; it is tried again", name)
