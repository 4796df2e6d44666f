"""Running a real crawl process against a loopback server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawlers.job import Job
from crawlers.record import Record
from crawlers.source import Source
from crawlers.spool import (
    JOB,
    KnownPage,
    PageEntry,
    Summary,
    read_pages,
    read_records,
    read_summary,
    write_json,
    write_known,
)


@dataclass
class Crawled:
    """What a crawl left behind."""

    folder: Path
    archive: Path
    code: int
    errors: str
    summary: Summary | None
    pages: list[PageEntry]
    records: list[Record]

    def page(self, path: str) -> PageEntry:
        """The entry of the page that was asked for at `path`."""
        (entry,) = [e for e in self.pages if e.requested_url.endswith(path)]
        return entry

    def known(self) -> list[KnownPage]:
        """The pages as the next crawl would be told of them."""
        return [
            KnownPage(e.url, e.archived, e.etag, e.last_modified)
            for e in self.pages
            if e.archived and not e.failure
        ]


def crawl(
    home: Path,
    start: str | list[str],
    known: list[KnownPage] | None = None,
    allowed: tuple[str, ...] = ("127.0.0.1",),
    declared: dict[str, Any] | None = None,
    *,
    program: Sequence[str] = ("-m", "crawlers.crawl"),
    **politeness: Any,
) -> Crawled:
    """Crawl with a minimal declaration and what else is `declared`, as the runner would."""
    source = Source.model_validate(
        {
            "id": "probe",
            "title": "Probe",
            "region": "11003",
            "start": [start] if isinstance(start, str) else start,
            "politeness": politeness,
            **(declared or {}),
        }
    )
    number = len(list(home.glob("run*"))) + 1
    folder = home / f"run{number}"
    folder.mkdir(parents=True)
    job = Job(
        run_id=folder.name,
        source=source,
        archive_dir=home / "archive",
        contact="https://netzlotse.example/kontakt",
        download_delay=0,
        allowed_private_hosts=allowed,
    )
    write_json(folder / JOB, job.model_dump(mode="json"))
    write_known(folder, known or [])
    done = subprocess.run(
        [sys.executable, *program, str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    summary = read_summary(folder)
    return Crawled(
        folder,
        home / "archive",
        done.returncode,
        done.stderr,
        summary,
        list(read_pages(folder)) if summary else [],
        list(read_records(folder)) if summary else [],
    )
