"""The flat form of one listing: what downloads, the index and people see."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Status(StrEnum):
    """HSDS service.status: whether the offer can be used now."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


Format = Literal["advice", "group", "course", "event", "care", "benefit", "information"]
Mode = Literal["onsite", "phone", "online", "outreach"]
Qualifier = Literal["by_appointment", "not_in_school_holidays", "not_on_public_holidays"]
Topic = Literal[
    "existenz", "schulden", "wohnen", "betreuung", "arbeit", "recht", "gesundheit",
    "erziehung", "schwanger", "austausch", "freizeit", "krise", "migration", "lotse",
]  # fmt: skip


class Content(BaseModel):
    """What is said of an offer. Unknown is None or empty, never a guess."""

    model_config = ConfigDict(extra="forbid")

    title: str
    provider: str | None = None
    description: str | None = None
    street: str | None = None
    """Street with house number."""
    postcode: str | None = None
    city: str | None = None
    district: str | None = None
    region_key: str | None = None
    lat: float | None = None
    lon: float | None = None
    phones: list[str] = Field(default_factory=list)
    """E.164."""
    emails: list[str] = Field(default_factory=list)
    urls: list[str] = Field(default_factory=list)
    topics: list[Topic] = Field(default_factory=list)
    """The main topic first."""
    formats: list[Format] = Field(default_factory=list)
    hours_text: str | None = None
    hours_osm: str | None = None
    """OSM opening_hours syntax; None unless the whole text was understood."""
    hours_qualifiers: list[Qualifier] = Field(default_factory=list)
    cost: Literal["free", "paid"] | None = None
    cost_amount: float | None = None
    """EUR."""
    registration: Literal["required", "none"] | None = None
    childcare: bool | None = None
    """Children are looked after during the offer."""
    exclusivity: Literal["only", "also"] | None = None
    """Only for single parents, or for them among others."""
    modes: list[Mode] = Field(default_factory=list)
    languages: list[str] = Field(default_factory=list)
    """ISO 639-1."""
    wheelchair: bool | None = None
    audience: list[str] = Field(default_factory=list)
    valid_from: date | None = None
    valid_until: date | None = None
    status: Status = Status.ACTIVE
    first_seen: date | None = None
    last_seen: date | None = None
    last_confirmed: date | None = None


class Origin(BaseModel):
    """Who lists an offer, and where it was read."""

    id: str
    """UUIDv5 of source id and raw platform key."""
    source: str
    network: str | None = None
    page_url: str


class Listing(Content, Origin):
    """One offer as one source lists it: the flat form, its keys in the order of the fields."""

    service_id: str | None = None
    """Equal for listings of the same real offer."""


class StoredListing(Listing):
    """A listing as the record keeps it: the flat form and the way it took to us."""

    via: list[str] = Field(default_factory=list)
    """The services of other aggregators through which it came, the nearest first."""


BESIDE = frozenset({"plain_words"})
"""What is stated of a listing beside its flat form: shown with an offer, part of no document."""

LIST_FIELDS = frozenset(
    name for name, info in Listing.model_fields.items() if str(info.annotation).startswith("list")
)
