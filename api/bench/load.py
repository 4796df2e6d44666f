"""A portal under load: as fast as it can, calmly, three times too much, and calmly again.

All of it while crawls publish: what they change is followed by the server that is measured.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aggregator.bench.resident import resident_mib
from aggregator.harvest import BERLIN
from aggregator.release.edition import make_release, releases
from aggregator.release.metadata import Maker
from aggregator.settings import PREFIX, Settings
from aggregator.store.engine import connect
from api.bench import record
from api.bench.client import get, quantile
from api.bench.serve import Served
from api.bench.traffic import Noted, Traffic
from api.bench.visits import Visits

_SHARES = {"closed": 0.2, "calm": 0.4, "wave": 0.2, "after": 0.2}
"""What each phase has of the time."""
_CALM, _WAVE = 0.5, 3.0
"""Of what the closed loop reached."""
_RATE_LIMIT = 120
"""Requests a client may send a minute: far more than any visitor here, far less than the greedy."""
_GREEDY = 100.0  # requests a second
_EVERY = 0.5  # seconds between two looks at the server
_WELL_AGAIN = 3
"""Seconds in a row in which everything was answered."""
_TO_START = 60.0  # seconds
_TO_FOLLOW = 10.0
"""Seconds within which the server knows of what the last crawl published."""


@dataclass(frozen=True, slots=True)
class Phase:
    """What came of a phase; latencies in milliseconds, memory in MiB, processors in cores."""

    offered: float
    """Requests a second; in the closed loop as many as were answered."""
    per_second: float
    """Requests that were answered well."""
    p50: float
    p99: float
    refused_p99: float
    outcomes: Mapping[str, int]
    memory: float
    server: float
    client: float


@dataclass(frozen=True, slots=True)
class Load:
    """All that was seen."""

    phases: Mapping[str, Phase]
    kinds: Mapping[str, tuple[int, float, float]]
    """By kind of request, in the calm phase: answers, p50 and p99 in milliseconds."""
    greedy: Mapping[str, int]
    """How often the greedy client got which status."""
    recovered: int | None
    """Seconds from the end of the wave until everything was answered again; None: not in time."""
    runs: Mapping[str, int]
    """Crawls by verdict."""
    changes: int
    """Changes that they published."""
    lag: int
    """Changes that the server was behind at most, at a look."""
    memory: Sequence[tuple[int, int]]
    """Seconds since the start, and MiB then."""
    faults: Sequence[str]
    """What may not be; empty where all is well."""


@dataclass(frozen=True, slots=True)
class _Look:
    at: float
    mib: float
    server: float
    client: float
    lag: int | None
    seq: int


def run(home: Path, offers: int, seconds: float, clients: int) -> Load:
    """Make a record of so many offers and a release of it in an empty folder, serve it, and ask."""
    settings = Settings(data_dir=home, index_engine="tantivy")
    if not (home / "index").is_dir():
        record.make(settings, offers)
    if not releases(settings.release_dir):
        engine = connect(settings.database)
        make_release(engine, settings.release_dir, datetime.now(BERLIN).date(), Maker.of(settings))
        engine.dispose()
    edition = releases(settings.release_dir)[0]
    visits = Visits(offers, edition.id, [one.name for one in edition.files])
    _allow_connections()
    with (home / "serve.log").open("w+") as log, _portal(home, log.fileno()) as server:
        seen = asyncio.run(_measure(server, visits, seconds, clients, home))
        log.seek(0)
        logged = log.read().splitlines()
    return _judged(seen, logged)


@dataclass(frozen=True, slots=True)
class _Seen:
    noted: Mapping[str, Noted]
    looks: Sequence[_Look]
    greedy: Counter[str]
    runs: Counter[str]
    followed: bool


async def _measure(
    server: Served, visits: Visits, seconds: float, clients: int, home: Path
) -> _Seen:
    await _until(server, _TO_START, bool)
    traffic, looks = Traffic(server.port, visits.next), list[_Look]()
    told = {name: share * seconds for name, share in _SHARES.items()}
    watching = asyncio.create_task(_watch(server, looks))
    with _publishing(home, pause=min(5.0, seconds / 20)) as publisher:
        greedy = asyncio.create_task(traffic.greedy(_GREEDY))
        noted = {"closed": await traffic.closed(told["closed"], clients)}
        reached = max(1.0, noted["closed"].good / noted["closed"].seconds)
        steps = {"calm": _CALM, "wave": _WAVE, "after": _CALM}
        phases = await traffic.open(*((told[name], of * reached) for name, of in steps.items()))
        noted |= dict(zip(steps, phases, strict=True))
        greedy.cancel()
        lines = await asyncio.to_thread(_ended, publisher)
    followed = await _until(server, _TO_FOLLOW, lambda health: health.get("lag") == 0)
    watching.cancel()
    traffic.close()
    runs = Counter(str(json.loads(line)["verdict"]) for line in lines)
    return _Seen(noted, looks, await greedy, runs, followed)


async def _watch(server: Served, looks: list[_Look]) -> None:
    """Look at the server until cancelled."""
    while True:
        health = await _health(server)
        lag = int(health["lag"]) if health else None
        spent = server.processor(), time.process_time()
        looks.append(
            _Look(
                time.perf_counter(),
                resident_mib(server.pid),
                *spent,
                lag,
                int(health.get("record_seq", 0)),
            )
        )
        await asyncio.sleep(_EVERY)


async def _health(server: Served) -> dict[str, int]:
    """What /healthz says; nothing where it does not answer well."""
    try:
        async with asyncio.timeout(5):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(get("/healthz", server.port, "Connection: close"))
            raw = await reader.read()
            writer.close()
    except (OSError, TimeoutError):
        return {}
    head, _, body = raw.partition(b"\r\n\r\n")
    return json.loads(body) if b" 200 " in head[:16] else {}


async def _until(
    server: Served, seconds: float, wanted: Callable[[Mapping[str, int]], bool]
) -> bool:
    """Whether /healthz says within so many seconds what is wanted."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        if wanted(await _health(server)):
            return True
        await asyncio.sleep(0.1)
    return False


@contextmanager
def _portal(home: Path, log: int) -> Iterator[Served]:
    """`netzlotse serve` over a data folder, in a process of its own."""
    told = {"RATE_LIMIT": str(_RATE_LIMIT), "LOG_LEVEL": "ERROR"}
    with subprocess.Popen(
        [sys.executable, "-m", "netzlotse", "serve", "--port", "0"],
        env=_environment(home, told),
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    ) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            address = process.stdout.readline().split()[1]
            yield Served(int(address.rstrip("/").rpartition(":")[2]), process.pid)
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def _publishing(home: Path, pause: float) -> Iterator[subprocess.Popen[str]]:
    """Crawls that publish into a data folder, until the block ends (see `publishing`)."""
    with subprocess.Popen(  # noqa: S603 - our own interpreter and a number
        [sys.executable, "-m", "api.bench.publishing", str(pause)],
        env=_environment(home, {"LOG_LEVEL": "ERROR"}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


def _ended(publisher: subprocess.Popen[str]) -> list[str]:
    """Let it end the visit that is on the way; a line of JSON each visit."""
    out, _ = publisher.communicate()
    return out.splitlines()


def _environment(home: Path, told: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    settings = {"DATA_DIR": str(home), **told}
    return kept | {f"{PREFIX}{name}": value for name, value in settings.items()}


def _allow_connections() -> None:
    """Let this process hold as many connections as it opens."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _judged(seen: _Seen, logged: Sequence[str]) -> Load:
    looks, noted = seen.looks, seen.noted
    recovered = seconds_to_recover(noted["after"])
    lags = [look.lag for look in looks if look.lag is not None]
    return Load(
        phases={name: _phase(one, looks) for name, one in noted.items()},
        kinds={
            kind: (len(took), *_milliseconds(took))
            for kind, took in noted["calm"].latencies.items()
        },
        greedy=dict(seen.greedy),
        recovered=recovered,
        runs=dict(seen.runs),
        changes=looks[-1].seq - looks[0].seq,
        lag=max(lags, default=0),
        memory=[(round(look.at - looks[0].at), round(look.mib)) for look in looks],
        faults=list(_faults(seen, logged, recovered)),
    )


def _phase(noted: Noted, looks: Sequence[_Look]) -> Phase:
    during = [look for look in looks if noted.begun <= look.at <= noted.begun + noted.seconds]
    first, last = (during[0], during[-1]) if during else (looks[0], looks[-1])
    lasted = max(last.at - first.at, 1e-9)
    p50, p99 = _milliseconds([one for took in noted.latencies.values() for one in took])
    return Phase(
        offered=noted.outcomes.total() / noted.seconds,
        per_second=noted.good / noted.seconds,
        p50=p50,
        p99=p99,
        refused_p99=_milliseconds(noted.refusals)[1],
        outcomes=dict(noted.outcomes),
        memory=max(look.mib for look in (first, *during)),
        server=(last.server - first.server) / lasted,
        client=(last.client - first.client) / lasted,
    )


def _milliseconds(took: Sequence[float]) -> tuple[float, float]:
    """p50 and p99."""
    ordered = sorted(took)
    return 1_000 * quantile(ordered, 0.5), 1_000 * quantile(ordered, 0.99)


def seconds_to_recover(after: Noted) -> int | None:
    """Seconds of a phase until everything was answered for a while; None where that never was."""
    for second in range(max(1, int(after.seconds) - _WELL_AGAIN + 1)):
        if not any(after.amiss[second + more] for more in range(_WELL_AGAIN)):
            return second
    return None


def _faults(seen: _Seen, logged: Sequence[str], recovered: int | None) -> Iterator[str]:
    faults = sum((one.faults for one in seen.noted.values()), Counter[tuple[str, str]]())
    for (outcome, kind), count in sorted(faults.items()):
        yield f"{count} requests ({kind}): {outcome}"
    if not seen.greedy["429"]:
        yield "the greedy client was never told to wait (429)"
    if other := sorted(set(seen.greedy) - {"200", "304", "429", "503"}):
        yield f"the greedy client: {', '.join(other)}"
    if recovered is None:
        yield "not everything was answered again in the phase after the wave"
    if any(look.lag is None for look in seen.looks):
        yield "/healthz did not answer always"
    if set(seen.runs) != {"accepted"}:
        yield f"crawls that published nothing: {dict(seen.runs)}"
    if not seen.followed:
        yield f"the index did not follow within {_TO_FOLLOW:.0f} s"
    if logged:
        yield f"the server logged {len(logged)} lines, the first: {logged[0]}"
