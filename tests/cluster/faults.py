"""`python -m tests.cluster.faults`: break a running cluster in every way, and say what was seen.

Readers ask without a pause, sites change, every source is visited once a fault. A fault is over
when each source has exactly one more published run, says what its site says, and both API nodes
have seen every change; then their answers to a thousand queries must be the same. At the end an
index that is built anew must give those answers, too, and a reader of the change log must have been
told every change once. Prints a table; exit code 1 where anything was not so.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.cluster import checks
from tests.cluster.cluster import API, LEASE, Cluster, Round
from tests.cluster.load import Load
from tests.cluster.machine import CLOCKS, Machine, fill, home, isolate, remove, wait_for
from tests.postgres import Server, ServerError

_LONGEST = 150.0
"""Seconds within which a fault has to be over."""
_AWAY = 3.0  # seconds for which a killed replica is not there
_TO_NOTICE = 1.0  # seconds until an operator's failover tool has seen that the primary is gone

Undo = Callable[[], None]
Holds = Callable[[], bool]


@dataclass
class Row:
    """What a fault did: one line of the table. Times in seconds since it struck."""

    fault: str
    requests: int = 0
    failed: int = 0
    passed_on: int = 0
    gap: float = 0.0
    taken_over: float = 0.0
    whole: float = 0.0
    seen: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass
class Struck:
    """A fault that has happened: when the cluster does without, and how to make it good."""

    over: Holds
    undo: Undo = lambda: None
    seen: Callable[[], list[str]] = list


@dataclass(frozen=True)
class Fault:
    """Something that happens to a cluster; `alone` where it needs namespaces."""

    name: str
    strike: Callable[[Cluster, Round], Struck]
    alone: bool = False


def _kill(name: str) -> Callable[[Cluster, Round], Struck]:
    """kill -9; it is started again after a second, as systemd does."""

    def strike(cluster: Cluster, _round: Round) -> Struck:
        machine = cluster.network.machines[name.partition("/")[0]]
        process = cluster.process(name)
        process.kill()
        return Struck(lambda: process.alive and cluster.is_level([machine]))

    return strike


def _busy(cluster: Cluster) -> Machine:
    """A worker in the middle of a crawl."""
    found: list[Machine] = []

    def crawls() -> bool:
        found[:] = [one for one in cluster.workers if cluster.crawling(one)]
        return bool(found)

    wait_for("a worker crawls", crawls, 60, 0.02)
    time.sleep(1.5)  # in the middle
    return found[0]


def _kill_worker(cluster: Cluster, round_: Round) -> Struck:
    """A worker's machine is gone, and comes back when the other one has done its work."""
    worker = _busy(cluster)
    process = worker.processes["worker"]
    process.wanted = False
    process.end()

    def back() -> None:
        process.start()
        process.wanted = True

    return Struck(lambda: cluster.visited(round_), back, lambda: [f"it was {worker.name}"])


def _leader(cluster: Cluster) -> str:
    """Which scheduler leads: it alone holds an advisory lock for longer than a transaction."""
    query = text(
        "SELECT host(client_addr) FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE locktype = 'advisory' AND granted AND application_name LIKE '%leader%'"
    )
    with suppress(DBAPIError), cluster.engine.connect() as connection:
        return connection.scalar(query) or ""
    return ""


def _kill_leader(cluster: Cluster, round_: Round) -> Struck:
    wait_for("a scheduler leads", lambda: bool(_leader(cluster)), 30)
    address = _leader(cluster)
    clock = next(m for m in cluster.network.machines.values() if m.address == address)
    process = clock.processes["schedule"]
    process.wanted = False
    process.end()

    def back() -> None:
        process.start()
        process.wanted = True

    return Struck(
        lambda: _leader(cluster) not in {"", address}, back, lambda: [f"it was {clock.name}"]
    )


def _kill_primary(cluster: Cluster, round_: Round) -> Struck:
    """The primary is killed; whoever watches it promotes the replica a second later."""
    _busy(cluster)
    server = cluster.servers[cluster.primary]
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    time.sleep(_TO_NOTICE)
    cluster.promote()
    told = f"{cluster.primary} promoted; the old primary is its replica by now"
    return Struck(lambda: _writes(cluster), cluster.renew_replica, lambda: [told])


def _kill_replica(cluster: Cluster, round_: Round) -> Struck:
    (name,) = (name for name in cluster.servers if name != cluster.primary)
    server = cluster.servers[name]
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    time.sleep(_AWAY)
    # What the dead one started may still be at its end, and keeps its memory until then.
    wait_for("the replica starts again", lambda: _starts(server), 30, 1.0)
    return Struck(lambda: _writes(cluster), seen=lambda: [f"commits waited for it, {_AWAY:.0f} s"])


def _starts(server: Server) -> bool:
    with suppress(ServerError):
        server.start()
        return True
    return False


def _writes(cluster: Cluster) -> bool:
    with suppress(DBAPIError), cluster.engine.begin() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE probe (one int) ON COMMIT DROP"))
        return not connection.scalar(text("SELECT pg_is_in_recovery()"))
    return False


def _cut_worker(cluster: Cluster, round_: Round) -> Struck:
    worker = _busy(cluster)
    cluster.network.cut(worker)
    return Struck(
        lambda: cluster.visited(round_),
        lambda: cluster.network.mend(worker),
        lambda: [f"it was {worker.name}"],
    )


def _cut_worker_from_record(cluster: Cluster, round_: Round) -> Struck:
    """The worker still reaches the sites: it has to stop by itself before others begin."""
    worker, at = _busy(cluster), time.time()
    databases = [cluster.network.machines[name] for name in cluster.servers]
    for database in databases:
        cluster.network.part(database, worker)

    def mend() -> None:
        for database in databases:
            cluster.network.part(database, worker, again=True)

    def seen() -> list[str]:
        last = max(0.0, checks.last_request(cluster.home, worker) - at)
        return [f"{worker.name} asked its site until {last:.1f} s after (lease {LEASE} s)"]

    return Struck(lambda: cluster.visited(round_), mend, seen)


def _cut_node(cluster: Cluster, round_: Round) -> Struck:
    node, other = cluster.nodes[1], cluster.nodes[0]
    cluster.network.cut(node)
    since = time.monotonic()
    return Struck(
        lambda: time.monotonic() - since > 8 and cluster.is_level([other]),
        lambda: cluster.network.mend(node),
        lambda: ["for 8 s and more"],
    )


def _fill_worker(cluster: Cluster, round_: Round) -> Struck:
    """The disk of one worker is full; a run that broke off on it is ordered again afterwards."""
    worker = _busy(cluster)
    filler = fill(worker.data)
    time.sleep(8)
    waited = cluster.behind(round_.edition)
    again: list[str] = []

    def good() -> None:
        filler.unlink()
        # One that failed for want of room is tried again by itself, a minute later.
        wait_for("all jobs end", lambda: not cluster.jobs(), _LONGEST)
        again.extend(cluster.order_again(round_))

    def seen() -> list[str]:
        return [f"{len(waited)} sources waited while it was full", f"ordered again: {len(again)}"]

    return Struck(lambda: True, good, seen)


def _fill_node(cluster: Cluster, round_: Round) -> Struck:
    node = cluster.nodes[1]
    filler = fill(node.data)
    wait_for("a round with a full disk", lambda: cluster.visited(round_), _LONGEST)
    health = cluster.health(node)
    told = [f"lag {health.get('lag', '?')} of {node.name} while it was full"]
    return Struck(lambda: True, filler.unlink, lambda: told)


def _clock(names: Sequence[str], clock: str) -> Callable[[Cluster, Round], Struck]:
    """Processes are started again under a wrong clock, and go on under it for a whole round."""

    def restart(cluster: Cluster, wrong: str) -> None:
        for name in names:
            machine, _, own = name.partition("/")
            process = cluster.process(name)
            process.wanted = False
            process.end()
            cluster.network.machines[machine].clock = wrong
            cluster.network.machines[machine].again(own)

    def strike(cluster: Cluster, round_: Round) -> Struck:
        restart(cluster, clock)
        return Struck(lambda: cluster.visited(round_), lambda: restart(cluster, ""))

    return strike


FAULTS = (
    Fault("nothing", lambda cluster, round_: Struck(lambda: cluster.visited(round_))),
    Fault("kill -9 an API node's server", _kill("node-a/serve")),
    Fault("kill -9 an API node's follower", _kill("node-b/follow")),
    Fault("kill -9 a worker in a crawl, with all it started", _kill_worker),
    Fault("kill -9 the leading scheduler", _kill_leader),
    Fault("kill -9 the primary, promote the replica", _kill_primary),
    Fault("kill -9 the replica, start it again", _kill_replica),
    Fault("cut a worker's network in a crawl", _cut_worker, alone=True),
    Fault("cut a worker from the database alone", _cut_worker_from_record, alone=True),
    Fault("cut an API node's network", _cut_node, alone=True),
    Fault("fill a worker's disk in a crawl", _fill_worker, alone=True),
    Fault("fill an API node's disk", _fill_node, alone=True),
    Fault("a worker's clock a day ahead", _clock(["worker-a/worker"], "+1d")),
    Fault("a worker's clock three hours behind", _clock(["worker-b/worker"], "-3h")),
    Fault("an API node's clock a day ahead", _clock(["node-b/serve", "node-b/follow"], "+1d")),
)


class Trial:
    """A cluster under load, and the rows of what was done to it."""

    def __init__(self, cluster: Cluster, asked: Sequence[str]) -> None:
        self.cluster, self.asked = cluster, asked
        self.edition = 0
        nodes = [(node.address, API) for node in cluster.nodes]
        self.load = Load(nodes, asked)
        self.rows: list[Row] = []

    def begin(self) -> None:
        """Wait until every source was visited for the first time, then let readers come."""
        first = Round(0, {}, time.monotonic())
        wait_for("the first round", lambda: self.cluster.visited(first), _LONGEST)
        wait_for("both nodes are level", self.cluster.is_level, 60)
        self.load.start()
        self.begun = time.monotonic()

    def suffer(self, fault: Fault) -> Row:
        """Let a fault happen, wait until all is well, and check."""
        row, cluster = Row(fault.name), self.cluster
        if fault.alone and not cluster.network.isolated:
            row.seen.append("not here: no right to make namespaces")
            return row
        if "clock" in fault.name and not any(Path(path).exists() for path in CLOCKS):
            row.seen.append("not here: faketime is not installed")
            return row
        self.edition += 1
        began, deaths = time.time(), len(cluster.deaths)
        try:
            round_ = cluster.order(self.edition)
            since = time.monotonic()
            struck = fault.strike(cluster, round_)
            wait_for("do without it", struck.over, _LONGEST)
            row.taken_over = time.monotonic() - since
            struck.undo()
            wait_for("every source visited", lambda: cluster.visited(round_), _LONGEST)
            wait_for("both nodes level", cluster.is_level, _LONGEST)
            row.whole = time.monotonic() - since
            row.seen += struck.seen()
            row.wrong += checks.doubled(cluster, round_)
        except (TimeoutError, OSError, DBAPIError) as error:
            row.wrong.append(f"{type(error).__name__}: {error}"[:300])
            behind: list[str] = []
            with suppress(DBAPIError):
                behind = cluster.behind(self.edition)
            row.wrong.append(f"behind: {behind}")
        self._look(row, since, began, deaths)
        self.rows.append(row)
        return row

    def _look(self, row: Row, since: float, began: float, deaths: int) -> None:
        seen = self.load.seen(since)
        row.requests, row.failed = len(seen.answers), seen.failed
        row.passed_on, row.gap = seen.passed_on, seen.gap
        if seen.failed:
            told = {
                f"{one.kind}: {', '.join(one.why)}" for one in seen.answers if one.status >= 500
            }
            row.wrong.append(f"readers were told {seen.statuses} ({'; '.join(sorted(told))})")
        row.seen += [f"{name} ended ({code})" for _, name, code in self.cluster.deaths[deaths:]]
        row.wrong += checks.impolite(self.cluster.home, began)
        if not row.wrong:
            row.wrong += self.answers()

    def answers(self) -> list[str]:
        """Whether all nodes give the same answers."""
        nodes = [node.address for node in self.cluster.nodes]
        found = {checks.fingerprint(address, self.asked) for address in nodes}
        return [] if len(found) == 1 else ["the nodes' answers differ"]

    def end(self) -> list[str]:
        """The checks at the end of all; what is wrong."""
        cluster = self.cluster
        seen = self.load.seen(self.begun)
        newest = cluster.newest()
        wait_for("the reader of the log", lambda: self.load.reached >= newest, 30)
        self.load.close()
        wrong = checks.lost_changes(cluster.engine, self.load.changes)
        anew = cluster.built_anew()
        found = {checks.fingerprint(one.address, self.asked) for one in (*cluster.nodes, anew)}
        if len(found) != 1:
            wrong.append("an index built anew gives other answers")
        sys.stderr.write(
            f"all in all: {len(seen.answers)} requests, {seen.failed} failed, "
            f"{seen.passed_on} passed on, longest gap {seen.gap:.2f} s, "
            f"{len(self.load.changes)} changes told, answers to {len(self.asked)} queries "
            f"{'the same everywhere' if len(found) == 1 else 'differ'}\n"
        )
        return wrong


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    lines = [
        "| fault | requests | failed | passed on | longest gap | done without | all well | seen |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.fault} | {row.requests} | {row.failed} | {row.passed_on} | {row.gap:.2f} s | "
        f"{row.taken_over:.1f} s | {row.whole:.1f} s | {'; '.join(row.seen + row.wrong)} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Start a cluster, let everything happen to it, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster.faults", description=__doc__)
    parser.add_argument("--only", action="append", help="Faults whose name contains this.")
    parser.add_argument("--queries", type=int, default=1_000)
    parser.add_argument("--sites", type=int, default=6, help="The first two share a host.")
    parser.add_argument("--json", action="store_true", help="A line of JSON a fault.")
    parser.add_argument("--keep", action="store_true", help="Leave the folder with all logs.")
    told = parser.parse_args()
    isolate(["-m", "tests.cluster.faults", *sys.argv[1:]])
    chosen = [
        fault for fault in FAULTS if not told.only or any(part in fault.name for part in told.only)
    ]
    folder = home()
    wrong: list[str] = []
    try:
        small = {"worker-a": 64, "worker-b": 64, "node-b": 64}
        with Cluster(folder, told.sites, small=small) as cluster:
            trial = Trial(cluster, checks.queries(told.queries))
            trial.begin()
            for fault in chosen:
                row = trial.suffer(fault)
                wrong += row.wrong
                if told.json:
                    sys.stdout.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
                else:
                    sys.stderr.write(f"{row}\n")
                sys.stdout.flush()
            at_the_end = trial.end()
            wrong += at_the_end
            if told.json:
                last = asdict(Row("at the end", wrong=at_the_end))
                sys.stdout.write(json.dumps(last) + "\n")
            else:
                sys.stdout.write(table(trial.rows) + "".join(f"{one}\n" for one in at_the_end))
    finally:
        if not told.keep:
            remove(folder)
        else:
            sys.stderr.write(f"{folder}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
