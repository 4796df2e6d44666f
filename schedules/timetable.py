"""The clock: APScheduler decides when, the runner does."""

from __future__ import annotations

import logging
import signal
from collections.abc import Sequence
from datetime import UTC, datetime
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger

from aggregator.harvest import BERLIN
from crawlers.source import Source
from schedules.lock import SourceLockedError
from schedules.plan import next_run, period
from schedules.register import last_started
from schedules.runner import Runner, StoppedError

logger = logging.getLogger(__name__)

_JITTER = 600  # seconds: sources of one rhythm must not all start at one moment


def build(runner: Runner, sources: Sequence[Source], jobs: int) -> BlockingScheduler:
    """A scheduler with one job a source.

    A source never runs twice at a time, runs missed while nobody was here become one, and a source
    that was never visited starts at once.
    """
    scheduler = BlockingScheduler(
        executors={"default": ThreadPoolExecutor(jobs)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone=BERLIN,
    )
    started, now = last_started(runner.engine), datetime.now(UTC)
    for source in sources:
        scheduler.add_job(
            _run,
            IntervalTrigger(seconds=int(period(source).total_seconds()), jitter=_JITTER),
            args=(runner, source),
            id=source.id,
            name=source.title,
            next_run_time=next_run(source, started.get(source.id), now),
        )
    return scheduler


def run_forever(runner: Runner, sources: Sequence[Source], jobs: int) -> None:
    """Run until SIGINT or SIGTERM."""
    scheduler = build(runner, sources, jobs)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        runner.stop()
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    logger.info("%d sources scheduled; Ctrl-C ends", len(sources))
    scheduler.start()


def _run(runner: Runner, source: Source) -> None:
    try:
        run = runner.run(source)
    except (SourceLockedError, StoppedError) as error:
        logger.warning("%s", error)
    else:
        logger.info("%s: %s %s", source.id, run.verdict, run.counts)
