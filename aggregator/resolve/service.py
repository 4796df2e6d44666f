"""Whether two listings name one service: title, topic, kind, hours."""

from __future__ import annotations

from aggregator.listing import Listing
from aggregator.resolve.evidence import Evidence
from aggregator.resolve.naming import title
from aggregator.resolve.schedule import schedule

_NEIGHBOURS = frozenset(
    frozenset(pair)
    for pair in (
        ("group", "event"),
        ("group", "course"),
        ("course", "event"),
        ("advice", "information"),
        ("benefit", "information"),
        ("advice", "benefit"),
        ("care", "benefit"),
    )
)
"""Kinds of offer that sites and readers mix up."""


def contradiction(left: Listing, right: Listing) -> str:
    """What rules a pair out: dates, and words that exclude each other. "" for nothing."""
    if left.valid_from and right.valid_from and left.valid_from != right.valid_from:
        return f"two dates: {min(left.valid_from, right.valid_from)}, " + str(
            max(left.valid_from, right.valid_from)
        )
    if left.hours_osm and right.hours_osm:
        a, b = schedule(left.hours_osm), schedule(right.hours_osm)
        if a.dated and b.dated and a.days.isdisjoint(b.days):
            return "two dates: " + ", ".join(sorted((left.hours_osm, right.hours_osm)))
    one, other = title(left.title), title(right.title)
    if one.counted and other.counted and one.counted.isdisjoint(other.counted):
        return "two numbers: " + ", ".join(sorted((*one.counted, *other.counted)))
    for axis, readings in one.readings.items():
        if axis in other.readings and readings.isdisjoint(other.readings[axis]):
            return "words that exclude each other: " + ", ".join(
                sorted((*readings, *other.readings[axis]))
            )
    return ""


def evidence(left: Listing, right: Listing) -> list[Evidence]:
    """What the two agree and differ in, beside their titles."""
    found = (
        _topics(left, right),
        _formats(left, right),
        _hours(left, right),
        _cost(left, right),
        _modes(left, right),
        _languages(left, right),
    )
    return [one for one in found if one]


def _topics(left: Listing, right: Listing) -> Evidence | None:
    if not left.topics or not right.topics:
        return None
    if len(left.topics) > 1 and set(left.topics) == set(right.topics):
        return Evidence(1.5, "the same topics")
    if left.topics[0] == right.topics[0]:
        return Evidence(1.0, "one main topic")
    if set(left.topics).isdisjoint(right.topics):
        return Evidence(-2.5, "no topic in common")
    return Evidence(0.5, "a topic in common")


def _formats(left: Listing, right: Listing) -> Evidence | None:
    if not left.formats or not right.formats:
        return None
    if not set(left.formats).isdisjoint(right.formats):
        return Evidence(1.0, "one kind of offer")
    if any(frozenset((a, b)) in _NEIGHBOURS for a in left.formats for b in right.formats):
        return Evidence(-1.0, "kinds of offer that are near each other")
    return Evidence(-4.0, "two kinds of offer")


def _hours(left: Listing, right: Listing) -> Evidence | None:
    if not left.hours_osm or not right.hours_osm:
        return None
    a, b = schedule(left.hours_osm), schedule(right.hours_osm)
    if a.slots == b.slots:
        if a.usual:
            return Evidence(1.5, "the same office hours")
        return Evidence(3.0, "the same hours")
    shared = len(a.slots & b.slots)
    if 2 * shared >= min(len(a.slots), len(b.slots)):
        return Evidence(1.0, "hours in common")
    if a.days & b.days:
        return Evidence(-0.5, "other hours on the same days")
    return Evidence(-2.5, "other days")


def _cost(left: Listing, right: Listing) -> Evidence | None:
    if left.cost_amount and right.cost_amount:
        if left.cost_amount == right.cost_amount:
            return Evidence(1.0, "the same price")
        return Evidence(-0.5, "another price")
    if left.cost and right.cost and left.cost != right.cost:
        return Evidence(-0.5, "free and paid")
    return None


def _modes(left: Listing, right: Listing) -> Evidence | None:
    if left.modes and right.modes and set(left.modes).isdisjoint(right.modes):
        return Evidence(-1.5, "reached in other ways")
    return None


def _languages(left: Listing, right: Listing) -> Evidence | None:
    if len(left.languages) > 1 and set(left.languages) == set(right.languages):
        return Evidence(1.0, "the same languages")
    return None
