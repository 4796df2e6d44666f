"""Published listings against what a person read: matched one to one, counted field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from opening_hours import OpeningHours, validate

from aggregator.listing import LIST_FIELDS
from crawlers.keys import slug

Row = Mapping[str, Any]
Value = str | float | list[str]
"""A JSON value of a field."""

FIELDS = (
    "page_url", "title", "provider", "street", "postcode", "city", "district", "phones", "emails",
    "urls", "topics", "formats", "hours_text", "hours_osm", "hours_qualifiers", "cost",
    "cost_amount", "registration", "childcare", "exclusivity", "modes", "languages", "wheelchair",
    "valid_from", "valid_until",
)  # fmt: skip
"""What a truth file may state and a reader may read."""
MAIN_TOPIC, MAIN_FORMAT = "main topic", "main format"
_MAIN = {MAIN_TOPIC: "topics", MAIN_FORMAT: "formats"}
_PERIOD = timedelta(weeks=13)
_LIKE = 0.5  # share of title words that two listings of one page need to have in common
_NOT_TOLD = re.compile(r"[^\w]+")
_STREET = re.compile(r"str(?:\.|asse\b)", re.IGNORECASE)


@dataclass(slots=True)
class Count:
    """How often a field was read `right`, `missing`, `invented` or `wrong`."""

    right: int = 0
    missing: int = 0
    invented: int = 0
    wrong: int = 0

    @property
    def precision(self) -> float | None:
        """The share of the published values that are right; None where none is published."""
        published = self.right + self.wrong + self.invented
        return self.right / published if published else None

    @property
    def recall(self) -> float | None:
        """The share of the true values that are published; None where there is none."""
        true = self.right + self.wrong + self.missing
        return self.right / true if true else None

    def add(self, other: Count) -> None:
        """Count what another site showed, too."""
        self.right += other.right
        self.missing += other.missing
        self.invented += other.invented
        self.wrong += other.wrong


@dataclass(frozen=True, slots=True)
class Miss:
    """A field of a listing that is not what a person reads."""

    site: str
    title: str
    field: str
    true: Any
    published: Any


@dataclass(slots=True)
class Score:
    """What a comparison of one site, or of several together, counted.

    `records` tells of whole listings: missing and invented ones. `fields` holds only fields that
    the truth states at least once: of the others nobody looked.
    """

    records: Count = field(default_factory=Count)
    fields: dict[str, Count] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Count another site's score, too."""
        self.records.add(other.records)
        for name, count in other.fields.items():
            self.fields.setdefault(name, Count()).add(count)
        self.misses += other.misses


def score(site: str, truth: Sequence[Row], published: Sequence[Row], seen_on: date) -> Score:
    """Compare the listings of one site; hours over 13 weeks from `seen_on`."""
    found = Score()
    pairs = match(truth, published)
    found.records = Count(
        right=len(pairs),
        missing=len(truth) - len(pairs),
        invented=len(published) - len(pairs),
    )
    matched = {id(true) for true, _ in pairs}, {id(got) for _, got in pairs}
    found.misses += [
        Miss(site, row["title"], "record", row["page_url"], None)
        for row in truth
        if id(row) not in matched[0]
    ]
    found.misses += [
        Miss(site, row["title"], "record", None, row["page_url"])
        for row in published
        if id(row) not in matched[1]
    ]
    judged = [name for name in FIELDS if any(_held(row, name) is not None for row in truth)]
    judged += [name for name, whole in _MAIN.items() if whole in judged]
    for name in judged:
        count = found.fields[name] = Count()
        same = _same(name, seen_on)
        for true, got in pairs:
            verdict = _judge(_held(true, name), _held(got, name), same)
            if verdict is None:
                continue
            setattr(count, verdict, getattr(count, verdict) + 1)
            if verdict != "right":
                title = str(true["title"])
                found.misses.append(Miss(site, title, name, _held(true, name), _held(got, name)))
    return found


def match(truth: Sequence[Row], published: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Pairs of true and published listings, each once, the likeliest first."""
    likely = sorted(
        (-points, i, j)
        for i, true in enumerate(truth)
        for j, got in enumerate(published)
        if (points := _likeness(true, got)) > 0
    )
    pairs: list[tuple[Row, Row]] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for _, i, j in likely:
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((truth[i], published[j]))
    return pairs


def _likeness(true: Row, got: Row) -> float:
    """How likely two rows tell of one listing; 0 where they do not."""
    titles = _titles_alike(str(true["title"]), str(got["title"]))
    page = _page(true["page_url"]) == _page(got["page_url"])
    contact = bool(
        {*(true.get("phones") or ()), *(true.get("emails") or ())}
        & {*(got.get("phones") or ()), *(got.get("emails") or ())}
    )
    dates = true.get("valid_from"), got.get("valid_from")
    if titles < _LIKE or not (page or contact or titles == 1):
        return 0.0
    known = None not in dates
    return 4 * titles + 3 * page + 2 * contact + (1 if dates[0] == dates[1] else -1) * known


@lru_cache(maxsize=65_536)
def _titles_alike(one: str, other: str) -> float:
    a, b = set(slug(one).split("-")), set(slug(other).split("-"))
    return len(a & b) / max(1, len(a | b))


def _page(url: str) -> str:
    parts = urlsplit(url)
    path = parts.path.removesuffix("index.html").rstrip("/")
    return f"{path}?{parts.query}" if parts.query else path


def _held(row: Row, name: str) -> Value | None:
    """What a row says of a field; None where it says nothing."""
    value: Value | None = row.get(_MAIN.get(name, name))
    if value in (None, "", []):
        return None
    return value[0] if name in _MAIN and isinstance(value, list) else value


def _judge(true: Value | None, got: Value | None, same: Callable[[Any, Any], bool]) -> str | None:
    if true is None:
        return None if got is None else "invented"
    if got is None:
        return "missing"
    return "right" if same(true, got) else "wrong"


def _same(name: str, seen_on: date) -> Callable[[Any, Any], bool]:
    if name == "hours_osm":
        return lambda true, got: same_hours(true, got, seen_on)
    form = _FORMS.get(name, _listed if name in LIST_FIELDS else _as_it_is)
    return lambda true, got: bool(form(true) == form(got))


def _as_it_is(value: Value) -> Value:
    return value


def _listed(values: list[str]) -> set[str]:
    return {str(value) for value in values}


def _told(text: str) -> str:
    """The words of a text alone: spaces, dashes and quotation marks are no difference."""
    return _NOT_TOLD.sub("", str(text).casefold())


def _street(text: str) -> str:
    return _told(_STREET.sub("straße", text))


def _address(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/").casefold()


_FORMS: Mapping[str, Callable[[Any], Any]] = {
    "page_url": _page,
    "street": _street,
    "urls": lambda urls: {_address(url) for url in urls},
    **dict.fromkeys(("title", "provider", "hours_text", "city", "district"), _told),
}
"""How values of a field are compared where not as they are."""


@lru_cache(maxsize=4096)
def same_hours(one: str, other: str, seen_on: date) -> bool:
    """Whether two OSM opening_hours values are open in the same intervals over 13 weeks."""
    return one == other or (
        validate(one) and validate(other) and intervals(one, seen_on) == intervals(other, seen_on)
    )


def intervals(osm: str, seen_on: date) -> list[tuple[datetime, datetime, str]]:
    """When a value is open, from the Monday before `seen_on` on, adjacent spans joined."""
    start = datetime.combine(seen_on - timedelta(days=seen_on.weekday()), datetime.min.time())
    end = start + _PERIOD
    spans: list[tuple[datetime, datetime, str]] = []
    for begin, close, state, _ in OpeningHours(osm).intervals(start, end):
        if str(state) == "closed":
            continue
        if spans and spans[-1][1] == begin and spans[-1][2] == str(state):
            spans[-1] = (spans[-1][0], close, str(state))
        else:
            spans.append((begin, close, str(state)))
    return spans


def leaks(truth: Iterable[Row], published: str) -> list[str]:
    """Words that must never be published and stand in `published` all the same."""
    return sorted({word for row in truth for word in row.get("withheld", ()) if word in published})
