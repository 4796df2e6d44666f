"""What changed between two releases, and how the older one becomes the newer one; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from aggregator.release.tables import Row
from aggregator.store.tables import Operation


def delta(
    before: Iterable[Row], after: Iterable[Row], merged: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The operations that make `after` of `before`, ordered by id.

    ADD carries the row, MOD the fields that differ with both values, MERGE the offer that it turned
    out to be (`merged`), DEL nothing: that offer must not be shown any more.
    """
    old, new = ({row["id"]: row for row in rows} for rows in (before, after))
    operations: list[dict[str, Any]] = []
    for identity in sorted({*old, *new}):
        if identity not in old:
            operations.append({"op": Operation.ADD, "id": identity, "row": new[identity]})
        elif identity in new:
            fields = _fields(old[identity], new[identity])
            if fields:
                operations.append({"op": Operation.MOD, "id": identity, "fields": fields})
        elif identity in merged:
            operations.append({"op": Operation.MERGE, "id": identity, "into": merged[identity]})
        else:
            operations.append({"op": Operation.DEL, "id": identity})
    return operations


def apply(before: Iterable[Row], operations: Iterable[Mapping[str, Any]]) -> list[Row]:
    """The newer release, from the older one and the delta between them, ordered by id."""
    rows = {row["id"]: dict(row) for row in before}
    for one in operations:
        match Operation(one["op"]):
            case Operation.ADD:
                rows[one["id"]] = dict(one["row"])
            case Operation.MOD:
                rows[one["id"]] |= {name: pair[1] for name, pair in one["fields"].items()}
            case Operation.DEL | Operation.MERGE:
                rows.pop(one["id"])
    return [rows[identity] for identity in sorted(rows)]


def _fields(before: Row, after: Row) -> dict[str, list[Any]]:
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if before.get(name) != value
    }
