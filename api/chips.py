"""The filters of a search as a reader sees them: chips to remove, choices to make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import URL

from aggregator.index.base import NEAR, Sort, Understood
from aggregator.index.directory import LiveSearcher
from aggregator.index.opening import DAYS
from aggregator.listing import Format
from aggregator.network import Network
from aggregator.vocabulary.facets import LABELS
from aggregator.vocabulary.regions import ancestors
from aggregator.vocabulary.topics import TOPICS
from api.filters import FIELDS, MAX_TEXT, OfferFilters
from api.problems import invalid
from api.wording import Wording, message

_PLAIN = (
    ("childcare", "true"),
    ("registration", "none"),
    ("cost", "free"),
    ("exclusivity", "only"),
    ("wheelchair", "true"),
    ("mode", "phone"),
    ("mode", "online"),
    ("status", "all"),
)
"""What can be ticked on its own."""
_NAMED = frozenset({"network", "source"})
_OPEN = ("now", "weekend", "evening", "morning", "afternoon", *DAYS)
_SORTS = {
    Sort.RELEVANCE: message("was am besten passt"),
    Sort.DISTANCE: message("was am nächsten liegt"),
    Sort.FRESHNESS: message("was zuletzt gesehen wurde"),
}
_RADII = (2, 5, 10, 25, 50, 100)
_IN_FORM = frozenset({
    "topic", "region", "network", "format", "open", *(name for name, _ in _PLAIN)
})  # fmt: skip
_OTHERS = ("near", "radius", "seen_since", "sort", "understand", "unstated")
"""Parameters that are no filter by value."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, and the address without it."""

    label: str
    href: str
    words: str = ""
    """The words of the question that said so; "" where it was chosen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that can be set. `count` is None where it cannot be told from this answer."""

    parameter: str
    value: str
    label: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """All that the form offers."""

    topics: Sequence[Choice]
    regions: Sequence[Choice]
    networks: Sequence[Choice]
    formats: Sequence[Choice]
    open: Sequence[Choice]
    sorts: Sequence[Choice]
    radii: Sequence[Choice]
    plain: Sequence[Choice]
    hidden: Sequence[Choice]
    """Filters that are set and have no place in the form; they are kept."""


FACETS = (
    "topics", "formats", "networks", "region", "cost", "registration", "childcare", "exclusivity",
    "wheelchair", "modes", "open",
)  # fmt: skip
"""What a page has counted for its choices."""


def asked(request: Request) -> OfferFilters:
    """The question in a page's address: empty fields are unset, foreign parameters ignored.

    Raises Problem (422) for a value that no filter has: nothing is dropped silently.
    """
    given: dict[str, str | list[str]] = {}
    for name in FIELDS:
        if values := [v for v in request.query_params.getlist(name) if v]:
            given[name] = values
    for name in _OTHERS:
        if value := request.query_params.get(name):
            given[name] = value
    given["q"] = " ".join(request.query_params.get("q", "").split())
    try:
        return OfferFilters.model_validate(given)
    except ValidationError as error:
        raise invalid(error.errors()) from error


def asked_here(request: Request, searcher: LiveSearcher) -> tuple[OfferFilters, str]:
    """The question in a page's address, and the words of a place that nobody here knows.

    Nobody is sent away for such a place: it may stand in an offer, so its words are looked for.
    """
    filters = asked(request)
    if not filters.near or searcher.place(filters.near) is not None:
        return filters, ""
    words = f"{filters.q} {filters.near}".strip()[:MAX_TEXT]
    return filters.model_copy(update={"q": words, "near": ""}), filters.near


def chips(
    request: Request,
    filters: OfferFilters,
    names: Mapping[str, str],
    understood: Sequence[Understood],
    say: Wording,
) -> list[Chip]:
    """A chip for every value that is set, and for what was read in the words.

    Taking away what was read takes the words that said so out of the question.
    """
    found = [
        Chip(
            names.get(word, word) if name in _NAMED else say.value(FIELDS[name], word),
            _without(request.url, name, word),
        )
        for name, words in filters.chosen().items()
        for word in words
    ]
    if filters.near:
        around = say.words(
            "%(distance)s km um %(place)s", distance=say.number(filters.radius), place=filters.near
        )
        found.append(Chip(around, _without(request.url, "near", filters.near)))
    if filters.seen_since:
        day = filters.seen_since
        away = _without(request.url, "seen_since", day.isoformat())
        found.append(Chip(say.words("gesehen seit %(day)s", day=say.day(day)), away))
    for one in understood:
        plain = str(request.url.remove_query_params("cursor").include_query_params(q=one.rest))
        label = (
            say.words("um %(place)s", place=one.label) if one.parameter == NEAR else _read(one, say)
        )
        found.append(Chip(label, plain, one.words))
    return found


def choices(
    filters: OfferFilters,
    networks: Sequence[Network],
    facets: Mapping[str, Mapping[str, int]],
    say: Wording,
) -> Choices:
    """What the form offers, with the number of hits where this answer tells it."""

    def choice(parameter: str, value: str, label: str | None = None) -> Choice:
        chosen: list[str] = getattr(filters, parameter)
        field = FIELDS[parameter]
        # Within a filter that is set the others' counts are of this answer, not of their own.
        known = field in FACETS and field != "region" and not chosen
        return Choice(
            parameter,
            value,
            label or say.value(field, value),
            value in chosen,
            facets.get(field, {}).get(value, 0) if known else None,
        )

    found = {*facets.get("region", {}), *filters.region}
    keys = sorted(found | {a for key in found for a in ancestors(key) if a.isdigit()})
    return Choices(
        topics=[choice("topic", code) for code in TOPICS],
        regions=[choice("region", key, _indented(key, say)) for key in keys],
        networks=[choice("network", n.id, n.name) for n in networks],
        formats=[choice("format", code) for code in get_args(Format)],
        open=[choice("open", code) for code in _OPEN],
        sorts=[
            Choice("sort", one, say.words(text), filters.sort is one)
            for one, text in _SORTS.items()
        ],
        radii=[
            Choice(
                "radius",
                str(km),
                say.words("%(number)s km", number=say.number(km)),
                filters.radius == km,
            )
            for km in sorted({*_RADII, filters.radius})
        ],
        plain=[choice(name, word) for name, word in _PLAIN],
        hidden=[
            choice(name, word)
            for name, words in filters.chosen().items()
            if name not in _IN_FORM
            for word in words
        ]
        + [
            Choice(name, str(value).lower(), "", chosen=True)
            for name, value in (
                ("seen_since", filters.seen_since),
                ("understand", None if filters.understand else False),
                ("unstated", "exclude" if filters.unstated == "exclude" else None),
            )
            if value is not None
        ],
    )


def _read(one: Understood, say: Wording) -> str:
    """What was read from the words, called as a choice of it would be."""
    if one.parameter in LABELS or one.parameter == "topics":
        return say.value(one.parameter, one.value)
    return one.label


def _indented(key: str, say: Wording) -> str:
    inside = len([a for a in ancestors(key) if a.isdigit()])
    return "\u2003" * inside + say.value("region", key)


def _without(url: URL, parameter: str, word: str) -> str:
    pairs = [
        (name, value)
        for name, value in parse_qsl(url.query)
        if (name, value) != (parameter, word) and name != "cursor"
    ]
    return f"{url.path}?{urlencode(pairs)}" if pairs else url.path
