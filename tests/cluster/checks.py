"""What must hold whatever happened: nothing lost, nothing doubled, everywhere the same answers."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

import yaml
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from aggregator.bench.made_offers import Maker
from aggregator.store.tables import ChangeRow, Subject
from tests.cluster.cluster import API, DELAY, Cluster, Round
from tests.cluster.load import ask_all
from tests.cluster.machine import Machine

_RELEVANCE = Path(__file__).parent.parent / "relevance"
_CLOCK = 0.01  # seconds by which a wall clock that is being set may differ from the steady one
_TOLD = (Subject.OFFER, Subject.LISTING, Subject.NETWORK)


def queries(count: int) -> list[str]:
    """What people type: all queries of `tests/relevance`, then made ones."""
    said: dict[str, None] = {}
    for name in ("queries", "federation", "everyday", "kitchen"):
        for group in yaml.safe_load((_RELEVANCE / f"{name}.yml").read_text("utf-8")).values():
            said |= dict.fromkeys(map(str, group))
    maker = Maker()
    made = (maker.question(number) for number in itertools.count())
    while len(said) < count:
        said[next(made)] = None
    return list(said)[:count]


def fingerprint(address: str, asked: Sequence[str]) -> str:
    """The hash of a node's answers: a search with facets a query, each answer whole."""
    paths = (f"/api/v1/offers?q={quote(one)}&facets=topics,region&limit=50" for one in asked)
    answers = asyncio.run(ask_all(address, API, paths))
    own = f"http://{address}:{API}".encode()  # in the link to the next page
    return hashlib.sha256(b"\n".join(answers).replace(own, b"")).hexdigest()


def doubled(cluster: Cluster, round_: Round) -> list[str]:
    """Sources that have another number of published runs since a round began than one."""
    return [
        f"{name}: {len(runs) - round_.before.get(name, 0)} runs"
        for name, runs in cluster.runs().items()
        if len(runs) - round_.before.get(name, 0) != 1
    ]


def impolite(folder: Path, since: float) -> list[str]:
    """Where a host was asked again too soon, or by two machines in turn, after a moment (epoch)."""
    asked: defaultdict[int, list[tuple[float, str, str]]] = defaultdict(list)
    for line in (folder / "requests.jsonl").read_text().splitlines():
        at, port, path, who = json.loads(line)
        if at >= since:
            asked[port].append((at, path, who))
    return [line for port, told in asked.items() for line in _impolite(port, sorted(told))]


def _impolite(port: int, told: Sequence[tuple[float, str, str]]) -> Iterable[str]:
    for (before, _, _), (at, path, _) in itertools.pairwise(told):
        if at - before < DELAY - _CLOCK:
            yield f"host {port}: {path} {at - before:.2f} s after the request before"
    begun: Counter[str] = Counter()
    crawls: list[tuple[str, int]] = []
    for _, path, who in told:
        begun[who] += path == "/robots.txt"  # the first that a crawl asks for
        crawls.append((who, begun[who]))
    turns = [crawl for crawl, _ in itertools.groupby(crawls)]
    for (who, _), times in Counter(turns).items():
        if times > 1:  # it went on after another one's
            yield f"host {port} was crawled by {who} in turns with others"


def last_request(folder: Path, machine: Machine) -> float:
    """When a machine asked a site for the last time (epoch); 0 where it never did."""
    lines = (folder / "requests.jsonl").read_text().splitlines()
    told = (json.loads(line) for line in lines)
    return max((at for at, _, _, who in told if who == machine.address), default=0.0)


def lost_changes(engine: Engine, read: Sequence[tuple[int, str]]) -> list[str]:
    """Changes of the record that a reader of the log was not told, or in another order."""
    with Session(engine) as session:
        query = (
            select(ChangeRow.seq, ChangeRow.subject_id)
            .where(col(ChangeRow.subject).in_(_TOLD))
            .order_by(col(ChangeRow.seq))
        )
        logged = [(number, subject) for number, subject in session.exec(query)]
    if list(read) == logged:
        return []
    missed, more = set(logged) - set(read), set(read) - set(logged)
    return [f"{len(missed)} changes not told, {len(more)} told that are none: {sorted(more)[:3]}"]
