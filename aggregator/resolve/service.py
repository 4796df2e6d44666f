"""Whether two listings name one service: title, topic, kind, hours."""

from __future__ import annotations

from aggregator.resolve.ages import Ages
from aggregator.resolve.evidence import Evidence
from aggregator.resolve.lexicon import lexicon
from aggregator.resolve.profile import Profile
from aggregator.resolve.schedule import Schedule

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


def contradiction(left: Profile, right: Profile) -> str:
    """What rules a pair out: dates, and words that exclude each other. "" for nothing."""
    if left.valid_from and right.valid_from and left.valid_from != right.valid_from:
        return f"two dates: {min(left.valid_from, right.valid_from)}, " + str(
            max(left.valid_from, right.valid_from)
        )
    a, b = left.hours, right.hours
    if a and b and a.dated and b.dated and a.days.isdisjoint(b.days):
        return "two dates: " + ", ".join(sorted((_text(a), _text(b))))
    one, other = left.title, right.title
    if one.ages and other.ages and not one.ages.likeness(other.ages):
        return "two ages: " + ", ".join(sorted(map(_months, (one.ages, other.ages))))
    if one.counted and other.counted and one.counted.isdisjoint(other.counted):
        return "two numbers: " + ", ".join(sorted((*one.counted, *other.counted)))
    if one.readings and other.readings:
        for axis, readings in one.readings.items():
            if axis in other.readings and readings.isdisjoint(other.readings[axis]):
                return "words that exclude each other: " + ", ".join(
                    sorted((*readings, *other.readings[axis]))
                )
    return ""


def _months(span: Ages) -> str:
    return f"{span.start:.0f} to {span.end:.0f} months"


def _text(hours: Schedule) -> str:
    return "; ".join(sorted(" ".join(slot).strip() for slot in hours.slots))


def evidence(left: Profile, right: Profile) -> list[Evidence]:
    """What the two agree and differ in, beside their titles."""
    found = (
        _topics(left, right),
        _formats(left, right),
        _hours(left, right),
        _weekday(left, right) or _weekday(right, left),
        _date(left, right),
        _cost(left, right),
        _modes(left, right),
        _languages(left, right),
    )
    return [one for one in found if one]


def _topics(left: Profile, right: Profile) -> Evidence | None:
    a, b = left.topics, right.topics
    if not a or not b:
        return None
    if len(a) > 1 and set(a) == set(b):
        return Evidence(1.5, "the same topics")
    if a[0] == b[0]:
        return Evidence(1.0, "one main topic")
    if any(topic in b for topic in a):
        return Evidence(0.5, "a topic in common")
    return Evidence(-2.5, "no topic in common")


def _formats(left: Profile, right: Profile) -> Evidence | None:
    a, b = left.formats, right.formats
    if not a or not b:
        return None
    if any(one in b for one in a):
        return Evidence(1.0, "one kind of offer")
    if any(frozenset((one, other)) in _NEIGHBOURS for one in a for other in b):
        return Evidence(-1.0, "kinds of offer that are near each other")
    return Evidence(-4.0, "two kinds of offer")


_MEETING = frozenset(("group", "course", "event"))


def _hours(left: Profile, right: Profile) -> Evidence | None:
    a, b = left.hours, right.hours
    if not a or not b:
        return None
    if a.slots == b.slots:
        if a.usual:
            return Evidence(1.5, "the same office hours")
        return Evidence(3.0, "the same hours")
    return _other_hours(left, right, a, b)


def _is_meeting(one: Profile) -> bool:
    """Say whether people meet at a set time: by its kind or, where none is known, by its title."""
    if one.formats:
        return not _MEETING.isdisjoint(one.formats)
    return not lexicon().meeting.isdisjoint(one.title.plain)


def _other_hours(left: Profile, right: Profile, a: Schedule, b: Schedule) -> Evidence:
    shared = len(a.slots & b.slots)
    if 2 * shared >= min(len(a.slots), len(b.slots)):
        return Evidence(1.0, "hours in common")
    if a.days & b.days:
        return Evidence(-0.5, "other hours on the same days")
    if _is_meeting(left) and _is_meeting(right):
        # A house has a Monday and a Thursday group of one name; nobody holds one group twice.
        return Evidence(-5.0, "meetings on other days")
    return Evidence(-2.5, "other days")


def _weekday(named: Profile, other: Profile) -> Evidence | None:
    """The weekday in one title against the hours of the other listing."""
    days = named.title.readings.get("weekday")
    if not days or not other.hours or named.hours:
        return None
    held = {day[:2] for day in other.hours.days}
    if not held <= set(_DAYS):
        return None
    if days & held:
        return Evidence(1.5, "held on the day that the other title names")
    return Evidence(-4.0, "held on another day than the other title names")


def _date(left: Profile, right: Profile) -> Evidence | None:
    if left.valid_from and left.valid_from == right.valid_from:
        return Evidence(2.0, "one date")
    return None


_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def _cost(left: Profile, right: Profile) -> Evidence | None:
    if left.cost_amount and right.cost_amount:
        if left.cost_amount == right.cost_amount:
            return Evidence(1.0, "the same price")
        return Evidence(-0.5, "another price")
    if left.cost and right.cost and left.cost != right.cost:
        return Evidence(-0.5, "free and paid")
    return None


def _modes(left: Profile, right: Profile) -> Evidence | None:
    if left.modes and right.modes and set(left.modes).isdisjoint(right.modes):
        return Evidence(-1.5, "reached in other ways")
    return None


def _languages(left: Profile, right: Profile) -> Evidence | None:
    if len(left.languages) > 1 and set(left.languages) == set(right.languages):
        return Evidence(1.0, "the same languages")
    return None
