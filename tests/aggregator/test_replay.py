"""The difference between what is published and what other rules would publish."""

from __future__ import annotations

from typing import Any

from aggregator.replay import Item, compare


def listing(identity: str, **fields: Any) -> dict[str, Any]:
    return {"id": identity, "title": identity.upper(), "page_url": "https://netz.example/"} | fields


def test_alike_is_no_difference() -> None:
    assert not compare({"a": listing("a", phones=["1"])}, [listing("a", phones=["1"])])


def test_added_lost_and_changed_field_by_field() -> None:
    before = {"a": listing("a", phones=["1"], cost=None), "b": listing("b")}
    found = compare(before, [listing("c"), listing("a", phones=["1", "2"], cost="free")])
    assert found.added == [Item("c", "C", "https://netz.example/")]
    assert found.lost == [Item("b", "B", "https://netz.example/")]
    (changed,) = found.changed
    assert changed.fields == {"cost": (None, "free"), "phones": (["1"], ["1", "2"])}


def test_the_order_does_not_depend_on_that_of_the_pages() -> None:
    documents = [listing("b"), listing("a"), listing("c", page_url="https://netz.example/0")]
    assert compare({}, documents) == compare({}, reversed(documents))
