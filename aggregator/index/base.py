"""What every read index can do: the seam between the record and an engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

FILTERS = (
    "topics", "formats", "networks", "sources", "region", "postcode", "district", "status", "cost",
    "registration", "childcare", "exclusivity", "modes", "languages", "wheelchair", "audience",
)  # fmt: skip
"""Fields a query can filter by and count. `region` matches an offer whose region key starts with
the wanted one (a Land finds its Kreise); the others match exactly; true is "true"."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. Filters of one field are alternatives, fields add up."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    """Fields of FILTERS whose values are to be counted over all hits."""
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One offer found; `offer` is the stored flat form (`aggregator.offer.Offer`)."""

    id: str
    score: float
    offer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of hits. `seq` is the change that the answering index had reached."""

    items: Sequence[Hit]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    seq: int = 0


class Searcher(Protocol):
    """A reader of the index. Sees a commit of the writer within a second."""

    def search(self, query: Query) -> Hits:
        """Answer a query; hostile text finds nothing or something, it never raises."""

    def seq(self) -> int:
        """The last change that this reader sees."""


class Writer(Protocol):
    """The one writer of an index directory."""

    def apply(self, upserts: Iterable[dict[str, Any]], deletes: Iterable[str], seq: int) -> None:
        """Replace and delete offers, then commit them together with `seq`."""
