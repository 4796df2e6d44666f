"""What can be asked of the offers: the parameters, and the index query they make."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from aggregator.index.base import FILTERS, Query
from aggregator.listing import Format, Mode, Status, Topic
from aggregator.vocabulary.regions import COUNTRY

MAX_TEXT = 500  # characters; a longer question is no question
DEEPEST = 100_000  # offers that can be paged through; more are read from the export
PUBLISHED = (Status.ACTIVE.value, Status.TEMPORARILY_CLOSED.value)
"""What is shown unless `status` asks for more."""

Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]
YesNo = Literal["true", "false"]
StatusWord = Literal["active", "inactive", "defunct", "temporarily closed", "all"]

FIELDS = {
    "topic": "topics", "format": "formats", "network": "networks", "source": "sources",
    "region": "region", "postcode": "postcode", "district": "district", "status": "status",
    "cost": "cost", "registration": "registration", "childcare": "childcare",
    "exclusivity": "exclusivity", "mode": "modes", "language": "languages",
    "wheelchair": "wheelchair", "audience": "audience",
}  # fmt: skip
"""Parameter -> field of `aggregator.index.base.FILTERS`."""


class OfferFilters(BaseModel):
    """A question. Values of one filter are alternatives, filters add up; all may be repeated."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", max_length=MAX_TEXT, description="Words to look for.", examples=["Schulden"])
    topic: list[Topic] = Field([], max_length=20)
    format: list[Format] = Field([], max_length=20)
    network: list[Word] = Field([], max_length=50, examples=[["pankow"]])
    source: list[Word] = Field([], max_length=50)
    region: list[Annotated[str, StringConstraints(pattern=r"^(DE|[0-9]{2,12})$")]] = Field(
        [], max_length=50, description="Official keys: a Land finds its Kreise.", examples=[["11"]]
    )
    postcode: list[Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]] = Field(
        [], max_length=50
    )
    district: list[Word] = Field([], max_length=50)
    status: list[StatusWord] = Field(
        [], max_length=5, description="Default: active and temporarily closed; `all` lifts it."
    )
    cost: list[Literal["free", "paid"]] = Field([], max_length=2)
    registration: list[Literal["required", "none"]] = Field([], max_length=2)
    childcare: list[YesNo] = Field([], max_length=2)
    exclusivity: list[Literal["only", "also"]] = Field([], max_length=2)
    mode: list[Mode] = Field([], max_length=10)
    language: list[Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]] = Field(
        [], max_length=20, description="ISO 639-1."
    )
    wheelchair: list[YesNo] = Field([], max_length=2)
    audience: list[Word] = Field([], max_length=20)

    def query(self, facets: tuple[str, ...] = (), offset: int = 0, limit: int = 20) -> Query:
        """What the index is asked."""
        filters: dict[str, tuple[str, ...]] = {}
        for parameter, name in FIELDS.items():
            values = tuple(dict.fromkeys(getattr(self, parameter)))
            # Every region lies in the country.
            if values and not (parameter == "region" and COUNTRY in values):
                filters[name] = values
        if "all" in filters.get("status", ()):
            del filters["status"]
        elif "status" not in filters:
            filters["status"] = PUBLISHED
        return Query(self.q.strip(), filters, facets, offset, limit)

    def chosen(self) -> dict[str, list[str]]:
        """The filters that are set, without the words."""
        return {name: getattr(self, name) for name in FIELDS if getattr(self, name)}


class OfferQuestion(OfferFilters):
    """The parameters of `/api/v1/offers`."""

    facets: str = Field(
        "",
        max_length=300,
        description=f"Fields to count over all hits, separated by commas: {', '.join(FILTERS)}.",
        examples=["topics,networks"],
    )
    cursor: str | None = Field(None, max_length=400, description="As given by `next`.")
    limit: int = Field(20, ge=1, le=100, description="Offers a page.")

    @field_validator("facets")
    @classmethod
    def _known(cls, value: str) -> str:
        if any(name.strip() not in FILTERS for name in value.split(",") if name.strip()):
            # Told like an unknown value of an enumeration, which it is.
            raise PydanticCustomError("enum", "unknown field", {"expected": ", ".join(FILTERS)})
        return value

    def facet_names(self) -> tuple[str, ...]:
        """The fields to count, each once."""
        return tuple(dict.fromkeys(name.strip() for name in self.facets.split(",") if name.strip()))


def question(query: Query) -> str:
    """A query in one canonical line, without its page: the same question, the same line."""
    parts: list[Any] = [query.text, sorted((k, sorted(v)) for k, v in query.filters.items())]
    return repr([*parts, sorted(query.facets), query.limit])
