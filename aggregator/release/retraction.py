"""What has to go out of a release after it was published, row by row; pure.

Rules are the suppression list's (`aggregator.suppression`): numbers and addresses vanish wherever
they stand, a listing with all that only it said. Where an offer was told by several listings it
stays with what the others say.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aggregator.release.codebook import Kind as Holds
from aggregator.release.codebook import Missing, layouts
from aggregator.release.tables import Row, explained, summary
from aggregator.suppression import MARK, Kind, Suppressions

_OURS = frozenset({
    "id", "url", "title", "summary", "status", "lifecycle", "first_seen", "last_seen",
    "last_confirmed", "organization_id", "location_id", "networks", "sources", "pages", "listings",
    "missing",
})  # fmt: skip
"""Columns of an offer that no single statement fills."""
_CONTACTS = {"phones": Kind.PHONE, "emails": Kind.EMAIL}


@dataclass(slots=True)
class Retraction:
    """One release seen with the list in hand."""

    listed: Suppressions
    networks: Mapping[str, str | None]
    """Source -> its network."""
    others: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    """What the remaining listings of an offer say, for offers that lost one."""
    known: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Suppressed numbers by the offer that states them: its texts may give them shortened."""

    pages: set[str] = field(default_factory=set)
    """Pages of withdrawn listings that no other tells from."""

    def learn(self, evidence: Iterable[Row]) -> None:
        """Read what offers are made of; to be done before any row is asked for."""
        kept: set[str] = set()
        for row in evidence:
            if self._withdrawn(row["listing"]):
                self.pages.add(row["page_url"])
                self.others.setdefault(row["offer"], [])
                continue
            kept.add(row["page_url"])
            if self.listed.states(row["field"], row["value"]):
                self.known[row["offer"]].add(str(row["value"]))
        self.pages -= {*kept, None}

    def learn_others(self, evidence: Iterable[Row]) -> None:
        """Read again what the others say, where an offer lost a listing."""
        for row in evidence:
            if row["offer"] in self.others and (kept := self.evidence(row)):
                self.others[row["offer"]].append(kept)

    def row(self, table: str, row: Row) -> Row | None:
        """A row as it may stand; None: not at all."""
        if table == "offers":
            return self.offer(row)
        if table == "evidence":
            return self.evidence(row)
        if table == "profile" and row["page"] in self.pages:
            row = {**row, "quote": None, "page": None}
            return explained(table, row, dict.fromkeys(("page", "quote"), Missing.SUPPRESSED))
        return {name: self.listed.redacted_value(value) for name, value in row.items()}

    def offer(self, row: Row) -> Row | None:
        """An offer without what is suppressed."""
        kept = [one for one in row["listings"] if not self._withdrawn(one)]
        if row["listings"] and not kept:
            return None
        after = row if len(kept) == len(row["listings"]) else self._torn(row, kept)
        numbers = {n for n in row["phones"] if self.listed.holds(Kind.PHONE, n)}
        return self._cleaned("offers", row, after, numbers | self.known.get(row["id"], set()))

    def evidence(self, row: Row) -> Row | None:
        """A statement without what is suppressed."""
        if self._withdrawn(row["listing"]) or self.listed.states(row["field"], row["value"]):
            return None
        return self._cleaned("evidence", row, row, self.known.get(row["offer"], set()))

    def _withdrawn(self, listing: str) -> bool:
        return self.listed.holds(Kind.LISTING, listing)

    def _cleaned(self, table: str, before: Row, row: Row, known: set[str]) -> Row:
        after = dict(row)
        for name, value in row.items():
            kind = _CONTACTS.get(name) if table == "offers" else None
            if kind and isinstance(value, list):
                after[name] = [one for one in value if not self.listed.holds(kind, one.lower())]
            elif name != "missing":
                after[name] = self.listed.redacted_value(value, known)
        if after == before:
            return before
        why = dict(one.rpartition(":")[::2] for one in before["missing"])
        for name, value in after.items():
            if value in (None, []) and before[name] not in (None, []):
                why.setdefault(name, Missing.SUPPRESSED)
        return explained(table, after, why)

    def _torn(self, row: Row, kept: list[str]) -> Row:
        """An offer as the listings that are left tell of it."""
        said: defaultdict[str, list[str]] = defaultdict(list)
        for one in self.others[row["id"]]:
            if one["value"] is not None:
                said[one["field"]].append(one["value"])
        after: Row = {"listings": kept}
        for column in layouts()["offers"].columns:
            value = row[column.name]
            if column.name in _OURS:
                after.setdefault(column.name, value)
            elif column.kind is Holds.LIST:
                after[column.name] = [one for one in value if _text(one) in said[column.name]]
            else:
                after[column.name] = value if _text(value) in said[column.name] else None
        if row["title"] not in said["title"]:
            after["title"] = next(iter(said["title"]), MARK)
        if not (after["street"] or after["city"]):
            after["location_id"] = None
        if not after["provider"]:
            after["organization_id"] = None
        sources = {one["source"] for one in self.others[row["id"]]}
        pages = {one["page_url"] for one in self.others[row["id"]]}
        after["sources"] = [one for one in row["sources"] if one in sources]
        told = {self.networks.get(one) for one in after["sources"]}
        after["networks"] = [one for one in row["networks"] if one in told]
        after["pages"] = [one for one in row["pages"] if one in pages]
        after["summary"] = summary(after)
        return after


def _text(value: Any) -> str:  # noqa: ANN401 - any value of a row
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
