"""Doing what the admin area ordered: this side has the network, the archive and the run folders."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from aggregator import orders
from aggregator.acceptance import AcceptError
from aggregator.harvest import BERLIN, Draft, document
from aggregator.store.lease import LeaseLostError, host_lease
from aggregator.store.tables import OrderRow, Work
from crawlers.source import Permission, Source, SourceError, pick
from schedules.findings import findings
from schedules.hold import DESK, hold
from schedules.lock import SourceLockedError
from schedules.probe import Probed, UnreachableError, Wish, probe
from schedules.register import load_declared, register
from schedules.replay import Replayer
from schedules.runner import CutOffError, Runner, StoppedError, hosts_of

logger = logging.getLogger(__name__)

_EVERY = 2
"""Seconds between two looks at what was ordered."""
_LEFT_TO_OTHERS = 600.0
"""Seconds for which an order is left to the machine that could do it, since it was first seen."""
_SHOWN = 40  # offers of a probed site that the desk shows
_FAULT = "Das ist ein Fehler von netzlotse und steht im Protokoll. Bitte melden."


class Desk:
    """Works off the orders of one record, one at a time.

    `visit` has a source crawled: at once, or as soon as the clock has a place for it. Without it
    this machine is one of several: orders to crawl are left to the leader (`schedules.leader`), and
    those to accept a run to the machine that made it, for a while.
    """

    def __init__(self, runner: Runner, visit: Callable[[Source], object] | None) -> None:
        self._runner, self._visit = runner, visit
        self._seen: dict[int, float] = {}
        self._works: dict[Work, Callable[[OrderRow], dict[str, Any]]] = {
            Work.PROBE: self._probe,
            Work.ACCEPT: self._accept,
            Work.REPLAY: self._replay,
        }
        if visit is not None:
            self._works[Work.CRAWL] = partial(self._crawl, visit)

    def work_off(self) -> None:
        """Do what waits. Whoever else does so at the moment is left alone."""
        engine, settings = self._runner.engine, self._runner.settings
        with Session(engine) as session:
            if not orders.begun_or_waiting(session, self._works):
                return
        try:
            with hold(engine, settings, DESK) as held:
                orders.take_up(engine, datetime.now(UTC))
                with Session(engine) as session:
                    waiting = orders.waiting(session, self._works)
                    session.expunge_all()
                for order in filter(self._is_ours, waiting):
                    if self._runner.stopping or held.over:  # others may be at it by now
                        return
                    self._do(order)
        except SourceLockedError:
            return

    def _is_ours(self, order: OrderRow) -> bool:
        """Whether no other machine could do it better: what a run read is where it was made."""
        if self._visit is not None or order.work is not Work.ACCEPT:
            return True
        run, source = order.subject, order.subject.partition(".")[0]
        here = (self._runner.settings.spool_dir / source / run).is_dir()
        # Whoever placed it and whoever reads it may have other clocks.
        seen = self._seen.setdefault(order.id or 0, monotonic())
        return here or monotonic() - seen >= _LEFT_TO_OTHERS

    def _do(self, order: OrderRow) -> None:
        engine, number = self._runner.engine, order.id
        begun = orders.take(engine, number) if number is not None else None
        if begun is None:
            return
        outcome: dict[str, Any] = {}
        failed = ""
        try:
            outcome = self._works[order.work](order)
        except (SourceLockedError, StoppedError, CutOffError, LeaseLostError):
            orders.put_back(engine, begun)
            return
        except AcceptError as error:
            failed = error.german
        except SourceError as error:
            failed = str(error)
        except Exception:
            logger.exception("order %d (%s %s) failed", number, order.work, order.subject)
            failed = _FAULT
        orders.end(engine, begun, datetime.now(UTC), outcome, failed)

    def _probe(self, order: OrderRow) -> dict[str, Any]:
        wish = Wish(
            order.subject,
            region=order.wish.get("region"),
            permission=_PERMISSION.validate_python(order.wish.get("permission")),
        )
        engine, settings = self._runner.engine, self._runner.settings
        hosts = [host_lease(host) for host in hosts_of(wish.source())]
        with (
            tempfile.TemporaryDirectory(prefix="netzlotse-desk-") as folder,
            hold(engine, settings, *hosts) as held,
        ):
            try:
                found = probe(wish, settings, self._runner.places, Path(folder), held)
            except UnreachableError as error:
                if held.over:
                    raise CutOffError(f"{order.subject}: {error}") from error
                raise
            told = findings(found)
            told.pop("first")
            return {**told, "offers": list(_offers(found))}

    def _crawl(self, visit: Callable[[Source], object], order: OrderRow) -> dict[str, Any]:
        register(self._runner.engine, self._runner.settings)
        visit(self._source(order.subject))
        return {}

    def _accept(self, order: OrderRow) -> dict[str, Any]:
        source = self._source(order.subject.partition(".")[0])
        run = self._runner.accept(source, order.subject, order.by, str(order.wish["reason"]))
        return {"verdict": str(run.verdict), "counts": run.counts}

    def _replay(self, order: OrderRow) -> dict[str, Any]:
        source = self._source(order.subject)
        replayer = Replayer(self._runner.settings, self._runner.engine, map, self._runner.indexing)
        done = replayer.replay(source, apply=True)
        if done is None or done.run is None:
            return {}
        return {"verdict": str(done.run.verdict), "counts": done.run.counts}

    def _source(self, source_id: str) -> Source:
        declared = load_declared(self._runner.engine, self._runner.settings)
        return pick(declared, [source_id])[0]


_PERMISSION = TypeAdapter(Permission | None)


@contextmanager
def working(desk: Desk) -> Iterator[None]:
    """Have a desk's orders done in the background, beside whatever else this process does."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(_EVERY):
            try:
                desk.work_off()
            except DBAPIError as error:
                logger.warning("the desk's orders wait: %s", error.orig)
            except Exception:
                logger.exception("the desk's orders failed; they are tried again")

    thread = threading.Thread(target=work, name="desk", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()


def _offers(found: Probed) -> Iterator[dict[str, Any]]:
    """What would be published, each value with the words that it was read from."""
    today = found.summary.finished_at.astimezone(BERLIN).date()
    for draft in found.harvest.offers[:_SHOWN]:
        flat = document(draft, found.source.id, None, ended=False, today=today)
        yield {"flat": flat, "statements": list(_statements(draft))}


def _statements(draft: Draft) -> Iterator[dict[str, Any]]:
    for one in draft.reading.statements:
        yield {"field": one.field, "value": one.value, "quote": one.quote, "reason": one.reason}
