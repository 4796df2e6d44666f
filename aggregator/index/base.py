"""What every read index can do: the seam between the record and an engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, Protocol

from pydantic_core import from_json

FILTERS = (
    "topics", "formats", "networks", "sources", "region", "city", "postcode", "district", "status",
    "cost", "registration", "childcare", "exclusivity", "modes", "languages", "wheelchair",
    "audience", "open",
)  # fmt: skip
"""Fields a query can filter by and count. `region` matches an offer whose region key starts with
the wanted one (a Land finds its Kreise); the others match exactly; true is "true". `open` is when
the hours that were understood say so: a weekday (mo … su), weekday, weekend, morning, afternoon,
evening, or now."""

ALWAYS_STATED = frozenset({"networks", "sources", "status"})
"""Every offer has these; of the others an offer may say nothing."""

NEAR = "near"
"""Names the circle around a place in `Hit.unstated`: the offer does not say where it is."""


class Sort(StrEnum):
    """How hits are put in order; without words `relevance` is the order of titles."""

    RELEVANCE = "relevance"
    DISTANCE = "distance"
    FRESHNESS = "freshness"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where somebody searches from. WGS 84 degrees; approximate where it is a centre."""

    lat: float
    lon: float
    label: str
    approximate: bool = True


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. Filters of one field are alternatives, fields add up."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    """Fields of FILTERS whose values are to be counted over all hits that say yes; those of a field
    that is filtered by as if it was not, so that the alternatives show."""
    offset: int = 0
    limit: int = 20
    near: Origin | None = None
    radius: float = 10.0
    """Kilometres around `near`."""
    seen_since: date | None = None
    sort: Sort = Sort.RELEVANCE
    understand: bool = True
    """Read places, days, costs and the like in the text as filters."""
    unstated: bool = True
    """After the offers that say yes to all filters, those that say nothing about some."""
    now: datetime | None = None
    """The moment of `open` "now" and of "heute"; the present if not told."""


@dataclass(frozen=True, slots=True)
class Understood:
    """Words of the text that were read as a filter."""

    parameter: str
    """A field of FILTERS, or `near`."""
    value: str
    label: str
    """What the filter is called in German."""
    words: str
    """As they were typed."""
    rest: str
    """The text without them."""


@dataclass
class Hit:
    """One offer found. Not to be changed, but not frozen either: that makes it thrice as slow."""

    score: float
    stored: bytes
    """The flat form (`aggregator.offer.Offer`) as JSON."""
    complete_until: str
    """The last day (ISO 8601) on which the stored form tells all that is shown of an offer, its
    days and its place in life; empty where it never did."""
    unstated: tuple[str, ...] = ()
    """Filters that it neither fits nor contradicts: it does not say."""
    distance: float | None = None
    """Kilometres from where is searched from."""
    approximate: bool = False
    """The distance is from or to a centre of a postcode or town."""

    @cached_property
    def offer(self) -> dict[str, Any]:
        """The stored form, read when it is needed."""
        offer: dict[str, Any] = from_json(self.stored)
        return offer

    @property
    def id(self) -> str:
        """The offer's."""
        return str(self.offer["id"])


Matched = Literal["all", "some", "similar"]


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of hits: those that say yes to every filter come first, then the unstated ones.

    `seq` is the change that the answering index had reached.
    """

    items: Sequence[Hit]
    total: int
    """Offers that say yes to every filter."""
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    seq: int = 0
    unstated: int = 0
    """Offers that contradict no filter but do not state all that is asked for."""
    understood: Sequence[Understood] = ()
    near: Origin | None = None
    """Where distances are measured from, told or understood."""
    radius: float | None = None
    """Kilometres, where a circle was searched."""
    nearest: Sequence[Hit] = ()
    """Where nothing is found in the place asked for: what there is elsewhere, the nearest first."""
    matched: Matched = "all"
    """Whether every word was found, some, or only similar ones."""


SuggestionKind = Literal["topic", "place", "title", "provider"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that begins with what was typed so far."""

    text: str
    kind: SuggestionKind
    offers: int | None
    """How many offers have it, where the index can tell."""


class Searcher(Protocol):
    """A reader of the index. Sees a commit of the writer within a second."""

    def search(self, query: Query) -> Hits:
        """Answer a query; hostile text finds nothing or something, it never raises."""

    def suggest(self, text: str, limit: int = 8) -> list[Suggestion]:
        """What somebody may be about to type."""

    def corrected(self, text: str) -> dict[str, str]:
        """For "Meinten Sie": typed word -> known word, for words that no offer has."""

    def seq(self) -> int:
        """The last change that this reader sees."""


class Writer(Protocol):
    """The one writer of an index directory."""

    def apply(self, upserts: Iterable[dict[str, Any]], deletes: Iterable[str], seq: int) -> None:
        """Replace and delete offers, then commit them together with `seq`."""
