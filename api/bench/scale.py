"""What a second API node is worth: one and two of them, each on a core of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from aggregator.bench.made_offers import Maker
from aggregator.settings import Settings
from api.bench import record
from api.bench.client import drive, get
from api.bench.serve import Served, served

_OFFERS = "/api/v1/offers"
_QUESTIONS = 60_000
_ROUNDS = 5
_WARM = 1.0  # seconds before each measurement


class CoresError(Exception):
    """This machine has too few cores for what is to be measured."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What so many nodes did: answers a second by the clock, milliseconds of processor an answer.

    `capacity` is what they answer a second where each has a whole core: answers a second of each
    one's own processor time, added up. The client's time is no part of it.
    """

    nodes: int
    per_second: float
    node_ms: float
    client_ms: float
    capacity: float
    failed: int


def run(home: Path, count: int, seconds: float, connections: int) -> dict[int, Pace]:
    """Make a record of so many offers in an empty folder, give two nodes a copy each, measure.

    Rounds go through one node and two in turn, so that other load on the machine meets both alike;
    the middle round counts. Raises CoresError where there are no two cores.
    """
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise CoresError("two nodes on a core each need two cores; this process may use one")
    first, second = home / "first", home / "second"
    if not (first / "index").is_dir():
        record.make(Settings(data_dir=first), count)
        shutil.copytree(first, second)
    with served("api", first, cores[0]) as one, served("api", second, cores[1]) as other:
        # The client has the cores that no node has, where there are any; else it takes from both.
        beside = set(cores[2:]) or set(cores)
        asked = [quote(said) for said in dict.fromkeys(map(Maker().question, range(_QUESTIONS)))]
        rounds: dict[int, list[Pace]] = {1: [], 2: []}
        for _ in range(_ROUNDS):
            for nodes in ([one], [one, other]):
                # One node has its core for itself in any case: the client moves to the second.
                os.sched_setaffinity(0, set(cores[1:]) if len(nodes) == 1 else beside)
                rounds[len(nodes)].append(asyncio.run(_measure(nodes, asked, seconds, connections)))
        os.sched_setaffinity(0, set(cores))
    return {
        nodes: sorted(paces, key=lambda pace: pace.capacity)[_ROUNDS // 2]
        for nodes, paces in rounds.items()
    }


async def _measure(
    nodes: Sequence[Served], asked: Sequence[str], seconds: float, connections: int
) -> Pace:
    number = 0

    def fresh(port: int) -> Callable[[int], bytes]:
        def request(_n: int) -> bytes:
            nonlocal number
            number += 1
            return get(f"{_OFFERS}?q={asked[number % len(asked)]}", port)

        return request

    await asyncio.gather(
        *(drive(n.port, fresh(n.port), min(_WARM, seconds), connections) for n in nodes)
    )
    before, client = [node.processor() for node in nodes], time.process_time()
    rates = await asyncio.gather(
        *(drive(node.port, fresh(node.port), seconds, connections) for node in nodes)
    )
    client = time.process_time() - client
    spent = [node.processor() - at for node, at in zip(nodes, before, strict=True)]
    answers = sum(rate.answers for rate in rates)
    return Pace(
        len(nodes),
        sum(rate.per_second for rate in rates),
        1_000 * sum(spent) / answers,
        1_000 * client / answers,
        sum(rate.answers / took for rate, took in zip(rates, spent, strict=True)),
        sum(rate.failed for rate in rates),
    )
