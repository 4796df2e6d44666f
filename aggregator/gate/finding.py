"""What a check is told, what it must answer, and what it finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Protocol

from aggregator.store.tables import Verdict
from crawlers.source import Source
from crawlers.spool import PageEntry, Summary

EXAMPLES = 5
"""So many pages, titles or numbers are named with a finding: enough to look, few enough to read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check measured. It objects unless its verdict is ACCEPTED."""

    check: str
    verdict: Verdict
    message: str
    """What was found, one German line for the coordinator."""
    value: float | None = None
    bound: float | None = None
    examples: tuple[str, ...] = ()
    """Addresses, titles or contacts to look at; at most EXAMPLES."""
    advice: str = ""
    """What to do, in German; empty where there is nothing to do."""
    failure: str = ""
    """Name of the `crawlers.failure.Failure` behind it, where one is."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What is known before the first page is fed."""

    source: Source
    summary: Summary | None
    """None: the crawl crashed, or was interrupted."""
    published: Mapping[str, str]
    """Listings that the source has present now and whose dates are not past: id -> title."""
    history: Sequence[int] = ()
    """Listings found by the last published runs, latest first."""
    fills: Sequence[Mapping[str, float]] = ()
    """Fill rates of the same runs."""
    interrupted: bool = False
    """Whoever crawled was gone before the crawl was over."""
    expired: int = 0
    """Listings of the last published run whose dates have passed since: none of them is missed."""
    homes: Mapping[str, str] = field(default_factory=dict)
    """Keys (`crawlers.keys.page_key`) of the pages of what is listed or missing: id -> key."""
    readable: AbstractSet[str] = frozenset()
    """Addresses of the pages that the last published run could read."""


class Check(Protocol):
    """One question put to a run."""

    def page(self, entry: PageEntry) -> None:
        """See one page."""

    def listing(self, listing_id: str, values: Mapping[str, Any]) -> None:
        """See one listing."""

    def network(self) -> None:
        """See that a page tells facts of the network."""

    def finish(self) -> Iterable[Finding]:
        """Say what was measured: at least one finding, whether it objects or not."""


@dataclass(slots=True)
class Blank:
    """A check that looks at nothing yet: what the checks begin with."""

    facts: RunFacts

    def page(self, entry: PageEntry) -> None:
        """Pages do not matter to most checks."""

    def listing(self, listing_id: str, values: Mapping[str, Any]) -> None:
        """Nor do listings."""

    def network(self) -> None:
        """Nor do networks."""


def passed(
    check: str, message: str, value: float | None = None, bound: float | None = None
) -> Finding:
    """A finding without objection."""
    return Finding(check, Verdict.ACCEPTED, message, value, bound)
