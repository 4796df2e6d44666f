"""What reading archived pages by today's rules would change of what is published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """A listing that would come or go."""

    id: str
    title: str
    page_url: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A listing that would say something else: {field: (before, after)}."""

    id: str
    title: str
    page_url: str
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """All that would change of a source's listings; empty where the rules read them alike."""

    added: list[Item] = field(default_factory=list)
    lost: list[Item] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.lost or self.changed)


def compare(
    before: Mapping[str, Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> Difference:
    """Compare published documents (`aggregator.listing.Listing` as JSON), by id, with new ones."""
    difference = Difference()
    seen: set[str] = set()
    for document in sorted(after, key=_place):
        seen.add(document["id"])
        old = before.get(document["id"])
        if old is None:
            difference.added.append(_item(document))
        elif fields := changed_fields(old, document):
            item = _item(document)
            difference.changed.append(Changed(item.id, item.title, item.page_url, fields))
    gone = (document for key, document in before.items() if key not in seen)
    difference.lost.extend(_item(document) for document in sorted(gone, key=_place))
    return difference


def changed_fields(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """The fields of two documents that differ, with both values, in order of their names."""
    return {
        name: (before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def _place(document: Mapping[str, Any]) -> tuple[str, str, str]:
    return (document["page_url"], document["title"], document["id"])


def _item(document: Mapping[str, Any]) -> Item:
    return Item(document["id"], document["title"], document["page_url"])
