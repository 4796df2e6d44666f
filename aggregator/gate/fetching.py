"""Checks on how the crawl went: did it end, did the pages come, were they the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from aggregator.gate.finding import EXAMPLES, Blank, Finding, passed
from aggregator.store.tables import Verdict
from crawlers.failure import Failure
from crawlers.frontier import is_document
from crawlers.spool import PageEntry

ERROR_SHARE = 0.15
_OWN_ENDS = {"finished", "page_limit", "byte_limit", "time_limit", "limit"}
_NO_ERROR = frozenset(
    {
        Failure.GONE,
        Failure.ROBOTS,
        Failure.MOVED_HOST,
        Failure.PRIVATE_ADDRESS,
        Failure.RESERVED,
    }
)
"""The site's own choice, or its own dead links: no broken crawl."""


@dataclass(slots=True)
class Finished(Blank):
    """The crawl came to its own end, and a start page was had."""

    reached: int = 0
    causes: Counter[Failure] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def page(self, entry: PageEntry) -> None:
        """Count pages that came, and why others did not."""
        if entry.failure is None:
            self.reached += 1
        else:
            self.causes[entry.failure] += 1
            self.examples.append(entry.url)

    def finish(self) -> Iterable[Finding]:
        """A crash or an unreachable site fails the run; a limit reached warns."""
        summary = self.facts.summary
        if summary is None:
            cause = Failure.INTERRUPTED if self.facts.interrupted else Failure.CRASHED
            what = "unterbrochen worden" if self.facts.interrupted else "abgestürzt"
            yield Finding(
                "finished",
                Verdict.FAILED,
                f"Der Abruf ist {what}.",
                advice=cause.advice,
                failure=cause.value,
            )
        elif summary.finish == Failure.RESERVED:
            said = summary.reservation
            where = f" ({said.where}: „{said.quote}“)" if said else ""
            yield self._failed(
                f"Die Seite behält sich die Auswertung vor{where}.", Failure.RESERVED
            )
        elif self.reached == 0:
            cause = self.causes.most_common(1)[0][0] if self.causes else Failure.CONNECTION
            yield self._failed(f"Keine Seite war abrufbar ({cause}).", cause)
        elif summary.finish not in _OWN_ENDS:
            yield Finding(
                "finished",
                Verdict.FAILED,
                f"Der Abruf wurde abgebrochen ({summary.finish}).",
                advice="Den Abruf wiederholen.",
            )
        elif not summary.complete:
            yield Finding(
                "finished",
                Verdict.WARNED,
                f"Der Abruf endete an einer Grenze ({summary.finish}); Fehlendes zählt nicht als "
                "verschwunden.",
                advice="Grenzen unter politeness in der Deklaration erhöhen.",
            )
        else:
            yield passed("finished", f"{self.reached} Seiten gelesen, bis zum Ende.", self.reached)

    def _failed(self, message: str, cause: Failure) -> Finding:
        examples = tuple(self.examples[:EXAMPLES])
        return Finding(
            "finished", Verdict.FAILED, message, 0, 1, examples, cause.advice, cause.value
        )


@dataclass(slots=True)
class ErrorShare(Blank):
    """Few pages failed. Dead links and robots.txt are the site's affair, not a broken crawl."""

    pages: int = 0
    errors: Counter[Failure] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def page(self, entry: PageEntry) -> None:
        """Count failures that are not the site's own choice."""
        self.pages += 1
        if entry.failure and entry.failure not in _NO_ERROR and not self._is_leaflet(entry):
            self.errors[entry.failure] += 1
            self.examples.append(entry.url)

    def _is_leaflet(self, entry: PageEntry) -> bool:
        """True for a linked PDF that is a scan or too large: that is no broken crawl either."""
        unread = entry.failure in {Failure.PARSE, Failure.TOO_LARGE}
        url = entry.requested_url
        return unread and is_document(url) and url not in self.facts.source.start

    def finish(self) -> Iterable[Finding]:
        """Too many errors quarantine: what is missing may just not have been reached."""
        failed = self.errors.total()
        share = failed / self.pages if self.pages else 0.0
        message = f"{failed} von {self.pages} Seiten waren nicht abrufbar"
        if share < ERROR_SHARE:
            yield passed("error_share", f"{message}.", share, ERROR_SHARE)
            return
        worst = self.errors.most_common(1)[0][0]
        yield Finding(
            "error_share",
            Verdict.QUARANTINED,
            f"{message}, meist: {worst}.",
            share,
            ERROR_SHARE,
            tuple(self.examples[:EXAMPLES]),
            worst.advice,
            worst.value,
        )


@dataclass(slots=True)
class Substituted(Blank):
    """No page was a challenge or a stand-in."""

    seen: list[PageEntry] = field(default_factory=list)

    def page(self, entry: PageEntry) -> None:
        """Keep what looks like a stand-in."""
        if entry.failure in {Failure.BOT_CHALLENGE, Failure.SOFT_404}:
            self.seen.append(entry)

    def finish(self) -> Iterable[Finding]:
        """One challenge is enough to distrust a run; so is a stand-in for a start page.

        Any other stand-in is one page that is not there, which warns.
        """
        if not self.seen:
            yield passed("substituted", "Keine Ersatzseite und keine Zugangsprüfung.", 0, 0)
            return
        start = set(self.facts.source.start)
        grave = [
            entry
            for entry in self.seen
            if entry.failure is Failure.BOT_CHALLENGE or entry.requested_url in start
        ]
        cause = (grave or self.seen)[0].failure or Failure.SOFT_404
        yield Finding(
            "substituted",
            Verdict.QUARANTINED if grave else Verdict.WARNED,
            f"Statt der Seite kam etwas anderes: {(grave or self.seen)[0].url}.",
            len(self.seen),
            0,
            tuple(entry.url for entry in (grave or self.seen)[:EXAMPLES]),
            cause.advice,
            cause.value,
        )


@dataclass(slots=True)
class ListsEnd(Blank):
    """Every list was followed to its end: no next page of it was missed."""

    followed: int = 0
    broken: list[PageEntry] = field(default_factory=list)

    def page(self, entry: PageEntry) -> None:
        """Look at what was asked for as the next page of a list."""
        if entry.following:
            self.followed += 1
            if entry.failure and entry.failure is not Failure.ROBOTS:
                self.broken.append(entry)

    def finish(self) -> Iterable[Finding]:
        """A list that breaks off hides what stands behind: no share of errors is small enough.

        A dead link that was dead before is the site's own and warns.
        """
        if not self.broken:
            yield passed(
                "pagination", f"{self.followed} Folgeseiten von Listen, alle gelesen.", 0, 0
            )
            return
        grave = [
            entry
            for entry in self.broken
            if entry.failure is not Failure.GONE or entry.requested_url in self.facts.readable
        ]
        cause = (grave or self.broken)[0].failure or Failure.TRUNCATED
        yield Finding(
            "pagination",
            Verdict.QUARANTINED if grave else Verdict.WARNED,
            f"{len(self.broken)} von {self.followed} Folgeseiten fehlen. "
            f"{Failure.TRUNCATED.advice}",
            len(self.broken),
            0,
            tuple(entry.url for entry in (grave or self.broken)[:EXAMPLES]),
            cause.advice,
            Failure.TRUNCATED.value,
        )
