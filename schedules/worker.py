"""A worker of a cluster: does the jobs of the queue, and what the desk ordered (PostgreSQL).

procrastinate hands out the jobs, and its heartbeat says which workers live. A worker that loses the
record goes on with what it has begun for as long as the leases allow, and asks for more when the
record is back.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from procrastinate import App, BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.worker import Worker as QueueWorker
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError

from aggregator.store.lease import (
    LeaseLostError,
    OvertakenError,
    clock,
    source_lease,
    taken_in,
)
from crawlers.depot import DepotError
from crawlers.source import Source
from schedules.desk import Desk, working
from schedules.hold import holder
from schedules.lock import SourceLockedError
from schedules.notice.post import deliver
from schedules.queue import NOTICES, VISIT, open_queue
from schedules.runner import CutOffError, Runner, StoppedError

logger = logging.getLogger(__name__)

_GRACE = 8.0
"""Seconds that jobs have to end by themselves when the worker stops."""
_LOOK = 1.0
"""Seconds between two looks at the queue: a job whose time has come announces itself to nobody."""
_BUSY = timedelta(seconds=2)
"""After that time a job is tried again whose source or host is somebody else's."""
_TROUBLE = timedelta(minutes=1)
"""After that time where a disk or the store is the reason: another machine may have room."""
_FAULT = timedelta(hours=1)
"""After that time where it is a fault of ours: a site must not be visited for it on and on."""
_AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""A time that is past whatever the clock of whoever says it."""
_CONNECTIONS = 4  # for taking jobs, ending them, heartbeats
_LOST = (OperationalError, InterfaceError, InternalError)
"""The record cannot be reached, or takes no writes."""


class AgainError(Exception):
    """A job is to be done again, from `at` on, by the clock of the database."""

    def __init__(self, why: object, at: datetime) -> None:
        super().__init__(str(why))
        self.at = at


class _Again(BaseRetryStrategy):
    """What is to be done again waits for its own turn: others of its host need not wait for it."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, AgainError):
            return None
        return RetryDecision(retry_at=exception.at, lock=f"job {job.id}")


class Worker:
    """Does the jobs of a record's queue, `jobs` at a time, until it is stopped."""

    def __init__(self, runner: Runner, jobs: int) -> None:
        self._runner, self._jobs = runner, jobs
        self._at_work: set[int] = set()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop`; what was begun then is done or given back to the queue."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(self._jobs, "job"))
        while not self._stopping.is_set():
            try:
                await self._work()
            except (ConnectorException, psycopg.Error) as error:
                logger.warning("the queue does not answer: %s", error.__cause__ or error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _LOOK)

    def stop(self) -> None:
        """Take no more jobs and end all crawls: their jobs go back to the queue."""
        self._runner.stop()
        self._stopping.set()

    async def _work(self) -> None:
        """Do jobs until the worker is stopped, or the record does not answer."""
        life = self._runner.settings.lease_seconds
        queue = open_queue(
            self._runner.engine, connections=_CONNECTIONS, patience=life / 3,
            is_wanted=lambda: not self._stopping.is_set(),
        )  # fmt: skip
        self._name_tasks(queue)
        async with queue.open_async():
            worker = QueueWorker(
                queue, name=holder(), concurrency=self._jobs, install_signal_handlers=False,
                fetch_job_polling_interval=_LOOK, update_heartbeat_interval=life / 3,
                stalled_worker_timeout=life, delete_jobs="successful", listen_notify=False,
            )  # fmt: skip
            working = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
            mending = asyncio.create_task(self._mend(queue, worker))
            stopping = asyncio.create_task(self._stopping.wait())
            try:
                await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
                worker.stop()  # type: ignore[no-untyped-call]
                await working
            finally:
                mending.cancel()
                stopping.cancel()

    def _name_tasks(self, queue: App) -> None:
        again = _Again()

        @queue.task(name=VISIT, pass_context=True, retry=again)
        def visit(context: JobContext, declaration: dict[str, Any], after: int) -> None:
            self._do(
                context, lambda: _visit(self._runner, Source.model_validate(declaration), after)
            )

        @queue.task(name=NOTICES, pass_context=True, retry=again)
        def notices(context: JobContext) -> None:
            engine, settings = self._runner.engine, self._runner.settings
            self._do(context, lambda: deliver(engine, settings, datetime.now(UTC)))

    def _do(self, context: JobContext, work: Callable[[], object]) -> None:
        """Do a job. Raises AgainError where it has to be done again."""
        engine, number = self._runner.engine, context.job.id or 0
        told = context.job.call_string
        self._at_work.add(number)
        try:
            work()
        except StoppedError as error:
            raise AgainError(error, _AT_ONCE) from error
        except (SourceLockedError, LeaseLostError, OvertakenError, CutOffError) as error:
            logger.info("%s waits: %s", told, error)
            raise AgainError(error, _in(engine, _BUSY)) from error
        except _LOST as error:
            logger.warning("%s is tried again: %s", told, error.orig)
            raise AgainError(error, _in(engine, _BUSY)) from error
        except DepotError as error:
            logger.warning("%s is tried again in a minute: %s", told, error)
            raise AgainError(error, _in(engine, _TROUBLE)) from error
        except OSError as error:
            logger.exception("%s is tried again in a minute", told)
            raise AgainError(error, _in(engine, _TROUBLE)) from error
        except Exception as error:
            logger.exception("%s: this is a fault of netzlotse; it is tried again", told)
            raise AgainError(error, _in(engine, _FAULT)) from error
        finally:
            self._at_work.discard(number)

    async def _mend(self, queue: App, worker: QueueWorker) -> None:
        """Give back, now and then, jobs that nobody does.

        Those of workers without a sign of life; and those that the record says are ours while we
        are at none of them, which comes of a connection that broke while it took or ended a job.
        """
        life, jobs = self._runner.settings.lease_seconds, queue.job_manager
        idle: set[int] = set()
        while True:
            await asyncio.sleep(life / 3)
            if worker.worker_id is None:
                continue
            try:
                gone = await jobs.get_stalled_jobs(seconds_since_heartbeat=life)
                ours = await jobs.list_jobs_async(status="doing", worker_id=worker.worker_id)
                before, idle = idle, {one.id or 0 for one in ours} - self._at_work
                for number in ({one.id or 0 for one in gone} - self._at_work) | (before & idle):
                    logger.warning("job %d is given back: nobody is at it", number)
                    with suppress(ConnectorException):  # another worker gave it back before us
                        await jobs.retry_job_by_id_async(number, retry_at=_AT_ONCE)
            except (ConnectorException, psycopg.Error) as error:
                logger.warning("the queue is not looked after: %s", error.__cause__ or error)


def _visit(runner: Runner, source: Source, after: int) -> None:
    """Visit a source, unless the record has a run by now that was begun later than `after`.

    Raises what `Runner.run` raises.
    """
    if taken_in(runner.engine, source_lease(source.id)) > after:
        logger.info("%s: was visited by now", source.id)
        return
    run = runner.run(source, resume=True, wait=False, after=after)
    logger.info("%s: %s %s", source.id, run.verdict, run.counts)


def _in(engine: Engine, time: timedelta) -> datetime:
    """So much later, by the clock of the database; at once where that does not answer."""
    try:
        with engine.connect() as connection:
            return clock(connection) + time
    except DBAPIError:
        return _AT_ONCE


def work_forever(runner: Runner, jobs: int) -> None:
    """Work until SIGINT or SIGTERM; a second signal does not wait.

    Crawls under way are broken off and their jobs given back; what is being published is, unless
    that takes longer than ten seconds: then others do it.
    """
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # it tells all of each job
    with working(Desk(runner, None)):
        asyncio.run(_until_told(runner, jobs))
    logging.shutdown()
    os._exit(0)  # a thread in the middle of something would be waited for, however long it takes


async def _until_told(runner: Runner, jobs: int) -> None:
    worker, loop = Worker(runner, jobs), asyncio.get_running_loop()
    told = asyncio.Event()

    def stop(number: int) -> None:
        if told.is_set():
            os._exit(128 + number)
        told.set()
        worker.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop, number)
    logger.info("%s takes %d jobs at a time; Ctrl-C ends", holder(), jobs)
    run = asyncio.create_task(worker.run())
    waiting = asyncio.create_task(told.wait())
    await asyncio.wait({run, waiting}, return_when=asyncio.FIRST_COMPLETED)
    done, _ = await asyncio.wait({run}, timeout=_GRACE)
    if not done:
        logger.warning("a job does not end; its worker is seen to be gone, and others do it")
        logging.shutdown()
        os._exit(0)
    await run
