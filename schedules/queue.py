"""The queue of a cluster: what the leading scheduler enqueues and any worker does (PostgreSQL).

A job to visit a source carries its declaration, and `after`: the token of the lease under which the
last run was begun that its visit has to come after. The job is done as soon as the record has a
run that was begun later, whoever made it. So a job may be begun twice, as after a crash between
publishing a run and saying so, and the source is visited once all the same; no clock is asked.

Jobs of one host wait for each other in the queue. What keeps two machines from one source or host
are the leases alone (`schedules.hold`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, LiteralString, TypeVar

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from sqlalchemy import Connection, Engine, text

from aggregator.store.queue import SCHEMA
from crawlers.source import Source
from schedules.runner import hosts_of

logger = logging.getLogger(__name__)

VISIT, NOTICES = "visit", "notices"
_AGAIN = 1.0  # seconds between two tries where the record does not answer
_Answer = TypeVar("_Answer")
_APPLICATION = "netzlotse worker"


class _PatientConnector(PsycopgConnector):
    """Asks again for as long as the record does not answer: what is under way outlives a fail-over.

    A question may have been answered although nobody heard it: then a job is ours that we know
    nothing of, or one is done that we end again. Whoever asks has to look after both.
    """

    def __init__(self, is_wanted: Callable[[], bool], **more: Any) -> None:  # noqa: ANN401
        super().__init__(**more)
        self._is_wanted = is_wanted

    async def execute_query_async(self, query: LiteralString, **told: Any) -> None:  # noqa: ANN401
        await self._ask(super().execute_query_async, query, told)

    async def execute_query_one_async(
        self,
        query: LiteralString,
        **told: Any,  # noqa: ANN401
    ) -> dict[str, Any]:
        return await self._ask(super().execute_query_one_async, query, told)

    async def execute_query_all_async(
        self,
        query: LiteralString,
        **told: Any,  # noqa: ANN401
    ) -> list[dict[str, Any]]:
        return await self._ask(super().execute_query_all_async, query, told)

    async def _ask(
        self, ask: Callable[..., Awaitable[_Answer]], query: LiteralString, told: dict[str, Any]
    ) -> _Answer:
        while True:
            try:
                return await ask(query, **told)
            except ConnectorException as error:
                lost = isinstance(error.__cause__, psycopg.OperationalError)
                if not lost or not self._is_wanted():
                    raise
                logger.warning("the queue does not answer: %s", error.__cause__)
            await asyncio.sleep(_AGAIN)


def open_queue(
    engine: Engine, *, connections: int, patience: float, is_wanted: Callable[[], bool]
) -> App:
    """The queue of a record, with so many connections of its own once it is opened.

    `patience` is how many seconds to wait for one of them. What is asked is asked again while the
    record does not answer and `is_wanted` says so.
    """
    _, told = engine.dialect.create_connect_args(engine.url)
    options = f"{told.get('options', '')} -c search_path={SCHEMA}".strip()
    given = {"application_name": _APPLICATION, **told, "options": options}
    return App(
        connector=_PatientConnector(
            is_wanted, kwargs=given, min_size=1, max_size=connections, timeout=patience
        )
    )


def open_visits(connection: Connection) -> set[str]:
    """The sources whose visit is ordered or under way."""
    query = text(
        f"SELECT DISTINCT args -> 'declaration' ->> 'id' FROM {SCHEMA}.procrastinate_jobs"  # noqa: S608
        " WHERE task_name = :task AND status IN ('todo', 'doing')"
    )
    return set(connection.scalars(query, {"task": VISIT}))


def failed_visits(connection: Connection, since: datetime) -> dict[str, datetime]:
    """The sources whose visit ended in a fault, and when the last one did."""
    query = text(
        "SELECT args -> 'declaration' ->> 'id' AS source, max(event.at) AS at"  # noqa: S608 - one of ours
        f" FROM {SCHEMA}.procrastinate_jobs AS job"
        f" JOIN {SCHEMA}.procrastinate_events AS event ON event.job_id = job.id"
        " WHERE task_name = :task AND status = 'failed' AND event.type = 'failed'"
        " AND event.at > :since GROUP BY 1"
    )
    return {
        row.source: row.at for row in connection.execute(query, {"task": VISIT, "since": since})
    }


def forget(connection: Connection, before: datetime) -> None:
    """Take jobs away that ended in a fault before a moment; what went well leaves none."""
    ended = text(
        f"DELETE FROM {SCHEMA}.procrastinate_jobs AS job"  # noqa: S608 - one of ours
        " WHERE status IN ('failed', 'aborted', 'cancelled') AND NOT EXISTS ("
        f"SELECT 1 FROM {SCHEMA}.procrastinate_events AS event"
        " WHERE event.job_id = job.id AND event.at > :before)"
    )
    connection.execute(ended, {"before": before})


def enqueue_visit(queue: App, connection: Connection, source: Source, after: int) -> None:
    """Order a visit, in the transaction of `connection`; none where the same is ordered already."""
    declaration = source.model_dump(mode="json", exclude_defaults=True)
    _enqueue(
        queue, connection, VISIT, lock=f"host {hosts_of(source)[0]}",
        queueing_lock=f"{source.id} {after}",
        told={"declaration": declaration, "after": after},
    )  # fmt: skip


def enqueue_notices(queue: App, connection: Connection) -> None:
    """Order that what waits is sent, in the transaction of `connection`; once at a time."""
    _enqueue(queue, connection, NOTICES, lock=NOTICES, queueing_lock=NOTICES, told={})


def _enqueue(  # noqa: PLR0913 - a job is that much
    queue: App,
    connection: Connection,
    task: str,
    *,
    lock: str,
    queueing_lock: str,
    told: dict[str, Any],
) -> None:
    query = text(
        f"SELECT 1 FROM {SCHEMA}.procrastinate_jobs"  # noqa: S608 - one of ours
        " WHERE queueing_lock = :lock AND status = 'todo'"
    )
    if connection.scalar(query, {"lock": queueing_lock}) is not None:
        return
    queue.configure_task(
        task, lock=lock, queueing_lock=queueing_lock,
        connection=connection.connection.driver_connection,
    ).defer(**told)  # fmt: skip
