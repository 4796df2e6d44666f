"""What changed between two releases, and how the older one becomes the newer one; pure.

Rows come ordered by id, and so do operations: neither release has to be in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aggregator.release.tables import Row
from aggregator.store.tables import Operation


class DeltaError(Exception):
    """A delta does not fit what it is applied to; the message says where they part."""


def delta(
    before: Iterable[Row], after: Iterable[Row], merged: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """The operations that make `after` of `before`, ordered by id.

    ADD carries the row, MOD the fields that differ with both values, MERGE the offer that it turned
    out to be (`merged`), DEL nothing: that offer must not be shown any more.
    """
    for identity, old, new in _pairs(before, after):
        if new is None:
            if identity in merged:
                yield {"op": Operation.MERGE, "id": identity, "into": merged[identity]}
            else:
                yield {"op": Operation.DEL, "id": identity}
        elif old is None:
            yield {"op": Operation.ADD, "id": identity, "row": new}
        elif fields := _fields(old, new):
            yield {"op": Operation.MOD, "id": identity, "fields": fields}


def apply(before: Iterable[Row], operations: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """The newer release, from the older one and the delta between them, ordered by id.

    Raises DeltaError where the delta was made from something else.
    """
    for identity, row, operation in _pairs(before, operations):
        if operation is None:
            assert row is not None  # noqa: S101 - one of the two is there
            yield row
            continue
        kind = Operation(operation["op"])
        if (kind is Operation.ADD) is not (row is None):
            there = "is there already" if row else "is not there"
            raise DeltaError(f"{kind} {identity}: the offer {there}: another delta is needed")
        if kind is Operation.ADD:
            yield dict(operation["row"])
        elif kind is Operation.MOD and row is not None:
            for name, (old, _) in operation["fields"].items():
                if row.get(name) != old:
                    raise DeltaError(f"MOD {identity}: {name} is not what the delta changes")
            yield {**row, **{name: pair[1] for name, pair in operation["fields"].items()}}


def _pairs(
    left: Iterable[Mapping[str, Any]], right: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, Any, Any]]:
    """Both in step by id: (id, of the left, of the right), None where one has nothing."""
    lefts, rights = iter(left), iter(right)
    one, other = next(lefts, None), next(rights, None)
    while one is not None or other is not None:
        key = min(str(item["id"]) for item in (one, other) if item is not None)
        here = one if one is not None and one["id"] == key else None
        there = other if other is not None and other["id"] == key else None
        yield key, here, there
        one = next(lefts, None) if here is not None else one
        other = next(rights, None) if there is not None else other


def _fields(before: Row, after: Row) -> dict[str, list[Any]]:
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if before.get(name) != value
    }
