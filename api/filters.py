"""What can be asked of the offers: the parameters, and the index query they make."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
)
from pydantic_core import PydanticCustomError
from starlette.datastructures import QueryParams

from aggregator.index.answer import FARTHEST
from aggregator.index.base import FILTERS, NEAR, Origin, Query, Sort
from aggregator.index.opening import berlin
from aggregator.listing import Format, Mode, Status, Topic
from aggregator.vocabulary.regions import COUNTRY
from api.problems import unknown_place

MAX_TEXT = 500  # characters; a longer question is no question
_TIMELY = re.compile(r"heut|jetzt|gerade", re.IGNORECASE)
PUBLISHED = (Status.ACTIVE.value, Status.TEMPORARILY_CLOSED.value)
"""What is shown unless `status` asks for more."""

Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]
YesNo = Literal["true", "false"]
LINES = "ndjson"
FormatWord = Format | Literal["ndjson"]
StatusWord = Literal["active", "inactive", "defunct", "temporarily closed", "all"]
OpenWord = Literal[
    "now", "mo", "tu", "we", "th", "fr", "sa", "su", "weekday", "weekend",
    "morning", "afternoon", "evening",
]  # fmt: skip

FIELDS = {
    "topic": "topics", "format": "formats", "network": "networks", "source": "sources",
    "region": "region", "postcode": "postcode", "district": "district", "status": "status",
    "cost": "cost", "registration": "registration", "childcare": "childcare",
    "exclusivity": "exclusivity", "mode": "modes", "language": "languages",
    "wheelchair": "wheelchair", "audience": "audience", "city": "city", "open": "open",
}  # fmt: skip
"""Parameter -> field of `aggregator.index.base.FILTERS`."""
PARAMETERS = {field: parameter for parameter, field in FIELDS.items()} | {NEAR: NEAR}
"""The other way round; `near` is itself."""


class OfferFilters(BaseModel):
    """A question. Values of one filter are alternatives, filters add up; all may be repeated."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", max_length=MAX_TEXT, description="Words to look for.", examples=["Schulden"])
    topic: list[Topic] = Field(
        [], max_length=20, description="What the offer is about; `/api/v1/topics` explains them."
    )
    format: list[FormatWord] = Field(
        [],
        max_length=20,
        description="What the offer is. (`ndjson` is no kind of offer: it streams all hits.)",
    )
    network: list[Word] = Field(
        [],
        max_length=50,
        description="Ids of networks that list it.",
        examples=[["pankow"]],
    )
    source: list[Word] = Field([], max_length=50, description="Ids of sources that list it.")
    region: list[Annotated[str, StringConstraints(pattern=r"^(DE|[0-9]{2,12})$")]] = Field(
        [], max_length=50, description="Official keys: a Land finds its Kreise.", examples=[["11"]]
    )
    postcode: list[Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]] = Field(
        [], max_length=50, description="Postcodes of its address; for those around it see `near`."
    )
    district: list[Word] = Field([], max_length=50, description="Districts by name.")
    status: list[StatusWord] = Field(
        [], max_length=5, description="Default: active and temporarily closed; `all` lifts it."
    )
    cost: list[Literal["free", "paid"]] = Field(
        [], max_length=2, description="Whether it costs money."
    )
    registration: list[Literal["required", "none"]] = Field(
        [], max_length=2, description="Whether registration is required."
    )
    childcare: list[YesNo] = Field(
        [], max_length=2, description="Whether children are looked after meanwhile."
    )
    exclusivity: list[Literal["only", "also"]] = Field(
        [], max_length=2, description="For single parents only, or also for them."
    )
    mode: list[Mode] = Field([], max_length=10, description="On site, by phone, online, outreach.")
    language: list[Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]] = Field(
        [], max_length=20, description="ISO 639-1."
    )
    wheelchair: list[YesNo] = Field(
        [], max_length=2, description="Whether it is wheelchair accessible."
    )
    audience: list[Word] = Field(
        [], max_length=20, description="Whom it is for, by the codes of the facet `audience`."
    )

    city: list[Word] = Field([], max_length=20, description="Towns by name.")
    open: list[OpenWord] = Field(
        [],
        max_length=13,
        description="By the hours that were understood; a day with a part of the day means both, "
        "`now` is the present in Germany and never claimed on holidays or for doubtful hours.",
    )
    near: str = Field(
        "",
        max_length=100,
        description="A postcode, a place, or `latitude,longitude` (WGS 84).",
        examples=["10439", "Prenzlauer Berg", "52.548,13.413"],
    )
    radius: float = Field(
        10.0, gt=0, le=FARTHEST, description="Kilometres around `near`, as the crow flies."
    )
    seen_since: date | None = Field(None, description="Last seen on a page on this day or later.")
    sort: Sort = Field(
        Sort.RELEVANCE,
        description="`distance` needs a place; without words `relevance` is the order of titles. "
        "Equals are ordered by rank (short title, more stated), then id.",
    )
    understand: bool = Field(
        True,
        description="Read places, days, cost and the like in `q` as filters; see `understood`.",
    )
    unstated: Literal["include", "exclude"] = Field(
        "include",
        description="Offers that do not say whether they fit come after those that do.",
    )

    def query(
        self,
        place: Callable[[str], Origin | None],
        facets: tuple[str, ...] = (),
        offset: int = 0,
        limit: int = 20,
    ) -> Query:
        """What the index is asked; `place` finds where a place is.

        Raises Problem (404) for a place that nobody knows.
        """
        filters: dict[str, tuple[str, ...]] = {}
        for parameter, name in FIELDS.items():
            told = getattr(self, parameter)
            if not told:  # most are
                continue
            values = tuple(value for value in dict.fromkeys(told) if value != LINES)
            # Every region lies in the country.
            if values and not (parameter == "region" and COUNTRY in values):
                filters[name] = values
        if "all" in filters.get("status", ()):
            del filters["status"]
        elif "status" not in filters:
            filters["status"] = PUBLISHED
        near = place(self.near) if self.near.strip() else None
        if near is None and self.near.strip():
            raise unknown_place(NEAR, self.near)
        return Query(
            self.q.strip(), filters, facets, offset, limit, near, self.radius, self.seen_since,
            self.sort, self.understand, self.unstated == "include",
        )  # fmt: skip

    def chosen(self) -> dict[str, list[str]]:
        """The filters that are set, without the words."""
        return {name: getattr(self, name) for name in FIELDS if getattr(self, name)}


def read_question(parameters: QueryParams) -> OfferQuestion:
    """The question in the parameters of a URL, read as FastAPI does but in one step.

    Raises RequestValidationError as FastAPI does.
    """
    # Empty lists are told: a default would be copied for each question.
    told: dict[str, Any] = {name: [] for name in FIELDS}
    for name, value in parameters.multi_items():
        if name in FIELDS:
            told[name].append(value)
        else:
            told[name] = value
    try:
        return OfferQuestion.model_validate(told)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=True)
        located = [{**fault, "loc": ("query", *fault["loc"])} for fault in faults]
        raise RequestValidationError(located) from error


_KNOWN_FIELDS = frozenset(FILTERS)
_FIELD = f"({'|'.join(FILTERS)})"
_LIST_OF_FIELDS = f"^({_FIELD}(,{_FIELD})*)?$"


class OfferQuestion(OfferFilters):
    """The parameters of `/api/v1/offers`."""

    facets: str = Field(
        "",
        max_length=300,
        description="Fields to count over all hits, separated by commas; one that is filtered by "
        f"is counted as if it was not: its values are alternatives. {', '.join(FILTERS)}.",
        examples=["topics,networks"],
        json_schema_extra={"pattern": _LIST_OF_FIELDS},
    )
    as_of: date | None = Field(
        None,
        description="Search what was published at the end of this day in Berlin; today's state so "
        "far for today. 404 before the first day of the record and for days to come.",
        examples=["2026-11-01"],
    )
    cursor: str | None = Field(None, max_length=400, description="As given by `next`.")
    limit: int = Field(20, ge=1, le=100, description="Offers a page.")

    @field_validator("facets")
    @classmethod
    def _known(cls, value: str) -> str:
        if not _KNOWN_FIELDS.issuperset(_named(value)):
            # Told like an unknown value of an enumeration, which it is.
            raise PydanticCustomError("enum", "unknown field", {"expected": ", ".join(FILTERS)})
        return value

    @property
    def wants_lines(self) -> bool:
        """Whether all hits are to be streamed."""
        return LINES in self.format

    def facet_names(self) -> tuple[str, ...]:
        """The fields to count, each once."""
        return _named(self.facets)


@lru_cache(maxsize=1_000)
def _named(facets: str) -> tuple[str, ...]:
    """The fields in a list of them, each once: few lists are asked for again and again."""
    return tuple(dict.fromkeys(name.strip() for name in facets.split(",") if name.strip()))


def question(query: Query) -> str:
    """A query in one canonical line, without its page: the same question, the same line.

    What depends on the time of day has its minute in it.
    """
    parts: list[Any] = [
        query.text,
        sorted((k, sorted(v)) for k, v in query.filters.items()),
        sorted(query.facets),
        query.limit,
        query.near,
        query.radius,
        query.seen_since,
        query.sort,
        query.understand,
        query.unstated,
    ]
    if timely(query):
        parts.append(berlin(query.now))
    return repr(parts)


def timely(query: Query) -> bool:
    """Whether the answer depends on the time of day."""
    said = query.understand and _TIMELY.search(query.text) is not None
    return said or "now" in query.filters.get("open", ())
