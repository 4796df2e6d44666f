"""The process that reads what a crawl fetches: `python -m crawlers.reader FOLDER`.

Fetching waits, reading computes: apart they use two cores, and a page that its reader cannot leave
costs that page and not the crawl. Pages come on standard input and what was read of them leaves on
standard output, in the same order, each as a pickle behind its length; records go to the run folder
at once, and at the end they are joined there.
"""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crawlers import reservation, spool
from crawlers.adapters.base import PageRequest
from crawlers.assembly import arranged, joined, place
from crawlers.failure import Failure
from crawlers.isolation import UnreadableError
from crawlers.job import Job
from crawlers.message import ToJoin, ToRead, WasRead, packed, receive
from crawlers.process import confine
from crawlers.reading import detect, read, read_imprint
from crawlers.record import Record
from crawlers.rights import reserves, said_by
from crawlers.source import Source
from crawlers.spool import JOB, FoundShelf, FoundWriter
from crawlers.substitute import of_page

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Reader:
    """Reads the pages of one run into its folder."""

    folder: Path
    source: Source
    _found: FoundWriter = field(init=False)
    _told: dict[str, int] = field(default_factory=dict)
    """How near to the start the nearest page is that led to an address."""

    def __post_init__(self) -> None:
        self._found = FoundWriter(self.folder)

    def read(self, asked: ToRead) -> WasRead:
        """Read one page, unless it is none or must not be read. One bad page costs that page."""
        page = asked.page
        try:
            failure = of_page(page)
            if failure is not None:
                return WasRead(failure, f"HTTP {page.status}")
            said = said_by(page, asked.rules, start=asked.depth == 0)
            if reserves(said, self.source):
                return WasRead(said=said)
            if asked.aside:
                return WasRead(said=said, records=self._keep(read_imprint(page, self.source)))
            found = read(page, self.source)
            claims = detect(page) if asked.depth == 0 else ()
            imprint = reservation.imprint_of(page) if asked.imprint else None
        except UnreadableError as error:
            logger.warning("%s: %s", page.url, error)
            return WasRead(Failure.PARSE, f"{error}")
        except Exception as error:
            # It is named, and replay can read it again.
            logger.exception("cannot read %s", page.url)
            return WasRead(Failure.PARSE, f"{error!r:.300}")
        self._keep(found.records)
        return WasRead(
            said=said,
            imprint=imprint,
            claims=tuple(
                (adapter.name, claim.confidence, tuple(adapter.requests(self.source)))
                for adapter, claim in claims
            ),
            links=tuple(self._news(found.links, asked.depth)),
            records=found.count,
            matched=found.matched,
        )

    def _keep(self, records: Sequence[Record]) -> int:
        self._found.write(records)
        return len(records)

    def _news(self, links: Iterable[PageRequest], depth: int) -> Iterator[PageRequest]:
        for wanted in links:
            if self._told.get(wanted.url, depth + 1) > depth:
                self._told[wanted.url] = depth
                yield wanted

    def join(self, asked: ToJoin) -> int:
        """Join the records of all pages; how many there are."""
        self._found.close()
        if not asked.keep:
            return spool.write_records(self.folder, ())
        found = FoundShelf(self.folder)
        records = joined(found, self.source)
        return spool.write_sorted(self.folder, records, place, arranged, found.line)


def main(arguments: list[str]) -> int:
    """Read what the crawl of the folder that is named sends, until it ends."""
    folder = Path(arguments[0])
    job = Job.model_validate_json((folder / JOB).read_text("utf-8"))
    confine(job)
    reader = Reader(folder, job.source)
    gc.freeze()  # modules and patterns stay: looking through them again and again finds nothing
    gc.set_threshold(20_000, 20, 20)
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever prints must not garble the answers
    while (asked := receive(sys.stdin.buffer)) is not None:
        answers.write(
            packed(reader.read(asked) if isinstance(asked, ToRead) else reader.join(asked))
        )
        answers.flush()
    return 0


if __name__ == "__main__":
    # Pickle names the classes of the imported module, not those of the one that is run.
    from crawlers.reader import main as run

    sys.exit(run(sys.argv[1:]))
