"""The processes that read what one crawl fetches: one, or two where one does not keep up."""

from __future__ import annotations

import asyncio
from pathlib import Path

from crawlers.message import ToRead, WasRead
from crawlers.reader_process import SECONDS, ReaderProcess

_BACKLOG = 12  # pages that wait for a reader before another helps; a polite crawl never has so many


class ReaderPool:
    """Has pages read by whichever reader has least to do; the first one joins their records.

    Reading a page takes longer than fetching one that is near. A site that allows one request a
    second keeps one reader waiting most of the time, and the second one is never started.
    """

    def __init__(self, folder: Path, most: int = 2, seconds: float = SECONDS) -> None:
        self.readers = [ReaderProcess(folder, seconds) for _ in range(most)]

    async def start(self) -> None:
        """Start the first reader, which takes as long as it takes to fetch the first page."""
        await self.readers[0].start()

    async def read(self, asked: ToRead) -> WasRead:
        """What became of a page."""
        first = self.readers[0]
        idle = min(self.readers, key=lambda reader: reader.waiting)
        return await (idle if first.waiting >= _BACKLOG else first).read(asked)

    async def join(self, *, keep: bool) -> int:
        """Join the records of the run; how many there are. All readers end with it.

        Raises ChildProcessError where the process that joins ended before: then the run is broken.
        """
        first, *others = self.readers
        await asyncio.gather(*(reader.end() for reader in others))
        count = await first.join(keep=keep)
        await first.end()
        return count
