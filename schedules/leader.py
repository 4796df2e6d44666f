"""The clock of a cluster: one scheduler leads and only enqueues, others wait (PostgreSQL).

Who leads holds an advisory lock, and enqueues over the very connection that holds it: once the
connection is gone, so is the right to lead, and whatever was in the middle of it is rolled back.
The database ends a session that is not heard of for as long as a lease lasts, so that a leader
whose machine is gone, cut off or stopped is followed by another one by then.

All plans are made from the record (`schedules.plan`), by the clock of the database; a leader knows
nothing that its successor would have to be told.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, delete, select

from aggregator.store.lease import all_taken_in, clock, last_token, source_lease
from aggregator.store.queue import SCHEMA
from aggregator.store.tables import JobRow, OrderRow, OrderState, Work
from crawlers.source import Source, SourceError, pick
from schedules.ending import Ending, Stopping
from schedules.plan import NEW, plan
from schedules.queue import (
    enqueue_notices,
    enqueue_visit,
    failed_visits,
    forget,
    open_visits,
)
from schedules.register import pasts, register
from schedules.runner import Runner

logger = logging.getLogger(__name__)

_LEADER = 7_263_914_006  # key of the advisory lock; any number that nobody else uses
_APPLICATION = "netzlotse leader"
_ROUND = 1.0  # seconds between two rounds of a leader, or two tries to become it
_FOLLOW = timedelta(minutes=5)
"""Between two looks at the declarations."""
_NOTICES = timedelta(minutes=1)
_KEPT = timedelta(days=7)
"""How long a job that ended in a fault can be looked at."""
_FAULT = timedelta(hours=1)
"""After that time a source is tried again whose visit ended in a fault of ours."""


class Leader:
    """What the leading scheduler does, a round a second, over the connection that makes it lead."""

    def __init__(self, runner: Runner, connection: Connection) -> None:
        self._runner, self._connection = runner, connection
        self._queue = App(connector=SyncPsycopgConnector())  # it is given our connection each time
        self._sources: dict[str, Source] = {}
        self._due: dict[str, tuple[datetime, int]] = {}
        """When each source is due, and the last run that the record had when that was planned."""
        self._open: set[str] = set()
        self._reader = ThreadPoolExecutor(1, "declarations")
        self._reading: Future[list[Source]] | None = None
        self._read_for: set[int | None] = set()
        """The orders that were there when the reading of the declarations began."""
        self._followed_at: datetime | None = None
        self._noticed_at: datetime | None = None

    def round(self) -> None:
        """Enqueue whatever has to be done by now.

        Raises DBAPIError and ConnectorException where this process leads no more, and SourceError
        where the declarations are at fault from the beginning.
        """
        declared = self._declared()
        with self._connection.begin():
            now = clock(self._connection)
            ordered = self._orders()
            if declared is not None:
                self._follow(declared, now)
                self._take_orders([one for one in ordered if one.id in self._read_for], now)
            elif self._reading is None and (ordered or self._is_to_be_followed(now)):
                self._read_for = {one.id for one in ordered}
                self._reading = self._reader.submit(
                    register, self._runner.engine, self._runner.settings
                )
            still = open_visits(self._connection)
            self._plan(self._open - still, now)
            self._open = still
            for name, (at, after) in self._due.items():
                if at <= now and name not in self._open:
                    enqueue_visit(self._queue, self._connection, self._sources[name], after)
                    self._open.add(name)
            if self._noticed_at is None or now - self._noticed_at > _NOTICES:
                enqueue_notices(self._queue, self._connection)
                forget(self._connection, now - _KEPT)
                self._noticed_at = now

    def _is_to_be_followed(self, now: datetime) -> bool:
        return self._followed_at is None or now - self._followed_at > _FOLLOW

    def _declared(self) -> list[Source] | None:
        """What is declared, where that was just read; None where it was not.

        It is read beside the rounds: bringing it into the record waits for whoever publishes.
        """
        if self._reading is None or not self._reading.done():
            return None
        reading, self._reading = self._reading, None
        try:
            return reading.result()
        except SourceError as error:
            if not self._sources:
                raise
            logger.warning("declarations are not followed: %s", error)
            return list(self._sources.values())

    def _follow(self, declared: Sequence[Source], now: datetime) -> None:
        """Follow the declarations: new and changed sources are planned, others dropped."""
        self._followed_at = now
        before, self._sources = self._sources, {s.id: s for s in declared if not s.disabled}
        for gone in before.keys() - self._sources.keys():
            del self._due[gone]
        with Session(self._connection) as session:
            session.execute(delete(JobRow).where(col(JobRow.id).not_in(self._sources)))
            session.flush()
        self._plan([s.id for s in self._sources.values() if before.get(s.id) != s], now)

    def _plan(self, names: Collection[str], now: datetime) -> None:
        """Plan the next visit of sources anew: something came of a run, or of a declaration."""
        wanted = [name for name in names if name in self._sources]
        if not wanted:
            return
        # First the tokens, then the runs: one that goes in between is planned for, but not visited.
        tokens = all_taken_in(self._connection)
        failed = failed_visits(self._connection, since=now - _FAULT)
        known = pasts(self._runner.engine, self._runner.settings, now, wanted)
        for name in wanted:
            at = plan(self._sources[name], known.get(name, NEW), now).at
            if name in failed:
                at = max(at, failed[name] + _FAULT)
            self._due[name] = (at, tokens.get(name, 0))
        with Session(self._connection) as session:
            for name in wanted:
                due = self._due[name][0].timestamp()
                session.merge(JobRow(id=name, next_run_time=due, job_state=b""))
            session.flush()

    def _orders(self) -> list[OrderRow]:
        """The desk's orders to visit a source."""
        query = (
            select(OrderRow)
            .where(OrderRow.work == Work.CRAWL, OrderRow.state == OrderState.WAITING)
            .order_by(col(OrderRow.id))
        )
        with Session(self._connection) as session:
            found = list(session.exec(query))
            session.expunge_all()
            return found

    def _take_orders(self, ordered: Collection[OrderRow], now: datetime) -> None:
        """Enqueue what was ordered, and say in the same transaction that the order is done."""
        with Session(self._connection) as session:
            for order in ordered:
                order.state, order.ended_at, order.attempts = OrderState.DONE, now, 1
                try:
                    (source,) = pick(list(self._sources.values()), [order.subject])
                except SourceError as error:
                    order.state, order.message = OrderState.FAILED, str(error)
                else:
                    after = last_token(self._runner.engine, source_lease(source.id))
                    enqueue_visit(self._queue, self._connection, source, after)
                session.merge(order)
            session.flush()


def lead_forever(runner: Runner) -> None:
    """Lead, or wait for being the one who does, until SIGINT or SIGTERM."""
    ending = Ending()
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # it tells of each job
    logger.info("waiting to lead; Ctrl-C ends")
    lead(runner, ending)
    logging.shutdown()
    os._exit(0)  # reading the declarations may wait for whoever publishes


def lead(runner: Runner, stopping: Stopping) -> None:
    """Lead, or wait for being the one who does, until `stopping` is set.

    Raises SourceError where whoever leads finds the declarations at fault.
    """
    engine = _leading(runner.engine)
    while not stopping.is_set():
        try:
            with engine.connect() as connection:
                _serve(runner, connection, stopping)
        except (DBAPIError, ConnectorException) as error:
            logger.warning("the record does not answer, somebody else may lead: %s", error)
            stopping.wait(_ROUND)


def _serve(runner: Runner, connection: Connection, stopping: Stopping) -> None:
    """Wait for the lock, then lead for as long as the connection holds."""
    life = runner.settings.lease_seconds * 1000
    with connection.begin():
        connection.execute(
            text(
                "SELECT set_config('idle_session_timeout', :life, false),"
                " set_config('idle_in_transaction_session_timeout', :life, false),"
                f" set_config('search_path', current_setting('search_path') || ', {SCHEMA}', false)"
            ),
            {"life": str(life)},
        )
    leader: Leader | None = None
    while not stopping.is_set():
        if leader is None:
            with connection.begin():
                took = connection.scalar(
                    text("SELECT pg_try_advisory_lock(:key)"), {"key": _LEADER}
                )
            if took:
                logger.info("this scheduler leads")
                leader = Leader(runner, connection)
        if leader is not None:
            leader.round()
        stopping.wait(_ROUND)


def _leading(engine: Engine) -> Engine:
    """Connections to the same record that are never shared, and say what they are for."""
    return create_engine(
        engine.url, poolclass=NullPool, hide_parameters=True,
        connect_args={"application_name": _APPLICATION},
    )  # fmt: skip
