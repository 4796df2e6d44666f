"""Checks on how much was found, beside what was declared and what was found before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from aggregator.gate.finding import EXAMPLES, Blank, Finding, passed
from aggregator.lifecycle import is_wave
from aggregator.store.tables import Verdict
from crawlers.failure import Failure
from crawlers.keys import page_key
from crawlers.spool import PageEntry

HISTORY_LOW, HISTORY_HIGH = 0.6, 1.7
VANISHED_SHARE = 0.30
FEW = 2
"""A difference of so few listings is no sign of a broken crawl, whatever its share."""
_LOOK = (
    "Die Seite ansehen. Stimmt die Zahl, den Lauf mit `netzlotse accept` annehmen; "
    "sonst liest netzlotse die Seite falsch: bitte melden."
)


@dataclass(slots=True)
class Count(Blank):
    """As many listings as declared, and about as many as the last published runs found.

    A site that tells of its network and never listed an offer is not empty. What has ended since
    the last run is not expected any more.
    """

    found: int = 0
    networks: int = 0

    def listing(self, listing_id: str, values: Mapping[str, Any]) -> None:
        """Count."""
        self.found += 1

    def network(self) -> None:
        """Count."""
        self.networks += 1

    def finish(self) -> Iterable[Finding]:
        """Empty or too few quarantines, too many warns."""
        facts, expect = self.facts, self.facts.source.expect
        told = self.networks and not facts.published
        if self.found == 0 and not (expect.may_be_empty or told):
            cause = Failure.SITE_CHANGED if facts.published else Failure.EMPTY
            yield Finding(
                "count",
                Verdict.QUARANTINED,
                cause.advice,
                0,
                1,
                tuple(facts.published.values())[:EXAMPLES],
                "Die Seite ansehen. Darf sie leer sein, in der Deklaration expect: "
                "{may_be_empty: true} setzen.",
                cause.value,
            )
            return
        yield passed("count", f"{self.found} Angebote gefunden.", self.found, 1)
        low, high = expect.min, expect.max
        if low is not None or high is not None:
            yield self._against(
                "expect", low, high, "deklariert", "Oder expect in der Deklaration ändern. "
            )
        if facts.history:
            yield self._usual()

    def _usual(self) -> Finding:
        usual = median(self.facts.history)
        if abs(self.found - usual) <= FEW:
            return passed("history", f"{self.found} Angebote, zuletzt meist {usual:g}.", self.found)
        left = min(usual, len(self.facts.published)) if self.facts.expired else usual
        ended = f", {self.facts.expired} sind seither vorbei" if self.facts.expired else ""
        return self._against(
            "history",
            left * HISTORY_LOW,
            usual * HISTORY_HIGH,
            f"zuletzt meist {usual:g}{ended}",
            "",
        )

    def _against(
        self, check: str, low: float | None, high: float | None, why: str, advice: str
    ) -> Finding:
        found = self.found
        if low is not None and found < low:
            text = f"Nur {found} Angebote gefunden, erwartet mindestens {low:g} ({why})."
            return Finding(
                check,
                Verdict.QUARANTINED,
                text,
                found,
                low,
                advice=advice + _LOOK,
                failure=Failure.SITE_CHANGED.value,
            )
        if high is not None and found > high:
            text = f"{found} Angebote gefunden, erwartet höchstens {high:g} ({why})."
            return Finding(
                check, Verdict.WARNED, text, found, high, advice=f"{advice}Die Seite ansehen."
            )
        return passed(check, f"{found} Angebote ({why}).", found, low if low is not None else high)


@dataclass(slots=True)
class Changed(Blank):
    """How many changes there were: any number is fine, also none."""

    found: int = 0

    def listing(self, listing_id: str, values: Mapping[str, Any]) -> None:
        """Count."""
        self.found += 1

    def finish(self) -> Iterable[Finding]:
        """Say from when on; what is not told of is as it was."""
        since = self.facts.summary.since if self.facts.summary else None
        when = f" seit {since:%d.%m.%Y %H:%M} UTC" if since else ""
        yield passed("count", f"{self.found} Angebote sind{when} geändert.", self.found)


@dataclass(slots=True)
class PatternMatched(Blank):
    """The declared pattern still picks records."""

    def finish(self) -> Iterable[Finding]:
        """A pattern that picks nothing on any page tells of a changed layout."""
        summary = self.facts.summary
        matched = summary.matched if summary else None
        if matched is None or (summary and summary.finish == Failure.RESERVED):
            yield passed("pattern", "Kein Muster zu prüfen.")
        elif matched:
            yield passed("pattern", f"Das deklarierte Muster traf {matched} Mal.", matched, 1)
        else:
            yield Finding(
                "pattern",
                Verdict.QUARANTINED,
                "Das deklarierte Muster (pattern) trifft auf keiner Seite etwas. "
                f"{Failure.SITE_CHANGED.advice}",
                0,
                1,
                tuple(self.facts.source.start[:EXAMPLES]),
                "pattern in der Deklaration an die neue Seite anpassen (`netzlotse probe`).",
                Failure.SITE_CHANGED.value,
            )


@dataclass(slots=True)
class Vanished(Blank):
    """Few of the published listings are absent."""

    seen: set[str] = field(default_factory=set)

    def listing(self, listing_id: str, values: Mapping[str, Any]) -> None:
        """Remember."""
        self.seen.add(listing_id)

    def finish(self) -> Iterable[Finding]:
        """Many absences at once are more often a relaunch than the end of so many offers."""
        published = self.facts.published
        gone = [title for key, title in published.items() if key not in self.seen]
        share = len(gone) / len(published) if published else 0.0
        message = f"{len(gone)} von {len(published)} veröffentlichten Angeboten fehlen"
        if share < VANISHED_SHARE or len(gone) <= FEW:
            yield passed("vanished", f"{message}.", share, VANISHED_SHARE)
            return
        yield Finding(
            "vanished",
            Verdict.QUARANTINED,
            f"{message} auf einmal.",
            share,
            VANISHED_SHARE,
            tuple(gone[:EXAMPLES]),
            "Auf der Seite nachsehen. Gibt es diese Angebote wirklich nicht mehr, den Lauf mit "
            "`netzlotse accept` annehmen.",
            Failure.SITE_CHANGED.value,
        )


@dataclass(slots=True)
class PagesGone(Blank):
    """No wave of offers whose own pages answer 404 or 410 although something links to them."""

    seen: set[str] = field(default_factory=set)
    gone: dict[str, str] = field(default_factory=dict)

    def page(self, entry: PageEntry) -> None:
        """Keep what is gone, by the key of its page."""
        if entry.failure is Failure.GONE:
            self.gone[page_key(entry.requested_url, self.facts.source)] = entry.requested_url

    def listing(self, listing_id: str, values: Mapping[str, Any]) -> None:
        """Remember."""
        self.seen.add(listing_id)

    def finish(self) -> Iterable[Finding]:
        """One dead link is the site's own affair; several at once may come back."""
        homes = self.facts.homes
        lost = [
            self.gone[key]
            for one, key in homes.items()
            if one not in self.seen and key in self.gone
        ]
        message = f"{len(lost)} von {len(homes)} Angeboten: die eigene Seite antwortet mit 404"
        if not is_wave(len(lost), len(homes)):
            yield passed("gone", f"{message}.", len(lost))
            return
        yield Finding(
            "gone",
            Verdict.WARNED,
            f"{message}, mehrere zugleich.",
            len(lost),
            examples=tuple(lost[:EXAMPLES]),
            advice="Die Seiten ansehen: Fehlen sie nur zeitweise, dem Betreiber schreiben. Bleiben "
            "sie 14 Tage lang fort, gelten diese Angebote als zurückgezogen.",
            failure=Failure.GONE.value,
        )
