"""The gate: whether what a run found may be published.

A run is fed page by page and listing by listing to independent checks; each may object. A broken
minimum quarantines the run (what the last good run found stays published), a broken maximum warns.
The list CHECKS is the registry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Protocol

from aggregator.store.tables import Verdict
from crawlers.failure import Failure
from crawlers.source import Source
from crawlers.spool import PageEntry, Summary

ERROR_SHARE = 0.15
HISTORY_LOW, HISTORY_HIGH = 0.6, 1.7
VANISHED_SHARE = 0.30
SHARED_SHARE = 0.10
_OWN_ENDS = {"finished", "page_limit", "byte_limit", "time_limit", "limit"}
FEW = 2
"""A difference of so few listings is no sign of a broken crawl, whatever its share."""


@dataclass(frozen=True, slots=True)
class Objection:
    """What a check has to say against a run: how grave it is, and the figures behind it."""

    check: str
    verdict: Verdict
    message: str
    """One line in German, for the coordinator."""
    value: float | None = None
    bound: float | None = None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What is known before the first page is fed."""

    source: Source
    summary: Summary | None
    """None: the crawl crashed."""
    published: Collection[str] = ()
    """Ids of the listings that the source has present now."""
    history: Sequence[int] = ()
    """Listings found by the last accepted runs, latest first."""


class Check(Protocol):
    """One question put to a run."""

    def page(self, entry: PageEntry) -> None:
        """See one page."""

    def listing(self, listing_id: str, values: dict[str, Any]) -> None:
        """See one listing."""

    def network(self) -> None:
        """See that a page tells facts of the network."""

    def finish(self) -> Iterable[Objection]:
        """Say what is wrong; nothing where all is well."""


@dataclass(slots=True)
class _Check:
    facts: RunFacts

    def page(self, entry: PageEntry) -> None:
        """Pages do not matter to most checks."""

    def listing(self, listing_id: str, values: dict[str, Any]) -> None:
        """Nor do listings."""

    def network(self) -> None:
        """Nor do networks."""


@dataclass(slots=True)
class Finished(_Check):
    """The crawl came to its own end, and a start page was had."""

    reached: int = 0
    causes: Counter[Failure] = field(default_factory=Counter)

    def page(self, entry: PageEntry) -> None:
        """Count pages that came, and why others did not."""
        if entry.failure is None:
            self.reached += 1
        else:
            self.causes[entry.failure] += 1

    def finish(self) -> Iterable[Objection]:
        """A crash or an unreachable site fails the run; a limit reached warns."""
        summary = self.facts.summary
        if summary is None:
            yield Objection("finished", Verdict.FAILED, "Der Abruf ist abgestürzt.")
        elif summary.finish == Failure.RESERVED:
            said = summary.reservation
            where = f" ({said.where}: „{said.quote}“)" if said else ""
            yield Objection("reserved", Verdict.FAILED, f"{Failure.RESERVED.advice}{where}")
        elif self.reached == 0:
            cause = self.causes.most_common(1)[0][0] if self.causes else Failure.CONNECTION
            yield Objection(
                "finished", Verdict.FAILED, f"Keine Seite war abrufbar ({cause}). {cause.advice}"
            )
        elif summary.finish not in _OWN_ENDS:
            yield Objection(
                "finished", Verdict.FAILED, f"Der Abruf wurde abgebrochen ({summary.finish})."
            )
        elif not summary.complete:
            yield Objection(
                "finished",
                Verdict.WARNED,
                f"Der Abruf endete an einer Grenze ({summary.finish}); Fehlendes zählt nicht als "
                "verschwunden. Grenzen unter politeness in der Deklaration.",
            )


@dataclass(slots=True)
class ErrorShare(_Check):
    """Few pages failed. Dead links and robots.txt are the site's affair, not a broken crawl."""

    pages: int = 0
    errors: Counter[Failure] = field(default_factory=Counter)

    def page(self, entry: PageEntry) -> None:
        """Count failures that are not the site's own choice."""
        self.pages += 1
        if entry.failure and entry.failure not in {
            Failure.GONE, Failure.ROBOTS, Failure.MOVED_HOST, Failure.PRIVATE_ADDRESS,
            Failure.RESERVED,
        }:  # fmt: skip
            self.errors[entry.failure] += 1

    def finish(self) -> Iterable[Objection]:
        """Too many errors quarantine: what is missing may just not have been reached."""
        failed = self.errors.total()
        share = failed / self.pages if self.pages else 0.0
        if share >= ERROR_SHARE:
            worst = self.errors.most_common(1)[0][0]
            yield Objection(
                "error_share",
                Verdict.QUARANTINED,
                f"{failed} von {self.pages} Seiten waren nicht abrufbar, meist: {worst}. "
                f"{worst.advice}",
                share,
                ERROR_SHARE,
            )


@dataclass(slots=True)
class Substituted(_Check):
    """No page was a challenge or a stand-in."""

    seen: list[PageEntry] = field(default_factory=list)

    def page(self, entry: PageEntry) -> None:
        """Keep what looks like a stand-in."""
        if entry.failure in {Failure.BOT_CHALLENGE, Failure.SOFT_404}:
            self.seen.append(entry)

    def finish(self) -> Iterable[Objection]:
        """One challenge is enough to distrust a run; stand-ins for start pages are, too."""
        start = set(self.facts.source.start)
        for entry in self.seen:
            if entry.failure is Failure.BOT_CHALLENGE or entry.requested_url in start:
                cause = entry.failure or Failure.SOFT_404
                yield Objection("substituted", Verdict.QUARANTINED, f"{entry.url}: {cause.advice}")
                return


@dataclass(slots=True)
class Count(_Check):
    """As many listings as declared, and about as many as the last accepted runs found.

    A site that tells of its network and never listed an offer is not empty.
    """

    found: int = 0
    networks: int = 0

    def listing(self, listing_id: str, values: dict[str, Any]) -> None:
        """Count."""
        self.found += 1

    def network(self) -> None:
        """Count."""
        self.networks += 1

    def finish(self) -> Iterable[Objection]:
        """Empty or too few quarantines, too many warns."""
        expect = self.facts.source.expect
        told = self.networks and not self.facts.published
        if self.found == 0 and not expect.may_be_empty and not told:
            cause = Failure.SITE_CHANGED if self.facts.published else Failure.EMPTY
            yield Objection("count", Verdict.QUARANTINED, cause.advice, 0, 1)
            return
        yield from self._against("expect", expect.min, expect.max, "deklariert")
        if self.facts.history:
            usual = median(self.facts.history)
            low, high = usual * HISTORY_LOW, usual * HISTORY_HIGH
            near = abs(self.found - usual) <= FEW
            if not near:
                yield from self._against("history", low, high, f"zuletzt meist {usual:g}")

    def _against(
        self, check: str, low: float | None, high: float | None, why: str
    ) -> Iterable[Objection]:
        if low is not None and self.found < low:
            text = f"Nur {self.found} Angebote gefunden, erwartet mindestens {low:g} ({why})."
            yield Objection(check, Verdict.QUARANTINED, text, self.found, low)
        if high is not None and self.found > high:
            text = f"{self.found} Angebote gefunden, erwartet höchstens {high:g} ({why})."
            yield Objection(check, Verdict.WARNED, text, self.found, high)


@dataclass(slots=True)
class PatternMatched(_Check):
    """The declared pattern still picks records."""

    def finish(self) -> Iterable[Objection]:
        """A pattern that picks nothing on any page tells of a changed layout."""
        summary = self.facts.summary
        if summary and summary.matched == 0 and summary.finish != Failure.RESERVED:
            yield Objection(
                "pattern",
                Verdict.QUARANTINED,
                "Das deklarierte Muster (pattern) trifft auf keiner Seite etwas. "
                f"{Failure.SITE_CHANGED.advice}",
                0,
                1,
            )


@dataclass(slots=True)
class Vanished(_Check):
    """Few of the published listings are absent."""

    seen: set[str] = field(default_factory=set)

    def listing(self, listing_id: str, values: dict[str, Any]) -> None:
        """Remember."""
        self.seen.add(listing_id)

    def finish(self) -> Iterable[Objection]:
        """Many absences at once are more often a relaunch than the end of so many offers."""
        published = set(self.facts.published)
        gone = len(published - self.seen)
        share = gone / len(published) if published else 0.0
        if share >= VANISHED_SHARE and gone > FEW:
            yield Objection(
                "vanished",
                Verdict.QUARANTINED,
                f"{gone} von {len(published)} veröffentlichten Angeboten fehlen auf einmal.",
                share,
                VANISHED_SHARE,
            )


@dataclass(slots=True)
class FillRates(_Check):
    """Fields are as full as declared."""

    rows: int = 0
    filled: Counter[str] = field(default_factory=Counter)

    def listing(self, listing_id: str, values: dict[str, Any]) -> None:
        """Count filled fields."""
        self.rows += 1
        self.filled.update(name for name, value in values.items() if value not in (None, [], ""))

    def finish(self) -> Iterable[Objection]:
        """A field that was full and no longer is tells of a changed layout."""
        for name, low in self.facts.source.expect.fill.items():
            share = self.filled[name] / self.rows if self.rows else 1.0
            if share < low:
                yield Objection(
                    "fill",
                    Verdict.QUARANTINED,
                    f"{name} ist nur bei {share:.0%} der Angebote gefüllt, erwartet {low:.0%}.",
                    share,
                    low,
                )


@dataclass(slots=True)
class SharedContact(_Check):
    """No one phone number or address stands on suspiciously many rows (the office's own)."""

    rows: int = 0
    uses: Counter[str] = field(default_factory=Counter)

    def listing(self, listing_id: str, values: dict[str, Any]) -> None:
        """Count who is named how often."""
        self.rows += 1
        self.uses.update({*values.get("phones", ()), *values.get("emails", ())})

    def finish(self) -> Iterable[Objection]:
        """Warn: it may be right, as where one association offers most of what is listed."""
        for contact, count in self.uses.most_common(1):
            share = count / self.rows
            if share >= SHARED_SHARE and count > max(FEW, 5):
                yield Objection(
                    "shared_contact",
                    Verdict.WARNED,
                    f"{contact} steht bei {count} von {self.rows} Angeboten; ist das die "
                    "Geschäftsstelle?",
                    share,
                    SHARED_SHARE,
                )


CHECKS: tuple[Callable[[RunFacts], Check], ...] = (
    Finished, ErrorShare, Substituted, Count, PatternMatched, Vanished, FillRates, SharedContact,
)  # fmt: skip

_GRAVITY = (Verdict.FAILED, Verdict.QUARANTINED, Verdict.WARNED)


class Gate:
    """All checks on one run: feed it, then ask for the verdict."""

    def __init__(self, facts: RunFacts) -> None:
        self._checks = [check(facts) for check in CHECKS]

    def page(self, entry: PageEntry) -> None:
        """Show every check a page."""
        for check in self._checks:
            check.page(entry)

    def listing(self, listing_id: str, values: dict[str, Any]) -> None:
        """Show every check a listing."""
        for check in self._checks:
            check.listing(listing_id, values)

    def network(self) -> None:
        """Show every check that a page tells facts of the network."""
        for check in self._checks:
            check.network()

    def judge(self) -> tuple[Verdict, list[Objection]]:
        """The verdict is the gravest objection; accepted where there is none."""
        objections = [objection for check in self._checks for objection in check.finish()]
        found = {objection.verdict for objection in objections}
        verdict = next((grave for grave in _GRAVITY if grave in found), Verdict.ACCEPTED)
        return verdict, objections
