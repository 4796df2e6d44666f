"""The job to harvest the made site."""

from __future__ import annotations

from pathlib import Path

from crawlers.job import Job
from crawlers.source import Politeness, Source


def bench_job(base: str, count: int, home: Path, run_id: str = "bench") -> Job:
    """Harvest a made site of `count` pages without any wait; the archive goes below `home`."""
    source = Source(
        id="bench",
        title="Bench",
        region="11",
        start=[base + "/"],
        politeness=Politeness(pages=min(count + 20, 20_000), depth=20, total_bytes=10**10),
    )
    return Job(
        run_id=run_id,
        source=source,
        archive_dir=home / "archive",
        contact="https://netzlotse.example/kontakt",
        download_delay=0,
        allowed_private_hosts=("127.0.0.1",),
        log_level="ERROR",
    )
