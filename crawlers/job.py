"""What one crawl is told to do."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from crawlers.adapters.hsds import changed_since
from crawlers.archive import Archive
from crawlers.source import Source

DEFAULT_DELAY = 1.0  # seconds after an answer of a host that is not one's own


class Job(BaseModel):
    """One run of one source. Folders are absolute; `memory` is MiB of address space."""

    model_config = ConfigDict(frozen=True)

    run_id: str
    source: Source
    archive_dir: Path
    store: str = ""
    """URL of the store that pages archived before are read from, too (see `crawlers.archive`)."""
    contact: str
    download_delay: float = DEFAULT_DELAY
    allowed_private_hosts: tuple[str, ...] = ()
    memory: int = 2048
    log_level: str = "INFO"
    since: datetime | None = None
    """Asked for is what changed since alone; of HSDS APIs, which can tell (see `starts`)."""
    token: int | None = None
    """Of the lease of the source that it runs under; None where a file is locked instead.

    Whoever starts such a crawl says on its standard input how long it may go on (see
    `crawlers.process.end_with_lease`).
    """

    @property
    def starts(self) -> list[str]:
        """Where the crawl begins."""
        if self.since is None:
            return self.source.start
        return [changed_since(url, self.since) for url in self.source.start]

    @property
    def archive(self) -> Archive:
        """Where the pages of earlier runs are."""
        return Archive(self.archive_dir, self.store)

    @property
    def user_agent(self) -> str:
        """Who we are and where to write to us."""
        return f"netzlotse/0.1 (+{self.contact})"

    def delay(self, host: str) -> float:
        """Seconds between an answer of `host` and the next request to it.

        What the declaration asks for is never undercut; a delay below the default is for hosts of
        one's own only.
        """
        asked = self.source.politeness.delay or 0.0
        floor = 0.0 if self.owns(host) else DEFAULT_DELAY
        return max(self.download_delay, asked, floor)

    @property
    def pause(self) -> float:
        """Seconds from an answer to the next request, whichever of the source's hosts is asked."""
        hosts = {urlsplit(url).hostname or "" for url in self.source.start}
        return max(map(self.delay, hosts), default=0.0)

    def owns(self, host: str) -> bool:
        """Whether `host` is one of the private hosts that the operator allowed."""
        return host.lower().strip("[]") in self.allowed_private_hosts
