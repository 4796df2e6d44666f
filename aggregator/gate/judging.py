"""All checks on one run, and the verdict they add up to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.gate.content import FillRates, SharedContact
from aggregator.gate.counting import Changed, Count, PagesGone, PatternMatched, Vanished
from aggregator.gate.fetching import ErrorShare, Finished, ListsEnd, Substituted
from aggregator.gate.finding import Check, Finding, RunFacts
from aggregator.store.tables import Verdict
from crawlers.spool import PageEntry

CHECKS: tuple[Callable[[RunFacts], Check], ...] = (
    Finished, ErrorShare, Substituted, ListsEnd, Count, PatternMatched, Vanished, PagesGone,
    FillRates, SharedContact,
)  # fmt: skip

CHANGES: tuple[Callable[[RunFacts], Check], ...] = (
    Finished, ErrorShare, Substituted, ListsEnd, Changed,
)  # fmt: skip
"""What can be asked of a run that only asked for changes: it says nothing of all the rest."""

_GRAVITY = (Verdict.FAILED, Verdict.QUARANTINED, Verdict.WARNED, Verdict.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate thinks of a run."""

    verdict: Verdict
    """The gravest of all findings."""
    findings: Sequence[Finding]
    """The gravest first."""
    fill: Mapping[str, float]
    """Share of the listings that have a field, by field."""

    @property
    def objections(self) -> list[Finding]:
        """What stands against the run; empty where all is well."""
        return [finding for finding in self.findings if finding.verdict is not Verdict.ACCEPTED]

    @property
    def passed(self) -> list[Finding]:
        """What the checks measured that object to nothing."""
        return [finding for finding in self.findings if finding.verdict is Verdict.ACCEPTED]


class Gate:
    """All checks on one run: feed it, then ask for the verdict."""

    def __init__(self, facts: RunFacts) -> None:
        partial = facts.summary is not None and facts.summary.since is not None
        self._checks = [check(facts) for check in (CHANGES if partial else CHECKS)]

    def page(self, entry: PageEntry) -> None:
        """Show every check a page."""
        for check in self._checks:
            check.page(entry)

    def listing(self, listing_id: str, values: Mapping[str, Any]) -> None:
        """Show every check a listing."""
        for check in self._checks:
            check.listing(listing_id, values)

    def network(self) -> None:
        """Show every check that a page tells facts of the network."""
        for check in self._checks:
            check.network()

    def judge(self) -> Judgement:
        """Ask every check; the verdict is that of the gravest finding.

        Where the crawl itself failed, what it found says nothing: only that is told.
        """
        findings = [finding for check in self._checks for finding in check.finish()]
        findings.sort(key=lambda finding: _GRAVITY.index(finding.verdict))
        if findings[0].verdict is Verdict.FAILED:
            findings = [one for one in findings if one.verdict is Verdict.FAILED]
        fills = [check.rates() for check in self._checks if isinstance(check, FillRates)]
        return Judgement(findings[0].verdict, findings, fills[0] if fills else {})
