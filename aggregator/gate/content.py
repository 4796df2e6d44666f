"""Checks on what the listings say: are the usual fields there, is each contact its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from aggregator.gate.counting import FEW
from aggregator.gate.finding import EXAMPLES, Blank, Finding, passed
from aggregator.store.tables import Verdict
from crawlers.failure import Failure

SHARED_SHARE = 0.10
_USED = 0.5
"""A field that fewer listings have is no measure of a layout: it comes and goes with them."""
_LOST = 0.5
"""A field that was full and is less than half as full has lost its place on the page."""
_MEASURED = ("description", "street", "phones", "emails", "urls", "hours_text", "provider")
"""Fields whose loss tells of a layout; the others are readings of these."""
_ROWS = 5
"""Of fewer listings no share says anything."""


@dataclass(slots=True)
class FillRates(Blank):
    """Fields are as full as declared, and as they were in the last published runs."""

    rows: int = 0
    filled: Counter[str] = field(default_factory=Counter)

    def listing(self, listing_id: str, values: Mapping[str, Any]) -> None:
        """Count filled fields."""
        self.rows += 1
        self.filled.update(name for name, value in values.items() if value not in (None, [], ""))

    def rates(self) -> dict[str, float]:
        """The share of listings that have a field, by field."""
        return {name: round(n / self.rows, 4) for name, n in sorted(self.filled.items())}

    def finish(self) -> Iterable[Finding]:
        """A field that was full and no longer is tells of a changed layout."""
        objections = [*self._declared(), *self._usual()] if self.rows else []
        if not objections:
            measured = [self.filled[name] / self.rows for name in _MEASURED] if self.rows else [0.0]
            yield passed("fill", "Die Felder sind gefüllt wie sonst.", max(measured))
        yield from objections

    def _declared(self) -> Iterable[Finding]:
        for name, low in self.facts.source.expect.fill.items():
            share = self.filled[name] / self.rows
            if share < low:
                yield self._lost(name, share, low, f"deklariert sind {low:.0%}")

    def _usual(self) -> Iterable[Finding]:
        fills = self.facts.fills
        if self.rows < _ROWS or not fills:
            return
        for name in _MEASURED:
            if name in self.facts.source.expect.fill:
                continue
            usual, share = median(f.get(name, 0.0) for f in fills), self.filled[name] / self.rows
            if usual >= _USED and share < usual * _LOST:
                yield self._lost(name, share, usual * _LOST, f"sonst {usual:.0%}")

    def _lost(self, name: str, share: float, low: float, why: str) -> Finding:
        return Finding(
            "fill",
            Verdict.QUARANTINED,
            f"{name} ist nur bei {share:.0%} der Angebote gefüllt ({why}).",
            share,
            low,
            advice="Auf der Seite nachsehen, ob die Angabe noch dasteht. Fehlt sie wirklich, den "
            "Lauf mit `netzlotse accept` annehmen; sonst hat sich ihr Aufbau geändert.",
            failure=Failure.SITE_CHANGED.value,
        )


@dataclass(slots=True)
class SharedContact(Blank):
    """No one phone number or address stands on suspiciously many rows (the office's own)."""

    rows: int = 0
    uses: Counter[str] = field(default_factory=Counter)

    def listing(self, listing_id: str, values: Mapping[str, Any]) -> None:
        """Count who is named how often."""
        self.rows += 1
        self.uses.update({*values.get("phones", ()), *values.get("emails", ())})

    def finish(self) -> Iterable[Finding]:
        """Warn: it may be right, as where one association offers most of what is listed."""
        suspicious = [
            (contact, count)
            for contact, count in self.uses.most_common(EXAMPLES)
            if count / self.rows >= SHARED_SHARE and count > max(FEW, _ROWS)
        ]
        if not suspicious:
            rows, most = max(1, self.rows), max(self.uses.values(), default=0)
            low = max(SHARED_SHARE, (max(FEW, _ROWS) + 1) / rows)  # of few rows, so many at least
            message = f"Kein Kontakt steht bei mehr als {most} von {self.rows} Angeboten."
            yield passed("shared_contact", message, most / rows, low)
            return
        contact, count = suspicious[0]
        yield Finding(
            "shared_contact",
            Verdict.WARNED,
            f"{contact} steht bei {count} von {self.rows} Angeboten; ist das die Geschäftsstelle?",
            count / self.rows,
            SHARED_SHARE,
            tuple(one for one, _ in suspicious),
            "Auf zwei, drei Angeboten nachsehen, ob der Kontakt zu ihnen gehört.",
        )
