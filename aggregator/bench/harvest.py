"""`bench harvest`: how fast a site is fetched, archived and read, and read again later."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from aggregator.bench.job import bench_job
from aggregator.bench.resident import Watch
from aggregator.harvest import understand
from aggregator.places.places import Gazetteer
from crawlers.archive import read_page
from crawlers.job import Job
from crawlers.page import ArchiveRef
from crawlers.reading import read
from crawlers.spool import JOB, read_pages, read_records, write_json

BARE, SOUP = "Scrapy, nothing read", "Scrapy, BeautifulSoup"
CRAWL, HARVEST, REPLAY = "netzlotse crawl", "crawl and normalise", "replay, 1 core"


@dataclass(frozen=True, slots=True)
class Pace:
    """A run over `pages` pages: seconds by the clock and of processor time, peak of memory.

    All processes of the run together, where it has several.
    """

    pages: int
    seconds: float
    processor: float
    peak_mib: float = 0.0

    @property
    def per_second(self) -> float:
        """Pages a second by the clock."""
        return self.pages / self.seconds

    @property
    def ms(self) -> float:
        """Milliseconds of processor time a page."""
        return 1_000 * self.processor / self.pages


def run(pages: int, gazetteer: Gazetteer) -> dict[str, Pace]:
    """Serve a made site of so many pages on loopback and measure every way over it, by name.

    The crawl is what `netzlotse crawl` runs; normalising is what its intake does before anything is
    decided, and counts listings instead of pages. Both, one after the other, are the harvest that
    bare Scrapy is held against.
    """
    with tempfile.TemporaryDirectory(prefix="netzlotse-bench-") as home, _served(pages) as base:
        bare = ["aggregator.bench.bare", base, str(pages)]
        paces = {
            BARE: _process(bare, pages),
            SOUP: _process([*bare, "soup"], pages),
        }
        job = bench_job(base, pages, Path(home))
        paces[CRAWL], folder = _crawl(job, Path(home))
        refs = _archived(folder)
        paces[REPLAY] = _replay(job, refs)
        cores = len(os.sched_getaffinity(0))
        paces[f"replay, {cores} cores"] = _replay_all(job, refs, cores)
        told = paces["normalise, listings"] = _normalise(job, folder, gazetteer)
        crawl = paces[CRAWL]
        paces[HARVEST] = Pace(
            crawl.pages,
            crawl.seconds + told.seconds,
            crawl.processor + told.processor,
            crawl.peak_mib,
        )
    return paces


def bars(paces: Mapping[str, Pace]) -> dict[str, float]:
    """What the measured paces come to: ratios by the clock and, on a busy machine, by processor."""
    crawl, harvest, bare, soup = (paces[name] for name in (CRAWL, HARVEST, BARE, SOUP))
    replay = paces[REPLAY]
    return {
        "crawl / Scrapy": crawl.per_second / bare.per_second,
        "crawl / Scrapy, processor": bare.ms / crawl.ms,
        "harvest / Scrapy": harvest.per_second / bare.per_second,
        "harvest / Scrapy, processor": bare.ms / harvest.ms,
        "harvest / BeautifulSoup": harvest.per_second / soup.per_second,
        "harvest / BeautifulSoup, processor": soup.ms / harvest.ms,
        "replay, pages/s of a core": replay.pages / replay.processor,
    }


def memory(pages: int) -> Pace:
    """Crawl a made site of so many pages; what counts is the peak memory."""
    with tempfile.TemporaryDirectory(prefix="netzlotse-bench-") as home, _served(pages) as base:
        return _crawl(bench_job(base, pages, Path(home)), Path(home))[0]


@contextmanager
def _served(pages: int) -> Iterator[str]:
    server = subprocess.Popen(  # noqa: S603 - our own module and a number
        [sys.executable, "-m", "aggregator.bench.serving", str(pages)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None  # noqa: S101 - it is a pipe
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
    finally:
        server.communicate()


def _process(module: Sequence[str], pages: int) -> Pace:
    """Run a Python module and weigh it."""
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, "-m", *module], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    watch = Watch(process.pid)
    _, status, usage = os.wait4(process.pid, 0)
    peak = watch.end()
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"{module[0]} ended with {process.returncode}")
    return Pace(pages, seconds, usage.ru_utime + usage.ru_stime, peak)


def _crawl(job: Job, home: Path) -> tuple[Pace, Path]:
    folder = home / job.run_id
    folder.mkdir()
    write_json(folder / JOB, job.model_dump(mode="json"))
    pace = _process(["crawlers.crawl", str(folder)], 1)
    fetched = sum(1 for entry in read_pages(folder) if entry.failure is None)
    return Pace(fetched, pace.seconds, pace.processor, pace.peak_mib), folder


def _normalise(job: Job, folder: Path, gazetteer: Gazetteer) -> Pace:
    """Everything that an intake does before it judges the run."""
    started, processor = time.perf_counter(), _processor()
    offers, _ = understand(read_records(folder), job.source, datetime.now(UTC), gazetteer)
    return Pace(len(offers), time.perf_counter() - started, _processor() - processor)


def _processor() -> float:
    """Seconds that this process and those that it saw end have computed."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _archived(folder: Path) -> list[ArchiveRef]:
    return [entry.archived for entry in read_pages(folder) if entry.archived and not entry.failure]


def _replay(job: Job, refs: Sequence[ArchiveRef]) -> Pace:
    started, processor = time.perf_counter(), time.process_time()
    for ref in refs:
        read(read_page(job.archive, ref), job.source)
    return Pace(len(refs), time.perf_counter() - started, time.process_time() - processor)


def _replay_all(job: Job, refs: Sequence[ArchiveRef], cores: int) -> Pace:
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        list(pool.map(_replay, [job] * cores, [refs[:1]] * cores))  # the processes are up
        started = time.perf_counter()
        paces = list(pool.map(_replay, [job] * cores, [refs[n::cores] for n in range(cores)]))
        seconds = time.perf_counter() - started
    return Pace(len(refs), seconds, sum(pace.processor for pace in paces))
